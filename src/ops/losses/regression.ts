import { defineOp } from '../../autograd/op.js';
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

interface Bend {
  /** Where the parabola becomes a line. */
  readonly bend: number;
  /** Second derivative of the parabola. */
  readonly curvature: number;
}

/** With d = |x|: c·d²/2 where d ≤ b, c·b·(d − b/2) elsewhere. The slope is limited, however large x is. */
const bentOp = defineOp<[Tensor], Bend>({
  name: 'bent',
  forward(ctx, [x], { bend, curvature }) {
    ctx.save(x);
    const d = x.abs();
    const line = d.sub(bend / 2).mul(curvature * bend);
    return d
      .square()
      .mul(curvature / 2)
      .where(d.le(bend), line);
  },
  backward: ({ saved: [x], attrs: { bend, curvature } }, g) => [g.mul(x!.clamp(-bend, bend).mul(curvature))],
});

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
  const d = x.sub(target);
  return reduceLosses(beta === 0 ? d.abs() : bentOp([d], { bend: beta, curvature: 1 / beta }), reduction);
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
  return reduceLosses(bentOp([x.sub(target)], { bend: delta, curvature: 1 }), reduction);
}
