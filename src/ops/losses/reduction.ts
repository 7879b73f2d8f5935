import { isFloat } from '../../core/dtype.js';
import { DTypeError, formatShape } from '../../core/errors.js';
import { defineOptions, nullable, word } from '../../core/options.js';
import { broadcastShapes, sameShape } from '../../core/shape.js';
import { warnOnce } from '../../core/warn.js';
import type { Reduction } from '../../engine/loss.js';
import { tensorOption } from '../../tensor/option.js';
import type { Tensor } from '../../tensor/tensor.js';

export type { Reduction } from '../../engine/loss.js';

export interface LossOptions {
  /** The losses' `'mean'` (default) or `'sum'`, or `'none'` for the losses themselves. */
  readonly reduction?: Reduction;
}

export const lossOptions = { reduction: word(['mean', 'sum', 'none'], 'mean') };
export const readLoss = defineOptions(lossOptions);

/** Weights of classes or elements. */
export const weightOption = { weight: nullable(tensorOption, null) };

/** What a loss function returns. */
export function reduceLosses(losses: Tensor, reduction: Reduction): Tensor {
  if (reduction === 'none') return losses;
  return reduction === 'mean' ? losses.mean() : losses.sum();
}

/** @throws DTypeError unless x is floating */
export function requireFloats(operation: string, x: Tensor, name = 'x'): void {
  if (!isFloat(x.dtype))
    throw new DTypeError(
      operation,
      `${name} is ${x.dtype}, but must be floating\n  hint: ${name}.to('float32')`,
    );
}

/** Warns if x and its target broadcast: (N, 1) and (N) make N × N losses, which nobody wants. */
export function warnOfBroadcast(operation: string, x: Tensor, target: Tensor): void {
  if (sameShape(x.shape, target.shape)) return;
  const shape = broadcastShapes(operation, x.shape, target.shape);
  warnOnce(
    operation,
    `the target's shape ${formatShape(target.shape)} isn't that of x, ${formatShape(x.shape)}: ` +
      `they broadcast to ${formatShape(shape)}, which is probably a mistake; give both the same shape`,
  );
}
