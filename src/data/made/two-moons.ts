import { defineOptions } from '../../core/options.js';
import { Draw, type MadeOptions, type MadeSet, madeSpec, scattered, spread } from './draw.js';

export interface TwoMoonsOptions extends MadeOptions {
  /** Standard deviation of the noise in each coordinate (default 0.1). */
  readonly noise?: number;
}

const twoMoonsOptions = defineOptions({ ...madeSpec, noise: spread(0.1) });

/**
 * Two interleaving half circles that no straight line separates. Class 0 is
 * (cos φ, sin φ), class 1 is (1 − cos φ, ½ − sin φ), φ from 0 to π; the classes alternate.
 *
 * @shape x (n, 2), y (n)
 * @throws ArgumentError if n isn't a positive whole number or the noise is negative
 */
export function twoMoons(options?: TwoMoonsOptions): MadeSet {
  const { n, noise, seed } = twoMoonsOptions('twoMoons', options);
  const draw = new Draw(seed);
  const angles = draw.uniform(n, 0, Math.PI);
  const place = (i: number): number[] => {
    const [cos, sin] = [Math.cos(angles[i]!), Math.sin(angles[i]!)];
    return i % 2 === 0 ? [cos, sin] : [1 - cos, 0.5 - sin];
  };
  return scattered(n, 2, draw.normal(2 * n, noise), place, (i) => i % 2);
}
