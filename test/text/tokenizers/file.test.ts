import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import {
  CharTokenizer,
  loadTokenizer,
  parseTokenizer,
  saveTokenizer,
  type Tokenizer,
} from '../../../src/text/index.js';
import { anyText } from './any-text.js';
import { corpus, fileOf, trained } from './trained.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-tokenizers-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(trained)('%s', (_, tokenizer) => {
  const json = JSON.stringify(tokenizer);

  test('is read back as it was', async () => {
    const again = await parseTokenizer(json);
    expect(again.constructor).toBe(tokenizer.constructor);
    expect(JSON.stringify(again)).toBe(json);
    fc.assert(
      fc.property(anyText, (text) => {
        const [a, b] = [tokenizer.encode(text), again.encode(text)];
        expect(b.ids).toEqual(a.ids);
        expect(b.offsets).toEqual(a.offsets);
        expect(again.decode(b.ids)).toBe(tokenizer.decode(a.ids));
      }),
      { numRuns: 40 },
    );
  });
});

test('characters that readers see are read back', async () => {
  const tokenizer = await CharTokenizer.train(['👍🏽 e\u0301\r\n'], { unit: 'grapheme', unknownToken: null });
  const again = await parseTokenizer(JSON.stringify(tokenizer));
  expect(again.encode('e\u0301👍🏽').ids).toEqual(tokenizer.encode('e\u0301👍🏽').ids);
  expect(() => again.encode('x')).toThrow("'x', at character 0 of the text, isn't in the vocabulary");
});

test('files are written and read', async () => {
  const [, tokenizer] = trained[0]!;
  const path = join(folder, 'tokenizer.json');
  saveTokenizer(path, tokenizer);
  expect(readFileSync(path, 'utf8')).toBe(`${JSON.stringify(tokenizer)}\n`);
  const again = await loadTokenizer(path);
  expect(again.encode(corpus[0]!).ids).toEqual(tokenizer.encode(corpus[0]!).ids);
  await expect(loadTokenizer(join(folder, 'none.json'))).rejects.toThrow(/loadTokenizer: .*none\.json/);
  await expect(loadTokenizer('')).rejects.toThrow('loadTokenizer: path must be a path');
  expect(() => saveTokenizer(path, {} as Tokenizer)).toThrow(
    'saveTokenizer: tokenizer must be a Tokenizer, got {}',
  );
  await expect(parseTokenizer(3 as never)).rejects.toThrow(
    'parseTokenizer: json must be text or bytes, got 3',
  );
  const bytes = new TextEncoder().encode(`\ufeff${JSON.stringify(tokenizer)}`);
  expect((await parseTokenizer(bytes)).vocabSize).toBe(tokenizer.vocabSize);
});

describe('hostile files', () => {
  const bpe = { type: 'BPE', vocab: { a: 0, b: 1, ab: 2 }, merges: ['a b'] };
  const words = { type: 'WordLevel', vocab: { a: 0, '<unk>': 1 }, unk_token: '<unk>' };
  const refused: readonly (readonly [what: string, json: string, message: string | RegExp])[] = [
    ['nothing', '', 'parseTokenizer: tokenizer.json, byte 0: '],
    ['no JSON', '{"model": ', /byte 10: /],
    ['a list', '[]', 'byte 0: the file must be an object'],
    ['no model', '{}', 'byte 0: the file has no model'],
    ['a model of another type', '{"model": 3}', 'byte 10: model must be an object'],
    [
      'an unknown model',
      fileOf({ type: 'Magic', vocab: {} }),
      "model.type is 'Magic'; models are BPE, WordPiece, Unigram, WordLevel",
    ],
    ['an empty vocabulary', fileOf({ ...words, vocab: {} }), 'model.vocab is empty'],
    ['no vocabulary', fileOf({ type: 'WordLevel' }), 'model has no vocab'],
    ['a vocabulary of another type', fileOf({ ...words, vocab: ['a'] }), 'model.vocab must be an object'],
    [
      'a number that is a text',
      fileOf({ ...words, vocab: { a: '0' } }),
      'model.vocab."a" must be a finite number',
    ],
    [
      'a number below 0',
      fileOf({ ...words, vocab: { a: -1 } }),
      'model.vocab."a" is -1; numbers of tokens are whole, from 0 to 16777215',
    ],
    [
      'a huge number',
      fileOf({ ...words, vocab: { a: 1e9 } }),
      'model.vocab."a" is 1000000000; numbers of tokens are whole',
    ],
    [
      'half a number',
      fileOf({ ...words, vocab: { a: 0.5 } }),
      'model.vocab."a" is 0.5; numbers of tokens are whole',
    ],
    [
      'a number twice',
      fileOf({ ...words, vocab: { a: 0, b: 0 } }),
      `model.vocab."b" is 0, as 'a' is: two tokens have one number`,
    ],
    [
      'a token twice',
      '{"model": {"type": "WordLevel", "vocab": {"a": 0, "a": 1}}}',
      'byte 50: key "a" appears twice',
    ],
    [
      'no token for the unknown',
      fileOf({ ...words, unk_token: 'x' }),
      "model.unk_token is 'x', which isn't in the vocabulary",
    ],
    [
      'a merge of an unknown token',
      fileOf({ ...bpe, merges: ['a c'] }),
      "model.merges[0] needs the token 'c', which isn't in the vocabulary",
    ],
    [
      'a merge to an unknown token',
      fileOf({ ...bpe, merges: [['b', 'a']] }),
      "model.merges[0] needs the token 'ba', which isn't in the vocabulary",
    ],
    [
      'a merge of three',
      fileOf({ ...bpe, merges: ['a b a'] }),
      'model.merges[0] must be two tokens with a space between them',
    ],
    ['a merge of one', fileOf({ ...bpe, merges: [['a']] }), 'model.merges[0] must be two tokens'],
    ['a merge twice', fileOf({ ...bpe, merges: ['a b', 'a b'] }), 'model.merges[1] is there twice'],
    [
      'a merge that leads back',
      fileOf({ ...bpe, vocab: { a: 0, '': 1 }, merges: [['a', '']] }),
      'model.merges[0] merges an empty token',
    ],
    ['merges of another type', fileOf({ ...bpe, merges: {} }), 'model.merges must be a list'],
    [
      'a score that is a text',
      fileOf({ type: 'Unigram', unk_id: 0, vocab: [['a', 'x']] }),
      'model.vocab[0][1] must be a finite number',
    ],
    [
      'a token without a score',
      fileOf({ type: 'Unigram', unk_id: 0, vocab: [['a']] }),
      'model.vocab[0] must be a token and its score',
    ],
    [
      'a scored token twice',
      fileOf({
        type: 'Unigram',
        unk_id: 0,
        vocab: [
          ['a', 0],
          ['a', 0],
        ],
      }),
      "model.vocab[1] is 'a', which is there twice",
    ],
    [
      'an unknown token out of range',
      fileOf({ type: 'Unigram', unk_id: 7, vocab: [['a', 0]] }),
      'model.unk_id is 7, but the vocabulary has 1 token',
    ],
    [
      'an added token with a taken number',
      fileOf(words, { added_tokens: [{ id: 0, content: 'x' }] }),
      "added_tokens[0].id is 0, as 'a' is: two tokens have one number",
    ],
    [
      'an added token with another number',
      fileOf(words, { added_tokens: [{ id: 5, content: 'a' }] }),
      "added_tokens[0].id is 5, but 'a' is 0 in the vocabulary",
    ],
    [
      'a huge added token',
      fileOf(words, { added_tokens: [{ id: 1e9, content: 'x' }] }),
      'added_tokens[0].id is 1000000000; numbers of tokens',
    ],
    [
      'an empty added token',
      fileOf(words, { added_tokens: [{ id: 5, content: '' }] }),
      'added_tokens[0] is an empty token',
    ],
    [
      'a flag that is a text',
      fileOf(words, { added_tokens: [{ id: 5, content: 'x', special: 'yes' }] }),
      'added_tokens[0].special must be true or false',
    ],
    [
      'a template without parts',
      fileOf(words, { post_processor: { type: 'TemplateProcessing', special_tokens: {} } }),
      'post_processor has no single',
    ],
    [
      'bottomless nesting',
      fileOf(words).replace('"normalizer":null', `"normalizer":${'['.repeat(1e5)}${']'.repeat(1e5)}`),
      /byte \d+: /,
    ],
  ];

  test.each(refused)('with %s are refused', async (_, json, message) => {
    const error = await parseTokenizer(json).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ name: 'FileFormatError', file: 'tokenizer.json' });
    expect((error as Error).message).toMatch(message);
  });

  test('name the byte', async () => {
    const json = fileOf({ ...words, vocab: { a: 0, b: 0 } });
    await expect(parseTokenizer(json)).rejects.toMatchObject({ offset: json.indexOf('"b":0') + 4 });
  });

  test('with names of members of objects are harmless', async () => {
    const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];
    const vocab = `{${[...names, '<unk>'].map((name, id) => `"${name}": ${id}`).join(', ')}}`;
    for (const normalizer of ['null', '{ "type": "NFC" }']) {
      const tokenizer = await parseTokenizer(
        `{"normalizer": ${normalizer}, "pre_tokenizer": { "type": "WhitespaceSplit" }, "decoder": null, "post_processor": null,
          "__proto__": { "polluted": 1 }, "model": { "type": "WordLevel", "unk_token": "<unk>", "vocab": ${vocab} } }`,
      );
      expect([...tokenizer.encode(`${names.join(' ')} valueOf`).ids]).toEqual([0, 1, 2, 3, 4, 5]);
      expect(tokenizer.decode([0, 1, 2])).toBe('__proto__ constructor prototype');
      expect(tokenizer.tokenToId('valueOf')).toBeUndefined();
    }
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test('damaged anywhere, are read or refused with an error that says where', async () => {
    const [, tokenizer] = trained[2]!;
    const bytes = new TextEncoder().encode(JSON.stringify(tokenizer));
    const damage = fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 }));
    await fc.assert(
      fc.asyncProperty(damage, async ([at, value]) => {
        const damaged = bytes.slice();
        damaged[at] = value;
        const result = await parseTokenizer(damaged).catch((error: Error) => error);
        if (result instanceof Error) expect(result.name).toBe('FileFormatError');
        else result.encode('The newest.');
      }),
      { numRuns: 200 },
    );
  });
});
