import { describe, expect, test } from 'vitest';
import { bleuTokenizers } from '../../../src/text/bleu/tokenize.js';
import { corpusBleu, sentenceBleu } from '../../../src/text/index.js';

test.each([
  ['Hello, world!', 'Hello , world !'],
  ["It's 3.5 or 1,000 - right?", "It's 3.5 or 1,000 - right ?"],
  ['in 1990-95, co-op.', 'in 1990 - 95 , co-op .'],
  ['a,5 5,a 5. .5', 'a , 5 5 , a 5 . . 5'],
  ['&quot;x&quot; &amp; &lt;y&gt;', '" x " & < y >'],
  ['(a/b) {c}~ [d]_ e@f #1 $2 50%', '( a / b ) { c } ~ [ d ] _ e @ f # 1 $ 2 50 %'],
  ['über naïve 日本。', 'über naïve 日本。'],
  ['  spaced \t out ', 'spaced out'],
  ['<skipped>a-\nb\nc', 'ab c'],
  ['', ''],
])('13a: %s', (line, wanted) => {
  expect(bleuTokenizers['13a'](line).join(' ')).toBe(wanted);
});

describe('corpusBleu', () => {
  test('counted by hand', () => {
    // the cat is on the mat / the cat sat on the mat: 5 of 6 words, 3 of 5 pairs, 1 of 4 triples, 0 of 3 quadruples.
    const bleu = corpusBleu(['the cat is on the mat'], ['the cat sat on the mat']);
    expect(bleu.counts).toEqual([5, 3, 1, 0]);
    expect(bleu.totals).toEqual([6, 5, 4, 3]);
    expect(bleu.precisions).toEqual([500 / 6, 60, 25, 100 / 6]);
    expect([bleu.brevityPenalty, bleu.length, bleu.referenceLength]).toEqual([1, 6, 6]);
    expect(bleu.score).toBeCloseTo(100 * (((((((5 / 6) * 3) / 5) * 1) / 4) * 1) / 6) ** 0.25, 10);
  });

  test('counts are clipped by the reference (Papineni et al. 2002, example 2)', () => {
    const bleu = corpusBleu(
      ['the the the the the the the'],
      [['the cat is on the mat', 'there is a cat on the mat']],
    );
    expect([bleu.counts[0], bleu.totals[0]]).toEqual([2, 7]);
    // 7 tokens: the second reference is as long.
    expect(bleu.referenceLength).toBe(7);
  });

  test('over a corpus counts are added, not scores', () => {
    const bleu = corpusBleu(['a b c d e', 'x y'], ['a b c d e', 'x z']);
    expect([bleu.counts, bleu.totals]).toEqual([
      [6, 4, 3, 2],
      [7, 5, 3, 2],
    ]);
    expect(bleu.score).toBeCloseTo(100 * (((6 / 7) * 4) / 5) ** 0.25, 10);
  });

  test('brevity penalty, and the nearest reference, the shorter of two', () => {
    const short = corpusBleu(['a b c d'], ['a b c d e f']);
    expect(short.brevityPenalty).toBeCloseTo(Math.exp(1 - 6 / 4), 12);
    expect(short.score).toBeCloseTo(100 * Math.exp(-0.5), 10);
    expect(corpusBleu(['a b c'], [['a b', 'a b c d']]).referenceLength).toBe(2);
    expect(corpusBleu(['a b c'], [['a b c d', 'a']]).referenceLength).toBe(4);
    expect(corpusBleu([''], ['a']).brevityPenalty).toBe(0);
  });

  test('smoothing', () => {
    const score = (options: object) => corpusBleu(['a b c d'], ['a b x d'], options).precisions;
    // 3 of 4, 1 of 3, 0 of 2, 0 of 1.
    expect(score({})).toEqual([75, 100 / 3, 100 / 4, 100 / 4]);
    expect(score({ smoothMethod: 'floor' })).toEqual([75, 100 / 3, 5, 10]);
    expect(score({ smoothMethod: 'floor', smoothValue: 0.5 })).toEqual([75, 100 / 3, 25, 50]);
    expect(score({ smoothMethod: 'add-k' })).toEqual([75, 50, 100 / 3, 50]);
    expect(score({ smoothMethod: 'none' })).toEqual([75, 100 / 3, 0, 0]);
    expect(corpusBleu(['a b c d'], ['a b x d'], { smoothMethod: 'none' }).score).toBe(0);
    expect(corpusBleu(['a b'], ['x y']).score).toBe(0);
  });

  test('options', () => {
    expect(corpusBleu(['The Cat'], ['the cat'], { maxNgramOrder: 2 }).score).toBe(0);
    expect(corpusBleu(['The Cat'], ['the cat'], { maxNgramOrder: 2, lowercase: true }).score).toBeCloseTo(
      100,
      10,
    );
    expect(corpusBleu(['a,b'], ['a, b'], { tokenize: 'none' }).counts[0]).toBe(0);
    expect(corpusBleu(['ab c'], ['a bc'], { tokenize: 'char' }).counts).toEqual([3, 2, 1, 0]);
    // A corpus of short texts has no 4-grams: 0, unless the order is effective.
    expect(corpusBleu(['a b c'], ['a b c']).score).toBe(0);
    expect(corpusBleu(['a b c'], ['a b c'], { effectiveOrder: true }).score).toBeCloseTo(100, 10);
  });

  test('errors', () => {
    expect(() => corpusBleu([], [])).toThrow('corpusBleu: there are no translations');
    expect(() => corpusBleu(['a'], ['a', 'b'])).toThrow(
      'corpusBleu: got 1 translation, but references for 2',
    );
    expect(() => corpusBleu(['a'], [[]])).toThrow('corpusBleu: translation 0 has no reference');
    expect(() => corpusBleu([3 as never], ['a'])).toThrow(
      'corpusBleu: translation 0 must be a string, got 3',
    );
    expect(() => corpusBleu(['a'], [[3 as never]])).toThrow(
      'corpusBleu: a reference of translation 0 must be a string, got 3',
    );
    expect(() => corpusBleu(['a'], [new Array(2)])).toThrow(/a reference of translation 0 must be a string/);
    expect(() => corpusBleu(['a'], new Array(1))).toThrow(/references\[0\] must be a list/);
    expect(() => corpusBleu(['a'], ['a'], { tokenize: '14a' as never })).toThrow(/did you mean '13a'/);
  });
});

test('sentenceBleu leaves out orders that a text is too short for', () => {
  expect(sentenceBleu('a b c', 'a b c').score).toBe(100);
  expect(corpusBleu(['a b c d e', 'f g h i'], ['a b c d e', 'f g h i']).score).toBe(100);
  expect(sentenceBleu('a b c', ['x', 'a b c']).score).toBeCloseTo(100, 10);
  expect(sentenceBleu('a b c', 'a b c', { effectiveOrder: false }).score).toBe(0);
  expect(() => sentenceBleu('a', [])).toThrow("sentenceBleu: there's no reference");
});
