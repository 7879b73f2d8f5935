import { defineOptions } from '../../core/options.js';
import { Draw, type MadeOptions, type MadeSet, madeSpec, scattered, spread } from './draw.js';

export interface XorOptions extends MadeOptions {
  /** Standard deviation of the noise in each coordinate (default 0.1; 0: just the corners). */
  readonly noise?: number;
}

const xorOptions = defineOptions({ ...madeSpec, noise: spread(0.1) });

/**
 * Points at the corners (0, 0), (0, 1), (1, 0), (1, 1) in turn; class 1 if exactly one coordinate
 * is 1. `xor({ n: 4, noise: 0 })` is the function's truth table.
 *
 * @shape x (n, 2), y (n)
 * @throws ArgumentError if n isn't a positive whole number or the noise is negative
 * @source notes 2.6
 */
export function xor(options?: XorOptions): MadeSet {
  const { n, noise, seed } = xorOptions('xor', options);
  const corner = (i: number): [number, number] => [(i >> 1) & 1, i & 1];
  const classOf = (i: number): number => {
    const [a, b] = corner(i);
    return a ^ b;
  };
  return scattered(n, 2, new Draw(seed).normal(2 * n, noise), corner, classOf);
}
