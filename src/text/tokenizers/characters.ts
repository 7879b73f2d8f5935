import type { SymbolWords } from './bpe/learn-merges.js';
import { GrowingInts } from './tables/growing.js';
import type { WordCounter } from './word-counter.js';

/** The most frequent characters of counted words, in their own order. */
export function frequentCharacters(counter: WordCounter, most: number): string[] {
  const counts = new Map<string, number>();
  for (const [i, count] of counter.counts.entries())
    for (const char of counter.wordAt(i)) counts.set(char, (counts.get(char) ?? 0) + count);
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, most)
    .map(([char]) => char)
    .sort();
}

/**
 * Counted words as symbols of their characters.
 *
 * @param symbolOf the symbol of a character at a place in its word; words with one that has none are left out
 */
export function wordsOfCharacters(
  counter: WordCounter,
  symbolOf: (char: string, place: number) => number | undefined,
): SymbolWords {
  const symbols = new GrowingInts(counter.units);
  const starts = new GrowingInts();
  const counts: number[] = [];
  starts.push(0);
  for (const [i, count] of counter.counts.entries()) {
    const word = Array.from(counter.wordAt(i), symbolOf);
    if (word.includes(undefined)) continue;
    for (const symbol of word) symbols.push(symbol!);
    starts.push(symbols.length);
    counts.push(count);
  }
  return { symbols: symbols.toArray(), starts: starts.toArray(), counts: Float64Array.from(counts) };
}
