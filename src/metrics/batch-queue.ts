import { EngineError } from '../core/errors.js';
import { copied } from '../tensor/filled.js';
import { outliving } from '../tensor/memory.js';
import { readTogether } from '../tensor/read-together.js';
import type { Tensor } from '../tensor/tensor.js';
import type { Elements, Read, Values } from './elements.js';

type Tensors = Readonly<Record<string, Tensor | undefined>>;

interface Batch {
  /** Copies of an update's tensors, which outlive any `tidy`. */
  readonly tensors: readonly Tensor[];
  readonly add: (values: readonly Values[]) => void;
}

/** The tensors with their elements, one after another. */
function elementsOf<T extends Tensors>(tensors: T, valuesOf: (x: Tensor) => Values): Read<T> {
  const read: Record<string, Elements> = {};
  for (const [name, x] of Object.entries(tensors))
    if (x !== undefined) read[name] = { shape: x.shape, values: valuesOf(x) };
  return read as unknown as Read<T>;
}

/** The most elements that wait for someone to ask for them. */
const MOST_WAITING = 2 ** 18;

/**
 * Reads the tensors of a metric's updates, in their order: at once, or, if an engine's results arrive later, in one read
 * for all updates since the last one.
 */
export class BatchQueue {
  #waiting: Batch[] = [];
  #elements = 0;
  /** The number of batches that aren't added yet, and the engine of one of them. */
  #open = 0;
  #engine = '';
  /** Resolves when the batches that were requested are added. */
  #requested: Promise<void> = Promise.resolve();
  /** The first error of a batch. */
  #failure: { readonly error: unknown } | null = null;
  /** Counts the calls of `clear`. */
  #era = 0;

  /** Calls `add` with the current elements of the tensors. */
  take<T extends Tensors>(tensors: T, add: (read: Read<T>) => void): void {
    const all = Object.values(tensors).filter((x) => x !== undefined);
    const later = all.find((x) => !x.engine.synchronous);
    if (later === undefined && this.#open === 0) {
      add(elementsOf(tensors, (x) => x.dataSync()));
      return;
    }
    if (later !== undefined) this.#engine = later.engine.name;
    const addValues = (values: readonly Values[]): void => {
      let next = 0;
      add(elementsOf(tensors, () => values[next++]!));
    };
    this.#waiting.push({ tensors: outliving(() => all.map(copied)), add: addValues });
    this.#open++;
    for (const x of all) this.#elements += x.count;
    if (this.#elements > MOST_WAITING) this.#request();
  }

  #request(): void {
    if (this.#waiting.length === 0) return;
    this.#requested = this.#receive(this.#waiting, this.#requested, this.#era);
    this.#waiting = [];
    this.#elements = 0;
  }

  async #receive(batches: readonly Batch[], before: Promise<void>, era: number): Promise<void> {
    const reads = batches.map(({ tensors }) => readTogether(tensors));
    const outcomes = await Promise.allSettled(reads);
    for (const { tensors } of batches) for (const x of tensors) x.dispose();
    await before;
    if (era !== this.#era) return;
    for (const [i, outcome] of outcomes.entries()) {
      this.#open--;
      try {
        if (outcome.status === 'rejected') throw outcome.reason;
        batches[i]!.add(outcome.value);
      } catch (error) {
        this.#failure ??= { error };
      }
    }
  }

  /** Waits until all batches so far are added. @throws the first error of a batch, once */
  async settled(): Promise<void> {
    this.#request();
    await this.#requested;
    this.#raise();
  }

  #raise(): void {
    const failure = this.#failure;
    this.#failure = null;
    if (failure !== null) throw failure.error;
  }

  /** @throws EngineError with a hint, if batches haven't arrived; the first error of a batch */
  requireSettled(operation: string, hint: () => string): void {
    if (this.#open > 0)
      throw new EngineError(
        operation,
        `results arrive later on the ${this.#engine} engine\n  hint: ${hint()}`,
      );
    this.#raise();
  }

  /** Drops the batches that aren't added. */
  clear(): void {
    for (const { tensors } of this.#waiting) for (const x of tensors) x.dispose();
    this.#waiting = [];
    this.#elements = 0;
    this.#open = 0;
    this.#failure = null;
    this.#era++;
  }
}
