import type { Count, OutOfRange } from './fault.js';
import type { View } from './storage.js';

/**
 * Sorting, grouping, and searching. NaN is the greatest value; equal values keep the order of their positions.
 * All views are dense; indices are int32.
 */
export interface SortingEngine {
  /** The stable sort along an axis; `values` may be null. */
  sort(values: View | null, indices: View, x: View, axis: number, descending: boolean): void;
  /** The first k of the stable sort along an axis, where k is the results' length there. */
  topk(values: View, indices: View, x: View, axis: number, largest: boolean): void;
  /** The k-th smallest along an axis, counted from 0; the results don't have the axis. */
  kthValue(values: View, indices: View, x: View, axis: number, k: number): void;
  /** The lower median along an axis, or the first NaN if there is one, unless NaNs are ignored. */
  median(values: View, indices: View, x: View, axis: number, ignoreNaN: boolean): void;

  /**
   * Groups equal rows of x (rows, width), in ascending order or, if `consecutive`, runs of neighbors.
   * Writes each group's first row and, unless they are null, each row's group and each group's size; returns the
   * number of groups. All lists have room for one group per row.
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
  /** out (n, rank): the coordinates of elements that aren't 0. */
  nonzero(out: View, x: View): void;

  /** The largest of x + 1, or 0 if x is empty. `fault` is the error for the first negative element. */
  bincountSize(x: View, fault: OutOfRange): Count;
  /** out[v] = how often v occurs in x, or the sum of its weights. */
  bincount(out: View, x: View, weights: View | null): void;

  /** Where each of `values` would go in its row of `sorted`, or in its only row. */
  searchsorted(out: View, sorted: View, values: View, right: boolean): void;

  /** out (bool) = whether each element of x is in the set, or isn't if `invert`; NaN never is. */
  isin(out: View, x: View, set: View, invert: boolean): void;
}
