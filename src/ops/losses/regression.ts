import { defineOp } from '../../autograd/op.js';
import { defineOptions, number } from '../../core/options.js';
import { checkTensors } from '../../tensor/argument.js';
import type { Tensor } from '../../tensor/tensor.js';
import { defineLoss } from './pointwise.js';
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

const squaredLoss = defineLoss({
  name: 'mseLoss',
  kernel: 'squared',
  value: (x, t) => x.sub(t).square(),
  slopes: (x, t) => [x.sub(t).mul(2), t.sub(x).mul(2)],
});

/** mean((x − t)²), the mean squared error; x and t broadcast. @source notes 2.4 */
export function mseLoss(x: Tensor, target: Tensor, options?: LossOptions): Tensor {
  checkTensors('mseLoss', { x, target });
  const { reduction } = readLoss('mseLoss', options);
  requirePair('mseLoss', x, target);
  return squaredLoss(x, target, { reduction });
}

const absoluteLoss = defineLoss({
  name: 'l1Loss',
  kernel: 'absolute',
  value: (x, t) => x.sub(t).abs(),
  slopes: (x, t) => [x.sub(t).sign(), t.sub(x).sign()],
});

/** mean(|x − t|), the mean absolute error; x and t broadcast. */
export function l1Loss(x: Tensor, target: Tensor, options?: LossOptions): Tensor {
  checkTensors('l1Loss', { x, target });
  const { reduction } = readLoss('l1Loss', options);
  requirePair('l1Loss', x, target);
  return absoluteLoss(x, target, { reduction });
}

/** With d = |x − t|: c·d²/2 where d ≤ b, c·b·(d − b/2) elsewhere. The slope is bounded, however large x is. */
const bentLoss = (name: string) =>
  defineLoss({
    name,
    kernel: 'bent',
    value(x, t, _, bend, curvature) {
      const d = x.sub(t).abs();
      return d
        .square()
        .mul(curvature / 2)
        .where(d.le(bend), d.sub(bend / 2).mul(curvature * bend));
    },
    slopes: (x, t, _, bend, curvature) => [
      x.sub(t).clamp(-bend, bend).mul(curvature),
      t.sub(x).clamp(-bend, bend).mul(curvature),
    ],
  });

const smoothL1Op = bentLoss('smoothL1Loss');
const huberOp = bentLoss('huberLoss');

/** |x|, with the gradient of negative numbers at 0, as in PyTorch's `smooth_l1_loss` with beta 0. */
const unbentOp = defineOp<[Tensor]>({
  name: 'smoothL1Loss',
  forward(ctx, [x]) {
    ctx.save(x);
    return x.abs();
  },
  backward: ({ saved: [x] }, g) => [g.where(x!.gt(0), g.neg().where(x!.le(0), Number.NaN))],
});

export interface SmoothL1LossOptions extends LossOptions {
  /** Where the parabola becomes a line (default 1); 0 makes this `l1Loss`. */
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
  if (beta === 0) return reduceLosses(unbentOp([x.sub(target)]), reduction);
  return smoothL1Op(x, target, { reduction, p: beta, q: 1 / beta });
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
  return huberOp(x, target, { reduction, p: delta, q: 1 });
}
