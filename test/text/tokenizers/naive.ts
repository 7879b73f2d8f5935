/** Tokenizers written as their definitions read, slow, to compare with. */

/** GPT-2's expression, which splits a text into words. */
export const wordExpression = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/** Counts of words, each as its symbols. */
export type Words = readonly { readonly symbols: readonly string[]; readonly count: number }[];

const merged = (symbols: readonly string[], left: string, right: string, joined: string): string[] => {
  const out: string[] = [];
  for (let i = 0; i < symbols.length; i++) {
    const isPair = symbols[i] === left && symbols[i + 1] === right;
    out.push(isPair ? joined : symbols[i]!);
    if (isPair) i++;
  }
  return out;
};

/** Byte-pair encoding that counts all pairs anew for each merge. */
export function naiveMerges(
  words: Words,
  alphabet: readonly string[],
  {
    vocabSize,
    minFrequency,
    join,
  }: { vocabSize: number; minFrequency: number; join: (a: string, b: string) => string },
): [string, string][] {
  let current = words;
  const tokens = [...alphabet];
  const merges: [string, string][] = [];
  while (tokens.length < vocabSize) {
    const counts = new Map<string, { left: string; right: string; count: number }>();
    for (const { symbols, count } of current)
      for (let i = 0; i + 1 < symbols.length; i++) {
        const [left, right] = [symbols[i]!, symbols[i + 1]!];
        const pair = counts.get(`${left} ${right}`) ?? { left, right, count: 0 };
        counts.set(`${left} ${right}`, { ...pair, count: pair.count + count });
      }
    const place = (token: string): number => tokens.indexOf(token);
    const best = [...counts.values()].sort(
      (a, b) => b.count - a.count || place(a.left) - place(b.left) || place(a.right) - place(b.right),
    )[0];
    if (best === undefined || best.count < minFrequency) break;
    const joined = join(best.left, best.right);
    if (!tokens.includes(joined)) tokens.push(joined);
    merges.push([best.left, best.right]);
    current = current.map((word) => ({
      ...word,
      symbols: merged(word.symbols, best.left, best.right, joined),
    }));
  }
  return merges;
}

/** The symbols that merges leave of a word: the earliest merge first, of equals the leftmost. */
export function naiveEncode(
  symbols: readonly string[],
  merges: readonly (readonly [string, string])[],
): string[] {
  const out = [...symbols];
  for (;;) {
    let best = -1;
    let bestRank = merges.length;
    for (let i = 0; i + 1 < out.length; i++) {
      const rank = merges.findIndex(([left, right]) => left === out[i] && right === out[i + 1]);
      if (rank >= 0 && rank < bestRank) [best, bestRank] = [i, rank];
    }
    if (best < 0) return out;
    out.splice(best, 2, out[best]! + out[best + 1]!);
  }
}

/** Words of texts with their counts, each split into characters. */
export function countedWords(texts: readonly string[], split: (text: string) => readonly string[]): Words {
  const counts = new Map<string, number>();
  for (const text of texts) for (const word of split(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, count]) => ({ symbols: [...word], count }));
}
