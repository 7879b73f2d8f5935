import { requireIterable } from '../core/arguments.js';
import { ArgumentError, IndexError, ShapeError } from '../core/errors.js';
import { answerHabits } from '../core/foreign-names.js';
import { datasetHabits } from '../core/habits.js';
import { checkOption, instance } from '../core/options.js';
import { counts } from '../core/sizes.js';
import { type Tensor, tensor } from '../index.js';
import { checkTensorList } from '../tensor/argument.js';

/** `1 example`, `1,000 examples` */
export const inWords = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;

/** Examples by number. A subclass implements `length` and `get`. */
export abstract class Dataset<T> {
  abstract readonly length: number;

  /**
   * Example number `index`, from 0.
   *
   * @param seed seeds the random numbers of an example that's made in another thread; other examples use the
   *   default generator
   */
  abstract get(index: number, seed?: number): T | Promise<T>;

  /**
   * The examples of a batch, already stacked: what collating each `get` would give, if the data set can do it in
   * one go. `undefined`, as here, if it can't.
   */
  batch(_indices: readonly number[], _seed?: number): unknown {
    return undefined;
  }

  /** Number of batches that a loader should request ahead of time. */
  get prefetch(): number {
    return 0;
  }

  /** The kind and number of examples. */
  toString(): string {
    return `${this.constructor.name}(${inWords(this.length, 'example', 'examples')})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

answerHabits(Dataset.prototype, datasetHabits);

/** Examples in the order of their source, which may not know its length. */
export abstract class IterableDataset<T> {
  abstract [Symbol.asyncIterator](): AsyncIterator<T>;

  /** Number of examples; `undefined`, as here, if it isn't known in advance. A `Trainer` needs it. */
  get length(): number | undefined {
    return undefined;
  }

  /** The kind and number of examples, as far as known. */
  toString(): string {
    const { length } = this;
    const examples = length === undefined ? 'unknown length' : inWords(length, 'example', 'examples');
    return `${this.constructor.name}(${examples})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/**
 * An index within `length`, counted from the end if negative.
 *
 * @throws IndexError
 */
export function place(dataset: string, index: number, length: number): number {
  const at = index < 0 ? index + length : index;
  if (!Number.isInteger(index) || at < 0 || at >= length)
    throw new IndexError(dataset, `index ${index} is out of range for ${length} examples`);
  return at;
}

/**
 * Example i is `[a[i], b[i], …]`: tensors with their examples along the first axis.
 *
 * @throws ShapeError if the tensors have different numbers of examples
 */
export class TensorDataset<T extends readonly Tensor[] = Tensor[]> extends Dataset<T> {
  /** The tensors, with their examples along the first axis. */
  readonly tensors: T;
  /** Number of examples. */
  readonly length: number;

  constructor(...tensors: T) {
    super();
    const [first] = tensors;
    if (first === undefined) throw new ArgumentError('TensorDataset', 'needs at least one tensor');
    checkTensorList('TensorDataset', 'tensors', tensors);
    if (tensors.some((t) => t.ndim === 0 || t.shape[0] !== first.shape[0]))
      throw new ShapeError(
        'TensorDataset',
        'the tensors have different numbers of examples',
        tensors.map((t, i) => ({ name: `tensor ${i}`, shape: t.shape })),
      );
    this.tensors = tensors;
    this.length = first.shape[0]!;
  }

  override get(index: number): T {
    const at = place('TensorDataset', index, this.length);
    return this.tensors.map((t) => t.select(0, at)) as readonly Tensor[] as T;
  }

  override batch(indices: readonly number[]): T {
    const rows = tensor([...counts('TensorDataset', 'indices', indices)], { dtype: 'int32' });
    return this.tensors.map((t) => t.indexSelect(0, rows)) as readonly Tensor[] as T;
  }
}

/** Some examples of a data set, in the order of `indices`. */
export class Subset<T> extends Dataset<T> {
  constructor(
    readonly dataset: Dataset<T>,
    readonly indices: readonly number[],
  ) {
    super();
    checkOption('Subset', 'dataset', anyDataset, dataset);
    counts('Subset', 'indices', indices);
    for (const index of indices) place('Subset', index, dataset.length);
  }

  override get length(): number {
    return this.indices.length;
  }

  override get prefetch(): number {
    return this.dataset.prefetch;
  }

  override get(index: number, seed?: number): T | Promise<T> {
    return this.dataset.get(this.indices[place('Subset', index, this.length)]!, seed);
  }

  override batch(indices: readonly number[], seed?: number): unknown {
    return this.dataset.batch(
      counts('Subset', 'indices', indices).map((i) => this.indices[place('Subset', i, this.length)]!),
      seed,
    );
  }
}

/** Checks for a Dataset. */
export const anyDataset = instance(
  'a Dataset',
  (value): value is Dataset<unknown> => value instanceof Dataset,
);

/** Data sets, one after another. */
export class ConcatDataset<T> extends Dataset<T> {
  readonly datasets: readonly Dataset<T>[];
  /** Number of the first example after each data set. */
  readonly #ends: number[];

  constructor(datasets: Iterable<Dataset<T>>) {
    super();
    requireIterable('ConcatDataset', 'datasets', datasets);
    this.datasets = [...datasets];
    for (const [i, dataset] of this.datasets.entries())
      checkOption('ConcatDataset', `datasets[${i}]`, anyDataset, dataset);
    if (this.datasets.length === 0) throw new ArgumentError('ConcatDataset', 'needs at least one data set');
    let end = 0;
    this.#ends = this.datasets.map((dataset) => {
      end += dataset.length;
      return end;
    });
  }

  override get length(): number {
    return this.#ends.at(-1)!;
  }

  override get prefetch(): number {
    return Math.max(...this.datasets.map((dataset) => dataset.prefetch));
  }

  override get(index: number, seed?: number): T | Promise<T> {
    const at = place('ConcatDataset', index, this.length);
    const k = this.#ends.findIndex((end) => at < end);
    return this.datasets[k]!.get(at - (k === 0 ? 0 : this.#ends[k - 1]!), seed);
  }
}

const anyIterableDataset = instance(
  'an IterableDataset',
  (value): value is IterableDataset<unknown> => value instanceof IterableDataset,
);

/** Iterable data sets, one after another. */
export class ChainDataset<T> extends IterableDataset<T> {
  readonly datasets: readonly IterableDataset<T>[];

  constructor(datasets: Iterable<IterableDataset<T>>) {
    super();
    requireIterable('ChainDataset', 'datasets', datasets);
    this.datasets = [...datasets];
    for (const [i, dataset] of this.datasets.entries())
      checkOption('ChainDataset', `datasets[${i}]`, anyIterableDataset, dataset);
    if (this.datasets.length === 0) throw new ArgumentError('ChainDataset', 'needs at least one data set');
  }

  /** Sum of the lengths, if all are known. */
  override get length(): number | undefined {
    return this.datasets.reduce<number | undefined>(
      (sum, { length }) => (sum === undefined || length === undefined ? undefined : sum + length),
      0,
    );
  }

  override async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    for (const dataset of this.datasets)
      yield* { [Symbol.asyncIterator]: () => dataset[Symbol.asyncIterator]() };
  }
}
