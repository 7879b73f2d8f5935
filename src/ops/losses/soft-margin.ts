import { ShapeError } from '../../core/errors.js';
import { defineOptions } from '../../core/options.js';
import { sameShape } from '../../core/shape.js';
import { checkTensors } from '../../tensor/argument.js';
import type { Tensor } from '../../tensor/tensor.js';
import { logsigmoid } from '../activations.js';
import {
  type LossOptions,
  lossOptions,
  readLoss,
  reduceLosses,
  requireFloats,
  warnOfBroadcast,
  weightOption,
} from './reduction.js';

/**
 * log(1 + e^(−t·x)): the logistic loss of targets −1 and 1; x and target broadcast.
 *
 * @differs large losses are finite (in PyTorch infinite where e^(−t·x) overflows)
 */
export function softMarginLoss(x: Tensor, target: Tensor, options?: LossOptions): Tensor {
  checkTensors('softMarginLoss', { x, target });
  const { reduction } = readLoss('softMarginLoss', options);
  requireFloats('softMarginLoss', x);
  warnOfBroadcast('softMarginLoss', x, target);
  return reduceLosses(logsigmoid(x.mul(target)).neg(), reduction);
}

export interface MultilabelSoftMarginLossOptions extends LossOptions {
  /** Weight of each class (default 1). */
  readonly weight?: Tensor | null;
}

export const readMultilabel = defineOptions({ ...weightOption, ...lossOptions });

/**
 * −1/C · Σ_c w[c]·(t[c]·log σ(x[c]) + (1 − t[c])·log(1 − σ(x[c]))): binary cross-entropy of each class,
 * for examples in several classes.
 *
 * @shape x and target (N, C) or (C)
 * @throws ShapeError if the shapes differ
 */
export function multilabelSoftMarginLoss(
  x: Tensor,
  target: Tensor,
  options?: MultilabelSoftMarginLossOptions,
): Tensor {
  checkTensors('multilabelSoftMarginLoss', { x, target });
  const { weight, reduction } = readMultilabel('multilabelSoftMarginLoss', options);
  requireFloats('multilabelSoftMarginLoss', x);
  if (!sameShape(x.shape, target.shape) || x.ndim === 0)
    throw new ShapeError('multilabelSoftMarginLoss', 'x and target need one shape, with an axis of classes', [
      { name: 'x', axes: '(N, C)', shape: x.shape },
      { name: 'target', axes: '(N, C)', shape: target.shape },
    ]);
  const t = target.to(x.dtype);
  const costs = t
    .mul(logsigmoid(x))
    .add(t.rsub(1).mul(logsigmoid(x.neg())))
    .neg();
  const weighted = weight === null ? costs : costs.mul(weight);
  return reduceLosses(weighted.mean(-1), reduction);
}
