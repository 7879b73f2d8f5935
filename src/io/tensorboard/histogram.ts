import { ArgumentError } from '../../core/errors.js';
import type { Histogram } from './event.js';

const buckets = 30;

/** Counts the finite values in buckets of equal width. @throws ArgumentError if there are none */
export function histogramOf(values: ArrayLike<number>): Histogram {
  let [min, max, num, sum, sumSquares] = [Infinity, -Infinity, 0, 0, 0];
  const finite = Array.from(values).filter(Number.isFinite);
  for (const x of finite) {
    min = Math.min(min, x);
    max = Math.max(max, x);
    num++;
    sum += x;
    sumSquares += x * x;
  }
  if (num === 0) throw new ArgumentError('addHistogram', 'there are no finite values');
  const width = (max - min || 1) / buckets;
  const counts = new Array<number>(buckets).fill(0);
  for (const x of finite) counts[Math.min(Math.floor((x - min) / width), buckets - 1)]!++;
  const limits = counts.map((_, i) => min + (i + 1) * width);
  return { min, max, num, sum, sumSquares, limits, counts };
}
