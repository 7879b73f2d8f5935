import { requireList } from '../core/arguments.js';
import { count } from '../core/sizes.js';

/**
 * The n-grams of a text: every n items in a row.
 *
 * @param tokens the text as words, characters, or whatever else it's made of
 * @param n the items in each, at least 1; a text with fewer items has no n-grams
 * @throws ArgumentError for tokens that aren't a list, and a wrong n
 * @source notes 5.2
 *
 * @example
 * [...text.ngrams(['I', 'like', 'tea'], 2)]; // [['I', 'like'], ['like', 'tea']]
 */
export function ngrams<T>(tokens: readonly T[], n: number): Generator<T[]> {
  return skipping('ngrams', tokens, n, 0);
}

/**
 * The k-skip-n-grams of a text: n items in their order, with at most k items left out between the first and the last. The
 * n-grams are among them. There are far more than n-grams, so they come one at a time.
 *
 * @param tokens the text as words, characters, or whatever else it's made of
 * @param n the items in each, at least 1
 * @param k the most items left out of each, 0 or more
 * @throws ArgumentError for tokens that aren't a list, and a wrong n or k
 * @source notes 5.2, figure 5.3; Guthrie et al. 2006, A closer look at skip-gram modelling
 *
 * @example
 * [...text.skipGrams(['I', 'like', 'green', 'tea'], 3, 1)].map((gram) => gram.join(' '));
 * // I like green, I like tea, I green tea, like green tea
 */
export function skipGrams<T>(tokens: readonly T[], n: number, k: number): Generator<T[]> {
  count('skipGrams', 'k', k);
  return skipping('skipGrams', tokens, n, k);
}

/** Checks before the first one is asked for. */
function skipping<T>(operation: string, tokens: readonly T[], n: number, k: number): Generator<T[]> {
  requireList(operation, 'tokens', tokens);
  count(operation, 'n', n, 1);
  return walk(tokens, n, k);
}

function* walk<T>(tokens: readonly T[], n: number, k: number): Generator<T[]> {
  if (n > tokens.length) return;
  // Places of the chosen items; the last one that can move on does, and those behind it follow closely.
  const places = new Array<number>(n);
  for (let start = 0; start + n <= tokens.length; start++) {
    for (let i = 0; i < n; i++) places[i] = start + i;
    for (;;) {
      yield places.map((place) => tokens[place]!);
      const end = Math.min(tokens.length, start + n + k);
      let i = n - 1;
      while (i > 0 && places[i]! >= end - (n - i)) i--;
      if (i <= 0) break;
      const next = places[i]! + 1;
      for (let j = i; j < n; j++) places[j] = next + (j - i);
    }
  }
}
