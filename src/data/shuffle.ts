import { generatorOption } from '../core/options.js';
import { Generator, randint, randperm } from '../index.js';

/** Options of what draws random numbers. */
export interface RandomOptions {
  /** Where they come from (default: the generator that `manualSeed` seeds). */
  readonly generator?: Generator | undefined;
}

/** What `RandomOptions` may be. */
export const randomSpec = { generator: generatorOption };

const from = (generator: Generator | undefined): { generator?: Generator } =>
  generator ? { generator } : {};

/**
 * The low 32 bits of PyTorch's 64-bit seed draw (`torch.empty((), dtype=torch.int64).random_()`): all
 * of it that a generator uses. A range of 2³² takes 64 bits from the stream, as that draw does.
 */
export function drawSeed(generator?: Generator): number {
  const [value] = randint(-(2 ** 31), 2 ** 31, [1], from(generator)).dataSync();
  return value! + 2 ** 31;
}

/** A generator seeded by the next draw of the default one. */
export function seededGenerator(): Generator {
  const generator = new Generator();
  generator.manualSeed(drawSeed());
  return generator;
}

/** 0 … n−1 in random order. */
export const permutation = (n: number, generator?: Generator): Int32Array =>
  randperm(n, from(generator)).dataSync() as Int32Array;

/** `count` numbers from 0 to n−1, each drawn alone. */
export const draws = (n: number, count: number, generator?: Generator): Int32Array =>
  randint(0, n, [count], from(generator)).dataSync() as Int32Array;
