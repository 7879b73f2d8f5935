import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ngrams, skipGrams } from '../../src/text/index.js';

const words = 'I will have orange juice'.split(' ');
const joined = (grams: Iterable<readonly string[]>): string[] => [...grams].map((gram) => gram.join(' '));

test('n-grams are all runs of n items', () => {
  expect(joined(ngrams(words, 3))).toEqual(['I will have', 'will have orange', 'have orange juice']);
  expect(joined(ngrams(words, 1))).toEqual(words);
  expect([...ngrams(words, 6)]).toEqual([]);
  expect([...ngrams([], 1)]).toEqual([]);
  expect([...ngrams([...'abc'], 2)]).toEqual([
    ['a', 'b'],
    ['b', 'c'],
  ]);
});

test('1-skip-3-grams leave out one item at most (figure 5.3)', () => {
  expect(joined(skipGrams(words, 3, 1))).toEqual([
    'I will have',
    'I will orange',
    'I have orange',
    'will have orange',
    'will have juice',
    'will orange juice',
    'have orange juice',
  ]);
});

test('k-skip-n-grams are the subsequences of n items that span at most n + k', () => {
  const text = fc.integer({ min: 0, max: 8 }).map((length) => Array.from({ length }, (_, i) => i));
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 4 }), (tokens, n, k) => {
      let subsets: number[][] = [[]];
      for (const token of tokens) subsets = subsets.flatMap((subset) => [subset, [...subset, token]]);
      const wanted = subsets.filter((s) => s.length === n && s.at(-1)! - s[0]! < n + k);
      const sorted = (grams: number[][]): string[] => grams.map(String).sort();
      expect(sorted([...skipGrams(tokens, n, k)])).toEqual(sorted(wanted));
      expect([...skipGrams(tokens, n, 0)]).toEqual([...ngrams(tokens, n)]);
    }),
  );
});

test('a huge n or k makes nothing before it is asked for', () => {
  expect([...ngrams(words, 1e15)]).toEqual([]);
  expect(skipGrams(words, 2, 1e15).next().value).toEqual(['I', 'will']);
});

test('wrong arguments are refused at once', () => {
  expect(() => ngrams('a b' as never, 2)).toThrow("ngrams: tokens must be a list, got 'a b'");
  expect(() => ngrams(words, 0)).toThrow('ngrams: n must be a whole number of at least 1, got 0');
  expect(() => skipGrams(words, 2, -1)).toThrow('skipGrams: k must be a whole number of at least 0, got -1');
  expect(() => skipGrams(words, 1.5, 1)).toThrow(
    'skipGrams: n must be a whole number of at least 1, got 1.5',
  );
});
