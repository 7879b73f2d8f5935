import { describe } from '../core/describe.js';
import { ArgumentError } from '../core/errors.js';
import { Tensor, tensor } from '../index.js';

/** What a metric has counted so far, to be kept in a checkpoint. */
export type MetricState = Record<string, Tensor>;

/**
 * A metric of examples that come in batches. However they are divided, the result is, to the bit, that
 * of all at once; the function of the same name (`f1` for `F1`) is one `update` and `compute`. What is
 * kept between batches is a metric's own: it may be updated within `tidy`.
 */
export abstract class Metric<Inputs extends readonly unknown[], Result> {
  /** Name of the function, for messages. */
  protected abstract readonly operation: string;

  /** Takes in a batch; after an error nothing of it was taken. */
  abstract update(...inputs: Inputs): this;

  /** The metric of all batches since the last `reset`. @throws ArgumentError if there were no examples */
  abstract compute(): Result;

  /** Forgets all batches. */
  abstract reset(): void;

  protected abstract save(): Readonly<Record<string, Float64Array>>;
  /** @param state arrays of the names that `save` gives, without NaN; those that don't fit together are `misfit` */
  protected abstract load(state: Readonly<Record<string, Float64Array>>): void;

  /** What `loadStateDict` goes on from. */
  stateDict(): MetricState {
    return Object.fromEntries(
      Object.entries(this.save()).map(([name, values]) => [name, tensor(values, [values.length])]),
    );
  }

  /** Goes on from where `stateDict` was taken. @throws ArgumentError if it is the state of another metric */
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
        `the state has ${found.join(', ') || 'nothing'}, expected ${names.join(', ')}`,
      );
    this.load(Object.fromEntries(names.map((name) => [name, this.#read(name, state[name])])));
  }

  #read(name: string, values: unknown): Float64Array {
    if (!(values instanceof Tensor && values.ndim === 1))
      throw new ArgumentError(
        this.operation,
        `'${name}' of the state must be a tensor of one axis, got ${describe(values)}`,
      );
    const numbers = new Float64Array(values.dataSync());
    if (numbers.some(Number.isNaN)) throw this.misfit(`'${name}' has NaN`);
    return numbers;
  }

  /** The error of a state that another metric, or nothing, wrote. */
  protected misfit(problem: string): ArgumentError {
    return new ArgumentError(this.operation, `the state is not one of this metric: ${problem}`);
  }

  /** The error of a metric that saw no examples. */
  protected nothing(): ArgumentError {
    return new ArgumentError(this.operation, 'there are no examples');
  }
}

/** A result of one number. */
export const scalar = (value: number): Tensor => tensor(value, { dtype: 'float64' });

/** A result of several numbers. */
export const list = (values: readonly number[]): Tensor => tensor([...values], { dtype: 'float64' });
