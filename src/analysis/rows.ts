import { describe } from '../core/describe.js';
import { isFloat } from '../core/dtype.js';
import { ArgumentError, NonFiniteError, ShapeError } from '../core/errors.js';
import type { Tensor } from '../index.js';
import { checkTensors } from '../tensor/argument.js';
import { dense } from '../tensor/dense.js';

/** Checks that x has rows of features and isn't empty. */
export function checkRows(operation: string, name: string, x: Tensor): void {
  checkTensors(operation, { [name]: x });
  if (x.ndim !== 2 || x.count === 0)
    throw new ShapeError(operation, 'needs rows of features', [{ name, shape: x.shape, axes: '(N, D)' }]);
}

/** x as dense floating rows outside the graph. */
export function floatingRows(operation: string, x: Tensor, name = 'x'): Tensor {
  checkRows(operation, name, x);
  const rows = x.detach();
  return dense(isFloat(rows.dtype) ? rows : rows.to('float32'));
}

/**
 * x as dense floating rows outside the graph, checked to be finite.
 *
 * @throws ShapeError unless x is (N, D) and isn't empty
 * @throws NonFiniteError if x contains NaN or infinity
 */
export async function finiteRows(operation: string, x: Tensor, name = 'x'): Promise<Tensor> {
  const rows = floatingRows(operation, x, name);
  const wrong = await rows.isfinite().logicalNot().any(1).nonzeroAsync();
  if (wrong.shape[0]! > 0) {
    const [row] = await wrong.data();
    throw new NonFiniteError(
      operation,
      `${name} contains NaN or infinity in ${wrong.shape[0]} of ${rows.shape[0]} rows, first in row ${row}`,
    );
  }
  return rows;
}

/** Checks a count, which may be at most `limit`. */
export function checkNumber(operation: string, name: string, value: number, limit: number, of: string): void {
  if (!Number.isInteger(value) || value < 1 || value > limit)
    throw new ArgumentError(
      operation,
      `${name} must be a whole number from 1 to ${limit}, ${of}, got ${describe(value)}`,
    );
}
