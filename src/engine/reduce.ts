import type { Overflow } from './fault.js';
import type { View } from './storage.js';

/** Reductions. */
export const reduceOps = [
  'sum',
  'prod',
  'max',
  'min',
  'any',
  'all',
  'countNonzero',
  'sumAbs',
  'sumSquares',
  'maxAbs',
  'minAbs',
  'sumPower',
  'sumSquaredDiff',
  'sumDiff',
] as const;

export type ReduceOp = (typeof reduceOps)[number];

/** What to do with a floating result r, and what the reduction itself needs. */
export interface ReduceParameters {
  /** The result is (r / divisor)^power (default 1 and 1). */
  readonly divisor?: number;
  readonly power?: number;
  /** The exponent of `sumPower`: r = Σ |x|^exponent. */
  readonly exponent?: number;
  /**
   * What `sumSquaredDiff` and `sumDiff` subtract, one float64 per result: r = Σ (x − center)², or
   * Σ (x − center), which is float64. Dense.
   */
  readonly center?: View;
  /** The error for sums and products of integers that int32 can't hold; without it, they're 0. */
  readonly overflow?: Overflow;
}

/**
 * Reductions and scans. `out`, `values`, and `indices` are dense and hold the kept axes in their order,
 * with or without the reduced ones as axes of length 1. For integers and booleans, sums, products, and
 * counts are int32; `any` and `all` are bool; extremes keep the dtype. Indices are int32.
 */
export interface ReduceEngine {
  /** Over `axes` of x, which may have any strides. From `sumAbs` on x is floating. */
  reduce(op: ReduceOp, out: View, x: View, axes: readonly number[], parameters?: ReduceParameters): void;

  /** The position of each line's extreme along `axis`, the first one of ties, with NaN first; and its value. */
  argReduce(op: 'max' | 'min', indices: View, values: View | null, x: View, axis: number): void;

  /**
   * Running sums or products along an axis of a dense x, from its end if `reverse`. `overflow` is the error for
   * those of integers that int32 can't hold.
   */
  scan(op: 'sum' | 'prod', out: View, x: View, axis: number, reverse: boolean, overflow: Overflow): void;

  /** out[i] = b[i] + a[i]·out[i−1], or if `reverse`, out[i] = b[i] + a[i+1]·out[i+1]. Dense, floating. */
  scanLinear(out: View, a: View, b: View, axis: number, reverse: boolean): void;

  /** Running log Σ e^x along an axis of a dense, floating x. */
  scanLogsumexp(out: View, x: View, axis: number): void;

  /** Running extremes along an axis of a dense x and their positions, the last one of ties. */
  scanExtreme(op: 'max' | 'min', values: View, indices: View, x: View, axis: number): void;
}
