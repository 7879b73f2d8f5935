import type { Count, OutOfRange } from './fault.js';
import type { View } from './storage.js';

/**
 * Order, groups and search. NaN is the greatest value; equal values keep the order of their positions.
 * All views lie dense; indices are int32.
 */
export interface SortingEngine {
  /** The stable sort along an axis; `values` may be null. */
  sort(values: View | null, indices: View, x: View, axis: number, descending: boolean): void;
  /** The k first of the stable sort along an axis, k the results' length there. */
  topk(values: View, indices: View, x: View, axis: number, largest: boolean): void;
  /** The k-th smallest along an axis, counted from 0; the results don't have the axis. */
  kthValue(values: View, indices: View, x: View, axis: number, k: number): void;
  /** The lower median along an axis, the first NaN if there is one unless they are ignored. */
  median(values: View, indices: View, x: View, axis: number, ignoreNaN: boolean): void;

  /**
   * Groups equal rows of x (rows, width), in ascending order or, if `consecutive`, runs of neighbors.
   * Writes each group's first row and, unless they are null, each row's group and each group's size; returns the
   * number of groups. All lists have room for one group a row.
   */
  unique(
    first: View,
    inverse: View | null,
    counts: View | null,
    x: View,
    rows: number,
    consecutive: boolean,
  ): Count;

  nonzeroCount(x: View): Count;
  /** out (n, rank): the coordinates of elements other than 0. */
  nonzero(out: View, x: View): void;

  /** The largest of x + 1, 0 of none. `fault` is the error for the first negative element. */
  bincountSize(x: View, fault: OutOfRange): Count;
  /** out[v] = how often v occurs in x, or the sum of its weights. */
  bincount(out: View, x: View, weights: View | null): void;

  /** Where each of `values` would go into its row of `sorted`, or into the one row there is. */
  searchsorted(out: View, sorted: View, values: View, right: boolean): void;

  /** out (bool) = whether each element of x is among those of the set, or is not if `invert`; NaN is among none. */
  isin(out: View, x: View, set: View, invert: boolean): void;
}
