import { describe } from '../core/describe.js';
import { type DType, isFloat, promote } from '../core/dtype.js';
import { ArgumentError } from '../core/errors.js';
import { exact } from '../core/exact.js';
import { checkOption, dtype } from '../core/options.js';
import { notTensor } from '../tensor/argument.js';
import { Tensor } from '../tensor/tensor.js';

/** An operand of an element-wise operation. */
export type Operand = Tensor | number | boolean;

/** @throws ArgumentError unless it's a tensor, a number, or a boolean */
export function checkOperand(operation: string, name: string, x: unknown): void {
  if (x instanceof Tensor || typeof x === 'number' || typeof x === 'boolean') return;
  throw notTensor(operation, name, x, 'a tensor or a number');
}

/** @throws ArgumentError unless a factor of integers is a whole number */
export function requireWhole(operation: string, name: string, factor: number): void {
  if (!Number.isInteger(factor))
    throw new ArgumentError(
      operation,
      `${name} must be a whole number for integers, got ${describe(factor)}`,
    );
}

const isInt32 = (x: number): boolean => Number.isInteger(x) && x >= -(2 ** 31) && x < 2 ** 31;

/** The kind of number that PyTorch would see: whole numbers are integers, others have the default dtype. */
const numberDType = (x: number | boolean): DType =>
  typeof x === 'boolean' ? 'bool' : isInt32(x) ? 'int32' : 'float32';

/** The operands' dtype, where `lower` ones count only if their kind of number is wider. */
function combine(higher: DType | null, lower: DType | null): DType | null {
  if (higher === null || lower === null) return higher ?? lower;
  if (isFloat(higher)) return higher;
  return higher === 'bool' || isFloat(lower) ? promote(higher, lower) : higher;
}

const wider = (a: DType | null, b: DType): DType => (a === null ? b : promote(a, b));

/**
 * The dtype that an operation on these operands computes in. Tensors with axes decide; those without
 * axes, and then numbers, only matter if they're of a wider kind (bool < integers < floats).
 *
 * @example
 * resultType(arange(3), 0.5); // 'float32'
 */
export function resultType(...operands: Operand[]): DType {
  for (const [i, x] of operands.entries()) checkOperand('resultType', `operand ${i + 1}`, x);
  return typeOf(operands);
}

/** `resultType` of checked operands. */
export function typeOf(operands: readonly Operand[]): DType {
  let withAxes: DType | null = null;
  let withoutAxes: DType | null = null;
  let numbers: DType | null = null;
  for (const x of operands) {
    if (!(x instanceof Tensor)) numbers = wider(numbers, numberDType(x));
    else if (x.shape.length > 0) withAxes = wider(withAxes, x.dtype);
    else withoutAxes = wider(withoutAxes, x.dtype);
  }
  const type = combine(withAxes, combine(withoutAxes, numbers));
  if (type === null) throw new ArgumentError('resultType', 'needs at least one operand');
  return type;
}

const aDType = dtype(undefined);

/** The dtype that holds the values of both. */
export const promoteTypes = exact('promoteTypes(a, b)', (a: DType, b: DType): DType => {
  checkOption('promoteTypes', 'a dtype', aDType, a);
  checkOption('promoteTypes', 'a dtype', aDType, b);
  return promote(a, b);
});

/**
 * `resultType` of an operation's two operands, with a shortcut for the usual cases.
 * @throws ArgumentError unless they're tensors or numbers
 */
export function commonType(operation: string, a: Operand, b: Operand): DType {
  if (
    a instanceof Tensor &&
    isFloat(a.dtype) &&
    (b instanceof Tensor ? b.dtype === a.dtype : typeof b === 'number')
  )
    return a.dtype;
  checkOperand(operation, 'a', a);
  checkOperand(operation, 'b', b);
  if (!(a instanceof Tensor || b instanceof Tensor)) throw notTensor(operation, 'a', a);
  return typeOf([a, b]);
}
