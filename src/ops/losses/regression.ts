import { ArgumentError } from '../../core/errors.js';
import type { Tensor } from '../../tensor/tensor.js';
import { type LossOptions, reduceLosses, requireFloats } from './reduction.js';

/** mean((x − t)²): mean squared error; x and t broadcast. @source notes 2.4 */
export function mseLoss(x: Tensor, target: Tensor, { reduction = 'mean' }: LossOptions = {}): Tensor {
  requireFloats('mseLoss', x);
  return reduceLosses('mseLoss', x.sub(target).square(), reduction);
}

/** mean(|x − t|): mean absolute error; x and t broadcast. */
export function l1Loss(x: Tensor, target: Tensor, { reduction = 'mean' }: LossOptions = {}): Tensor {
  requireFloats('l1Loss', x);
  return reduceLosses('l1Loss', x.sub(target).abs(), reduction);
}

export interface SmoothL1LossOptions extends LossOptions {
  /** Where the parabola becomes a line (default 1); with 0 this is `l1Loss`. */
  readonly beta?: number;
}

/**
 * With d = |x − t|: d²/(2β) where d < β, d − β/2 elsewhere.
 *
 * @throws ArgumentError if beta is negative
 * @source Girshick 2015, arXiv:1504.08083
 */
export function smoothL1Loss(
  x: Tensor,
  target: Tensor,
  { reduction = 'mean', beta = 1 }: SmoothL1LossOptions = {},
): Tensor {
  requireFloats('smoothL1Loss', x);
  if (!(beta >= 0)) throw new ArgumentError('smoothL1Loss', `beta must not be negative, got ${beta}`);
  const d = x.sub(target).abs();
  const losses =
    beta === 0
      ? d
      : d
          .square()
          .mul(0.5 / beta)
          .where(d.lt(beta), d.sub(beta / 2));
  return reduceLosses('smoothL1Loss', losses, reduction);
}

export interface HuberLossOptions extends LossOptions {
  /** Where the parabola becomes a line (default 1). */
  readonly delta?: number;
}

/**
 * With d = |x − t|: d²/2 where d ≤ δ, δ·(d − δ/2) elsewhere.
 *
 * @throws ArgumentError unless delta is positive
 */
export function huberLoss(
  x: Tensor,
  target: Tensor,
  { reduction = 'mean', delta = 1 }: HuberLossOptions = {},
): Tensor {
  requireFloats('huberLoss', x);
  if (!(delta > 0)) throw new ArgumentError('huberLoss', `delta must be positive, got ${delta}`);
  const d = x.sub(target).abs();
  const losses = d
    .square()
    .mul(0.5)
    .where(d.le(delta), d.sub(delta / 2).mul(delta));
  return reduceLosses('huberLoss', losses, reduction);
}
