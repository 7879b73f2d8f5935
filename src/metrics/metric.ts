import { describe } from '../core/describe.js';
import { ArgumentError } from '../core/errors.js';
import { Tensor, tensor } from '../index.js';
import { BatchQueue } from './batch-queue.js';
import { findValue, type Read } from './elements.js';

/** What a metric has counted so far, for saving in a checkpoint. */
export type MetricState = Record<string, Tensor>;

/**
 * A metric for examples that come in batches. However the examples are split, the result is bit-for-bit the same as
 * for all of them at once; the function of the same name (`f1` for `F1`) is a single `update` and `compute`. A metric
 * owns the state it keeps between batches, so you can update it inside `tidy`.
 *
 * On an engine whose results arrive later, a batch is counted when it arrives: await `computeAsync`, which works on
 * every engine. A `Trainer` reads the batches of its `metrics` together with the loss.
 */
export abstract class Metric<Inputs extends readonly unknown[], Result> {
  /** The function's name, for messages. */
  protected abstract readonly operation: string;
  readonly #queue = new BatchQueue();

  /**
   * Adds a batch; if it throws, nothing from the batch was added. If results arrive later, `settled` and
   * `computeAsync` throw what's wrong with the batch's elements.
   */
  abstract update(...inputs: Inputs): this;

  /** Adds a batch once the elements of its tensors are read; `add` leaves the state alone if it throws. */
  protected take<T extends Readonly<Record<string, Tensor | undefined>>>(
    tensors: T,
    add: (read: Read<T>) => void,
  ): this {
    this.#queue.take(tensors, add);
    return this;
  }

  /** Resolves when all batches so far are counted. @throws the first error of a batch */
  settled(): Promise<void> {
    return this.#queue.settled();
  }

  /**
   * The metric over all batches since the last `reset`.
   *
   * @throws ArgumentError if there were no examples; EngineError if batches haven't arrived yet
   */
  compute(): Result {
    this.#queue.requireSettled(this.operation, () => 'await computeAsync()');
    return this.result();
  }

  /** As `compute`, on every engine: waits for the batches. @throws what `update` throws, if they arrive later */
  async computeAsync(): Promise<Result> {
    await this.settled();
    return this.result();
  }

  /** The metric of a single batch. @internal */
  of(...inputs: Inputs): Result {
    this.update(...inputs);
    this.#queue.requireSettled(this.operation, () => {
      const name = this.operation.replace(/^./, (letter) => letter.toUpperCase());
      return `await new metrics.${name}(…).update(…).computeAsync(); a Trainer has the option metrics`;
    });
    return this.result();
  }

  /** Forgets all batches. */
  reset(): void {
    this.#queue.clear();
    this.clear();
  }

  protected abstract result(): Result;
  protected abstract clear(): void;
  protected abstract save(): Readonly<Record<string, Float64Array>>;
  /** @param state arrays under the names that `save` returns, without NaN; throw `misfit` if they're inconsistent */
  protected abstract load(state: Readonly<Record<string, Float64Array>>): void;

  /** The state that `loadStateDict` resumes from. @throws EngineError if batches haven't arrived yet */
  stateDict(): MetricState {
    this.#queue.requireSettled(this.operation, () => 'await settled() before stateDict()');
    return Object.fromEntries(
      Object.entries(this.save()).map(([name, values]) => [name, tensor(values, [values.length])]),
    );
  }

  /**
   * Resumes from a `stateDict`. If its tensors' elements arrive later, `settled` and `computeAsync` throw what's wrong
   * with them.
   *
   * @throws ArgumentError if it's the state of another metric
   */
  loadStateDict(state: MetricState): void {
    const names = Object.keys(this.save());
    if (typeof state !== 'object' || state === null || Array.isArray(state) || state instanceof Tensor)
      throw new ArgumentError(
        this.operation,
        `the state must be an object of tensors, got ${describe(state)}`,
      );
    const found = Object.keys(state);
    if (found.length !== names.length || names.some((name) => !Object.hasOwn(state, name)))
      throw new ArgumentError(
        this.operation,
        `the state has ${found.join(', ') || 'no entries'}, expected ${names.join(', ')}`,
      );
    for (const name of names) this.#requireList(name, state[name]);
    this.take({ ...state }, (read) =>
      this.load(Object.fromEntries(names.map((name) => [name, this.#numbers(name, read[name]!.values)]))),
    );
  }

  #requireList(name: string, values: unknown): void {
    if (!(values instanceof Tensor && values.ndim === 1))
      throw new ArgumentError(
        this.operation,
        `'${name}' in the state must be a tensor with one axis, got ${describe(values)}`,
      );
  }

  #numbers(name: string, values: ArrayLike<number>): Float64Array {
    if (findValue(values, Number.isNaN) >= 0) throw this.misfit(`'${name}' contains NaN`);
    return new Float64Array(values);
  }

  /** The error for a state that this metric didn't write. */
  protected misfit(problem: string): ArgumentError {
    return new ArgumentError(this.operation, `the state doesn't belong to this metric: ${problem}`);
  }

  /** The error for a metric that has seen no examples. */
  protected nothing(): ArgumentError {
    return new ArgumentError(this.operation, 'there are no examples');
  }
}

/** A result that is one number. */
export const scalar = (value: number): Tensor => tensor(value, { dtype: 'float64' });

/** A result that is several numbers. */
export const list = (values: readonly number[]): Tensor => tensor([...values], { dtype: 'float64' });
