import { isFloat } from '../../core/dtype.js';
import { ArgumentError, DTypeError } from '../../core/errors.js';
import type { Reduction } from '../../engine/loss.js';
import type { Tensor } from '../../tensor/tensor.js';

export type { Reduction } from '../../engine/loss.js';

export interface LossOptions {
  /** `'mean'` of the losses (the default), their `'sum'`, or `'none'`: the losses themselves. */
  readonly reduction?: Reduction;
}

/** @throws ArgumentError unless it is one */
export function checkReduction(operation: string, reduction: string): asserts reduction is Reduction {
  if (reduction !== 'mean' && reduction !== 'sum' && reduction !== 'none')
    throw new ArgumentError(operation, `reduction is 'mean', 'sum' or 'none', got '${reduction}'`);
}

/** What a loss function returns. */
export function reduceLosses(operation: string, losses: Tensor, reduction: Reduction): Tensor {
  checkReduction(operation, reduction);
  if (reduction === 'none') return losses;
  return reduction === 'mean' ? losses.mean() : losses.sum();
}

/** @throws DTypeError unless x is floating */
export function requireFloats(operation: string, x: Tensor, name = 'x'): void {
  if (!isFloat(x.dtype))
    throw new DTypeError(
      operation,
      `${name} is ${x.dtype}, it must be floating\n  hint: ${name}.to('float32')`,
    );
}
