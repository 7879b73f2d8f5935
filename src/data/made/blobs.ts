import { ArgumentError } from '../../core/errors.js';
import { defineOptions, either, listOf, number, whole } from '../../core/options.js';
import { Draw, type MadeOptions, type MadeSet, madeSpec, scattered, spread } from './draw.js';

export interface BlobsOptions extends MadeOptions {
  /** Number of blobs, or their centers (default 3, drawn from −10 to 10 on each axis). */
  readonly centers?: number | readonly (readonly number[])[];
  /** Standard deviation of a blob along each axis (default 1). */
  readonly std?: number;
  /** Number of coordinates (default 2, or the number that the given centers have). */
  readonly features?: number;
}

const blobsOptions = defineOptions({
  ...madeSpec,
  centers: either(whole(3, { least: 1 }), listOf(listOf(number(0), undefined), undefined)),
  std: spread(1),
  features: whole(undefined, { least: 1 }),
});

/** The centers as given, checked, or drawn. */
function placeCenters(
  centers: number | readonly (readonly number[])[],
  features: number,
  draw: Draw,
): ArrayLike<number>[] {
  if (typeof centers === 'number') {
    const drawn = draw.uniform(centers * features, -10, 10);
    return Array.from({ length: centers }, (_, c) => drawn.subarray(c * features, (c + 1) * features));
  }
  if (centers.length === 0) throw new ArgumentError('blobs', 'centers is empty; give at least one');
  const wrong = centers.findIndex((center) => center.length !== features);
  if (wrong >= 0)
    throw new ArgumentError('blobs', `center ${wrong} isn't ${features} numbers: [${centers[wrong]}]`);
  return [...centers];
}

/**
 * Clouds of points, each normally distributed around a center. The classes alternate.
 *
 * @shape x (n, features), y (n)
 * @throws ArgumentError for invalid numbers, or centers of different lengths
 */
export function blobs(options?: BlobsOptions): MadeSet {
  const { n, centers, std, features, seed } = blobsOptions('blobs', options);
  const width = features ?? (typeof centers === 'number' ? 2 : (centers[0]?.length ?? 2));
  const draw = new Draw(seed);
  const places = placeCenters(centers, width, draw);
  const classOf = (i: number): number => i % places.length;
  return scattered(n, width, draw.normal(n * width, std), (i) => places[classOf(i)]!, classOf);
}
