const MOST = 60;

/** The value below which a share of the sorted values lies. */
const quantile = (sorted: Float64Array, share: number): number =>
  sorted[Math.floor(share * (sorted.length - 1))]!;

/**
 * A number of bins that shows the shape: the larger of those of Sturges and of Freedman and Diaconis,
 * at most 60. `values` are sorted.
 */
export function usualBins(values: Float64Array): number {
  const sturges = Math.ceil(Math.log2(values.length)) + 1;
  const range = values.at(-1)! - values[0]!;
  const spread = quantile(values, 0.75) - quantile(values, 0.25);
  const byDiaconis = spread > 0 ? Math.ceil((range * Math.cbrt(values.length)) / (2 * spread)) : 0;
  return Math.min(MOST, Math.max(sturges, byDiaconis));
}

/** Counts of values in `n` bins; `place` gives a value's position, from 0 to 1. */
export function countInto(values: ArrayLike<number>, place: (value: number) => number, n: number): number[] {
  const counts = new Array<number>(n).fill(0);
  for (let i = 0; i < values.length; i++) {
    const at = place(values[i]!);
    if (at >= 0 && at <= 1) counts[Math.min(n - 1, Math.floor(at * n))]! += 1;
  }
  return counts;
}
