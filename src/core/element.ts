import type { DType } from './dtype.js';
import { DTypeError } from './errors.js';

const floatMax = 3.4028234663852886e38;

/** Least and greatest number that becomes an element, fractions cut off; negative ones of uint8 wrap, as PyTorch's. */
export const integerRange = { int32: [-(2 ** 31), 2 ** 31 - 1], uint8: [0, 255] } as const;

/** Whether a number is one of those that an integer dtype holds. */
export const isIntegerOf = (x: number, dtype: DType): boolean =>
  (dtype === 'int32' || dtype === 'uint8') &&
  Number.isInteger(x) &&
  x >= integerRange[dtype][0] &&
  x <= integerRange[dtype][1];

/**
 * A number that is to be an element of that dtype.
 *
 * Integers cut fractions off; a whole number from −255 to −1 wraps in uint8; everything but 0 is true.
 * @throws DTypeError for NaN, and for numbers beyond what the integers of that dtype hold
 */
export function asElement(operation: string, value: number | boolean, dtype: DType): number {
  const x = Number(value);
  if (dtype === 'float32' || dtype === 'float64') return x;
  if (dtype === 'bool') return Number(x !== 0);
  const problem = integerProblem(operation, x, dtype);
  if (problem !== null) throw problem;
  return dtype === 'uint8' && x < 0 && Number.isInteger(x) ? x + 256 : Math.trunc(x);
}

function integerProblem(operation: string, x: number, dtype: 'int32' | 'uint8'): DTypeError | null {
  const [least, greatest] = integerRange[dtype];
  const wraps = dtype === 'uint8' && Number.isInteger(x) && x < 0 && x >= -255;
  if ((x >= least && x <= greatest) || wraps) return null;
  return new DTypeError(
    operation,
    `${x} doesn't fit in ${dtype}, which holds ${least} to ${greatest}\n  hint: ` +
      (Number.isNaN(x) || dtype === 'int32' ? 'float64 holds it' : 'int32 or float32 may hold it'),
  );
}

/** As `asElement`, and a finite number must not become infinite. @throws DTypeError if it would */
export function asConstant(operation: string, value: number | boolean, dtype: DType): number {
  const problem = constantProblem(operation, value, dtype);
  if (problem !== null) throw problem;
  return asElement(operation, value, dtype);
}

/** The error that `asConstant` throws; null if it takes the number. */
export function constantProblem(operation: string, value: number | boolean, dtype: DType): DTypeError | null {
  if (dtype === 'float32' && Number.isFinite(value) && Math.abs(Number(value)) > floatMax)
    return new DTypeError(
      operation,
      `${value} doesn't fit in float32, which holds ${floatMax} at most\n  hint: Infinity, or float64`,
    );
  return dtype === 'int32' || dtype === 'uint8' ? integerProblem(operation, Number(value), dtype) : null;
}

/** An operand of integer arithmetic, which is modulo 2³² or 2⁸. */
export function wrap(x: number | boolean, dtype: DType): number {
  const value = Number(x);
  if (dtype === 'int32') return value | 0;
  if (dtype === 'uint8') return value & 255;
  return dtype === 'bool' ? Number(value !== 0) : value;
}
