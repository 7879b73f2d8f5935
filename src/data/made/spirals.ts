import { defineOptions, number, whole } from '../../core/options.js';
import { Draw, type MadeOptions, type MadeSet, madeSpec, scattered, spread } from './draw.js';

export interface SpiralsOptions extends MadeOptions {
  /** Number of arms, one per class (default 2). */
  readonly classes?: number;
  /** Standard deviation of the noise in each coordinate (default 0.02). */
  readonly noise?: number;
  /** Number of times an arm goes around the center (default 1). */
  readonly turns?: number;
}

const spiralsOptions = defineOptions({
  ...madeSpec,
  classes: whole(2, { least: 2 }),
  noise: spread(0.02),
  turns: number(1),
});

/**
 * Arms that wind around the center, one per class: at radius r from 0 to 1, arm c of C is at the
 * angle 2π (turns · r + c / C). The classes alternate.
 *
 * @shape x (n, 2), y (n)
 * @throws ArgumentError for invalid numbers
 */
export function spirals(options?: SpiralsOptions): MadeSet {
  const { n, classes, noise, turns, seed } = spiralsOptions('spirals', options);
  const draw = new Draw(seed);
  const radii = draw.uniform(n);
  const place = (i: number): number[] => {
    const r = radii[i]!;
    const angle = 2 * Math.PI * (turns * r + (i % classes) / classes);
    return [r * Math.cos(angle), r * Math.sin(angle)];
  };
  return scattered(n, 2, draw.normal(2 * n, noise), place, (i) => i % classes);
}
