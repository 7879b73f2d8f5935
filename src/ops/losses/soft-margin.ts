import { ShapeError } from '../../core/errors.js';
import { named } from '../../core/exact.js';
import { defineOptions } from '../../core/options.js';
import { broadcastShapes, sameShape } from '../../core/shape.js';
import { checkTensors } from '../../tensor/argument.js';
import type { Tensor } from '../../tensor/tensor.js';
import { logsigmoid } from '../elementwise/activations.js';
import { crossEntropyOfLogits } from './binary-cross-entropy.js';
import { defineLoss } from './pointwise.js';
import {
  type LossOptions,
  lossOptions,
  readLoss,
  requireFloats,
  warnOfBroadcast,
  weightOption,
} from './reduction.js';

const logisticOp = defineLoss({
  name: 'softMarginLoss',
  kernel: 'logistic',
  value: (x, t) => logsigmoid(x.mul(t)).neg(),
  slopes(x, t) {
    const share = x.mul(t).neg().sigmoid().neg();
    return [t.mul(share), x.mul(share)];
  },
});

/**
 * log(1 + e^(−t·x)): the logistic loss of targets −1 and 1; the target broadcasts to x.
 *
 * @throws ShapeError if it doesn't
 * @differs large losses are finite (in PyTorch, infinite if e^(−t·x) overflows)
 */
export function softMarginLoss(x: Tensor, target: Tensor, options?: LossOptions): Tensor {
  checkTensors('softMarginLoss', { x, target });
  const { reduction } = readLoss('softMarginLoss', options);
  requireFloats('softMarginLoss', x);
  warnOfBroadcast('softMarginLoss', x, target);
  if (!sameShape(broadcastShapes('softMarginLoss', x.shape, target.shape), x.shape))
    throw new ShapeError('softMarginLoss', "the target doesn't broadcast to x", [
      { name: 'x', shape: x.shape },
      { name: 'target', shape: target.shape },
    ]);
  return logisticOp(x, target, { reduction });
}

export interface MultilabelSoftMarginLossOptions extends LossOptions {
  /** The weight of each class (default 1). */
  readonly weight?: Tensor | null;
}

export const readMultilabel = defineOptions({ ...weightOption, ...lossOptions });

/**
 * −1/C · Σ_c w[c]·(t[c]·log σ(x[c]) + (1 − t[c])·log(1 − σ(x[c]))): the binary cross-entropy of each class,
 * for examples that belong to several classes.
 *
 * @shape x and target (N, C) or (C)
 * @throws ShapeError if the shapes differ
 */
export const multilabelSoftMarginLoss = named(
  'multilabelSoftMarginLoss',
  (x: Tensor, target: Tensor, options?: MultilabelSoftMarginLossOptions): Tensor => {
    checkTensors('multilabelSoftMarginLoss', { x, target });
    const { weight, reduction } = readMultilabel('multilabelSoftMarginLoss', options);
    requireFloats('multilabelSoftMarginLoss', x);
    if (!sameShape(x.shape, target.shape) || x.ndim === 0)
      throw new ShapeError(
        'multilabelSoftMarginLoss',
        'x and target need the same shape, with an axis of classes',
        [
          { name: 'x', axes: '(N, C)', shape: x.shape },
          { name: 'target', axes: '(N, C)', shape: target.shape },
        ],
      );
    const t = target.to(x.dtype);
    if (reduction === 'none') return crossEntropyOfLogits(x, t, null, { reduction, weight }).mean(-1);
    const share = reduction === 'sum' ? { divisor: x.shape.at(-1)! } : {};
    return crossEntropyOfLogits(x, t, null, { reduction, weight, ...share });
  },
);
