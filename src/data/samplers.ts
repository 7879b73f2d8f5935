import { requireNumbers } from '../core/arguments.js';
import { describe } from '../core/describe.js';
import { ArgumentError } from '../core/errors.js';
import { checkOption, defineOptions, flag, type Option, type Resolved, whole } from '../core/options.js';
import type { Generator } from '../index.js';
import { choicesNow } from '../ops/random/at-once.js';
import { draws, permutation, type RandomOptions, randomSpec, seededGenerator } from './shuffle.js';

/** An order of examples, which may differ in each iteration. */
export interface Sampler<I = number> extends Iterable<I> {
  /** How many items an iteration gives. */
  readonly length: number;
}

/** Anything with a number of examples. */
export interface Sized {
  readonly length: number;
}

/** 0, 1, 2, … */
export class SequentialSampler implements Sampler {
  constructor(readonly source: Sized) {}

  /** Number of examples. */
  get length(): number {
    return this.source.length;
  }

  *[Symbol.iterator](): Iterator<number> {
    for (let i = 0; i < this.source.length; i++) yield i;
  }
}

export interface RandomSamplerOptions extends RandomOptions {
  /** Whether an example may be drawn more than once (default false). */
  readonly replacement?: boolean;
  /** How many to draw (default: as many as there are). */
  readonly numSamples?: number;
}

/** What a sampler draws from. */
export const sized: Option<unknown> = {
  wanted: 'a Dataset, or something else with a length',
  default: undefined,
  accepts: (value) => typeof (value as Sized | null | undefined)?.length === 'number',
};

const randomSamplerSpec = {
  replacement: flag(false),
  numSamples: whole(undefined, { least: 1 }),
  ...randomSpec,
};
const randomSamplerOptions = defineOptions(randomSamplerSpec);

/**
 * Examples in random order, which matches PyTorch's for the same seed. Unless you pass a generator, each
 * iteration draws a seed from the default generator and shuffles with that.
 */
export class RandomSampler implements Sampler {
  readonly #options: Resolved<typeof randomSamplerSpec>;

  constructor(
    readonly source: Sized,
    options?: RandomSamplerOptions,
  ) {
    checkOption('RandomSampler', 'source', sized, source);
    this.#options = randomSamplerOptions(new.target.name, options);
    if (!(Number.isInteger(this.length) && this.length > 0))
      throw new ArgumentError(
        'RandomSampler',
        `needs a positive number of samples, got ${describe(this.length)}`,
      );
  }

  /** How many numbers an iteration gives. */
  get length(): number {
    return this.#options.numSamples ?? this.source.length;
  }

  *[Symbol.iterator](): Iterator<number> {
    const n = this.source.length;
    const generator = this.#options.generator ?? seededGenerator();
    if (this.#options.replacement) {
      // In groups of 32, like PyTorch.
      for (let left = this.length; left > 0; left -= 32) yield* draws(n, Math.min(left, 32), generator);
      return;
    }
    const rounds = Math.floor(this.length / n);
    for (let round = 0; round < rounds; round++) yield* permutation(n, generator);
    yield* permutation(n, generator).subarray(0, this.length % n);
  }
}

const subsetOptions = defineOptions(randomSpec);

/** The given indices in random order. */
export class SubsetRandomSampler implements Sampler {
  readonly #generator: Generator | undefined;

  constructor(
    readonly indices: readonly number[],
    options?: RandomOptions,
  ) {
    this.#generator = subsetOptions(new.target.name, options).generator;
  }

  /** Number of examples of the subset. */
  get length(): number {
    return this.indices.length;
  }

  *[Symbol.iterator](): Iterator<number> {
    for (const i of permutation(this.indices.length, this.#generator)) yield this.indices[i]!;
  }
}

export interface WeightedRandomSamplerOptions extends RandomOptions {
  /** Whether an example may be drawn more than once (default true). */
  readonly replacement?: boolean;
}

const weightedSpec = { replacement: flag(true), ...randomSpec };
const weightedOptions = defineOptions(weightedSpec);

/**
 * Examples drawn with probabilities proportional to `weights`: if each example's weight is 1 / (size of its
 * class), every class comes up equally often.
 *
 * @throws ArgumentError for weights that are negative or all 0, or too few to draw from without replacement
 */
export class WeightedRandomSampler implements Sampler {
  readonly #weights: Float64Array;
  readonly #options: Resolved<typeof weightedSpec>;

  constructor(
    weights: ArrayLike<number>,
    readonly numSamples: number,
    options?: WeightedRandomSamplerOptions,
  ) {
    this.#options = weightedOptions(new.target.name, options);
    requireNumbers('WeightedRandomSampler', 'weights', weights);
    this.#weights = Float64Array.from(weights);
    if (!(Number.isInteger(numSamples) && numSamples > 0))
      throw new ArgumentError(
        'WeightedRandomSampler',
        `needs a positive number of samples, got ${describe(numSamples)}`,
      );
    const wrong = this.#weights.findIndex((weight) => !(Number.isFinite(weight) && weight >= 0));
    if (wrong >= 0)
      throw new ArgumentError(
        'WeightedRandomSampler',
        `weight ${wrong} is ${this.#weights[wrong]}; weights must be numbers of at least 0`,
      );
    const positive = this.#weights.filter((weight) => weight > 0).length;
    const needed = this.#options.replacement ? 1 : numSamples;
    if (positive < needed)
      throw new ArgumentError(
        'WeightedRandomSampler',
        `${positive} of ${this.#weights.length} weights are above 0; ${needed} are needed`,
      );
  }

  /** How many numbers an iteration gives. */
  get length(): number {
    return this.numSamples;
  }

  *[Symbol.iterator](): Iterator<number> {
    const { replacement, generator } = this.#options;
    yield* choicesNow([...this.#weights], this.numSamples, replacement, generator);
  }
}

/** Groups of `batchSize` indices of another sampler. */
export class BatchSampler implements Sampler<number[]> {
  constructor(
    readonly sampler: Sampler,
    readonly batchSize: number,
    /** Whether to drop a smaller last group. */
    readonly dropLast: boolean = false,
  ) {
    if (!(Number.isInteger(batchSize) && batchSize > 0))
      throw new ArgumentError(
        'BatchSampler',
        `batchSize must be a positive whole number, got ${describe(batchSize)}`,
      );
  }

  /** Number of batches. */
  get length(): number {
    const n = this.sampler.length / this.batchSize;
    return this.dropLast ? Math.floor(n) : Math.ceil(n);
  }

  *[Symbol.iterator](): Iterator<number[]> {
    let group: number[] = [];
    for (const index of this.sampler) {
      group.push(index);
      if (group.length < this.batchSize) continue;
      yield group;
      group = [];
    }
    if (group.length > 0 && !this.dropLast) yield group;
  }
}
