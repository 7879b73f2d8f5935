/** How many examples of each class go to each part. */
type Table = readonly number[][];

/**
 * Whole numbers near counts[c] · lengths[p] / n: each is that value rounded down or up, each row
 * sums to its class's count, and each column to its part's length. Such a rounding always exists; what
 * rounding down leaves over is dealt out along augmenting paths.
 *
 * @source Bacharach 1966, doi:10.1287/mnsc.12.9.732 (matrix rounding)
 */
function shares(counts: readonly number[], lengths: readonly number[], n: number): Table {
  const table = counts.map((count) => lengths.map((length) => Math.floor((count * length) / n)));
  const mayGrow = counts.map((count) => lengths.map((length) => (count * length) % n !== 0));
  const grown = counts.map(() => lengths.map(() => false));
  const room = lengths.map((length, p) => length - table.reduce((sum, row) => sum + row[p]!, 0));

  /** Gives class c one more in some part, moving what other classes were given if necessary. */
  const give = (c: number, seen: Set<number>): boolean => {
    for (const p of lengths.keys()) {
      if (!mayGrow[c]![p] || grown[c]![p] || seen.has(p)) continue;
      seen.add(p);
      if (room[p]! > 0) room[p]! -= 1;
      else {
        const other = counts.findIndex((_, d) => d !== c && grown[d]![p] && give(d, seen));
        if (other < 0) continue;
        grown[other]![p] = false;
      }
      grown[c]![p] = true;
      return true;
    }
    return false;
  };

  for (const [c, count] of counts.entries()) {
    const left = count - table[c]!.reduce((sum, share) => sum + share, 0);
    for (let k = 0; k < left; k++) give(c, new Set());
  }
  return table.map((row, c) => row.map((share, p) => share + (grown[c]![p] ? 1 : 0)));
}

/**
 * Deals examples to parts of the given lengths so every class has its share of every part,
 * give or take one.
 *
 * @param order all examples, in the order they're dealt
 * @param labels class of each example
 */
export function dealByClass(
  order: readonly number[],
  lengths: readonly number[],
  labels: ArrayLike<unknown>,
): number[][] {
  const counts = new Map<unknown, number>();
  for (const i of order) counts.set(labels[i], (counts.get(labels[i]) ?? 0) + 1);
  const classes = [...counts.keys()];
  const table = shares([...counts.values()], lengths, order.length);
  const left = new Map(classes.map((label, c) => [label, [...table[c]!]]));
  const parts: number[][] = lengths.map(() => []);
  for (const i of order) {
    const own = left.get(labels[i])!;
    const p = own.findIndex((share) => share > 0);
    own[p]! -= 1;
    parts[p]!.push(i);
  }
  return parts;
}
