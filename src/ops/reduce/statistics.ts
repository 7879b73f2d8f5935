import { isFloat } from '../../core/dtype.js';
import { ArgumentError, DTypeError, ShapeError } from '../../core/errors.js';
import { exact, named } from '../../core/exact.js';
import { defineOptions, nullable, number, whole } from '../../core/options.js';
import { mostElements, normalizeAxis, sameShape } from '../../core/shape.js';
import { checkTensors } from '../../tensor/argument.js';
import { attach } from '../../tensor/attach.js';
import { inspect, known } from '../../tensor/inspect.js';
import { tensorOption } from '../../tensor/option.js';
import type { Tensor } from '../../tensor/tensor.js';
import {
  type Dims,
  type KeepDimOptions,
  keepdimOptions,
  readKeepdim,
  splitArguments,
  zerosOf,
} from '../axes.js';
import type { ValuesAndIndices } from '../ordering.js';
import { countsOf } from '../search.js';
import { cat } from '../shape/join.js';
import { readSum, type SumOptions } from './reduce.js';

function requireFloat(operation: string, x: Tensor): void {
  if (!isFloat(x.dtype))
    throw new DTypeError(operation, `needs a floating dtype, x is ${x.dtype}\n  hint: x.to('float32')`);
}

const withoutNaN = (x: Tensor): Tensor =>
  isFloat(x.dtype) ? x.where(x.detach().isnan().logicalNot(), 0) : x;

/** Like `sum`, with NaN counted as 0. */
export const nansum = named('nansum', (x: Tensor, dim?: Dims | SumOptions, options?: SumOptions): Tensor => {
  checkTensors('nansum', { x });
  const [dims, given] = splitArguments('nansum', dim, options);
  readSum('nansum', given);
  return withoutNaN(x).sum(dims, given);
});

/** The mean of the elements that aren't NaN; NaN if there are none. @throws DTypeError for integers and booleans */
export const nanmean = named(
  'nanmean',
  (x: Tensor, dim?: Dims | SumOptions, options?: SumOptions): Tensor => {
    checkTensors('nanmean', { x });
    const [dims, given] = splitArguments('nanmean', dim, options);
    const { keepdim, dtype } = readSum('nanmean', given);
    const elements = dtype === undefined ? x : x.to(dtype);
    requireFloat('nanmean', elements);
    const count = elements.detach().isnan().logicalNot().sum(dims, { keepdim });
    return nansum(elements, dims, { keepdim }).div(count.to(elements.dtype));
  },
);

export interface AminmaxOptions extends KeepDimOptions {
  /** The axis to reduce (default: all). */
  readonly dim?: number | null;
}

const readAminmax = defineOptions({ dim: nullable(whole(0), null), ...keepdimOptions });

/** The smallest and largest elements; as in `amin` and `amax`, ties share the gradient. */
export const aminmax = named(
  'aminmax',
  (x: Tensor, options?: AminmaxOptions): { readonly min: Tensor; readonly max: Tensor } => {
    checkTensors('aminmax', { x });
    const { dim, keepdim } = readAminmax('aminmax', options);
    return { min: x.amin(dim, { keepdim }), max: x.amax(dim, { keepdim }) };
  },
);

/**
 * The most frequent element along an axis, the smallest one of ties, and its last position.
 *
 * @param dim default −1
 */
export function mode(x: Tensor, dim = -1, options?: KeepDimOptions): ValuesAndIndices {
  checkTensors('mode', { x });
  const { keepdim } = readKeepdim('mode', options);
  const axis = normalizeAxis('mode', dim, x.ndim);
  const length = x.shape[axis] ?? 1;
  if (length === 0)
    throw new ShapeError('mode', 'has no elements to pick from', [{ name: 'x', shape: x.shape }]);
  const rows = (x.ndim === 0 ? x.reshape([1]) : x).movedim(axis, -1);
  const { values: sorted, indices: order } = rows.detach().sort(-1);
  // The length of the run of equal elements that ends at each position.
  const places = zerosOf([length], order).add(1).cumsum(0);
  const starts = places.where(startsOfRuns(sorted), 0).cummax(-1).values;
  const end = places.sub(starts).argmax(-1, { keepdim: true });
  const indices = order.gather(-1, end);
  const shaped = (picked: Tensor): Tensor => {
    if (x.ndim === 0) return picked.reshape([]);
    return keepdim ? picked.movedim(-1, axis) : picked.squeeze(-1);
  };
  return { values: shaped(rows.gather(-1, indices)), indices: shaped(indices) };
}

/** Where the elements of sorted rows differ from the one before; the first always does. */
function startsOfRuns(sorted: Tensor): Tensor {
  const length = sorted.shape.at(-1)!;
  const first = sorted.narrow(-1, 0, 1);
  const differs = sorted.narrow(-1, 1, length - 1).ne(sorted.narrow(-1, 0, length - 1));
  return cat([first.eq(first).logicalOr(first.ne(first)), differs], -1);
}

export interface HistcOptions {
  /** The number of intervals (default 100). */
  readonly bins?: number;
  /** The range's lower end (default 0). */
  readonly min?: number;
  /** The range's upper end, inclusive (default 0). */
  readonly max?: number;
}

const readHistc = defineOptions({
  bins: whole(100, { least: 1, most: mostElements }),
  min: number(0),
  max: number(0),
});

/**
 * Counts elements in `bins` intervals of equal width from min to max. If these are equal, the elements' range
 * is used. Elements outside and NaNs don't count.
 *
 * @returns the counts in the dtype of x
 * @differs PyTorch counts NaN in some interval
 * @throws DTypeError for integers, ArgumentError for a range that isn't finite or ascending
 * @example
 * histc(tensor([1, 2, 1]), { bins: 4, min: 0, max: 3 }); // [0, 2, 1, 0]
 */
export const histc = named('histc', (x: Tensor, options?: HistcOptions): Tensor => {
  checkTensors('histc', { x });
  const { bins, min, max } = readHistc('histc', options);
  requireFloat('histc', x);
  if (min > max) throw new ArgumentError('histc', `max must be at least min, got ${max} and ${min}`);
  const elements = x.detach().reshape([-1]);
  const intervals = (low: Tensor | number, width: Tensor | number): Tensor =>
    elements
      .sub(low)
      .div(width)
      .mul(bins)
      .floor()
      .clamp(0, bins - 1)
      .to('int32');
  if (min === max && elements.count > 0) {
    const { low, width } = rangeOf(elements);
    return countsOf(intervals(low, width), bins).to(x.dtype);
  }
  const [low, high] = min === max ? [min - 1, max + 1] : [min, max];
  const counted = elements.ge(low).logicalAnd(elements.le(high));
  // Elements that don't count go to one more interval.
  const places = intervals(low, high - low).where(counted, bins);
  return countsOf(places, bins + 1)
    .narrow(0, 0, bins)
    .to(x.dtype);
});

/** From the least to the greatest element; for a single value, from 1 below to 1 above it. */
function rangeOf(elements: Tensor): { low: Tensor | number; width: Tensor | number } {
  const [min, max] = [elements.min(), elements.max()];
  const problem = (low: number, high: number): ArgumentError | null =>
    Number.isFinite(low) && Number.isFinite(high)
      ? null
      : new ArgumentError('histc', `the range from ${low} to ${high} isn't finite\n  hint: pass min and max`);
  const [least, most] = [known(min), known(max)];
  if (least !== null && most !== null) {
    const [low, high] = [least[0]!, most[0]!];
    const error = problem(low, high);
    if (error !== null) throw error;
    return low === high ? { low: low - 1, width: 2 } : { low, width: high - low };
  }
  inspect(cat([min.reshape([1]), max.reshape([1])]), ([low, high]) => problem(low!, high!));
  const [first, last] = [min.to('float64'), max.to('float64')];
  const margin = first.eq(last).to('float64');
  const low = first.sub(margin);
  return { low: low.to(elements.dtype), width: last.add(margin).sub(low).to(elements.dtype) };
}

export interface CovOptions {
  /** What's subtracted from the number of observations in the divisor (default 1). */
  readonly correction?: number;
  /** How often each observation counts, as integers (default: once). */
  readonly fweights?: Tensor | null;
  /** The weight of each observation, not negative (default 1). */
  readonly aweights?: Tensor | null;
}

const readCov = defineOptions({
  correction: whole(1),
  fweights: nullable(tensorOption, null),
  aweights: nullable(tensorOption, null),
});

function weightsOf(observations: number, fweights: Tensor | null, aweights: Tensor | null): Tensor | null {
  for (const [name, w] of Object.entries({ fweights, aweights })) {
    if (w === null) continue;
    if (!sameShape(w.shape, [observations]))
      throw new ShapeError('cov', `${name} needs one number for each observation`, [
        { name, shape: w.shape, note: `expects [${observations}]` },
      ]);
    inspect(w.detach().lt(0).any(), ([negative]) =>
      negative ? new ArgumentError('cov', `${name} must not be negative`) : null,
    );
  }
  if (fweights !== null && isFloat(fweights.dtype))
    throw new DTypeError('cov', `fweights must be integers, got ${fweights.dtype}`);
  return fweights === null || aweights === null ? (fweights ?? aweights) : aweights.mul(fweights);
}

/**
 * Covariances of variables (rows) over observations (columns):
 * C[i, j] = Σₖ w[k]·(x[i, k] − μ[i])·(x[j, k] − μ[j]) / (Σ w − correction), where μ are the weighted means. With `aweights`,
 * the divisor is Σ w − correction · Σ w·a / Σ w.
 *
 * @shape x (V, N) → (V, V); (N) → ()
 * @source notes 2.2
 */
export const cov = named('cov', (x: Tensor, options?: CovOptions): Tensor => {
  checkTensors('cov', { x });
  const { correction, fweights, aweights } = readCov('cov', options);
  if (x.ndim > 2)
    throw new ShapeError('cov', 'x must have at most two axes', [{ name: 'x', shape: x.shape }]);
  const rows = (isFloat(x.dtype) ? x : x.to('float32')).reshape(x.ndim < 2 ? [1, x.count] : x.shape);
  const n = rows.shape[1]!;
  const weights = weightsOf(n, fweights, aweights)?.to(rows.dtype) ?? null;
  const total = weights?.sum() ?? null;
  const mean =
    weights === null
      ? rows.mean(1, { keepdim: true })
      : rows.mul(weights).sum(1, { keepdim: true }).div(total!);
  const centered = rows.sub(mean);
  const weighted = weights === null ? centered : centered.mul(weights);
  const product = weighted.matmul(centered.t());
  let divisor: Tensor | number = Math.max(0, n - correction);
  if (total !== null) {
    const excess =
      aweights === null || correction === 0
        ? correction
        : weights!.mul(aweights.to(rows.dtype)).sum().div(total).mul(correction);
    divisor = total.sub(excess).clamp(0);
  }
  const out = product.div(divisor);
  return x.ndim < 2 ? out.reshape([]) : out;
});

/** Pearson's correlations of variables (rows): cov[i, j] / √(cov[i, i]·cov[j, j]), from −1 to 1. */
export const corrcoef = exact('corrcoef(x)', (x: Tensor): Tensor => {
  checkTensors('corrcoef', { x });
  if (x.ndim > 2)
    throw new ShapeError('corrcoef', 'x must have at most two axes', [{ name: 'x', shape: x.shape }]);
  const covariance = cov(x);
  if (covariance.ndim === 0) return covariance.div(covariance);
  const deviation = covariance.diagonal().sqrt();
  return covariance.div(deviation.unsqueeze(1)).div(deviation.unsqueeze(0)).clamp(-1, 1);
});

attach({ nansum, nanmean, aminmax, mode, histc, cov, corrcoef });
