import { describe } from '../core/describe.js';
import { ArgumentError } from '../core/errors.js';
import { Tensor, tensor } from '../index.js';

/** What a metric has counted so far, for saving in a checkpoint. */
export type MetricState = Record<string, Tensor>;

/**
 * A metric for examples that come in batches. However the examples are split, the result is bit-for-bit the same as
 * for all of them at once; the function of the same name (`f1` for `F1`) is a single `update` and `compute`. A metric
 * owns the state it keeps between batches, so you can update it inside `tidy`.
 */
export abstract class Metric<Inputs extends readonly unknown[], Result> {
  /** The function's name, for messages. */
  protected abstract readonly operation: string;

  /** Adds a batch; if it throws, nothing from the batch was added. */
  abstract update(...inputs: Inputs): this;

  /** The metric over all batches since the last `reset`. @throws ArgumentError if there were no examples */
  abstract compute(): Result;

  /** Forgets all batches. */
  abstract reset(): void;

  protected abstract save(): Readonly<Record<string, Float64Array>>;
  /** @param state arrays under the names that `save` returns, without NaN; throw `misfit` if they're inconsistent */
  protected abstract load(state: Readonly<Record<string, Float64Array>>): void;

  /** The state that `loadStateDict` resumes from. */
  stateDict(): MetricState {
    return Object.fromEntries(
      Object.entries(this.save()).map(([name, values]) => [name, tensor(values, [values.length])]),
    );
  }

  /** Resumes from a `stateDict`. @throws ArgumentError if it's the state of another metric */
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
    this.load(Object.fromEntries(names.map((name) => [name, this.#read(name, state[name])])));
  }

  #read(name: string, values: unknown): Float64Array {
    if (!(values instanceof Tensor && values.ndim === 1))
      throw new ArgumentError(
        this.operation,
        `'${name}' in the state must be a tensor with one axis, got ${describe(values)}`,
      );
    const numbers = new Float64Array(values.dataSync());
    if (numbers.some(Number.isNaN)) throw this.misfit(`'${name}' contains NaN`);
    return numbers;
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
