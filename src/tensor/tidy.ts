import { ArgumentError } from '../core/errors.js';
import { exact } from '../core/exact.js';
import { callback, checkOption } from '../core/options.js';
import { isUnfinished } from '../core/unfinished.js';
import { adopt, dispose, disposeInScope, type TensorStorage, watchAllocations } from './memory.js';
import { Tensor } from './tensor.js';

function collect(value: unknown, into: Set<TensorStorage>): void {
  if (value instanceof Tensor) {
    into.add(value.storage);
    if (value.grad !== null) into.add(value.grad.storage);
  } else if (Array.isArray(value)) {
    for (const v of value) collect(v, into);
  } else if (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype)
    for (const v of Object.values(value)) collect(v, into);
}

const aFunction = callback();

/**
 * Runs `work` and gives back, at once, the memory of all tensors made in it, except those that it
 * returns (a tensor, or arrays and plain objects of them). Gradients of leaves and the state of
 * optimizers outlive it, so a whole training step fits inside; what its `zeroGrad` forgets is given back
 * there and then, so that there is memory for one set of gradients, not two: `clone()` one to keep it.
 *
 * @param where what the error of a later use of that memory names as the place (default: this call); a
 *   loop that makes it once saves the time of looking at the stack in every turn
 * @throws ArgumentError if `work` is asynchronous or a generator
 * @example
 * const loss = tidy(() => F.crossEntropy(model.forward(x), y));
 */
export const tidy = exact(
  'tidy(work, where)',
  <R>(work: () => R, where?: Error): R => {
    checkOption('tidy', 'the argument', aFunction, work);
    const { result, allocated } = watchAllocations(work);
    if (isUnfinished(result))
      throw new ArgumentError('tidy', 'the function must be synchronous; await before or after it');
    const kept = new Set<TensorStorage>();
    collect(result, kept);
    const place = where ?? new Error();
    for (const storage of allocated) {
      if (kept.has(storage)) adopt(storage);
      else dispose(storage, place);
    }
    return result;
  },
  'relays',
);

/** What a use of a forgotten gradient tells: no stack, which would take time in every step. */
const forgotten = new Error();
forgotten.stack = 'Error\n by zeroGrad inside tidy; clone() a gradient to keep it';

/** Forgets the gradient of a leaf; inside `tidy` its memory goes back, before backward asks for as much again. */
export function forgetGrad(leaf: Tensor): void {
  if (leaf.grad !== null) disposeInScope(leaf.grad.storage, forgotten);
  leaf.grad = null;
}
