import { isFloat } from '../../core/dtype.js';
import { ArgumentError, DTypeError, ShapeError } from '../../core/errors.js';
import { defineOptions, flag, word } from '../../core/options.js';
import { normalizeAxis } from '../../core/shape.js';
import { checkTensors } from '../../tensor/argument.js';
import { attach } from '../../tensor/attach.js';
import { filled } from '../../tensor/filled.js';
import { inspect } from '../../tensor/inspect.js';
import { Tensor } from '../../tensor/tensor.js';

const interpolations = ['linear', 'lower', 'higher', 'midpoint', 'nearest'] as const;

export interface QuantileOptions {
  /** Whether to keep the reduced axis, with length 1 (default false). */
  readonly keepdim?: boolean;
  /** What's between two neighbors (default `'linear'`); `'nearest'` takes the even one on a tie. */
  readonly interpolation?: (typeof interpolations)[number];
}

const readQuantile = defineOptions({
  keepdim: flag(false),
  interpolation: word(interpolations, 'linear'),
});

/** The probabilities as a list in the dtype of x. */
function probabilities(operation: string, x: Tensor, q: Tensor | number): Tensor {
  checkTensors(operation, { x });
  const list = typeof q === 'number' ? filled([1], x.dtype, x.engine, q) : q;
  if (!(list instanceof Tensor) || list.ndim > 1)
    throw new ArgumentError(operation, 'q must be a number or a tensor with at most one axis');
  if (list.dtype !== x.dtype)
    throw new DTypeError(operation, `q is ${list.dtype}, x is ${x.dtype}\n  hint: convert one with to()`);
  inspect(list.detach(), (q) => {
    const outside = q.find((p) => !(p >= 0 && p <= 1));
    return outside === undefined
      ? null
      : new ArgumentError(operation, `q must be from 0 to 1, got ${outside}`);
  });
  return list.reshape([-1]);
}

function quantiles(
  operation: string,
  x: Tensor,
  q: Tensor | number,
  dim: number | null,
  options: QuantileOptions | undefined,
  ignoreNaN: boolean,
): Tensor {
  checkTensors(operation, { x });
  const { keepdim, interpolation } = readQuantile(operation, options);
  if (!isFloat(x.dtype)) throw new DTypeError(operation, `needs a floating dtype, x is ${x.dtype}`);
  if (x.count === 0)
    throw new ShapeError(operation, 'has no elements to pick from', [{ name: 'x', shape: x.shape }]);
  const list = probabilities(operation, x, q);
  const axis = dim === null ? 0 : normalizeAxis(operation, dim, x.ndim);
  // The axis to reduce goes last: (…, n).
  const rows = dim === null || x.ndim === 0 ? x.reshape([-1]) : x.movedim(axis, -1);
  const last = rows.shape.at(-1)! - 1;
  const sorted = rows.sort(-1).values;
  // NaN is at the end of its row: ranks of the numbers before it, or of the NaN itself.
  const missing = rows.detach().isnan();
  const ranks = ignoreNaN
    ? list.mul(missing.logicalNot().sum(-1, { keepdim: true }).sub(1).clamp(0).to(x.dtype)) // (…, Q)
    : list
        .mul(last)
        .expand([...rows.shape.slice(0, -1), list.count])
        .where(missing.any(-1, { keepdim: true }).logicalNot(), last);
  const below =
    interpolation === 'nearest' ? ranks.round() : interpolation === 'higher' ? ranks.ceil() : ranks.floor();
  const lower = sorted.gather(-1, below.to('int32'));
  const between = interpolation === 'linear' || interpolation === 'midpoint';
  const weight = interpolation === 'midpoint' ? 0.5 : ranks.sub(below);
  const values = between ? lower.lerp(sorted.gather(-1, ranks.ceil().to('int32')), weight) : lower;
  // (…, Q) → (Q, …), without Q if q is one number.
  const kept = keepdim
    ? x.shape.map((n, i) => (dim === null || i === axis ? 1 : n))
    : rows.shape.slice(0, -1);
  const shape = dim === null && !keepdim ? [] : kept;
  const single = typeof q === 'number' || q.ndim === 0;
  return values.movedim(-1, 0).reshape(single ? shape : [list.count, ...shape]);
}

/**
 * The q-quantile: the value with the fraction q of the elements below it. With ranks r = q·(n − 1) in
 * ascending order, linear interpolation gives x[⌊r⌋] + (r − ⌊r⌋)·(x[⌈r⌉] − x[⌊r⌋]). NaN if there's a NaN.
 *
 * @param q a number from 0 to 1, or a list of them in the dtype of x
 * @param dim an axis, or null for all elements (default)
 * @shape x (…, n, …) → (…), or (Q, …) for a list q
 * @throws ArgumentError for q outside 0 to 1, ShapeError if there are no elements
 * @example
 * quantile(tensor([1, 2, 3, 4]), 0.5); // 2.5
 */
export const quantile = (
  x: Tensor,
  q: Tensor | number,
  dim: number | null = null,
  options?: QuantileOptions,
): Tensor => quantiles('quantile', x, q, dim, options, false);

/** Like `quantile`, but ignores NaNs; NaN if there's nothing else. */
export const nanquantile = (
  x: Tensor,
  q: Tensor | number,
  dim: number | null = null,
  options?: QuantileOptions,
): Tensor => quantiles('nanquantile', x, q, dim, options, true);

attach({ quantile, nanquantile });
