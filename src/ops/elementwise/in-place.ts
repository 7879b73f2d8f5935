import { inPlace } from '../../autograd/inplace.js';
import { category, isFloat } from '../../core/dtype.js';
import { DTypeError, ShapeError } from '../../core/errors.js';
import { exact } from '../../core/exact.js';
import { sameShape } from '../../core/shape.js';
import type { BinaryOp, UnaryOp } from '../../engine/elementwise.js';
import { Tensor } from '../../tensor/tensor.js';
import { checkOperand, type Operand } from '../promotion.js';
import { cast } from './pointwise.js';

/**
 * Changes `x` in place to the result of `compute`. `direct` writes it directly if it can, and returns
 * whether it did.
 *
 * @throws DTypeError if x's dtype can't hold the result's kind of number
 * @throws ShapeError if the result has another shape
 */
export function change(
  name: string,
  x: Tensor,
  operands: readonly Operand[],
  compute: (x: Tensor) => Tensor,
  direct?: () => boolean,
): Tensor {
  for (const operand of operands) checkOperand(name, 'other', operand);
  const checked = (from: Tensor): Tensor => {
    const result = compute(from);
    if (!sameShape(result.shape, x.shape))
      throw new ShapeError(name, "the result doesn't fit in the tensor", [
        { name: 'tensor', shape: x.shape },
        { name: 'result', shape: result.shape },
      ]);
    if (category(result.dtype) > category(x.dtype))
      throw new DTypeError(name, `the result is ${result.dtype}, which a tensor of ${x.dtype} can't hold`);
    return cast(result, x.dtype);
  };
  return inPlace({
    name,
    target: x,
    operands: operands.filter((operand) => operand instanceof Tensor),
    sharing: 'same',
    // What the graph saves of x must survive the change.
    compute: () => checked(x.clone()),
    write() {
      if (direct?.()) return;
      x.engine.copy(x, checked(x));
    },
  });
}

/** The in-place form of a function of one operand that has its own kernel. */
export const unaryInPlace = (name: string, kernel: UnaryOp, f: (x: Tensor) => Tensor) =>
  exact(
    `${name}(x)`,
    (x: Tensor): Tensor =>
      change(name, x, [], f, () => {
        if (!isFloat(x.dtype)) return false;
        x.engine.unary(kernel, x, x);
        return true;
      }),
  );

/** Writes kernel(x, other) to x if no operand needs conversion; returns whether it did. */
export function binaryDirect(kernel: BinaryOp, x: Tensor, other: Operand, p = 0): boolean {
  if (!isFloat(x.dtype)) return false;
  if (!(other instanceof Tensor)) x.engine.binaryNumber(kernel, x, x, Number(other), p);
  else if (
    other.dtype === x.dtype &&
    other.storage.engine === x.storage.engine &&
    other.storage.disposedAt === undefined &&
    (sameShape(other.shape, x.shape) || other.shape.length === 0) &&
    (other.storage !== x.storage || other === x)
  )
    x.engine.binary(kernel, x, x, other, p);
  else return false;
  return true;
}

/** The in-place form of a function of two operands that has its own kernel. */
export const binaryInPlace = (name: string, kernel: BinaryOp, f: (x: Tensor, other: Operand) => Tensor) =>
  exact(
    `${name}(x, other)`,
    (x: Tensor, other: Operand): Tensor =>
      change(
        name,
        x,
        [other],
        (y) => f(y, other),
        () => binaryDirect(kernel, x, other),
      ),
  );
