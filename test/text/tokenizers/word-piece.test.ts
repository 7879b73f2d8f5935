import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WordPiece } from '../../../src/text/index.js';
import { anyText } from './any-text.js';
import { countedWords, naiveMerges } from './naive.js';

const corpus = ['low lower lowest', 'new newer newest wide wider widest', 'unlikely, unlucky, unwise!'];
const tokenizer = await WordPiece.train(corpus, { vocabSize: 80, minFrequency: 1 });

describe('training', () => {
  test('merges what a trainer that counts everything anew merges', async () => {
    const texts = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' '), maxLength: 24 }), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(texts, async (given) => {
        fc.pre(given.some((text) => text.trim() !== ''));
        const ours = await WordPiece.train(given, { vocabSize: 24, minFrequency: 1 });
        const words = countedWords(given, (text) => text.match(/\S+/g) ?? []).map(({ symbols, count }) => ({
          symbols: symbols.map((char, place) => (place === 0 ? char : `##${char}`)),
          count,
        }));
        const chars = [...new Set(given.join('').replaceAll(' ', ''))].sort();
        const alphabet = ['[UNK]', ...chars, ...chars.map((char) => `##${char}`)];
        const join = (a: string, b: string): string => a + b.slice(2);
        const merges = naiveMerges(words, alphabet, { vocabSize: 24, minFrequency: 1, join });
        const tokens = new Set([...alphabet, ...merges.map(([a, b]) => join(a, b))]);
        expect(Array.from({ length: ours.vocabSize }, (_, id) => ours.idToToken(id))).toEqual([...tokens]);
      }),
      { numRuns: 100 },
    );
  });

  test('leaves rare characters out', async () => {
    const rare = await WordPiece.train(['abc abc abq'], { limitAlphabet: 3, vocabSize: 20 });
    expect(rare.encode('abc abq').tokens).toEqual(['abc', '[UNK]']);
    await expect(WordPiece.train(['abc'], { vocabSize: 6 })).rejects.toThrow(
      'WordPiece.train: vocabSize is 6, but the characters and the special tokens alone take 7\n  hint: limitAlphabet keeps fewer characters',
    );
  });
});

describe('encoding', () => {
  test('takes the longest token each time', () => {
    const text = 'Lower newest unlikeliest';
    const { tokens, offsets } = tokenizer.encode(text);
    const parts = tokens.map((piece) => piece.replace(/^##/, ''));
    expect(parts.join('')).toBe(text.toLowerCase().replaceAll(' ', ''));
    expect(offsets.map(([from, to]) => text.slice(from, to).toLowerCase())).toEqual(parts);
    const starts = tokens.filter((piece) => !piece.startsWith('##'));
    expect(starts.length).toBe(3);
  });

  test('a word with an unknown character, or of more than 100, is unknown', () => {
    const text = `low ß漢low ${'low'.repeat(40)} ${'low'.repeat(33)}`;
    const { tokens, offsets } = tokenizer.encode(text);
    expect(tokens.slice(0, 5)).toEqual(['low', '[UNK]', '[UNK]', 'low', '[UNK]']);
    const places = offsets.slice(0, 5).map(([from, to]) => text.slice(from, to));
    expect(places).toEqual(['low', 'ß', '漢', 'low', 'low'.repeat(40)]);
    expect(tokens.slice(5)).not.toContain('[UNK]');
  });

  test('control characters vanish, white space parts words', () => {
    for (const char of ['\ufeff', '\f', '\v', '\u0085', '\u200b', '\0'])
      expect(tokenizer.encode(`low${char}er`).tokens).toEqual(['lower']);
    for (const char of [' ', '\t', '\n', '\r', '\u00a0', '\u2028', '\u3000'])
      expect(tokenizer.encode(`low${char}low`).tokens).toEqual(['low', 'low']);
  });

  test('punctuation marks are words, and decoded without a space before them', () => {
    expect(tokenizer.decode(tokenizer.encode('Low, lower!').ids)).toBe('low, lower!');
  });

  test('start and end tokens stand around', async () => {
    const bert = await WordPiece.train(corpus, {
      startTokens: ['[CLS]'],
      endTokens: ['[SEP]'],
      lowercase: false,
      minFrequency: 1,
    });
    expect(bert.encode('low').tokens).toEqual(['[CLS]', 'low', '[SEP]']);
    expect([...bert.specialTokens.keys()]).toEqual(['[UNK]', '[CLS]', '[SEP]']);
    expect(bert.unknownToken).toBe('[UNK]');
  });

  test('tokens have places in any text, in its order', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { offsets, ids } = tokenizer.encode(text, { specialTokens: 'text' });
        expect(offsets.length).toBe(ids.length);
        let end = 0;
        for (const [from, to] of offsets) {
          // Parts of a character that normalization made longer have its place.
          expect(to > from && from >= end - 2 && to >= end && to <= text.length).toBe(true);
          end = to;
        }
      }),
    );
  });
});
