import { describe } from '../core/describe.js';
import { isFloat } from '../core/dtype.js';
import { ArgumentError, NonFiniteError, ShapeError } from '../core/errors.js';
import type { Tensor } from '../index.js';
import { checkTensors } from '../tensor/argument.js';
import { dense } from '../tensor/dense.js';

/** Checks that x is rows of features, of which there are some. */
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
 * x as dense floating rows outside the graph, all finite.
 *
 * @throws ShapeError unless x is (N, D) and not empty
 * @throws NonFiniteError if x has NaN or infinity
 */
export async function finiteRows(operation: string, x: Tensor, name = 'x'): Promise<Tensor> {
  const rows = floatingRows(operation, x, name);
  const wrong = rows.isfinite().logicalNot().any(1).nonzero();
  if (wrong.shape[0]! > 0) {
    const [row] = await wrong.data();
    throw new NonFiniteError(
      operation,
      `${name} has NaN or infinity in ${wrong.shape[0]} of ${rows.shape[0]} rows, first in row ${row}`,
    );
  }
  return rows;
}

/** Checks a number of things, at most `limit` of them. */
export function checkNumber(operation: string, name: string, value: number, limit: number, of: string): void {
  if (!Number.isInteger(value) || value < 1 || value > limit)
    throw new ArgumentError(
      operation,
      `${name} must be a whole number from 1 to ${limit}, ${of}, got ${describe(value)}`,
    );
}
