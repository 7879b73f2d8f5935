import { describe, expect, test } from 'vitest';
import { parseTokenizer } from '../../../src/text/index.js';
import { endlessPart } from '../../../src/text/tokenizers/file/patterns.js';
import { Tokenizer as Library } from '../../../src/third-party/hugging-face.js';
import { corpus, fileOf, trained } from './trained.js';

describe.each(trained)('%s', (_, tokenizer) => {
  const json = JSON.stringify(tokenizer);

  test("gives the numbers that Hugging Face's library gives", () => {
    const unknown = tokenizer.specialTokens.has('<unk>') ? { unk_token: '<unk>' } : {};
    const library = new Library(JSON.parse(json), { clean_up_tokenization_spaces: false, ...unknown });
    const texts = [
      ...corpus,
      'Lower prices, unheard-of  and new: 20,000 cafés!?',
      'they say\nso; ß漢 x👍🏽 end',
      '',
      ' leading and trailing ',
      'the<pad>newer</s> ',
    ];
    for (const text of texts) {
      const ours = tokenizer.encode(text);
      const theirs = library.encode(text);
      expect([...ours.ids], text).toEqual(theirs.ids);
      if (theirs.ids.length > 0)
        expect(tokenizer.decode(ours.ids), text).toBe(
          library.decode(theirs.ids, { skip_special_tokens: true }),
        );
    }
  });
});

describe("files that Hugging Face's library runs", () => {
  const sequence = (...normalizers: object[]): object => ({ type: 'Sequence', normalizers });

  test('know where tokens stand, whatever normalization did', async () => {
    const vocab = {
      '[UNK]': 0,
      'd\u0061\u0073': 1,
      cafe: 2,
      strasse: 3,
      fi: 4,
      '##ne': 5,
      '[MASK]': 6,
      '!': 7,
    };
    const tokenizer = await parseTokenizer(
      fileOf(
        { type: 'WordPiece', vocab, unk_token: '[UNK]', continuing_subword_prefix: '##' },
        {
          normalizer: sequence({ type: 'NFKD' }, { type: 'StripAccents' }, { type: 'Lowercase' }),
          pre_tokenizer: { type: 'BertPreTokenizer' },
          decoder: { type: 'WordPiece', prefix: '##', cleanup: false },
          added_tokens: [{ id: 6, content: '[MASK]', special: true, lstrip: true }],
        },
      ),
    );
    const text = 'Das CAFÉ, ﬁne [MASK]!';
    const { tokens, offsets } = tokenizer.encode(text);
    expect(tokens).toEqual(['das', 'cafe', '[UNK]', 'fi', '##ne', '[MASK]', '!']);
    expect(offsets.map(([from, to]) => text.slice(from, to))).toEqual([
      'Das',
      'CAFÉ',
      '',
      'ﬁ',
      'ne',
      '[MASK]',
      '!',
    ]);
    expect(tokenizer.encode('[MASK]', { specialTokens: 'text' }).tokens).toEqual(['[UNK]', '[UNK]', '[UNK]']);
    expect(tokenizer.decode(tokenizer.encode(text).ids)).toBe('das cafe [UNK] fine !');
    expect(JSON.parse(JSON.stringify(tokenizer)).model.vocab).toEqual(vocab);
  });

  test('split by their own expressions, and fall back to bytes', async () => {
    const [, ours] = trained[0]!;
    const file = JSON.parse(JSON.stringify(ours));
    const split = {
      type: 'Split',
      pattern: { Regex: '(?i:\\p{L}+)|\\p{N}{1,2}| ' },
      behavior: 'Isolated',
      invert: false,
    };
    const byteLevel = { type: 'ByteLevel', add_prefix_space: false, use_regex: false };
    const tokenizer = await parseTokenizer(
      JSON.stringify({ ...file, pre_tokenizer: { type: 'Sequence', pretokenizers: [split, byteLevel] } }),
    );
    expect(tokenizer.constructor).not.toBe(ours.constructor);
    const text = 'the 1234 👍 größer';
    const encoding = tokenizer.encode(text);
    expect(tokenizer.decode(encoding.ids)).toBe(text);
    expect(encoding.tokens[0]).toBe('<s>');
    expect(encoding.offsets[0]).toEqual([0, 0]);
    expect(encoding.offsets[1]).toEqual([0, encoding.tokens[1] === 'the' ? 3 : 1]);
    const thumb = text.indexOf('👍');
    expect(
      encoding.offsets.filter(([from, to]) => from === thumb && to === thumb + 2).length,
    ).toBeGreaterThan(0);

    const bytes = Object.fromEntries(
      Array.from({ length: 256 }, (_, i) => [`<0x${i.toString(16).toUpperCase().padStart(2, '0')}>`, i + 3]),
    );
    const llama = await parseTokenizer(
      fileOf(
        {
          type: 'BPE',
          vocab: { '<unk>': 0, '▁': 1, a: 2, ...bytes, '▁a': 300 },
          merges: ['▁ a'],
          byte_fallback: true,
          unk_token: '<unk>',
          fuse_unk: true,
        },
        {
          normalizer: sequence(
            { type: 'Prepend', prepend: '▁' },
            { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
          ),
          decoder: {
            type: 'Sequence',
            decoders: [
              { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
              { type: 'ByteFallback' },
              { type: 'Fuse' },
              { type: 'Strip', content: ' ', start: 1, stop: 0 },
            ],
          },
        },
      ),
    );
    const back = llama.encode('a é a');
    expect(back.tokens).toEqual(['▁a', '▁', '<0xC3>', '<0xA9>', '▁a']);
    expect(back.offsets.slice(2)).toEqual([
      [2, 3],
      [2, 3],
      [4, 5],
    ]);
    expect(llama.decode(back.ids)).toBe('a é a');
    expect(llama.encode('').length).toBeLessThanOrEqual(1);
  });
});

describe('hostile files', () => {
  const words = { type: 'WordLevel', vocab: { a: 0, '<unk>': 1 }, unk_token: '<unk>' };
  const refused: readonly (readonly [what: string, json: string, message: string])[] = [
    [
      'an unknown part',
      fileOf(words, { normalizer: { type: 'Magic' } }),
      "the file can't be run: Unknown Normalizer type: Magic",
    ],
    [
      'an expression that is none',
      fileOf(words, { pre_tokenizer: { type: 'Split', pattern: { Regex: '(' }, behavior: 'Isolated' } }),
      "the file can't be run: ",
    ],
    [
      'pieces without end',
      fileOf(words, { pre_tokenizer: { type: 'FixedLength', length: 0 } }),
      'pre_tokenizer.length must be a whole number of at least 1',
    ],
    [
      'pieces without end, within',
      fileOf(words, {
        pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'FixedLength', length: -1 }] },
      }),
      'pre_tokenizer.pretokenizers[0].length must be a whole number of at least 1',
    ],
    [
      'a pattern of no kind',
      fileOf(words, { pre_tokenizer: { type: 'Split', pattern: { Glob: '*' }, behavior: 'Isolated' } }),
      'pre_tokenizer.pattern has no String',
    ],
    [
      'a split without a pattern',
      fileOf(words, { pre_tokenizer: { type: 'Split', behavior: 'Isolated' } }),
      'pre_tokenizer has no pattern',
    ],
    [
      'an expression that would never end',
      fileOf(words, { pre_tokenizer: { type: 'Split', pattern: { Regex: '(a+)+$' }, behavior: 'Isolated' } }),
      'pre_tokenizer.pattern.Regex repeats (a+)+, which can match one text in many ways: that could take forever',
    ],
  ];

  test.each(refused)('with %s are refused', async (_, json, message) => {
    const error = await parseTokenizer(json).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ name: 'FileFormatError', file: 'tokenizer.json' });
    expect((error as Error).message).toContain(message);
  });
});

describe('patterns that could take forever', () => {
  test.each([
    ['(a+)+$', '(a+)+'],
    ['x(?:a|a)*y', '(?:a|a)*'],
    ['(a|aa)+', '(a|aa)+'],
    ['(.|\\s)*', '(.|\\s)*'],
    ['((?:ab)*c?){2,}', '((?:ab)*c?){2,}'],
    ['(\\p{L}+|b)*?', '(\\p{L}+|b)*?'],
    ['(?<w>a{1,3}){9}', '(?<w>a{1,3}){9}'],
    ['(a|)+', '(a|)+'],
  ])('%s repeats %s', (pattern, part) => {
    expect(endlessPart(pattern)).toBe(part);
  });

  test.each([
    // GPT-2, Qwen and GPT-4, BLOOM, DeepSeek
    "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+",
    ' ?[^(\\s|[.,!?…。，、।۔،])]+',
    '\\s?[A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿ]+|[^)(+*]*',
    '(?:ab|cd)+',
    '(?:[ab]c){3,}',
    '(a+){3}',
    '\\(a+\\)+',
    '[(a+)]+',
    'a)+',
    '(',
    '[a',
    '\\',
    'a{,3}{',
  ])('%s is none of them', (pattern) => {
    expect(endlessPart(pattern)).toBeNull();
  });
});
