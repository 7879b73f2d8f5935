import { nearest } from '../../core/nearest.js';
import type { Vocab } from '../vocab.js';

/** Most words that are compared with the unknown one. */
const MOST = 20_000;

/** Says that a word isn't known, and which one was perhaps meant. */
export function unknownWord(word: string, vocab: Vocab): string {
  const problem = `there's no vector for ${JSON.stringify(word)}`;
  const lower = word.toLowerCase();
  const guess = vocab.has(lower)
    ? lower
    : nearest(
        word,
        vocab.itos
          .slice(0, MOST)
          .filter((known) => known[0] === lower[0] && Math.abs(known.length - word.length) <= 1),
      );
  return guess === undefined ? problem : `${problem}\n  hint: did you mean ${JSON.stringify(guess)}?`;
}
