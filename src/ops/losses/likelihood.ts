import { ShapeError } from '../../core/errors.js';
import { defineOptions, flag, number, word } from '../../core/options.js';
import { sameShape } from '../../core/shape.js';
import { checkTensors } from '../../tensor/argument.js';
import type { Tensor } from '../../tensor/tensor.js';
import {
  type LossOptions,
  lossOptions,
  type Reduction,
  reduceLosses,
  requireFloats,
  warnOfBroadcast,
} from './reduction.js';

export interface KlDivOptions {
  /** `'batchmean'` divides the sum by the first length of x; `'mean'` (default) by the number of elements. */
  readonly reduction?: Reduction | 'batchmean';
  /** Whether the target holds logarithms (default false). */
  readonly logTarget?: boolean;
}

export const readKlDiv = defineOptions({
  reduction: word(['mean', 'sum', 'none', 'batchmean'], 'mean'),
  logTarget: flag(false),
});

/** t·(log t − x): Kullback–Leibler divergence of probabilities t from log-probabilities x. */
export function klDiv(x: Tensor, target: Tensor, options?: KlDivOptions): Tensor {
  checkTensors('klDiv', { x, target });
  const { reduction, logTarget } = readKlDiv('klDiv', options);
  requireFloats('klDiv', x);
  warnOfBroadcast('klDiv', x, target);
  const losses = logTarget ? target.exp().mul(target.sub(x)) : target.xlogy(target).sub(target.mul(x));
  if (reduction === 'batchmean') return losses.sum().div(x.shape[0] ?? 1);
  return reduceLosses(losses, reduction);
}

export interface GaussianNllLossOptions extends LossOptions {
  /** Whether to add the constant log(2π)/2 (default false). */
  readonly full?: boolean;
  /** Smaller variances count as this (default 1e-6). */
  readonly eps?: number;
}

export const readGaussian = defineOptions({
  full: flag(false),
  eps: number(1e-6, { above: 0 }),
  ...lossOptions,
});

/**
 * (log v + (x − t)²/v)/2: the negative log-likelihood of t under a normal distribution with mean x and
 * variance v.
 *
 * @param variance the shape of x, or that without the last axis, or with length 1 there
 * @throws ShapeError for another shape
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
    throw new ShapeError('gaussianNllLoss', 'the variances do not fit', [
      { name: 'x', shape: x.shape },
      { name: 'variance', shape: variance.shape, note: 'expects the shape of x, or one for each row' },
    ]);
  const given = perRow ? variance.unsqueeze(-1) : variance;
  // The limit does not show in the gradient.
  const v = given.add(given.detach().clamp(eps).sub(given.detach()));
  const losses = v.log().add(x.sub(target).square().div(v)).mul(0.5);
  return reduceLosses(full ? losses.add(Math.log(2 * Math.PI) / 2) : losses, reduction);
}

export interface PoissonNllLossOptions extends LossOptions {
  /** Whether x is the logarithm of the rate (default true). */
  readonly logInput?: boolean;
  /** Whether to add Stirling's approximation of log t! (default false). */
  readonly full?: boolean;
  /** Added to a rate before its logarithm is taken (default 1e-8). */
  readonly eps?: number;
}

export const readPoisson = defineOptions({
  logInput: flag(true),
  full: flag(false),
  eps: number(1e-8),
  ...lossOptions,
});

/** e^x − t·x, or x − t·log(x + eps) of rates: the negative log-likelihood of counts t. */
export function poissonNllLoss(x: Tensor, target: Tensor, options?: PoissonNllLossOptions): Tensor {
  checkTensors('poissonNllLoss', { x, target });
  const { logInput, full, eps, reduction } = readPoisson('poissonNllLoss', options);
  requireFloats('poissonNllLoss', x);
  warnOfBroadcast('poissonNllLoss', x, target);
  const losses = logInput ? x.exp().sub(target.mul(x)) : x.sub(target.mul(x.add(eps).log()));
  if (!full) return reduceLosses(losses, reduction);
  const stirling = target
    .xlogy(target)
    .sub(target)
    .add(
      target
        .mul(2 * Math.PI)
        .log()
        .mul(0.5),
    );
  return reduceLosses(losses.add(stirling.where(target.gt(1), 0)), reduction);
}
