import type { DType } from '../core/dtype.js';
import { isFloat } from '../core/dtype.js';
import { integerRange } from '../core/element.js';
import { DTypeError } from '../core/errors.js';
import type { GemmOptions } from '../engine/gemm.js';
import { dense } from '../tensor/dense.js';
import { empty, type Tensor } from '../tensor/tensor.js';

/** @throws DTypeError unless the dtype holds the sums or products of integers */
export function requireFit(
  operation: string,
  fits: boolean,
  dtype: 'int32' | 'uint8' = 'int32',
  hint = "{ dtype: 'float64' }",
): void {
  if (fits) return;
  const [least, greatest] = integerRange[dtype];
  throw new DTypeError(
    operation,
    `a result of integers does not fit into ${dtype}, which holds ${least} to ${greatest}\n  hint: ${hint}`,
  );
}

const wider = { int32: "convert with to('float64')", uint8: "convert with to('int32')" } as const;

const isInteger = (dtype: DType): dtype is 'int32' | 'uint8' => !isFloat(dtype) && dtype !== 'bool';

/** Floats hold whole numbers below this exactly. */
const exact = 2 ** 53;

/** The least and the greatest element, which none of no elements passes. */
function extremes(x: Tensor): readonly [number, number] {
  return x.count === 0 ? [0, 0] : [x.amin().itemSync(), x.amax().itemSync()];
}

/** The largest magnitude among the elements. */
function magnitude(x: Tensor | null | undefined): number {
  if (x == null) return 0;
  const [least, greatest] = extremes(x);
  return Math.max(-least, greatest);
}

/** @throws DTypeError unless the dtype holds all of some numbers */
export function requireAllFit(operation: string, results: Tensor, dtype: 'int32' | 'uint8'): void {
  const [least, greatest] = extremes(results);
  const range = integerRange[dtype];
  requireFit(operation, least >= range[0] && greatest <= range[1], dtype, wider[dtype]);
}

/**
 * `engine.gemm`. Of integers the exact result.
 * @throws DTypeError if int32 does not hold a result
 */
export function multiply(
  operation: string,
  out: Tensor,
  a: Tensor,
  b: Tensor,
  options: GemmOptions & { readonly bias?: Tensor | null },
): void {
  const { engine } = out;
  if (isFloat(out.dtype)) {
    engine.gemm(out, a, b, options);
    return;
  }
  const { alpha = 1, beta = 0, bias, transposeA = false } = options;
  const inner = a.shape.at(transposeA ? -2 : -1)!;
  const added = (beta === 0 ? 0 : Math.abs(beta) * magnitude(out)) + magnitude(bias);
  const bound = Math.abs(alpha) * inner * magnitude(a) * magnitude(b) + added;
  if (bound < 2 ** 31) {
    engine.gemm(out, a, b, options);
    return;
  }
  const near = empty(out.shape, 'float64', engine);
  if (beta !== 0) engine.copy(near, out);
  engine.gemm(near, a.to('float64'), b.to('float64'), {
    ...options,
    bias: bias == null ? null : dense(bias.to('float64')),
  });
  engine.gemm(out, a, b, { ...options, alpha: alpha | 0, beta: beta | 0 });
  // What int32 gives is right modulo 2³²: a number less than half of that away is the result itself.
  const off = near.sub(out.to('float64')).abs().amax().itemSync();
  requireFit(operation, off < 2 ** 31 && (inner * bound) / exact < 2 ** 30, 'int32', wider.int32);
}

/** What is added to integers, and how often to the same one at most. */
export interface Addition {
  readonly operation: string;
  readonly source: Tensor;
  readonly times: number;
  /** Factor of the source (default 1). */
  readonly alpha?: number;
}

/**
 * Runs `add`, which adds the source to elements of `out` and returns the position of a bad index, or −1. Of
 * integers the exact sums; on an error `out` is what it was.
 *
 * @throws DTypeError if the dtype does not hold a sum
 */
export function addInto(
  out: Tensor,
  { operation, source, times, alpha = 1 }: Addition,
  add: (out: Tensor, source: Tensor) => number,
): number {
  const { dtype } = out;
  if (!isInteger(dtype)) return add(out, source);
  const bound = magnitude(out) + Math.abs(alpha) * times * magnitude(source);
  const grows = alpha >= 0 || dtype === 'int32'; // nothing of uint8 is below 0
  if (grows && bound <= integerRange[dtype][1]) return add(out, source);
  const sums = out.to('float64');
  const bad = add(sums, source.to('float64'));
  if (bad >= 0) return bad;
  requireFit(operation, bound < exact, dtype, wider[dtype]);
  requireAllFit(operation, sums, dtype);
  out.engine.copy(out, sums.floor()); // of means
  return bad;
}

/**
 * As `addInto`, where `multiply` multiplies elements of `out` by the source: factors other than 0 make nothing
 * smaller, so a product that the dtype holds is exact in float64.
 */
export function multiplyInto(
  out: Tensor,
  operation: string,
  source: Tensor,
  multiply: (out: Tensor, source: Tensor) => number,
): number {
  const { dtype } = out;
  if (!isInteger(dtype)) return multiply(out, source);
  const products = out.to('float64');
  const bad = multiply(products, source.to('float64'));
  if (bad >= 0) return bad;
  // ∞ times 0: a factor of 0 makes 0 of everything.
  const numbers = products.where(products.eq(products), 0);
  requireAllFit(operation, numbers, dtype);
  out.engine.copy(out, numbers);
  return bad;
}
