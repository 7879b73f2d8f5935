import { isFloat } from '../core/dtype.js';
import { ShapeError } from '../core/errors.js';
import { nullable, whole } from '../core/options.js';
import type { Tensor } from '../index.js';
import { checkTensors } from '../tensor/argument.js';

/** Options for computing statistics of a training set. */
export interface ByAxisOptions {
  /**
   * The axis along which each position has its own statistics (default 1: the features of (N, D), the
   * channels of (N, C, H, W)); null: one set of statistics for all values, as for a one-axis x.
   */
  readonly axis?: number | null;
}

/** What `ByAxisOptions` may be. */
export const byAxisSpec = { axis: nullable(whole(1, { least: 0 }), 1) };

/** Elements that are converted to float64 at once: 32 MB. */
const BLOCK = 2 ** 22;

/** The axis of x whose positions have their own statistics, or null. */
function kept(operation: string, x: Tensor, axis: number | null): number | null {
  checkTensors(operation, { x });
  if (axis === null || x.ndim < 2) return null;
  if (axis >= x.ndim)
    throw new ShapeError(operation, `there's no axis ${axis}`, [{ name: 'x', shape: x.shape }]);
  return axis;
}

/**
 * x in float64 as (values, places), in blocks that fit in memory.
 *
 * @throws ShapeError if x has no elements, lacks the axis, or doesn't have `places` places
 */
export function* blocksByAxis(
  operation: string,
  x: Tensor,
  axis: number | null,
  places: number | undefined,
): Generator<Tensor, void> {
  const at = kept(operation, x, axis);
  const width = at === null ? 1 : x.shape[at]!;
  if (x.count === 0) throw new ShapeError(operation, 'x has no elements', [{ name: 'x', shape: x.shape }]);
  checkPlaces(operation, x, width, places);
  const step =
    at === 0 || x.ndim === 0 ? undefined : Math.max(1, Math.floor((BLOCK * x.shape[0]!) / x.count));
  for (let start = 0; start < (x.shape[0] ?? 1); start += step ?? Number.POSITIVE_INFINITY) {
    const part = step === undefined ? x : x.narrow(0, start, Math.min(step, x.shape[0]! - start));
    const rows = at === null ? part.reshape([-1, 1]) : part.movedim(at, -1).reshape([-1, width]);
    yield rows.to('float64');
  }
}

/** Statistics (places), reshaped to broadcast against x. */
export function alongAxis(operation: string, x: Tensor, axis: number | null, statistics: Tensor): Tensor {
  const at = kept(operation, x, axis);
  const places = statistics.shape[0]!;
  checkPlaces(operation, x, at === null ? 1 : x.shape[at]!, places);
  const shape = x.shape.map((_, i) => (i === at ? places : 1));
  return statistics.to(x.dtype === 'float64' ? 'float64' : 'float32').reshape(shape);
}

/** x as floats. */
export function floating(operation: string, x: Tensor): Tensor {
  checkTensors(operation, { x });
  return isFloat(x.dtype) ? x : x.to('float32');
}

function checkPlaces(operation: string, x: Tensor, width: number, places: number | undefined): void {
  if (places !== undefined && width !== places)
    throw new ShapeError(operation, `x has ${width} places on its axis, but ${places} were fitted`, [
      { name: 'x', shape: x.shape },
    ]);
}
