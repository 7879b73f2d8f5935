/** A distribution to draw from in constant time (Walker 1977, doi:10.1145/355744.355749). */
export interface AliasTable {
  /** The share of each column that's its own. */
  readonly share: Float32Array;
  /** Whose the rest of the column is. */
  readonly alias: Int32Array;
}

/** p(i) ∝ weights[i]. */
export function aliasTable(weights: Float64Array): AliasTable {
  const n = weights.length;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const height = weights.map((weight) => (weight / total) * n);
  const share = new Float32Array(n).fill(1);
  const alias = Int32Array.from(weights, (_, i) => i);
  const small: number[] = [];
  const large: number[] = [];
  for (let i = 0; i < n; i++) (height[i]! < 1 ? small : large).push(i);
  while (small.length > 0 && large.length > 0) {
    const low = small.pop()!;
    const high = large.at(-1)!;
    share[low] = height[low]!;
    alias[low] = high;
    height[high]! -= 1 - height[low]!;
    if (height[high]! < 1) small.push(large.pop()!);
  }
  return { share, alias };
}

/**
 * The share of each word's occurrences that trains: √(t / f) + t / f, at most 1, where f is the word's share of the text.
 * 0 keeps all.
 *
 * @source Mikolov et al. 2013, arXiv:1310.4546, section 2.3, with the second term of the authors' program
 */
export function keepShares(counts: Int32Array, sample: number): Float32Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return Float32Array.from(counts, (count) => {
    const ratio = (sample * total) / count;
    return sample === 0 ? 1 : Math.min(1, Math.sqrt(ratio) + ratio);
  });
}
