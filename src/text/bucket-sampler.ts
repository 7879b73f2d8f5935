import { requireNumbers } from '../core/arguments.js';
import { ArgumentError } from '../core/errors.js';
import { defineOptions, flag, type Resolved, required, whole } from '../core/options.js';
import type { Sampler } from '../data/samplers.js';
import { permutation, type RandomOptions, randomSpec, seededGenerator } from '../data/shuffle.js';

export interface BucketBatchSamplerOptions extends RandomOptions {
  /** Examples in a batch. */
  readonly batchSize: number;
  /** Whether each iteration groups the examples anew and gives the batches in random order (default true). */
  readonly shuffle?: boolean | undefined;
  /** Whether to drop a smaller batch (default false). */
  readonly dropLast?: boolean | undefined;
  /** How many batches' examples are sorted together: more give less padding, fewer give more randomness (default 100). */
  readonly bucketBatches?: number | undefined;
}

const bucketSpec = {
  batchSize: required(whole(undefined, { least: 1 })),
  shuffle: flag(true),
  dropLast: flag(false),
  bucketBatches: whole(100, { least: 1 }),
  ...randomSpec,
};
const bucketOptions = defineOptions(bucketSpec);

/**
 * Batches of examples of similar length, which need little padding: the examples in random order, cut into buckets of
 * `bucketBatches` batches, each sorted by length and cut into batches, all of which come in random order. As with
 * `RandomSampler`, each iteration draws a seed from the default generator unless you pass one, so a run resumes with
 * the same batches.
 *
 * @throws ArgumentError for lengths that aren't whole numbers of at least 0, and for none at all
 * @example
 * const lengths = [3, 9, 4, 10];
 * const batchSampler = new text.BucketBatchSampler(lengths, { batchSize: 2, shuffle: false });
 * [...batchSampler]; // [[0, 2], [1, 3]]
 */
export class BucketBatchSampler implements Sampler<number[]> {
  readonly #lengths: ArrayLike<number>;
  readonly #options: Resolved<typeof bucketSpec>;

  /** @param lengths of each example */
  constructor(lengths: ArrayLike<number>, options: BucketBatchSamplerOptions) {
    requireNumbers('BucketBatchSampler', 'lengths', lengths);
    this.#options = bucketOptions('BucketBatchSampler', options);
    if (lengths.length === 0) throw new ArgumentError('BucketBatchSampler', 'there are no examples');
    const wrong = Array.prototype.findIndex.call(
      lengths,
      (length: number) => !(Number.isSafeInteger(length) && length >= 0),
    );
    if (wrong >= 0)
      throw new ArgumentError(
        'BucketBatchSampler',
        `length ${wrong} is ${lengths[wrong]}; lengths must be whole numbers of at least 0`,
      );
    this.#lengths = lengths;
  }

  /** Number of batches. */
  get length(): number {
    const batches = this.#lengths.length / this.#options.batchSize;
    return this.#options.dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  *[Symbol.iterator](): Iterator<number[]> {
    const { shuffle, batchSize, bucketBatches, dropLast } = this.#options;
    const lengths = this.#lengths;
    const n = lengths.length;
    const generator = shuffle ? (this.#options.generator ?? seededGenerator()) : undefined;
    const order = generator ? permutation(n, generator) : Int32Array.from({ length: n }, (_, i) => i);
    const bucket = generator ? bucketBatches * batchSize : n;
    const batches: number[][] = [];
    for (let start = 0; start < n; start += bucket) {
      const sorted = [...order.subarray(start, start + bucket)].sort((a, b) => lengths[a]! - lengths[b]!);
      for (let at = 0; at < sorted.length; at += batchSize) batches.push(sorted.slice(at, at + batchSize));
    }
    const whole = dropLast ? batches.filter((batch) => batch.length === batchSize) : batches;
    if (!generator) yield* whole;
    else for (const i of permutation(whole.length, generator)) yield whole[i]!;
  }
}
