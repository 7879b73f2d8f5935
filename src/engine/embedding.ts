import type { OutOfRange } from './fault.js';
import type { View } from './storage.js';

export type BagMode = 'sum' | 'mean' | 'max';

/** The errors of `embeddingBag`. */
export interface BagFaults {
  readonly index: OutOfRange;
  /** For an offset below the one before it, or above the number of indices. */
  readonly offset: OutOfRange;
}

/** Bags of rows of a table, and the gradient of a table. Indices are int32; a fault as in `IndexingEngine`. */
export interface EmbeddingEngine {
  /**
   * out (rows, width) = for each row, the sum of weights[i] · grad[from[i]] where index[i] is the row; the row `padding`
   * gets none (−1: no such row). Without `from`, it's grad[i]; without weights, they're 1.
   */
  embeddingGrad(
    out: View,
    grad: View,
    from: View | null,
    weights: View | null,
    index: View,
    padding: number,
    scaleByFrequency: boolean,
    fault: OutOfRange | null,
  ): void;
  /**
   * out (bags, width): rows of x reduced bag by bag; bag b holds index[offsets[b] … offsets[b + 1]).
   * Also writes the bag of each index, the number of rows that each bag counts, and for `max` the row
   * that each element comes from.
   */
  embeddingBag(
    out: View,
    x: View,
    index: View,
    offsets: View,
    weights: View | null,
    mode: BagMode,
    padding: number,
    bagOf: View,
    sizes: View,
    argmax: View | null,
    faults: BagFaults,
  ): void;
}
