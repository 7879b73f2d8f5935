import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Unigram } from '../../../src/text/index.js';
import { Lattice } from '../../../src/text/tokenizers/unigram/lattice.js';
import { Segmenter } from '../../../src/text/tokenizers/unigram/segmenter.js';
import { Vocabulary } from '../../../src/text/tokenizers/vocabulary.js';
import { nfkcNormalize } from '../../../src/text/tokenizers/words/nfkc.js';
import { anyText } from './any-text.js';

/** All ways to make a text of pieces. */
function ways(text: string, pieces: readonly string[]): string[][] {
  if (text === '') return [[]];
  return pieces
    .filter((piece) => text.startsWith(piece))
    .flatMap((piece) => ways(text.slice(piece.length), pieces).map((rest) => [piece, ...rest]));
}

const pieces = ['a', 'b', 'ab', 'ba', 'aba', 'bb', 'abab'];
const scores = [-2, -3, -2.5, -4, -3.1, -5, -4.6];
const scoreOf = (way: readonly string[]): number =>
  way.reduce((sum, piece) => sum + scores[pieces.indexOf(piece)]!, 0);
const word = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 9 });
const symbolsOf = (text: string): Int32Array => Int32Array.from(text, (char) => 'ab'.indexOf(char));
const best = (text: string): number => Math.max(...ways(text, pieces).map(scoreOf));

describe('the lattice of a word', () => {
  const lattice = new Lattice(Float64Array.from(scores), (piece) => symbolsOf(pieces[piece]!));

  test('expects pieces as all ways to make the word do', () => {
    fc.assert(
      fc.property(word, (text) => {
        const expected = new Float64Array(pieces.length);
        const total = lattice.expect(symbolsOf(text), 0, text.length, 3, expected);
        const all = ways(text, pieces);
        const sum = all.reduce((s, way) => s + Math.exp(scoreOf(way)), 0);
        expect(total).toBeCloseTo(Math.log(sum), 9);
        for (const [i, piece] of pieces.entries()) {
          const weight = all.reduce(
            (s, way) => s + Math.exp(scoreOf(way)) * way.filter((part) => part === piece).length,
            0,
          );
          expect(expected[i]).toBeCloseTo((3 * weight) / sum, 9);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('finds the best way, and the best without a piece', () => {
    fc.assert(
      fc.property(word, (text) => {
        const way: string[] = [];
        lattice.best(symbolsOf(text), 0, text.length, -1, (piece) => way.unshift(pieces[piece]!));
        expect(way.join('')).toBe(text);
        expect(scoreOf(way)).toBeCloseTo(best(text), 9);
      }),
    );
    const parts: string[] = [];
    lattice.best(symbolsOf('abab'), 0, 4, 6, (piece) => parts.unshift(pieces[piece]!));
    expect(parts).toEqual(['ab', 'ab']);
  });
});

describe('tokens of a word', () => {
  const vocabulary = new Vocabulary([['<unk>', 0], ...pieces.map((piece, i) => [piece, i + 1] as const)]);
  const segmenter = new Segmenter(vocabulary, Float64Array.of(0, ...scores), (token) => token === '<unk>', 0);
  const segment = (text: string): [string, number][] => {
    const out: [string, number][] = [];
    segmenter.segment(text, (id, units) => out.push([vocabulary.tokenOf(id)!, units]));
    return out;
  };

  test('are the most probable ones', () => {
    fc.assert(
      fc.property(word, (text) => {
        const way = segment(text).map(([token]) => token);
        expect(way.join('')).toBe(text);
        expect(scoreOf(way)).toBeCloseTo(best(text), 9);
      }),
    );
  });

  test('unknown characters in a row are one', () => {
    expect(segment('x👍ab\ud83d')).toEqual([
      ['<unk>', 3],
      ['ab', 2],
      ['<unk>', 1],
    ]);
    expect(segment('')).toEqual([]);
  });
});

describe('training', () => {
  const stems = 'low new wide fast slow tall cold warm soft hard dark kind bold calm'.split(' ');
  const corpus = stems.flatMap((stem) => ['er', 'est', 'ly', 'ness'].map((end) => `${stem}${end} the`));

  test('finds stems and endings, and probabilities that sum to 1', async () => {
    const tokenizer = await Unigram.train(corpus, { vocabSize: 45 });
    expect(tokenizer.vocabSize).toBe(39);
    expect(tokenizer.encode('lowest newly').tokens).toEqual(['▁low', 'est', '▁new', 'ly']);
    const { model } = JSON.parse(JSON.stringify(tokenizer)) as { model: { vocab: [string, number][] } };
    const sum = model.vocab.slice(1).reduce((s, [, score]) => s + Math.exp(score), 0);
    expect(sum).toBeGreaterThan(0.9);
    expect(sum).toBeLessThanOrEqual(1.001);
    expect(await Unigram.train(corpus, { vocabSize: 45 }).then(JSON.stringify as never)).toBe(
      JSON.stringify(tokenizer),
    );
  });

  test('keeps every character, if need be without longer pieces', async () => {
    const tokenizer = await Unigram.train(['abc'], { vocabSize: 100, minFrequency: 2 });
    expect(tokenizer.encode('cab').tokens).toEqual(['▁', 'c', 'a', 'b']);
    await expect(Unigram.train(['abc'], { vocabSize: 4 })).rejects.toThrow(
      'Unigram.train: vocabSize is 4, but the characters and the special tokens alone take 5\n  hint: limitAlphabet keeps fewer characters',
    );
    const long = 'x'.repeat(5000);
    expect((await Unigram.train([long, long])).decode([1, 1])).toMatch(/^x+$/);
  });

  test('gives back normalized text, and knows where tokens stand', async () => {
    const texts = ['ﬁne ²', 'fine 2 Å é', ...corpus];
    const tokenizer = await Unigram.train(texts, { vocabSize: 60, minFrequency: 1 });
    const text = 'ﬁne Å  e\u0301²';
    const { ids, tokens, offsets } = tokenizer.encode(text);
    expect(tokenizer.decode(ids)).toBe('fine Å  é2');
    expect(offsets[0]![0]).toBe(0);
    expect(offsets.at(-1)![1]).toBe(text.length);
    for (const [i, piece] of tokens.entries()) {
      const part = text.slice(...offsets[i]!).normalize('NFKC');
      expect(`▁${part.replaceAll(' ', '▁')}`).toContain(piece);
    }
  });

  test('of any text gives any text back in its form NFKC', () =>
    fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        fc.pre(text !== '');
        const tokenizer = await Unigram.train([text], { minFrequency: 1, limitAlphabet: 5000 });
        const { ids, offsets } = tokenizer.encode(text, { specialTokens: 'text' });
        const plain = text.normalize('NFKC').replaceAll('▁', ' ');
        expect(tokenizer.decode(ids)).toBe(plain.replace(/^ /, ''));
        for (const [from, to] of offsets) expect(from <= to && from >= 0 && to <= text.length).toBe(true);
      }),
    ));
});

test('NFKC by pieces is NFKC of the whole', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const aligned = nfkcNormalize(text, 0, text.length);
      expect(aligned.text).toBe(text.normalize('NFKC'));
      for (let i = 0; i < aligned.text.length; i++)
        expect(aligned.startOf(i)).toBeLessThan(aligned.endOf(i + 1));
    }),
    { numRuns: 2000 },
  );
});
