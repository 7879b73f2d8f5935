import { ArgumentError, ShapeError } from '../../core/errors.js';
import { named } from '../../core/exact.js';
import { defineOptions, flag, number, word } from '../../core/options.js';
import { sameShape } from '../../core/shape.js';
import { checkTensors } from '../../tensor/argument.js';
import { inspect, known } from '../../tensor/inspect.js';
import type { Tensor } from '../../tensor/tensor.js';
import { defineLoss } from './pointwise.js';
import {
  type LossOptions,
  lossOptions,
  type Reduction,
  reduceLosses,
  requireFloats,
  warnOfBroadcast,
} from './reduction.js';

export interface KlDivOptions {
  /** `'batchmean'` divides the sum by the length of x's first axis; `'mean'` (default), by the number of elements. */
  readonly reduction?: Reduction | 'batchmean';
  /** Whether the target holds logarithms (default false). */
  readonly logTarget?: boolean;
}

export const readKlDiv = defineOptions({
  reduction: word(['mean', 'sum', 'none', 'batchmean'], 'mean'),
  logTarget: flag(false),
});

const divergenceOp = defineLoss({
  name: 'klDiv',
  kernel: 'divergence',
  value: (x, t) => t.xlogy(t).sub(t.mul(x)),
  slopes: (x, t) => [t.neg(), t.log().where(t.ne(0), 0).add(t.div(t)).sub(x)],
});

const logDivergenceOp = defineLoss({
  name: 'klDiv',
  kernel: 'logDivergence',
  value: (x, t) => t.exp().mul(t.sub(x)),
  slopes: (x, t) => [t.exp().neg(), t.exp().mul(t.sub(x).add(1))],
});

/** t·(log t − x): the Kullback–Leibler divergence of probabilities t from log-probabilities x. */
export const klDiv = named('klDiv', (x: Tensor, target: Tensor, options?: KlDivOptions): Tensor => {
  checkTensors('klDiv', { x, target });
  const { reduction, logTarget } = readKlDiv('klDiv', options);
  requireFloats('klDiv', x);
  warnOfBroadcast('klDiv', x, target);
  const op = logTarget ? logDivergenceOp : divergenceOp;
  if (reduction === 'batchmean') return op(x, target, { reduction: 'sum', divisor: x.shape[0] ?? 1 });
  return op(x, target, { reduction });
});

export interface GaussianNllLossOptions extends LossOptions {
  /** Whether to add the constant log(2π)/2 (default false). */
  readonly full?: boolean;
  /** The smallest variance to use (default 1e-6). */
  readonly eps?: number;
}

export const readGaussian = defineOptions({
  full: flag(false),
  eps: number(1e-6, { above: 0 }),
  ...lossOptions,
});

// The limit on the variance doesn't affect the gradient.
const gaussianOp = defineLoss({
  name: 'gaussianNllLoss',
  kernel: 'gaussian',
  value(x, t, variance, eps, constant) {
    const v = variance.clamp(eps);
    return v.log().add(x.sub(t).square().div(v)).mul(0.5).add(constant);
  },
  slopes(x, t, variance, eps) {
    const v = variance.add(variance.detach().clamp(eps).sub(variance.detach()));
    const d = x.sub(t).div(v);
    return [d, d.neg(), v.reciprocal().sub(d.square()).mul(0.5)];
  },
});

/**
 * (log v + (x − t)²/v)/2: the negative log-likelihood of t under a normal distribution with mean x and
 * variance v.
 *
 * @param variance in the shape of x, or in that shape without the last axis or with length 1 there
 * @throws ShapeError for any other shape, ArgumentError for a negative variance
 */
export function gaussianNllLoss(
  x: Tensor,
  target: Tensor,
  variance: Tensor,
  options?: GaussianNllLossOptions,
): Tensor {
  checkTensors('gaussianNllLoss', { x, target, variance });
  const { full, eps, reduction } = readGaussian('gaussianNllLoss', options);
  requireFloats('gaussianNllLoss', x);
  warnOfBroadcast('gaussianNllLoss', x, target);
  const rows = x.shape.slice(0, -1);
  const perRow = sameShape(variance.shape, rows) && !sameShape(variance.shape, x.shape);
  if (!perRow && !sameShape(variance.shape, x.shape) && !sameShape(variance.shape, [...rows, 1]))
    throw new ShapeError('gaussianNllLoss', "the variances don't fit x", [
      { name: 'x', shape: x.shape },
      { name: 'variance', shape: variance.shape, note: 'expects the shape of x, or one for each row' },
    ]);
  requireVariances(variance.detach());
  const given = perRow ? variance.unsqueeze(-1) : variance;
  const constant = full ? Math.log(2 * Math.PI) / 2 : 0;
  return gaussianOp(x, target, { reduction, third: given, p: eps, q: constant });
}

function requireVariances(variance: Tensor): void {
  if (variance.count === 0) return;
  const found = known(variance.amin());
  if (found !== null && found[0]! >= 0) return;
  // A NaN hides negative numbers.
  inspect(variance.where(variance.eq(variance), 0).amin(), ([least]) =>
    least! >= 0
      ? null
      : new ArgumentError(
          'gaussianNllLoss',
          `variances must be at least 0, one is ${least}\n  hint: apply softplus or exp to the model's output to make it positive`,
        ),
  );
}

export interface PoissonNllLossOptions extends LossOptions {
  /** Whether x is the logarithm of the rate (default true). */
  readonly logInput?: boolean;
  /** Whether to add Stirling's approximation of log t! (default false). */
  readonly full?: boolean;
  /** Added to a rate before taking its logarithm (default 1e-8). */
  readonly eps?: number;
}

export const readPoisson = defineOptions({
  logInput: flag(true),
  full: flag(false),
  eps: number(1e-8),
  ...lossOptions,
});

const poissonOp = defineLoss({
  name: 'poissonNllLoss',
  kernel: 'poisson',
  value: (x, t) => x.exp().sub(t.mul(x)),
  slopes: (x, t) => [x.exp().sub(t), x.neg()],
});

const poissonRateOp = defineLoss({
  name: 'poissonNllLoss',
  kernel: 'poissonRate',
  value: (x, t, _, eps) => x.sub(t.mul(x.add(eps).log())),
  slopes: (x, t, _, eps) => [t.div(x.add(eps)).rsub(1), x.add(eps).log().neg()],
});

/** e^x − t·x, or for rates x − t·log(x + eps): the negative log-likelihood of counts t. */
export function poissonNllLoss(x: Tensor, target: Tensor, options?: PoissonNllLossOptions): Tensor {
  checkTensors('poissonNllLoss', { x, target });
  const { logInput, full, eps, reduction } = readPoisson('poissonNllLoss', options);
  requireFloats('poissonNllLoss', x);
  warnOfBroadcast('poissonNllLoss', x, target);
  const op = logInput ? poissonOp : poissonRateOp;
  if (!full) return op(x, target, { reduction, p: eps });
  const stirling = target
    .xlogy(target)
    .sub(target)
    .add(
      target
        .mul(2 * Math.PI)
        .log()
        .mul(0.5),
    );
  return reduceLosses(
    op(x, target, { reduction: 'none', p: eps }).add(stirling.where(target.gt(1), 0)),
    reduction,
  );
}
