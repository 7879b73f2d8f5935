import { ArgumentError } from '../../core/errors.js';
import { checkCount, checkSpread, Draw, type MadeOptions, type MadeSet, scattered } from './draw.js';

export interface ImbalancedOptions extends MadeOptions {
  /** Share of the points that are of class 1 (default 0.05); at least one is, and one is not. */
  readonly fraction?: number;
  /** Distance between the centres of the classes (default 2). */
  readonly separation?: number;
  /** Standard deviation of a class along each axis (default 1). */
  readonly std?: number;
  /** Number of coordinates (default 2). */
  readonly features?: number;
}

/**
 * Two clouds of which the second is rare, in random order: who always says class 0 is right
 * 1 − fraction of the time and has learned nothing.
 *
 * @shape x (n, features), y (n)
 * @throws ArgumentError for a fraction that is not between 0 and 1, or fewer than two points
 */
export function imbalanced({
  n = 200,
  fraction = 0.05,
  separation = 2,
  std = 1,
  features = 2,
  seed = 0,
}: ImbalancedOptions = {}): MadeSet {
  checkCount('imbalanced', 'n', n, 2);
  checkCount('imbalanced', 'features', features);
  checkSpread('imbalanced', 'std', std);
  checkSpread('imbalanced', 'separation', separation);
  if (!(fraction > 0 && fraction < 1))
    throw new ArgumentError('imbalanced', `fraction must lie between 0 and 1, not ${fraction}`);
  const rare = Math.min(n - 1, Math.max(1, Math.round(n * fraction)));
  const draw = new Draw(seed);
  const order = draw.order(n);
  const classOf = (i: number): number => (order[i]! < rare ? 1 : 0);
  // The centres lie on the diagonal, so that every coordinate tells something.
  const offset = separation / 2 / Math.sqrt(features);
  const places = [-offset, offset].map((at) => new Array<number>(features).fill(at));
  return scattered(n, features, draw.normal(n * features, std), (i) => places[classOf(i)]!, classOf);
}
