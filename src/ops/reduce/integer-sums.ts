import type { DType } from '../../core/dtype.js';
import { isFloat } from '../../core/dtype.js';
import { integerRange } from '../../core/element.js';
import { DTypeError } from '../../core/errors.js';
import type { GemmOptions } from '../../engine/gemm.js';
import { dense } from '../../tensor/dense.js';
import { filled } from '../../tensor/filled.js';
import { inspect, known } from '../../tensor/inspect.js';
import { empty, type Tensor } from '../../tensor/tensor.js';
import { stack } from '../shape/join.js';

/** Makes the error for sums or products of integers that the dtype can't hold. */
export const unfit =
  (
    operation: string,
    dtype: 'int32' | 'uint8' = 'int32',
    hint = "{ dtype: 'float64' }",
  ): (() => DTypeError) =>
  () => {
    const [least, greatest] = integerRange[dtype];
    return new DTypeError(
      operation,
      `a result of integers doesn't fit in ${dtype}, which holds ${least} to ${greatest}\n  hint: ${hint}`,
    );
  };

const wider = { int32: "convert with to('float64')", uint8: "convert with to('int32')" } as const;

const isInteger = (dtype: DType): dtype is 'int32' | 'uint8' => !isFloat(dtype) && dtype !== 'bool';

/** Floats hold whole numbers smaller than this exactly. */
const exact = 2 ** 53;

/** The largest magnitude among the elements, 0 if there are none: (), float64. */
const magnitude = (x: Tensor): Tensor =>
  x.count === 0 ? filled([], 'float64', x.engine) : x.to('float64').abs().amax();

/** The same, if it's known now. */
function knownMagnitude(x: Tensor): number | null {
  if (x.count === 0) return 0;
  const [least, greatest] = [known(x.amin()), known(x.amax())];
  return least === null || greatest === null ? null : Math.max(-least[0]!, greatest[0]!);
}

/** A bound on results, computed from the largest magnitudes of some tensors. */
interface Bound {
  readonly of: readonly Tensor[];
  bound(...magnitudes: number[]): number;
}

/** Whether it's known now that no result exceeds `most`. */
function surelyWithin({ of, bound }: Bound, most: number): boolean {
  const magnitudes = of.map(knownMagnitude);
  return magnitudes.every((found) => found !== null) && bound(...magnitudes) <= most;
}

/** @throws DTypeError unless the dtype holds all the numbers */
export function requireAllFit(operation: string, results: Tensor, dtype: 'int32' | 'uint8'): void {
  if (results.count === 0) return;
  const [first, last] = integerRange[dtype];
  const error = unfit(operation, dtype, wider[dtype]);
  inspect(results.amin(), ([least]) => (least! >= first ? null : error()));
  inspect(results.amax(), ([greatest]) => (greatest! <= last ? null : error()));
}

/**
 * `engine.gemm`, with the exact result for integers.
 * @throws DTypeError if int32 can't hold a result
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
  const of = [a, b, ...(beta === 0 ? [] : [out]), ...(bias == null ? [] : [bias])];
  const bound = (mostA: number, mostB: number, ...added: number[]): number => {
    const before = beta === 0 ? 0 : Math.abs(beta) * added[0]!;
    return Math.abs(alpha) * inner * mostA * mostB + before + (bias == null ? 0 : added.at(-1)!);
  };
  if (surelyWithin({ of, bound }, integerRange.int32[1])) {
    engine.gemm(out, a, b, options);
    return;
  }
  const magnitudes = of.map(magnitude);
  const near = empty(out.shape, 'float64', engine);
  if (beta !== 0) engine.copy(near, out);
  engine.gemm(near, a.to('float64'), b.to('float64'), {
    ...options,
    bias: bias == null ? null : dense(bias.to('float64')),
  });
  engine.gemm(out, a, b, { ...options, alpha: alpha | 0, beta: beta | 0 });
  // int32 results are right modulo 2³²: a number less than half of that away is the result itself.
  const off = magnitude(near.sub(out.to('float64')));
  inspect(stack([off, ...magnitudes]), ([distance, mostA, mostB, ...added]) => {
    const exactly = (inner * bound(mostA!, mostB!, ...added)) / exact < 2 ** 30;
    return distance! < 2 ** 31 && exactly ? null : unfit(operation, 'int32', wider.int32)();
  });
}

/** What's added to integers, and the most often to any one of them. */
export interface Addition {
  readonly operation: string;
  readonly source: Tensor;
  readonly times: number;
  /** The factor of the source (default 1). */
  readonly alpha?: number;
}

/**
 * Runs `add`, which adds the source to elements of `out`. Sums of integers are exact; if an error is thrown
 * synchronously, `out` is unchanged.
 *
 * @throws DTypeError if the dtype can't hold a sum
 */
export function addInto(
  out: Tensor,
  { operation, source, times, alpha = 1 }: Addition,
  add: (out: Tensor, source: Tensor) => void,
): void {
  const { dtype } = out;
  if (!isInteger(dtype)) {
    add(out, source);
    return;
  }
  const bound = (most: number, mostAdded: number): number => most + Math.abs(alpha) * times * mostAdded;
  const of = [out, source];
  const grows = alpha >= 0 || dtype === 'int32'; // nothing of uint8 is below 0
  if (grows && surelyWithin({ of, bound }, integerRange[dtype][1])) {
    add(out, source);
    return;
  }
  const magnitudes = stack(of.map(magnitude));
  const sums = out.to('float64');
  add(sums, source.to('float64'));
  inspect(magnitudes, ([most, mostAdded]) =>
    bound(most!, mostAdded!) < exact ? null : unfit(operation, dtype, wider[dtype])(),
  );
  requireAllFit(operation, sums, dtype);
  out.engine.copy(out, sums.floor()); // of means
}

/**
 * Like `addInto`, but `multiply` multiplies elements of `out` by the source: factors other than 0 make nothing
 * smaller, so a product that the dtype holds is exact in float64.
 */
export function multiplyInto(
  out: Tensor,
  operation: string,
  source: Tensor,
  multiply: (out: Tensor, source: Tensor) => void,
): void {
  const { dtype } = out;
  if (!isInteger(dtype)) {
    multiply(out, source);
    return;
  }
  const products = out.to('float64');
  multiply(products, source.to('float64'));
  // ∞ times 0: a factor of 0 makes 0 of everything.
  const numbers = products.where(products.eq(products), 0);
  requireAllFit(operation, numbers, dtype);
  out.engine.copy(out, numbers);
}
