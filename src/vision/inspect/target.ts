import { ArgumentError, IndexError, ShapeError } from '../../core/errors.js';
import { either, listOf, whole } from '../../core/options.js';
import { type Tensor, tensor } from '../../index.js';

export interface TargetOptions {
  /** Class to explain, one for all images or one for each (default: the one with the highest score). */
  readonly target?: number | readonly number[] | undefined;
}

/** The options of `TargetOptions`. */
export const targetSpec = { target: either(whole(undefined), listOf(whole(0), undefined)) };

/**
 * The classes to explain.
 *
 * @shape logits (N, K) → (N, 1) int32
 * @throws ShapeError unless the model gives a score for each class
 * @throws ArgumentError unless there are as many targets as images
 * @throws IndexError for a class that the model doesn't have
 */
export function targetsOf(operation: string, logits: Tensor, { target }: TargetOptions): Tensor {
  if (logits.ndim !== 2)
    throw new ShapeError(operation, 'the model must return a score for each class, (N, K)', [
      { name: 'output', shape: logits.shape },
    ]);
  const [n, classes] = logits.shape as [number, number];
  if (target === undefined) return logits.detach().argmax(1, { keepdim: true });
  const targets = typeof target === 'number' ? new Array<number>(n).fill(target) : target;
  if (targets.length !== n)
    throw new ArgumentError(operation, `there are ${targets.length} targets for ${n} images`);
  for (const one of targets)
    if (!Number.isInteger(one) || one < 0 || one >= classes)
      throw new IndexError(
        operation,
        `class ${one} is out of range; the model has classes 0 to ${classes - 1}`,
      );
  return tensor([...targets], { dtype: 'int32' }).unsqueeze(1);
}

/** The score of each image's class. @shape logits (N, K), targets (N, 1) → (N) */
export const scoresOf = (logits: Tensor, targets: Tensor): Tensor => logits.gather(1, targets).squeeze(1);
