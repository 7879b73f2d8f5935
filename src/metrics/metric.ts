import { ArgumentError } from '../core/errors.js';
import { type Tensor, tensor } from '../index.js';

/** What a metric has counted so far, to be kept in a checkpoint. */
export type MetricState = Record<string, Tensor>;

/**
 * A metric of examples that come in batches. However they are divided, the result is, to the bit, that
 * of all at once; the function of the same name (`f1` for `F1`) is one `update` and `compute`. What is
 * kept between batches is a metric's own: it may be updated within `tidy`.
 */
export abstract class Metric<Inputs extends readonly Tensor[], Result> {
  /** Name of the function, for messages. */
  protected abstract readonly operation: string;

  /** Takes in a batch; after an error nothing of it was taken. */
  abstract update(...inputs: Inputs): this;

  /** The metric of all batches since the last `reset`. @throws ArgumentError if there were no examples */
  abstract compute(): Result;

  /** Forgets all batches. */
  abstract reset(): void;

  protected abstract save(): Readonly<Record<string, Float64Array>>;
  /** @param state arrays of the names that `save` gives */
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
    const found = Object.keys(state);
    if (found.length !== names.length || names.some((name) => !Object.hasOwn(state, name)))
      throw new ArgumentError(
        this.operation,
        `the state has ${found.join(', ') || 'nothing'}, expected ${names.join(', ')}`,
      );
    this.load(Object.fromEntries(names.map((name) => [name, new Float64Array(state[name]!.dataSync())])));
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
