import { describe, expect, test } from 'vitest';
import { getRngState } from '../../src/index.js';
import {
  madeNames,
  madeReviews,
  madeStory,
  madeTaggedSentences,
  madeTranslations,
  reversals,
  writtenDates,
} from '../../src/text/index.js';

describe.each([
  ['madeNames', (options: object) => madeNames(options).texts],
  ['madeReviews', (options: object) => madeReviews(options).texts],
  ['madeStory', (options: object) => madeStory(options)],
  ['madeTaggedSentences', madeTaggedSentences],
  ['madeTranslations', madeTranslations],
  ['reversals', reversals],
  ['writtenDates', writtenDates],
] as const)('%s', (_, make) => {
  test('the seed decides, and the default generator is left alone', () => {
    const before = getRngState();
    const first = make({ n: 20, seed: 5 });
    expect(make({ n: 20, seed: 5 })).toEqual(first);
    expect(make({ n: 20, seed: 6 })).not.toEqual(first);
    expect(getRngState()).toEqual(before);
  });
  test('refuses other options', () => {
    expect(() => make({ n: 0 })).toThrow('n must be a whole number from 1 to 1048576, got 0');
    expect(() => make({ count: 3 } as object)).toThrow("there's no option 'count'");
  });
});

test('reviews have both classes, and words alone do not tell', () => {
  const { texts, labels } = madeReviews({ n: 2000 });
  const share = labels.reduce((a, b) => a + b) / 2000;
  expect(share).toBeGreaterThan(0.45);
  expect(share).toBeLessThan(0.55);
  const good = texts.map((text, i) => [/\bgood\b/.test(text), labels[i]] as const).filter(([has]) => has);
  const positive = good.filter(([, label]) => label === 1).length / good.length;
  expect(positive).toBeGreaterThan(0.4);
  expect(positive).toBeLessThan(0.75);
});

test('names of six languages', () => {
  const names = madeNames({ n: 600 });
  expect(names.classes.length).toBe(6);
  expect(new Set(names.labels).size).toBe(6);
  expect(names.texts.every((name) => /^[A-Z][a-z]+$/.test(name))).toBe(true);
});

test('tagged sentences have words with two tags', () => {
  const tagsOf = new Map<string, Set<string>>();
  for (const { words, tags } of madeTaggedSentences()) {
    expect(words.length).toBe(tags.length);
    for (const [i, word] of words.entries()) tagsOf.set(word, (tagsOf.get(word) ?? new Set()).add(tags[i]!));
  }
  expect([...tagsOf.get('light')!].sort()).toEqual(['ADJ', 'NOUN']);
  expect([...tagsOf.get('watch')!].sort()).toEqual(['NOUN', 'VERB']);
});

test('a story has sentences in lines', () => {
  const lines = madeStory({ n: 7, lineSentences: 3 }).trimEnd().split('\n');
  expect(lines.map((line) => line.match(/\./g)!.length)).toEqual([3, 3, 1]);
  expect(lines[0]).toMatch(/^[A-Z][a-z ]+\. [A-Z]/);
});

test('pairs', () => {
  for (const [word, backward] of reversals({ minLength: 2, maxLength: 4 })) {
    expect([...word].reverse().join('')).toBe(backward);
    expect(word).toMatch(/^[a-z]{2,4}$/);
  }
  expect(() => reversals({ minLength: 5, maxLength: 4 })).toThrow(
    'reversals: minLength, 5, is above maxLength, 4',
  );
  for (const [written, date] of writtenDates({ n: 200 })) {
    expect(date).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(written).toContain(date.slice(0, 4));
  }
  for (const [german, english] of madeTranslations({ n: 200 })) {
    expect(german).toMatch(/^[A-ZÄÖÜ].*\.$/);
    expect(english).toMatch(/^[A-Z].*\.$/);
    expect(english.includes('park')).toBe(german.includes('Park'));
  }
});
