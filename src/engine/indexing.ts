import type { Count, OutOfRange, TooMany } from './fault.js';
import type { View } from './storage.js';

/** How `scatter` combines values that go to the same element. */
export type ScatterMode = 'assign' | 'sum' | 'prod' | 'mean' | 'amax' | 'amin';

/**
 * Reading and writing by index. Indices are int32, masks are bool. `fault` is the error for the first index that's
 * out of range; null means that all are in range. An engine that throws it immediately hasn't written anything; one
 * whose results arrive later writes nothing outside the tensor.
 */
export interface IndexingEngine {
  /** out[…, i, …] = x[…, index[i], …]. With `wrap`, negative indices count from the end. */
  indexSelect(out: View, x: View, axis: number, index: View, wrap: boolean, fault: OutOfRange | null): void;
  /** out[…, index[i], …] = x[…, i, …]; of equal indices, the last one wins. x is dense, or one element for all. */
  indexCopy(out: View, axis: number, index: View, x: View, wrap: boolean, fault: OutOfRange | null): void;
  /** out[…, index[i], …] += alpha · x[…, i, …]. x is dense. */
  indexAdd(
    out: View,
    axis: number,
    index: View,
    x: View,
    alpha: number,
    wrap: boolean,
    fault: OutOfRange | null,
  ): void;
  /** out[i] = (first ? 0 : out[i]) + stride · index[i], negative indices count from `size`. Both are dense. */
  indexOffsets(out: View, index: View, size: number, stride: number, first: boolean, fault: OutOfRange): void;

  /** out[…, i, …] = x[…, index[…, i, …], …]; index and out are dense. */
  gather(out: View, x: View, axis: number, index: View, fault: OutOfRange): void;
  /** out[…, index[…, i, …], …] = or ∘= x[…, i, …]; index and x are dense, or x is one element for all. */
  scatter(
    out: View,
    axis: number,
    index: View,
    x: View,
    mode: ScatterMode,
    includeSelf: boolean,
    fault: OutOfRange,
  ): void;

  /** Checks that all indices, which are dense, are in [0, size): positions or classes. */
  requireInside(indices: View, size: number, fault: OutOfRange): void;

  /** The number of elements set in a dense mask. */
  maskedCount(mask: View): Count;
  /** The elements of x whose mask is set, in order; what's after them in `out` stays. All are dense. */
  maskedSelect(out: View, x: View, mask: View): void;
  /**
   * Puts the elements of x, in order, where the mask is set. All are dense. `fault` is the error for a mask in which
   * more are set than x has; null means that none is.
   */
  maskedScatter(out: View, mask: View, x: View, fault: TooMany | null): void;

  /** The lower or upper triangle of matrices; both are dense. */
  triangle(out: View, x: View, diagonal: number, upper: boolean): void;
}
