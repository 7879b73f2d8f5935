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
  /** Whether each epoch goes through the examples in another random order (default true). */
  readonly shuffle?: boolean;
  /** Which random orders; the same in all processes (default 0). */
  readonly seed?: number;
  /** Whether examples are left out so that the shards are equal, rather than repeated (default false). */
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
 * The share of one process when several go through a data set together: of the common order, examples
 * rank, rank + numReplicas, … All shares are equally long, and the order is PyTorch's. Call `setEpoch`
 * before each epoch, or all have the same order.
 */
export class DistributedSampler implements Sampler {
  readonly length: number;
  readonly #options: Resolved<typeof spec>;
  #epoch = 0;

  /** @throws ArgumentError for a rank that is none of the replicas, or fewer examples than replicas with `dropLast` */
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
      wrong(`${source.length} examples do not give each of ${numReplicas} replicas one; leave dropLast out`);
  }

  /** Says which epoch the next iteration is for, from 0: its order comes from `seed + epoch`. */
  setEpoch(epoch: number): void {
    if (!(Number.isSafeInteger(epoch) && epoch >= 0))
      throw new ArgumentError(
        'DistributedSampler',
        `epoch must be a whole number from 0, not ${describe(epoch)}`,
      );
    this.#epoch = epoch;
  }

  *[Symbol.iterator](): Iterator<number> {
    const { numReplicas, rank, shuffle, seed } = this.#options;
    const n = this.source.length;
    const order = shuffle ? permutation(n, new Generator(seed + this.#epoch)) : undefined;
    for (let i = 0; i < this.length; i++) {
      // Beyond the end the order begins anew.
      const at = (rank + i * numReplicas) % n;
      yield order ? order[at]! : at;
    }
  }
}
