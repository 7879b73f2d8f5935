import { defineOptions, number, whole } from '../../core/options.js';
import { Draw, type MadeOptions, type MadeSet, madeSpec, scattered, spread } from './draw.js';

export interface ImbalancedOptions extends MadeOptions {
  /** Share of the points in class 1 (default 0.05); both classes have at least one point. */
  readonly fraction?: number;
  /** Distance between the centers of the classes (default 2). */
  readonly separation?: number;
  /** Standard deviation of a class along each axis (default 1). */
  readonly std?: number;
  /** Number of coordinates (default 2). */
  readonly features?: number;
}

const imbalancedOptions = defineOptions({
  ...madeSpec,
  n: whole(200, { least: 2 }),
  fraction: number(0.05, { above: 0, below: 1 }),
  separation: spread(2),
  std: spread(1),
  features: whole(2, { least: 1 }),
});

/**
 * Two clouds, the second of them rare, in random order: a model that always predicts class 0 is right
 * 1 − fraction of the time and has learned nothing.
 *
 * @shape x (n, features), y (n)
 * @throws ArgumentError for a fraction that isn't between 0 and 1, or fewer than two points
 */
export function imbalanced(options?: ImbalancedOptions): MadeSet {
  const { n, fraction, separation, std, features, seed } = imbalancedOptions('imbalanced', options);
  const rare = Math.min(n - 1, Math.max(1, Math.round(n * fraction)));
  const draw = new Draw(seed);
  const order = draw.order(n);
  const classOf = (i: number): number => (order[i]! < rare ? 1 : 0);
  const noise = draw.normal(n * features, std);
  // The centers are on the diagonal, so every coordinate carries information.
  const offset = separation / 2 / Math.sqrt(features);
  const places = [-offset, offset].map((at) => new Array<number>(features).fill(at));
  return scattered(n, features, noise, (i) => places[classOf(i)]!, classOf);
}
