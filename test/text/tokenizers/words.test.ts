import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CharTokenizer, type Encoding, WordTokenizer } from '../../../src/text/index.js';
import { anyText } from './any-text.js';

/** The parts of a text that tokens stand for. */
const places = (text: string, { offsets }: Encoding): string[] =>
  offsets.map(([from, to]) => text.slice(from, to));

describe('words', () => {
  test('are split at white space and punctuation, and numbered by frequency', async () => {
    const tokenizer = await WordTokenizer.train(["Don't panic, don't!", 'panic  now']);
    expect([...Array(tokenizer.vocabSize).keys()].map((id) => tokenizer.idToToken(id))).toEqual([
      '<unk>',
      "'",
      'panic',
      't',
      '!',
      ',',
      'Don',
      'don',
      'now',
    ]);
    const text = 'Now, panic!';
    const encoding = tokenizer.encode(text);
    expect(encoding.tokens).toEqual(['<unk>', ',', 'panic', '!']);
    expect(places(text, encoding)).toEqual(['Now', ',', 'panic', '!']);
    expect(tokenizer.decode(encoding.ids)).toBe(', panic !');
    expect(tokenizer.decode(encoding.ids, { skipSpecialTokens: false })).toBe('<unk> , panic !');
  });

  test('keep their marks if they end at white space alone', async () => {
    const tokenizer = await WordTokenizer.train(["do n't <unk> , it"], {
      split: 'whitespace',
      endTokens: ['<eos>'],
    });
    expect(tokenizer.encode("do n't <unk> , they").tokens).toEqual([
      'do',
      "n't",
      '<unk>',
      ',',
      '<unk>',
      '<eos>',
    ]);
  });

  test('are lowercased and lose their accents, and keep their places', async () => {
    const tokenizer = await WordTokenizer.train(['cafe strasse istanbul οδοσ'], {
      lowercase: true,
      stripAccents: true,
    });
    const text = 'CAFÉ Cafe\u0301 İstanbul ΟΔΟΣ';
    const encoding = tokenizer.encode(text);
    expect(encoding.tokens).toEqual(['cafe', 'cafe', 'istanbul', 'οδοσ']);
    expect(places(text, encoding)).toEqual(['CAFÉ', 'Cafe', 'İstanbul', 'ΟΔΟΣ']);
  });

  test('are bounded in number and frequency', async () => {
    const texts = ['a a a b b c'];
    expect((await WordTokenizer.train(texts, { vocabSize: 3 })).encode('a b c').tokens).toEqual([
      'a',
      'b',
      '<unk>',
    ]);
    const { vocabSize } = await WordTokenizer.train(texts, { minFrequency: 2, unknownToken: null });
    expect(vocabSize).toBe(2);
  });

  test('that are no tokens are an error, if asked for', async () => {
    const tokenizer = await WordTokenizer.train(['a b'], { unknownToken: null });
    expect(() => tokenizer.encode('a c')).toThrow(
      "encode: 'c', at character 2 of the text, isn't in the vocabulary\n  hint: train with an unknownToken",
    );
  });

  test('are named like members of objects without harm', async () => {
    const names = '__proto__ constructor toString hasOwnProperty';
    const tokenizer = await WordTokenizer.train([names], { split: 'whitespace' });
    expect(tokenizer.encode(names).tokens).toEqual(names.split(' '));
    expect(tokenizer.tokenToId('valueOf')).toBeUndefined();
    expect(tokenizer.encode('valueOf').tokens).toEqual(['<unk>']);
  });

  test('have places in any text, in its order', () =>
    WordTokenizer.train(['a b'], { lowercase: true, stripAccents: true }).then((tokenizer) =>
      fc.assert(
        fc.property(anyText, (text) => {
          let end = 0;
          for (const [from, to] of tokenizer.encode(text, { specialTokens: 'text' }).offsets) {
            expect(from >= end && to > from && to <= text.length).toBe(true);
            end = to;
          }
        }),
      ),
    ));
});

describe('characters', () => {
  test('are code points, or what readers take for characters', async () => {
    const text = 'né\u0301👩‍👩‍👧\r\n👍🏽';
    const points = await CharTokenizer.train([text], { unknownToken: null });
    expect(points.encode(text).tokens).toEqual([...text]);
    const graphemes = await CharTokenizer.train([text], { unit: 'grapheme' });
    const encoding = graphemes.encode(text);
    expect(encoding.tokens).toEqual(['n', 'é\u0301', '👩‍👩‍👧', '\r\n', '👍🏽']);
    expect(places(text, encoding)).toEqual(encoding.tokens);
    expect(graphemes.decode(encoding.ids)).toBe(text);
    expect(graphemes.encode('nö').tokens).toEqual(['n', '<unk>']);
  });

  test('give every text back, surrogates that stand alone too', () =>
    fc.assert(
      fc.asyncProperty(anyText, fc.constantFrom('codePoint', 'grapheme'), async (text, unit) => {
        fc.pre(text !== '');
        const tokenizer = await CharTokenizer.train([text], { unit, unknownToken: null });
        const { ids, offsets, tokens } = tokenizer.encode(text);
        expect(tokenizer.decode(ids)).toBe(text);
        expect(offsets.map(([from, to]) => text.slice(from, to))).toEqual(tokens);
      }),
    ));

  test('refuse new', () => {
    expect(() => new (CharTokenizer as never as new (parts: unknown) => unknown)({})).toThrow(
      "CharTokenizer: can't be made with new\n  hint: CharTokenizer.train() or text.loadTokenizer() makes one",
    );
  });

  test('refuse what they cannot learn from', async () => {
    await expect(CharTokenizer.train([''])).rejects.toThrow(
      'CharTokenizer.train: the texts have no words to learn from',
    );
    await expect(CharTokenizer.train(['a'], { unit: 'byte' as never })).rejects.toThrow(
      "CharTokenizer.train: unit must be 'codePoint' or 'grapheme', got 'byte'",
    );
    await expect(WordTokenizer.train(['a'], { unknownToken: '' })).rejects.toThrow(
      "WordTokenizer.train: unknownToken must be a string that is not empty, or null, got ''",
    );
  });
});
