import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteLevelBPE } from '../../../src/text/index.js';
import { alphabet, fromChars, toChars } from '../../../src/text/tokenizers/bpe/bytes.js';
import { MergeTable } from '../../../src/text/tokenizers/bpe/merge-table.js';
import { endOfWord } from '../../../src/text/tokenizers/bpe/scan-words.js';
import { anyText, wellFormed } from './any-text.js';
import { countedWords, naiveEncode, naiveMerges, wordExpression } from './naive.js';

const corpus = [
  'the lower the newer, the newest and the widest',
  'it\'s the lowest; they\'ll say "größer" in 1999 or 2001 👍👍🏽',
  'naïve café  \r\n\r\n tabs\tand   spaces',
];
const tokenizer = await ByteLevelBPE.train(corpus, {
  vocabSize: 320,
  minFrequency: 2,
  specialTokens: ['<s>'],
});

describe('words', () => {
  const split = (text: string): string[] => {
    const words: string[] = [];
    for (let at = 0; at < text.length; ) {
      const end = endOfWord(text, at, text.length);
      words.push(text.slice(at, end));
      at = end;
    }
    return words;
  };

  test('are those of the expression', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(split(text)).toEqual(text.match(wordExpression) ?? []);
      }),
      { numRuns: 1000 },
    );
  });

  test('end where the text ends, be it within a character', () => {
    expect(endOfWord('ab👍', 0, 3)).toBe(2);
    expect(endOfWord('a👍', 1, 2)).toBe(2);
    expect(endOfWord("'ll", 0, 2)).toBe(1);
    expect(endOfWord('a  b', 1, 3)).toBe(3);
  });
});

test('characters stand for bytes', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  expect(fromChars(toChars(bytes))).toEqual(bytes);
  expect(toChars(new TextEncoder().encode(' a\n'))).toBe('ĠaĊ');
  expect(fromChars('a b')).toBeNull();
  expect(fromChars('漢')).toBeNull();
  expect([alphabet[0], alphabet[93], alphabet[255]]).toEqual([0x21, 0x7e, 0xad]);
});

describe('training', () => {
  const chars = alphabet.map((byte) => toChars(Uint8Array.of(byte)));
  const words = (texts: readonly string[]) =>
    countedWords(texts, (text) =>
      (text.match(wordExpression) ?? []).map((word) => toChars(new TextEncoder().encode(word))),
    );

  test('merges what a trainer that counts everything anew merges', async () => {
    const texts = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' '), maxLength: 30 }), {
      minLength: 1,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({ min: 1, max: 3 }), async (given, minFrequency) => {
        fc.pre(given.some((text) => text !== ''));
        const { model } = JSON.parse(
          JSON.stringify(await ByteLevelBPE.train(given, { vocabSize: 280, minFrequency })),
        ) as { model: { merges: string[] } };
        const naive = naiveMerges(words(given), chars, {
          vocabSize: 280,
          minFrequency,
          join: (a, b) => a + b,
        });
        expect(model.merges).toEqual(naive.map(([a, b]) => `${a} ${b}`));
      }),
      { numRuns: 150 },
    );
  });

  test('gives special tokens the first numbers, then bytes, then merges', async () => {
    expect(tokenizer.idToToken(0)).toBe('<s>');
    expect(tokenizer.idToToken(1)).toBe('!');
    expect(tokenizer.idToToken(257)).toBe('he');
    expect(tokenizer.tokenToId('he')).toBe(257);
    expect(tokenizer.tokenToId('nothing')).toBeUndefined();
    expect([...tokenizer.specialTokens]).toEqual([['<s>', 0]]);
  });

  test('stops where no pair is frequent enough', async () => {
    const { vocabSize } = await ByteLevelBPE.train(['ab ab cd'], { vocabSize: 1000, minFrequency: 2 });
    expect(vocabSize).toBe(257);
    expect((await ByteLevelBPE.train(['ab'], { vocabSize: 1000, minFrequency: 1 })).vocabSize).toBe(257);
  });

  test('streams its texts, and says how far it is', async () => {
    async function* stream() {
      for (const text of corpus) yield text;
    }
    const streamed = await ByteLevelBPE.train(stream(), { vocabSize: 320, specialTokens: ['<s>'] });
    expect(JSON.stringify(streamed)).toBe(JSON.stringify(tokenizer));
    const stages = new Set<string>();
    const long = Array.from(
      { length: 400 },
      (_, i) => `${'lorem ipsum '.repeat(1000)}${(i * 7919).toString(36)}`,
    );
    await ByteLevelBPE.train(long, {
      vocabSize: 700,
      minFrequency: 1,
      onProgress: ({ stage }) => stages.add(stage),
    });
    expect([...stages]).toEqual(['count', 'merge']);
  });

  test('refuses what it cannot learn from', async () => {
    const train = (texts: unknown, options?: object) => ByteLevelBPE.train(texts as string[], options);
    await expect(train([])).rejects.toThrow(
      'ByteLevelBPE.train: the texts have no words to learn from: there are 0 texts, and 0 characters',
    );
    await expect(train([''])).rejects.toThrow('there is 1 text, and 0 characters');
    await expect(train('abc')).rejects.toThrow(
      "texts must be a list of strings, or yield strings, got 'abc'\n  hint: one text is a list, too: [text]",
    );
    await expect(train(3)).rejects.toThrow('texts must be a list of strings, or yield strings, got 3');
    await expect(train(['a', 3])).rejects.toThrow('texts[1] must be a string, got 3');
    await expect(train(['a'], { vocabSize: 100 })).rejects.toThrow(
      'vocabSize is 100, but the 256 bytes and the special tokens alone take 256',
    );
    await expect(train(['a'], { specialTokens: ['Ġ'] })).rejects.toThrow(
      "the special token 'Ġ' is the token of a byte",
    );
    await expect(train(['a'], { specialTokens: [''] })).rejects.toThrow(
      'specialTokens must be a list in which each is a string that is not empty',
    );
    await expect(train(['a'], { vocabSize: 1e9 })).rejects.toThrow('vocabSize must be a whole number');
    await expect(train(['a'], { vocab: 3 })).rejects.toThrow("there's no option 'vocab'");
  });
});

describe('encoding', () => {
  test('merges words as the definition says, short and long ones', () => {
    const merges = [
      ['a', 'b'],
      ['ab', 'a'],
      ['b', 'b'],
      ['a', 'a'],
      ['aa', 'aa'],
      ['ab', 'ab'],
      ['aba', 'bb'],
    ] as const;
    const tokens = ['a', 'b', ...merges.map((pair) => pair.join(''))];
    const table = new MergeTable();
    for (const [left, right] of merges)
      table.add(tokens.indexOf(left), tokens.indexOf(right), tokens.indexOf(left + right));
    const word = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 120 });
    fc.assert(
      fc.property(word, (text) => {
        const symbols = Int32Array.from(text, (char) => tokens.indexOf(char));
        const length = table.apply(symbols, symbols.length);
        expect(Array.from(symbols.subarray(0, length), (i) => tokens[i])).toEqual(
          naiveEncode([...text], merges),
        );
      }),
      { numRuns: 300 },
    );
  });

  test('gives every text back', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        for (const specialTokens of ['text', 'tokens'] as const) {
          const { ids } = tokenizer.encode(text, { specialTokens });
          expect(tokenizer.decode(ids, { skipSpecialTokens: false })).toBe(wellFormed(text));
        }
      }),
      { numRuns: 500 },
    );
  });

  test('gives any bytes back, UTF-8 or not', () => {
    const bytes = fc.uint8Array({ maxLength: 40 });
    const broken = fc.tuple(anyText, bytes, anyText).map(([a, b, c]) => {
      const utf8 = new TextEncoder();
      return Uint8Array.of(...utf8.encode(a), ...b, ...utf8.encode(c).subarray(1));
    });
    fc.assert(
      fc.property(fc.oneof(bytes, broken), (given) => {
        expect(tokenizer.decodeBytes(tokenizer.encodeBytes(given))).toEqual(given);
      }),
      { numRuns: 500 },
    );
    const text = 'größer 👍\r\n';
    expect(tokenizer.encodeBytes(new TextEncoder().encode(text))).toEqual(tokenizer.encode(text).ids);
  });

  test('knows where each token stands', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { offsets, ids } = tokenizer.encode(text);
        expect(offsets.length).toBe(ids.length);
        let end = 0;
        for (const [i, [from, to]] of offsets.entries()) {
          expect(from <= end && from < to).toBe(true);
          const whole = new TextDecoder('utf-8', { ignoreBOM: true }).decode(
            tokenizer.decodeBytes(ids.subarray(i, i + 1)),
          );
          if (!whole.includes('\ufffd')) expect(text.slice(from, to)).toBe(whole);
          end = to;
        }
        expect(end).toBe(text.length);
      }),
      { numRuns: 300 },
    );
  });

  test('parts of a character all have its place', async () => {
    const bytes = await ByteLevelBPE.train(['x'], { vocabSize: 256 });
    const { tokens, offsets } = bytes.encode('a👍é');
    expect(tokens.map((token, i) => [token, ...offsets[i]!])).toEqual([
      ['a', 0, 1],
      ['ð', 1, 3],
      ['Ł', 1, 3],
      ['ĳ', 1, 3],
      ['į', 1, 3],
      ['Ã', 3, 4],
      ['©', 3, 4],
    ]);
  });

  test('special tokens in the text are tokens, or text', () => {
    expect(tokenizer.encode('a<s>b').tokens).toEqual(['a', '<s>', 'b']);
    expect(tokenizer.encode('a<s>b').offsets).toEqual([
      [0, 1],
      [1, 4],
      [4, 5],
    ]);
    expect(tokenizer.encode('<s>', { specialTokens: 'text' }).tokens).toEqual(['<', 's', '>']);
    expect(tokenizer.decode(tokenizer.encode('a<s>b').ids)).toBe('ab');
    expect(tokenizer.decode(tokenizer.encode('a<s>b').ids, { skipSpecialTokens: false })).toBe('a<s>b');
  });

  test('puts start and end tokens around a text, and a space before it if asked to', async () => {
    const framed = await ByteLevelBPE.train(corpus, {
      vocabSize: 300,
      startTokens: ['<s>'],
      endTokens: ['</s>'],
      addPrefixSpace: true,
    });
    const { tokens, offsets } = framed.encode('the');
    expect(tokens).toEqual(['<s>', 'Ġthe', '</s>']);
    expect(offsets).toEqual([
      [0, 0],
      [0, 3],
      [3, 3],
    ]);
    expect([...framed.encode('the', { addSpecialTokens: false }).ids]).toEqual([framed.tokenToId('Ġthe')]);
    expect(framed.encode('').tokens).toEqual(['<s>', '</s>']);
    expect(framed.encode(' the').tokens).toEqual(['<s>', 'Ġthe', '</s>']);
    expect(framed.encode(' the').offsets[1]).toEqual([0, 4]);
  });

  test('an empty text has no tokens, a batch as many as texts', () => {
    expect(tokenizer.encode('').length).toBe(0);
    expect(tokenizer.encode('').offsets).toEqual([]);
    expect(tokenizer.decode([])).toBe('');
    expect(tokenizer.encodeBatch(['the', '']).map(({ length }) => length)).toEqual([1, 0]);
    expect(tokenizer.encodeBatch([])).toEqual([]);
  });

  test('a word of a million letters takes no time', () => {
    const start = performance.now();
    expect(tokenizer.encode('a'.repeat(1e6)).length).toBeGreaterThan(1);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  test("refuses what isn't text, and ids without a token", () => {
    expect(() => tokenizer.encode(3 as never)).toThrow('encode: text must be a string, got 3');
    expect(() => tokenizer.encode('a', { special: 1 } as never)).toThrow(
      "encode: there's no option 'special'",
    );
    expect(() => tokenizer.encodeBatch(['a', null as never])).toThrow(
      'encodeBatch: texts[1] must be a string, got null',
    );
    expect(() => tokenizer.decode([0, 1e9])).toThrow(
      `decode: ids[1] is 1000000000, which isn't a token's number; they go from 0 to ${tokenizer.vocabSize - 1}`,
    );
    expect(() => tokenizer.decode([-1])).toThrow("ids[0] is -1, which isn't a token's number");
    expect(() => tokenizer.decode([0.5])).toThrow("ids[0] is 0.5, which isn't a token's number");
    expect(() => tokenizer.decodeBytes([NaN])).toThrow(
      "decodeBytes: ids[0] is NaN, which isn't a token's number",
    );
    expect(() => tokenizer.decodeBytes(null as never)).toThrow(
      'decodeBytes: ids must be a list of numbers, got null',
    );
    expect(() => tokenizer.decode('1' as never)).toThrow("decode: ids must be a list of numbers, got '1'");
    expect(() => tokenizer.encodeBytes('a' as never)).toThrow(
      "encodeBytes: bytes must be bytes, a Uint8Array, got 'a'",
    );
  });
});

describe('tokens by rank', () => {
  const bytes = Array.from({ length: 256 }, (_, byte) => [byte]);

  test('make merges of the tokens before them', () => {
    const ranked = ByteLevelBPE.fromRanks([...bytes, 'th', [0xf0, 0x9f], 'the', undefined, 'they'], {
      '<|end|>': 259,
    });
    expect([...ranked.encode('they<|end|>').ids]).toEqual([260, 259]);
    expect(ranked.decode(ranked.encode('👍').ids)).toBe('👍');
    expect(ranked.vocabSize).toBe(261);
  });

  test('that make no tokenizer are refused', () => {
    const from = (ranks: unknown, special?: object) => () =>
      ByteLevelBPE.fromRanks(ranks as string[], special as never);
    expect(from(3)).toThrow('ByteLevelBPE.fromRanks: ranks must be a list, got 3');
    expect(from(bytes.slice(1))).toThrow('ranks have no token for the byte 0');
    expect(from([...bytes, 'abc'])).toThrow("ranks[256], 'abc', isn't made of two tokens before it");
    expect(from([...bytes, 'ab', 'ab'])).toThrow("ranks[257], 'ab', isn't made of two tokens before it");
    expect(from([...bytes, [300]])).toThrow('ranks[256] must be a string or a list of bytes, got [300]');
    expect(from(bytes, { '<s>': 3 })).toThrow(
      "specialTokens['<s>'] is 3: that number is taken, or too large",
    );
    expect(from(bytes, { '<s>': 1e9 })).toThrow(
      "specialTokens['<s>'] is 1000000000: that number is taken, or too large",
    );
    expect(from(bytes, { '<s>': -1 })).toThrow(
      "specialTokens['<s>'] must be a whole number of at least 0, got -1",
    );
  });
});
