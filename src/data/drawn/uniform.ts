import type { Generator } from '../../index.js';
import { uniformsNow } from '../../ops/random/at-once.js';

/** Uniform random numbers in [0, 1). */
export type Uniform = () => number;

/** The numbers of a generator one by one, drawn in blocks. */
export function uniform(generator: Generator): Uniform {
  let block: ArrayLike<number> = [];
  let next = 0;
  return () => {
    if (next === block.length) {
      block = uniformsNow(8192, 'float64', generator);
      next = 0;
    }
    return block[next++]!;
  };
}

export const between = (random: Uniform, low: number, high: number): number => low + (high - low) * random();

/** Bell-shaped around 0 with standard deviation `sigma`, never beyond 3.5 σ. */
export const bell = (random: Uniform, sigma: number): number =>
  sigma * 2 * (random() + random() + random() - 1.5);

export const pick = <T>(random: Uniform, items: readonly T[]): T =>
  items[Math.floor(random() * items.length)]!;
