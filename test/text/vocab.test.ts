import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ArgumentError, FileError, FileFormatError, IndexError } from '../../src/core/errors.js';
import { buildVocab, countTokens, readTokens, Vocab } from '../../src/text/index.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'myelin-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const counts: [string, number][] = [
  ['b', 3],
  ['a', 3],
  ['c', 5],
  ['rare', 1],
  ['<pad>', 9],
];

describe('building', () => {
  test('specials first, then by frequency, then alphabetically', () => {
    const vocab = Vocab.fromCounts(counts, { specials: ['<unk>', '<pad>'] });
    expect(vocab.itos).toEqual(['<unk>', '<pad>', 'c', 'a', 'b', 'rare']);
    expect(Vocab.fromCounts(counts, { specials: ['<pad>'], specialFirst: false }).itos).toEqual([
      ...['c', 'a', 'b', 'rare', '<pad>'],
    ]);
  });

  test('minimum frequency and maximum size', () => {
    expect(Vocab.fromCounts(counts, { minFreq: 3, specials: ['<pad>'] }).itos).toEqual([
      '<pad>',
      'c',
      'a',
      'b',
    ]);
    expect(Vocab.fromCounts(counts, { maxTokens: 3, specials: ['<pad>'] }).itos).toEqual(['<pad>', 'c', 'a']);
    expect(Vocab.fromCounts([], { specials: ['<unk>'] }).length).toBe(1);
  });

  test('alphabetical means by characters, not by halves of them', () => {
    const order = ['\uff5e', '😀', '😁', 'x😀', 'x😁a'];
    const shuffled = [4, 2, 0, 3, 1].map((i): [string, number] => [order[i]!, 1]);
    // As sorted() in Python has it.
    expect(Vocab.fromCounts(shuffled).itos).toEqual(['x😀', 'x😁a', '\uff5e', '😀', '😁']);
  });

  test('from a stream of tokens', async () => {
    const lines = readTokens(new TextEncoder().encode('a rose is a rose is a rose'));
    const vocab = await buildVocab(lines, { specials: ['<unk>'], minFreq: 2 });
    expect(vocab.itos).toEqual(['<unk>', 'a', 'rose', 'is']);
    expect(await countTokens([['x', 'y'], ['x']])).toEqual(
      new Map([
        ['x', 2],
        ['y', 1],
      ]),
    );
  });

  test('errors', async () => {
    await expect(countTokens(['abc'] as never)).rejects.toThrow(
      "countTokens: each item must be a list of tokens, got 'abc'\n  hint: for one text, pass [tokens]",
    );
    await expect(countTokens([[1]] as never)).rejects.toThrow('countTokens: a token must be a string, got 1');
    await expect(countTokens(7 as never)).rejects.toThrow(
      'countTokens: lists must be a list or another iterable, got 7',
    );
    expect(() => Vocab.fromCounts(counts, { maxTokens: 1, specials: ['a', 'b'] })).toThrow(
      'Vocab.fromCounts: there are 2 specials, more than maxTokens, 1',
    );
    await expect(countTokens(null as never)).rejects.toThrow('countTokens: lists must be a list');
    expect(() => Vocab.fromCounts([3 as never])).toThrow(
      'Vocab.fromCounts: item 0 must be [name, value], got 3',
    );
    expect(() => Vocab.fromCounts('ab' as never)).toThrow(
      "Vocab.fromCounts: needs names and values, got 'ab'",
    );
    expect(() => Vocab.fromCounts([['a', 0.5]])).toThrow(
      "Vocab.fromCounts: the count of 'a' must be a whole number of at least 0, got 0.5",
    );
    expect(() => Vocab.fromCounts(counts, { minFreqs: 2 } as never)).toThrow(/did you mean 'minFreq'\?/);
    expect(() => new Vocab(['a', 'b', 'a'])).toThrow('Vocab: the token "a" occurs twice, at 0 and 2');
    expect(() => new Vocab(['a'], { unk: 'u' })).toThrow('Vocab: unk is "u", which isn\'t one of the tokens');
    expect(() => new Vocab([3 as never])).toThrow('Vocab: token 0 must be a string, got 3');
  });
});

describe('lookup', () => {
  const vocab = new Vocab(['<unk>', 'a', 'b']);
  test('both ways', () => {
    expect([...vocab.lookupIndices(['b', 'a', 'zzz'])]).toEqual([2, 1, 0]);
    expect(vocab.lookupTokens([2, 0])).toEqual(['b', '<unk>']);
    expect(vocab.lookupToken(1)).toBe('a');
    expect(vocab.lookupIndex('b')).toBe(2);
    expect([vocab.has('a'), vocab.has('z'), vocab.stoi.get('b'), vocab.length]).toEqual([true, false, 2, 3]);
    expect(String(vocab)).toBe('Vocab(3 tokens: "<unk>", "a", "b")');
  });

  test('an unknown token without <unk>, and a number beyond', () => {
    expect(() => new Vocab(['a', 'b']).lookupIndices(['c'])).toThrow(
      "Vocab: 'c' isn't one of the 2 tokens \"a\", \"b\"\n  hint: a vocabulary with the special '<unk>' takes it for all unknown tokens",
    );
    expect(() => new Vocab(['a', '<unk>'], { unk: null }).lookupIndex('c')).toThrow(ArgumentError);
    expect(() => vocab.lookupToken(3)).toThrow("Vocab: 3 isn't the number of a token; there are 3");
    for (const name of ['0', 'length', 0n])
      expect(() => vocab.lookupToken(name as never)).toThrow(IndexError);
    expect(() => vocab.lookupTokens([-1])).toThrow(IndexError);
    expect(() => vocab.lookupIndices('ab' as never)).toThrow(
      "Vocab.lookupIndices: tokens must be a list, got 'ab'\n  hint: cut the text into tokens first",
    );
  });
});

describe('files', () => {
  test('a round trip, with tokens of every kind', () => {
    const vocab = new Vocab(['?', '\n', '"', '😀', '__proto__', '\ud800'], { unk: '?' });
    const path = join(folder, 'vocab.json');
    vocab.save(path);
    const back = Vocab.load(path);
    expect([back.itos, back.unk, readdirSync(folder)]).toEqual([vocab.itos, '?', ['vocab.json']]);
  });

  test.each<[string, string, string]>([
    ['no JSON', '{', "isn't valid JSON: "],
    ['other JSON', '[]', "isn't a saved vocabulary"],
    ['no tokens', '{"format":"myelin-vocab"}', 'its tokens must be a list of strings'],
    ['numbers', '{"format":"myelin-vocab","tokens":[1],"unk":null}', 'its tokens must be a list of strings'],
    ['unk', '{"format":"myelin-vocab","tokens":["a"],"unk":1}', 'its unk must be a string, or null'],
    [
      'lost unk',
      '{"format":"myelin-vocab","tokens":["a"],"unk":"b"}',
      'its unk, "b", isn\'t one of its tokens',
    ],
    ['twice', '{"format":"myelin-vocab","tokens":["a","a"],"unk":null}', 'the token "a" occurs twice'],
  ])('a damaged file: %s', (_, content, problem) => {
    const path = join(folder, 'vocab.json');
    writeFileSync(path, content);
    expect(() => Vocab.load(path)).toThrow(FileFormatError);
    expect(() => Vocab.load(path)).toThrow(`${path}, byte 0: ${problem}`);
  });

  test('no file', () => {
    expect(() => Vocab.load(join(folder, 'none.json'))).toThrow(FileError);
    expect(() => Vocab.load('')).toThrow(
      "Vocab.load: path must be a path, a string that isn't empty, got ''",
    );
    expect(() => new Vocab(['a']).save('\0')).toThrow('Vocab.save: path must be a path');
    expect(() => Vocab.fromJSON(null)).toThrow("Vocab.fromJSON: the value, byte 0: isn't a saved vocabulary");
  });
});
