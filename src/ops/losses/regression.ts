import { defineOptions, number } from '../../core/options.js';
import { checkTensors } from '../../tensor/argument.js';
import type { Tensor } from '../../tensor/tensor.js';
import {
  type LossOptions,
  lossOptions,
  readLoss,
  reduceLosses,
  requireFloats,
  warnOfBroadcast,
} from './reduction.js';

function requirePair(operation: string, x: Tensor, target: Tensor): void {
  requireFloats(operation, x);
  warnOfBroadcast(operation, x, target);
}

/** mean((x − t)²): mean squared error; x and t broadcast. @source notes 2.4 */
export function mseLoss(x: Tensor, target: Tensor, options?: LossOptions): Tensor {
  checkTensors('mseLoss', { x, target });
  const { reduction } = readLoss('mseLoss', options);
  requirePair('mseLoss', x, target);
  return reduceLosses(x.sub(target).square(), reduction);
}

/** mean(|x − t|): mean absolute error; x and t broadcast. */
export function l1Loss(x: Tensor, target: Tensor, options?: LossOptions): Tensor {
  checkTensors('l1Loss', { x, target });
  const { reduction } = readLoss('l1Loss', options);
  requirePair('l1Loss', x, target);
  return reduceLosses(x.sub(target).abs(), reduction);
}

export interface SmoothL1LossOptions extends LossOptions {
  /** Where the parabola becomes a line (default 1); with 0 this is `l1Loss`. */
  readonly beta?: number;
}

export const readSmoothL1 = defineOptions({ ...lossOptions, beta: number(1, { least: 0 }) });

/**
 * With d = |x − t|: d²/(2β) where d < β, d − β/2 elsewhere.
 *
 * @throws ArgumentError if beta is negative
 * @source Girshick 2015, arXiv:1504.08083
 */
export function smoothL1Loss(x: Tensor, target: Tensor, options?: SmoothL1LossOptions): Tensor {
  checkTensors('smoothL1Loss', { x, target });
  const { reduction, beta } = readSmoothL1('smoothL1Loss', options);
  requirePair('smoothL1Loss', x, target);
  const d = x.sub(target).abs();
  const losses =
    beta === 0
      ? d
      : d
          .square()
          .mul(0.5 / beta)
          .where(d.lt(beta), d.sub(beta / 2));
  return reduceLosses(losses, reduction);
}

export interface HuberLossOptions extends LossOptions {
  /** Where the parabola becomes a line (default 1). */
  readonly delta?: number;
}

export const readHuber = defineOptions({ ...lossOptions, delta: number(1, { above: 0, infinite: true }) });

/**
 * With d = |x − t|: d²/2 where d ≤ δ, δ·(d − δ/2) elsewhere.
 *
 * @throws ArgumentError unless delta is positive
 */
export function huberLoss(x: Tensor, target: Tensor, options?: HuberLossOptions): Tensor {
  checkTensors('huberLoss', { x, target });
  const { reduction, delta } = readHuber('huberLoss', options);
  requirePair('huberLoss', x, target);
  const d = x.sub(target).abs();
  const losses = d
    .square()
    .mul(0.5)
    .where(d.le(delta), d.sub(delta / 2).mul(delta));
  return reduceLosses(losses, reduction);
}
