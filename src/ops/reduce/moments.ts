import { defineOp } from '../../autograd/op.js';
import { describe, isPlainObject } from '../../core/describe.js';
import { isFloat } from '../../core/dtype.js';
import { ArgumentError, DTypeError } from '../../core/errors.js';
import { named } from '../../core/exact.js';
import { checkOption, defineOptions, either, flag, number, word } from '../../core/options.js';
import { contiguousStrides, type Shape } from '../../core/shape.js';
import type { ReduceOp, ReduceParameters } from '../../engine/reduce.js';
import { checkTensors } from '../../tensor/argument.js';
import { attach } from '../../tensor/attach.js';
import { filled } from '../../tensor/filled.js';
import { empty, type Tensor, view } from '../../tensor/tensor.js';
import {
  type Dims,
  type KeepDimOptions,
  keepdimOptions,
  readKeepdim,
  reducedAxes,
  reducedCount,
  reducedShape,
  requireElements,
  splitArguments,
  spread,
  zerosOf,
} from '../axes.js';

interface Moment {
  readonly axes: readonly number[];
  readonly keepdim: boolean;
  readonly correction: number;
}

/** The first element that goes into each result, as float64; zeros if there are none. */
function firstOfEach(x: Tensor, axes: readonly number[], shape: Shape): Tensor {
  const out = filled(shape, 'float64', x.engine);
  if (reducedCount(x.shape, axes) === 0) return out;
  const kept = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const first = view(
    x,
    kept.map((i) => x.shape[i]!),
    kept.map((i) => x.strides[i]!),
  );
  x.engine.copy(view(out, first.shape, contiguousStrides(first.shape)), first);
  return out;
}

/**
 * Σ (x − mean)² / max(0, n − correction), or its root. In float64: a float32 result may be any float32. The
 * mean is taken over differences from the first element, so the mean of equal elements is that element.
 */
function squaredDeviation(x: Tensor, { axes, keepdim, correction }: Moment, power: number): Tensor {
  const n = reducedCount(x.shape, axes);
  const shape = reducedShape(x.shape, axes, keepdim);
  const first = firstOfEach(x, axes, shape);
  const center = empty(shape, 'float64', x.engine);
  x.engine.reduce('sumDiff', center, x, axes, { center: first, divisor: n });
  x.engine.binary('add', center, center, first);
  const out = empty(shape, x.dtype, x.engine);
  x.engine.reduce('sumSquaredDiff', out, x, axes, { center, divisor: Math.max(0, n - correction), power });
  return out;
}

/** d var / dx, times g: 2 / (n − correction) · (x − mean) · g. */
function varBackward(x: Tensor, g: Tensor, { axes, keepdim, correction }: Moment): Tensor {
  const scale = 2 / Math.max(0, reducedCount(x.shape, axes) - correction);
  return x.sub(x.mean(axes, { keepdim: true })).mul(spread(g.mul(scale), x.shape, axes, keepdim));
}

const varOp = defineOp<[Tensor], Moment>({
  name: 'var',
  forward(ctx, [x], attrs) {
    ctx.save(x);
    return squaredDeviation(x, attrs, 1);
  },
  backward: ({ saved: [x], attrs }, g) => [varBackward(x!, g, attrs)],
});

const stdOp = defineOp<[Tensor], Moment>({
  name: 'std',
  forward(ctx, [x], attrs) {
    const out = squaredDeviation(x, attrs, 0.5);
    ctx.save(x, out);
    return out;
  },
  backward: ({ saved: [x, y], attrs }, g) => [varBackward(x!, g.div(y!.mul(2)).where(y!.ne(0), 0), attrs)],
});

export interface VarianceOptions extends KeepDimOptions {
  /** What's subtracted from the number of elements in the divisor (default 1). */
  readonly correction?: number;
  /** false means correction 0. */
  readonly unbiased?: boolean;
}

const readVariance = defineOptions(
  { unbiased: flag(true), ...keepdimOptions, correction: number(undefined) },
  ['dim'],
);

type MomentFunction = (x: Tensor, dim?: Dims | VarianceOptions, options?: VarianceOptions) => Tensor;

function momentOf(
  name: string,
  x: Tensor,
  dim: Dims | VarianceOptions | undefined,
  options: VarianceOptions | undefined,
): Moment {
  checkTensors(name, { x });
  const [dims, given] = splitArguments(name, dim, options);
  const { keepdim, unbiased, correction = unbiased ? 1 : 0 } = readVariance(name, given);
  if (!isFloat(x.dtype)) throw new DTypeError(name, `needs a floating dtype, x is ${x.dtype}`);
  return { axes: reducedAxes(name, dims, x.ndim), keepdim, correction };
}

/**
 * The variance over axes, by default all: Σ (x − mean)² / (n − correction), with correction 1 by default.
 * Two passes: first the mean, then the squares. Exactly 0 for equal elements.
 *
 * @throws DTypeError for integers and booleans
 */
const variance: MomentFunction = (x, dim, options) => varOp([x], momentOf('var', x, dim, options));

/** The square root of `var`; where it's 0, so is the gradient. */
export const std: MomentFunction = (x, dim, options) => stdOp([x], momentOf('std', x, dim, options));

/** Variance and mean. */
export const varMean = named(
  'varMean',
  (x: Tensor, dim?: Dims | VarianceOptions, options?: VarianceOptions): [variance: Tensor, mean: Tensor] => {
    checkTensors('varMean', { x });
    const moment = momentOf('varMean', x, dim, options);
    return [varOp([x], moment), x.mean(moment.axes, { keepdim: moment.keepdim })];
  },
);

/** Standard deviation and mean. */
export const stdMean = named(
  'stdMean',
  (x: Tensor, dim?: Dims | VarianceOptions, options?: VarianceOptions): [std: Tensor, mean: Tensor] => {
    checkTensors('stdMean', { x });
    const moment = momentOf('stdMean', x, dim, options);
    return [stdOp([x], moment), x.mean(moment.axes, { keepdim: moment.keepdim })];
  },
);

interface Norm {
  readonly p: number;
  readonly axes: readonly number[];
  readonly keepdim: boolean;
}

function normKernel(p: number): [ReduceOp, ReduceParameters?] {
  switch (p) {
    case 0:
      return ['countNonzero'];
    case 1:
      return ['sumAbs'];
    case 2:
      return ['sumSquares', { power: 0.5 }];
    case Number.POSITIVE_INFINITY:
      return ['maxAbs'];
    case Number.NEGATIVE_INFINITY:
      return ['minAbs'];
    default:
      return ['sumPower', { exponent: p, power: 1 / p }];
  }
}

const normOp = defineOp<[Tensor], Norm>({
  name: 'norm',
  forward(ctx, [x], { p, axes, keepdim }) {
    const out = empty(reducedShape(x.shape, axes, keepdim), x.dtype, x.engine);
    const [op, parameters] = normKernel(p);
    x.engine.reduce(op, out, x, axes, parameters);
    ctx.save(x, out);
    return out;
  },
  backward({ saved, attrs: { p, axes, keepdim } }, grad) {
    const [x] = saved as [Tensor];
    const over = (y: Tensor): Tensor => spread(y, x.shape, axes, keepdim);
    if (p === 0) return [zerosOf(x.shape, x)];
    if (p === 1) return [x.sign().mul(over(grad))];
    const y = saved[1]!;
    if (p === 2) return [x.mul(over(grad.div(y).where(y.ne(0), 0)))];
    if (Math.abs(p) === Number.POSITIVE_INFINITY) {
      const hits = x.detach().abs().eq(over(y.detach()));
      const share = over(grad).div(hits.sum(axes, { keepdim: true }));
      return [x.sign().mul(share).where(hits, 0)];
    }
    const powers = x
      .abs()
      .pow(p - 1)
      .mul(x.sign());
    const scale = grad.div(y.pow(p - 1)).where(y.ne(0), 0);
    return [(p < 1 ? powers.where(x.ne(0), 0) : powers).mul(over(scale))];
  },
});

const orderOption = either(number(2, { infinite: true }), word(['fro'], undefined));

/**
 * The p-norm (Σ |x|^p)^(1/p) over axes, by default all. p = 0 counts the elements that aren't 0; ∞ and −∞
 * give the largest and smallest magnitude. At 0, the gradient is 0.
 *
 * @param p order (default 2; 'fro' is 2, too)
 * @throws DTypeError for integers and booleans
 */
export function norm(x: Tensor, p: number | 'fro' = 2, dim: Dims = null, options?: KeepDimOptions): Tensor {
  checkTensors('norm', { x });
  const { keepdim } = readKeepdim('norm', options);
  if (!isFloat(x.dtype)) throw new DTypeError('norm', `needs a floating dtype, x is ${x.dtype}`);
  if (isPlainObject(p))
    throw new ArgumentError(
      'norm',
      `p must be ${orderOption.wanted}, got ${describe(p)}\n  hint: pass p before the options, without its name`,
    );
  checkOption('norm', 'p', orderOption, p);
  const order = p === 'fro' ? 2 : p;
  const axes = reducedAxes('norm', dim, x.ndim);
  if (Math.abs(order) === Number.POSITIVE_INFINITY) requireElements('norm', x, axes);
  return normOp([x], { p: order, axes, keepdim });
}

export { variance as var };

attach({ var: variance, std, varMean, stdMean, norm });
