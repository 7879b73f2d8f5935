import { describe, slip } from '../core/describe.js';
import { ArgumentError } from '../core/errors.js';
import { answerSnakeCase } from '../core/foreign-names.js';
import { callback, checkOption, defineOptions, flag, instance, whole } from '../core/options.js';
import { Generator } from '../index.js';
import { ahead } from './ahead.js';
import { type Collated, defaultCollate } from './collate.js';
import { Dataset, IterableDataset, inWords } from './dataset.js';
import { BatchSampler, RandomSampler, type Sampler, SequentialSampler } from './samplers.js';
import { drawSeed, randomSpec } from './shuffle.js';

export interface DataLoaderOptions<T, B = Collated<T>> {
  /** Examples in a batch (default 1). */
  readonly batchSize?: number;
  /** Whether each iteration goes through the examples in a new random order (default false). */
  readonly shuffle?: boolean;
  /** The order of the examples, instead of `shuffle`. */
  readonly sampler?: Sampler;
  /** The order and grouping of the examples, instead of `batchSize`, `shuffle`, `sampler` and `dropLast`. */
  readonly batchSampler?: Sampler<number[]>;
  /** Makes a batch of examples (default `defaultCollate`). */
  readonly collate?: (examples: T[]) => B | Promise<B>;
  /** Whether to drop a smaller last batch (default false). */
  readonly dropLast?: boolean;
  /**
   * Number of batches to start loading ahead of time (default: what the data set recommends, 0 for most).
   * It pays off when examples come from files, a network, or worker threads.
   */
  readonly prefetch?: number;
  /** The generator for shuffling (default: the one that `manualSeed` seeds). */
  readonly generator?: Generator;
}

const samplerOf = <I>() =>
  instance(
    'a sampler',
    (value): value is Sampler<I> =>
      typeof value === 'object' &&
      value !== null &&
      Symbol.iterator in value &&
      'length' in value &&
      !(value instanceof DataLoader),
  );

const loaderOptions = defineOptions({
  batchSize: whole(undefined, { least: 1 }),
  shuffle: flag(false),
  sampler: samplerOf<number>(),
  batchSampler: samplerOf<number[]>(),
  collate: callback<(examples: never[]) => unknown>(),
  dropLast: flag(false),
  prefetch: whole(undefined, { least: 0 }),
  ...randomSpec,
});

const anyDataset = instance(
  'a Dataset or an IterableDataset',
  (value): value is Dataset<unknown> | IterableDataset<unknown> =>
    value instanceof Dataset || value instanceof IterableDataset,
);

/**
 * Goes through a data set in batches.
 *
 * With the same seed the batches are those of PyTorch's `DataLoader(…, shuffle=True)`.
 *
 * @example
 * for await (const [x, y] of new data.DataLoader(set, { batchSize: 64, shuffle: true }))
 *   console.log(x.shape, y.shape);
 */
export class DataLoader<T, B = Collated<T>> implements AsyncIterable<B> {
  /** Examples in a batch. */
  readonly batchSize: number;
  /** Whether a smaller last batch is dropped. */
  readonly dropLast: boolean;
  /** Picks the examples of each batch; none for an iterable data set. */
  readonly batchSampler: Sampler<number[]> | undefined;
  readonly #collate: ((examples: T[]) => B | Promise<B>) | undefined;
  readonly #generator: Generator | undefined;
  readonly #prefetch: number;

  constructor(
    /** Where the examples come from. */
    readonly dataset: Dataset<T> | IterableDataset<T>,
    options?: DataLoaderOptions<T, B>,
  ) {
    if (!(dataset instanceof Dataset || dataset instanceof IterableDataset))
      throw new ArgumentError(
        'DataLoader',
        `needs a Dataset, got ${describe(dataset)}${slip(dataset)}
  hint: to make one from tensors, use new data.TensorDataset(x, y)`,
      );
    const {
      batchSize = 1,
      shuffle,
      sampler,
      batchSampler,
      collate,
      dropLast,
      prefetch = dataset instanceof Dataset ? dataset.prefetch : 0,
      generator,
    } = loaderOptions(new.target.name, options);
    checkOption('DataLoader', 'dataset', anyDataset, dataset);
    if (sampler !== undefined && shuffle)
      throw new ArgumentError('DataLoader', 'a sampler sets the order; leave shuffle out');
    if (batchSampler !== undefined && (sampler || shuffle || dropLast || options?.batchSize !== undefined))
      throw new ArgumentError(
        'DataLoader',
        'a batchSampler excludes batchSize, shuffle, sampler, and dropLast',
      );
    this.batchSize = batchSize;
    this.dropLast = dropLast;
    this.#collate = collate as ((examples: T[]) => B | Promise<B>) | undefined;
    this.#generator = generator;
    this.#prefetch = prefetch;
    if (!(dataset instanceof Dataset)) {
      if (shuffle || sampler || batchSampler)
        throw new ArgumentError(
          'DataLoader',
          'an iterable data set sets its own order; leave shuffle and samplers out',
        );
      return;
    }
    const order =
      sampler ?? (shuffle ? new RandomSampler(dataset, { generator }) : new SequentialSampler(dataset));
    this.batchSampler = batchSampler ?? new BatchSampler(order, batchSize, dropLast);
  }

  /** Number of batches. @throws ArgumentError for an iterable data set without a known length */
  get length(): number {
    if (this.batchSampler !== undefined) return this.batchSampler.length;
    const examples = this.dataset.length;
    if (examples === undefined)
      throw new ArgumentError(
        'DataLoader',
        "this iterable data set doesn't know its length; give it a `length`",
      );
    const batches = examples / this.batchSize;
    return this.dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  /** The number of batches, and what they hold. */
  toString(): string {
    const known = this.batchSampler !== undefined || this.dataset.length !== undefined;
    const batches = known ? inWords(this.length, 'batch', 'batches') : 'batches';
    return `DataLoader(${batches} of ${String(this.dataset)})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  [Symbol.asyncIterator](): AsyncIterator<B> {
    // PyTorch draws a seed for its workers at the start of every iteration; the stream must stay in step.
    const seed = drawSeed(this.#generator);
    return this.dataset instanceof Dataset ? this.#byNumber(this.dataset, seed) : this.#byOrder(this.dataset);
  }

  #byNumber(dataset: Dataset<T>, seed: number): AsyncGenerator<B, void> {
    const groups = this.batchSampler![Symbol.iterator]();
    const seeds = new Generator(seed);
    const next = async (): Promise<IteratorResult<B, undefined>> => {
      const { done, value: indices } = groups.next();
      if (done) return { done, value: undefined };
      return { done: false, value: await this.#batch(dataset, indices, seeds) };
    };
    return ahead(next, this.#prefetch, () => groups.return?.());
  }

  async #batch(dataset: Dataset<T>, indices: readonly number[], seeds: Generator): Promise<B> {
    const seed = drawSeed(seeds);
    const batch = this.#collate === undefined ? dataset.batch(indices, seed) : undefined;
    if (batch !== undefined) return batch as B | Promise<B>;
    return this.#collated(await Promise.all(indices.map((i, k) => dataset.get(i, (seed + k) % 2 ** 32))));
  }

  #byOrder(dataset: IterableDataset<T>): AsyncGenerator<B, void> {
    const batches = this.#grouped(dataset);
    return ahead(
      () => batches.next(),
      this.#prefetch,
      () => batches.return(),
    );
  }

  async *#grouped(dataset: IterableDataset<T>): AsyncGenerator<B, void> {
    let examples: T[] = [];
    for await (const example of { [Symbol.asyncIterator]: () => dataset[Symbol.asyncIterator]() }) {
      examples.push(example);
      if (examples.length < this.batchSize) continue;
      yield await this.#collated(examples);
      examples = [];
    }
    if (examples.length > 0 && !this.dropLast) yield await this.#collated(examples);
  }

  #collated(examples: T[]): B | Promise<B> {
    return this.#collate ? this.#collate(examples) : (defaultCollate(examples) as B);
  }
}

answerSnakeCase(DataLoader.prototype, 'loader', ['batchSize', 'dropLast', 'batchSampler']);

// Not in the types, because a loader has no such iterator.
Object.defineProperty(DataLoader.prototype, Symbol.iterator, {
  value() {
    throw new ArgumentError(
      'DataLoader',
      'batches come asynchronously\n  hint: for await (const batch of loader)',
    );
  },
  configurable: true,
});
