import { ArgumentError } from '../../core/errors.js';
import { checkCount, checkSpread, Draw, type MadeOptions, type MadeSet, scattered } from './draw.js';

export interface BlobsOptions extends MadeOptions {
  /** Number of blobs, or where their centres lie (default 3, drawn from −10 to 10 on each axis). */
  readonly centers?: number | readonly (readonly number[])[];
  /** Standard deviation of a blob along each axis (default 1). */
  readonly std?: number;
  /** Number of coordinates (default 2, or as many as the given centres have). */
  readonly features?: number;
}

/** The centres as given, checked, or drawn. */
function placeCenters(
  centers: number | readonly (readonly number[])[],
  features: number,
  draw: Draw,
): ArrayLike<number>[] {
  if (typeof centers === 'number') {
    checkCount('blobs', 'centers', centers);
    const drawn = draw.uniform(centers * features, -10, 10);
    return Array.from({ length: centers }, (_, c) => drawn.subarray(c * features, (c + 1) * features));
  }
  if (centers.length === 0) throw new ArgumentError('blobs', 'centers is empty; give at least one');
  const wrong = centers.findIndex((center) => center.length !== features || !center.every(Number.isFinite));
  if (wrong >= 0)
    throw new ArgumentError('blobs', `center ${wrong} is not ${features} numbers: [${centers[wrong]}]`);
  return [...centers];
}

/**
 * Clouds of points, normally distributed around a centre each. The classes alternate.
 *
 * @shape x (n, features), y (n)
 * @throws ArgumentError for numbers that make no blobs, or centres of several lengths
 */
export function blobs({ n = 200, centers = 3, std = 1, features, seed = 0 }: BlobsOptions = {}): MadeSet {
  const width = features ?? (typeof centers === 'number' ? 2 : (centers[0]?.length ?? 2));
  checkCount('blobs', 'n', n);
  checkCount('blobs', 'features', width);
  checkSpread('blobs', 'std', std);
  const draw = new Draw(seed);
  const places = placeCenters(centers, width, draw);
  const classOf = (i: number): number => i % places.length;
  return scattered(n, width, draw.normal(n * width, std), (i) => places[classOf(i)]!, classOf);
}
