import { describe } from '../core/describe.js';
import { ArgumentError } from '../core/errors.js';
import { checkOption, defineOptions, flag, type Resolved, required, whole } from '../core/options.js';
import { Generator } from '../index.js';
import { type Sampler, type Sized, sized } from './samplers.js';
import { permutation } from './shuffle.js';

export interface DistributedSamplerOptions {
  /** Number of processes that share the data set. */
  readonly numReplicas: number;
  /** Which of them this is, from 0. */
  readonly rank: number;
  /** Whether each epoch goes through the examples in a new random order (default true). */
  readonly shuffle?: boolean;
  /** Seed of the random orders; must be the same in all processes (default 0). */
  readonly seed?: number;
  /** Whether to drop examples, instead of repeating some, to make all shards equal (default false). */
  readonly dropLast?: boolean;
}

const spec = {
  numReplicas: required(whole(undefined, { least: 1 })),
  rank: required(whole(undefined, { least: 0 })),
  shuffle: flag(true),
  seed: whole(0),
  dropLast: flag(false),
};
const distributedOptions = defineOptions(spec);

/**
 * One process's share when several go through a data set together: examples rank, rank + numReplicas, …
 * of the common order. All shares have the same length, and the order is PyTorch's. Call `setEpoch`
 * before each epoch, or all epochs have the same order.
 */
export class DistributedSampler implements Sampler {
  readonly length: number;
  readonly #options: Resolved<typeof spec>;
  #epoch = 0;

  /** @throws ArgumentError for a rank beyond the replicas, or fewer examples than replicas with `dropLast` */
  constructor(
    readonly source: Sized,
    options: DistributedSamplerOptions,
  ) {
    checkOption('DistributedSampler', 'source', sized, source);
    this.#options = distributedOptions(new.target.name, options);
    const { numReplicas, rank, dropLast } = this.#options;
    const wrong = (problem: string): never => {
      throw new ArgumentError('DistributedSampler', problem);
    };
    if (rank >= numReplicas) wrong(`rank must be below the ${numReplicas} replicas, got ${rank}`);
    if (source.length === 0) wrong('the data set is empty');
    const share = source.length / numReplicas;
    this.length = dropLast ? Math.floor(share) : Math.ceil(share);
    if (this.length === 0)
      wrong(`${source.length} examples aren't enough for ${numReplicas} replicas; leave dropLast out`);
  }

  /** Sets the epoch of the next iteration, from 0: its order comes from `seed + epoch`. */
  setEpoch(epoch: number): void {
    if (!(Number.isSafeInteger(epoch) && epoch >= 0))
      throw new ArgumentError(
        'DistributedSampler',
        `epoch must be a whole number of at least 0, got ${describe(epoch)}`,
      );
    this.#epoch = epoch;
  }

  *[Symbol.iterator](): Iterator<number> {
    const { numReplicas, rank, shuffle, seed } = this.#options;
    const n = this.source.length;
    const order = shuffle ? permutation(n, new Generator(seed + this.#epoch)) : undefined;
    for (let i = 0; i < this.length; i++) {
      // Beyond the end, the order starts over.
      const at = (rank + i * numReplicas) % n;
      yield order ? order[at]! : at;
    }
  }
}
