import { generatorOption } from '../core/options.js';
import { Generator } from '../index.js';
import { integersNow, permutationNow } from '../ops/random/at-once.js';

/** Options for drawing random numbers. */
export interface RandomOptions {
  /** The generator (default: the one that `manualSeed` seeds). */
  readonly generator?: Generator | undefined;
}

/** What `RandomOptions` may be. */
export const randomSpec = { generator: generatorOption };

/**
 * The low 32 bits of PyTorch's 64-bit seed draw (`torch.empty((), dtype=torch.int64).random_()`), which are
 * all that a generator uses. A range of 2³² takes 64 bits from the stream, like that draw.
 */
export function drawSeed(generator?: Generator): number {
  const [value] = integersNow(-(2 ** 31), 2 ** 31, 1, generator);
  return value! + 2 ** 31;
}

/** A generator seeded by the next draw of the default one. */
export function seededGenerator(): Generator {
  const generator = new Generator();
  generator.manualSeed(drawSeed());
  return generator;
}

/** 0 … n−1 in random order. */
export const permutation = (n: number, generator?: Generator): Int32Array => permutationNow(n, generator);

/** `count` numbers from 0 to n−1, drawn independently. */
export const draws = (n: number, count: number, generator?: Generator): Int32Array =>
  integersNow(0, n, count, generator);
