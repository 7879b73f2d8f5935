import type { Count, OutOfRange } from './fault.js';
import type { View } from './storage.js';

/** How `scatter` joins what meets in one element. */
export type ScatterMode = 'assign' | 'sum' | 'prod' | 'mean' | 'amax' | 'amin';

/**
 * Reading and writing by index. Indices are int32, masks bool. `fault` is the error for the first index that
 * is out of range; null says that all are in range. An engine that throws it at once has not written anything; one
 * whose results arrive later writes nothing outside the tensor.
 */
export interface IndexingEngine {
  /** out[…, i, …] = x[…, index[i], …]. With `wrap`, negative indices count from the end. */
  indexSelect(out: View, x: View, axis: number, index: View, wrap: boolean, fault: OutOfRange | null): void;
  /** out[…, index[i], …] = x[…, i, …]; of equal indices the last stays. x lies dense, or is one element for all. */
  indexCopy(out: View, axis: number, index: View, x: View, wrap: boolean, fault: OutOfRange | null): void;
  /** out[…, index[i], …] += alpha · x[…, i, …]. x lies dense. */
  indexAdd(
    out: View,
    axis: number,
    index: View,
    x: View,
    alpha: number,
    wrap: boolean,
    fault: OutOfRange | null,
  ): void;
  /** out[i] = (first ? 0 : out[i]) + stride · index[i], negative indices counted from `size`. Both lie dense. */
  indexOffsets(out: View, index: View, size: number, stride: number, first: boolean, fault: OutOfRange): void;

  /** out[…, i, …] = x[…, index[…, i, …], …]; index and out lie dense. */
  gather(out: View, x: View, axis: number, index: View, fault: OutOfRange): void;
  /** out[…, index[…, i, …], …] = or ∘= x[…, i, …]; index and x lie dense, or x is one element for all. */
  scatter(
    out: View,
    axis: number,
    index: View,
    x: View,
    mode: ScatterMode,
    includeSelf: boolean,
    fault: OutOfRange,
  ): void;

  /** How many elements of a dense mask are set. */
  maskedCount(mask: View): Count;
  /** The elements of x whose mask is set, in order. All lie dense. */
  maskedSelect(out: View, x: View, mask: View): void;
  /** Puts the elements of x, in order, where the mask is set. All lie dense. */
  maskedScatter(out: View, mask: View, x: View): void;

  /** The lower or upper triangle of matrices; both lie dense. */
  triangle(out: View, x: View, diagonal: number, upper: boolean): void;
}
