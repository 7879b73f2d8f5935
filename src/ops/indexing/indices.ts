import { DTypeError, IndexError, ShapeError } from '../../core/errors.js';
import type { OutOfRange } from '../../engine/fault.js';
import type { Tensor } from '../../tensor/tensor.js';

/** How to get integers from numbers that became floating by default. */
export const integerHint = "tensor([0, 1, 2], { dtype: 'int32' }) makes them, to('int32') converts them";

/** @throws DTypeError unless indices are int32 */
export function requireIndices(operation: string, index: Tensor): void {
  if (index.dtype !== 'int32')
    throw new DTypeError(operation, `indices must be int32, got ${index.dtype}\n  hint: ${integerHint}`);
}

/** @throws ShapeError unless indices are a list */
export function requireIndexList(operation: string, index: Tensor): void {
  requireIndices(operation, index);
  if (index.ndim > 1)
    throw new ShapeError(operation, 'the index must have one axis', [{ name: 'index', shape: index.shape }]);
}

/** The error for an index that's out of range for an axis, in a tensor of indices of that shape. */
export const outOfRange =
  (operation: string, { shape }: Tensor, axis: number, length: number, wraps = false): OutOfRange =>
  (position, value) => {
    const place: number[] = [];
    let rest = position;
    for (const n of shape.toReversed()) {
      place.unshift(rest % n);
      rest = Math.floor(rest / n);
    }
    const hint =
      value < 0 && !wraps && value >= -length
        ? "\n  hint: negative indices don't count from the end here"
        : '';
    return new IndexError(
      operation,
      `index${place.length ? `[${place.join(', ')}]` : ''} is ${value}, out of range for axis ${axis} of length ${length}${hint}`,
    );
  };
