import { ArgumentError, ShapeError } from '../../core/errors.js';
import { defineOptions, nullable } from '../../core/options.js';
import { sameShape } from '../../core/shape.js';
import { checkTensors } from '../../tensor/argument.js';
import { inspect, known } from '../../tensor/inspect.js';
import { tensorOption } from '../../tensor/option.js';
import type { Tensor } from '../../tensor/tensor.js';
import { logsigmoid } from '../elementwise/activations.js';
import { defineLoss, type LossCall } from './pointwise.js';
import { type LossOptions, lossOptions, requireFloats, weightOption } from './reduction.js';

/** Logarithms don't go below this, as in PyTorch, so a completely wrong prediction costs 100, not ∞. */
const lowestLog = -100;

const limitedLog = (x: Tensor): Tensor => x.log().clamp(lowestLog);
const limitedLog1m = (x: Tensor): Tensor => x.neg().log1p().clamp(lowestLog);

// The limits don't affect the gradient of x, as in PyTorch.
const binaryOp = defineLoss({
  name: 'binaryCrossEntropy',
  kernel: 'crossEntropy',
  value: (x, t) =>
    t
      .sub(1)
      .mul(limitedLog1m(x))
      .sub(t.mul(limitedLog(x))),
  slopes: (x, t) => [x.sub(t).div(x.sub(x.square()).clamp(1e-12)), limitedLog1m(x).sub(limitedLog(x))],
});

const logitsOp = defineLoss({
  name: 'binaryCrossEntropyWithLogits',
  kernel: 'logitCrossEntropy',
  value: (x, t) => t.rsub(1).mul(x).sub(logsigmoid(x)),
  slopes: (x, t) => [x.sigmoid().sub(t), x.neg()],
});

const weightedLogitsOp = defineLoss({
  name: 'binaryCrossEntropyWithLogits',
  kernel: 'weightedLogitCrossEntropy',
  value: (x, t, posWeight) =>
    t
      .rsub(1)
      .mul(x)
      .sub(posWeight.sub(1).mul(t).add(1).mul(logsigmoid(x))),
  slopes(x, t, posWeight) {
    const more = posWeight.sub(1);
    const log = logsigmoid(x);
    return [
      t.rsub(1).sub(more.mul(t).add(1).mul(x.neg().sigmoid())),
      x.add(more.mul(log)).neg(),
      t.mul(log).neg(),
    ];
  },
});

function requireSameShape(operation: string, x: Tensor, target: Tensor): void {
  if (sameShape(x.shape, target.shape)) return;
  throw new ShapeError(operation, 'x and target need the same shape', [
    { name: 'x', shape: x.shape },
    { name: 'target', shape: target.shape },
  ]);
}

export interface BinaryCrossEntropyOptions extends LossOptions {
  /** The weight of each element; broadcasts. */
  readonly weight?: Tensor | null;
}

const binaryOptions = { ...weightOption, ...lossOptions };
export const readBinary = defineOptions(binaryOptions);
export const readWithLogits = defineOptions({ ...binaryOptions, posWeight: nullable(tensorOption, null) });

/**
 * −(t·log x + (1 − t)·log(1 − x)), from probabilities.
 *
 * @throws ShapeError unless x and target have the same shape, ArgumentError for x outside [0, 1]
 * @source notes 2.4
 */
export function binaryCrossEntropy(x: Tensor, target: Tensor, options?: BinaryCrossEntropyOptions): Tensor {
  checkTensors('binaryCrossEntropy', { x, target });
  const { weight, reduction } = readBinary('binaryCrossEntropy', options);
  requireFloats('binaryCrossEntropy', x);
  requireSameShape('binaryCrossEntropy', x, target);
  const loss = binaryOp(x, target.to(x.dtype), { reduction, weight, p: lowestLog });
  // The loss of a number outside [0, 1] is NaN, whatever the target.
  const found = known(loss.ndim === 0 ? loss : loss.detach().sum());
  if (found === null || Number.isNaN(found[0])) requireProbabilities(x.detach());
  return loss;
}

function requireProbabilities(x: Tensor): void {
  if (x.count === 0) return;
  const outside = x.ge(0).logicalAnd(x.le(1)).logicalNot().reshape([-1]);
  // The first one outside; or if there's none, the first of all.
  inspect(x.take(outside.to('int32').argmax()), ([bad]) =>
    bad! >= 0 && bad! <= 1
      ? null
      : new ArgumentError(
          'binaryCrossEntropy',
          `x must hold probabilities, from 0 to 1, but has ${bad}\n  hint: binaryCrossEntropyWithLogits takes what goes into a sigmoid`,
        ),
  );
}

export interface BinaryCrossEntropyWithLogitsOptions extends BinaryCrossEntropyOptions {
  /** The weight of the positive part, t·log x; broadcasts. */
  readonly posWeight?: Tensor | null;
}

/**
 * The binary cross-entropy of sigmoid(x), without its rounding and overflow:
 * (1 − t)·x + (1 + (posWeight − 1)·t)·log(1 + e^−x).
 *
 * @throws ShapeError unless x and target have one shape
 */
export function binaryCrossEntropyWithLogits(
  x: Tensor,
  target: Tensor,
  options?: BinaryCrossEntropyWithLogitsOptions,
): Tensor {
  checkTensors('binaryCrossEntropyWithLogits', { x, target });
  const { weight, posWeight, reduction } = readWithLogits('binaryCrossEntropyWithLogits', options);
  requireFloats('binaryCrossEntropyWithLogits', x);
  requireSameShape('binaryCrossEntropyWithLogits', x, target);
  return crossEntropyOfLogits(x, target.to(x.dtype), posWeight, { reduction, weight });
}

/** The losses of logits and targets of the same shape and dtype. */
export const crossEntropyOfLogits = (
  x: Tensor,
  target: Tensor,
  posWeight: Tensor | null,
  call: LossCall,
): Tensor =>
  posWeight === null ? logitsOp(x, target, call) : weightedLogitsOp(x, target, { ...call, third: posWeight });
