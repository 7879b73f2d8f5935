import { ArgumentError } from '../core/errors.js';
import type { Storage } from '../engine/storage.js';
import { adopt, dispose, watchAllocations } from './memory.js';
import { Tensor } from './tensor.js';

function collect(value: unknown, into: Set<Storage>): void {
  if (value instanceof Tensor) {
    into.add(value.storage);
    if (value.grad !== null) into.add(value.grad.storage);
  } else if (Array.isArray(value)) {
    for (const v of value) collect(v, into);
  } else if (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype)
    for (const v of Object.values(value)) collect(v, into);
}

/**
 * Runs `work` and gives back, at once, the memory of all tensors made in it, except those that it
 * returns (a tensor, or arrays and plain objects of them). Gradients of leaves and the state of
 * optimizers outlive it, so a whole training step fits inside; the gradients that its `zeroGrad`
 * forgets are given back too.
 *
 * @param where what the error of a later use of that memory names as the place (default: this call); a
 *   loop that makes it once saves the time of looking at the stack in every turn
 * @throws ArgumentError if `work` is asynchronous
 * @example
 * const loss = tidy(() => F.mseLoss(model.forward(x), y));
 */
export function tidy<R>(work: () => R, where?: Error): R {
  const { result, allocated } = watchAllocations(work);
  if (result instanceof Promise)
    throw new ArgumentError('tidy', 'the function must be synchronous; await before or after it');
  const kept = new Set<Storage>();
  collect(result, kept);
  const place = where ?? new Error();
  for (const storage of allocated) {
    if (kept.has(storage)) adopt(storage);
    else dispose(storage, place);
  }
  return result;
}

/** Forgets the gradient of a leaf; an open `tidy` gives its memory back. */
export function forgetGrad(leaf: Tensor): void {
  if (leaf.grad !== null) adopt(leaf.grad.storage);
  leaf.grad = null;
}
