import { accompany, adopt, dispose, type TensorStorage, watchAllocations } from '../tensor/memory.js';
import type { Tensor } from '../tensor/tensor.js';
import type { Grads } from './node.js';

/** What a later use reports; no caller gave this memory back. */
const freed = new Error();
freed.stack = 'Error\n by backward, after its last use';

/**
 * Memory that the running backward pass allocated and nobody else can see. It is given back the
 * moment the last gradient in it was used, so that the next operation finds it warm in the cache.
 */
export class OwnedMemory {
  readonly #uses = new Map<TensorStorage, number>();

  /** Runs a backward function; its temporaries go back at once, its results are owned and held. */
  watch(work: () => Grads): Grads {
    const { result, allocated } = watchAllocations(work);
    for (const storage of allocated) {
      if (result.some((x) => x?.storage === storage)) this.#uses.set(storage, 0);
      else dispose(storage, freed);
    }
    for (const x of result) if (x) this.hold(x);
    return result;
  }

  /** Counts one more use of the memory of `x`. */
  hold(x: Tensor): void {
    const uses = this.#uses.get(x.storage);
    if (uses !== undefined) this.#uses.set(x.storage, uses + 1);
  }

  /** Counts one use less; memory without a use goes back. */
  drop(x: Tensor): void {
    const uses = this.#uses.get(x.storage);
    if (uses === undefined) return;
    if (uses > 1) this.#uses.set(x.storage, uses - 1);
    else {
      this.#uses.delete(x.storage);
      dispose(x.storage, freed);
    }
  }

  /** Whether `x` is all there is of its memory, and has one use. */
  isExclusive(x: Tensor): boolean {
    return this.#uses.get(x.storage) === 1 && x.packed && x.offset === 0;
  }

  /** Stops owning the memory of `x`, which `leaf` keeps from now on, as long as its own. */
  give(x: Tensor, leaf: Tensor): void {
    this.#uses.delete(x.storage);
    accompany(x.storage, leaf.storage);
  }

  /** Stops owning the memory of `x`, which the caller's code sees from now on. */
  share(x: Tensor): void {
    if (this.#uses.delete(x.storage)) adopt(x.storage);
  }
}
