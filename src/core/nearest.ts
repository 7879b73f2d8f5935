/** Number of letters to add, drop or change to make `b` of `a` (Levenshtein 1966). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}

/** The name most like `wanted`, if one is like it at all. */
export function nearest(wanted: string, names: readonly string[]): string | undefined {
  const [best] = names
    .map((name) => ({ name, away: distance(wanted.toLowerCase(), name) }))
    .sort((a, b) => a.away - b.away);
  return best && best.away <= Math.max(2, Math.floor(best.name.length / 3)) ? best.name : undefined;
}
