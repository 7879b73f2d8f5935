import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { FileFormatError } from '../../../src/core/errors.js';
import { tensor } from '../../../src/index.js';
import { GloVe, TextFileError, Vocab, WordVectors } from '../../../src/text/index.js';
import { withoutData } from '../../helpers/no-data.js';

const folder = withoutData();
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const load = (text: string | Uint8Array, options = {}): Promise<WordVectors> =>
  WordVectors.load(typeof text === 'string' ? bytes(text) : text, options);

const float = (...values: number[]): string =>
  String.fromCharCode(...new Uint8Array(new Float32Array(values).buffer));
const raw = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

const some = new WordVectors(
  new Vocab(['the', 'naïve', '🙂']),
  tensor([0.1, -2.5e-7, 3, 1 / 3, 0, 1e20, -7, 0.0001, 2].map(Math.fround), [3, 3]),
);

describe('files', () => {
  test.each(['glove', 'word2vec', 'binary'] as const)('%s is read as it was written', async (format) => {
    const path = join(folder(), 'vectors');
    await some.save(path, { format });
    const read = await WordVectors.load(path);
    expect(read.vocab.itos).toEqual(some.vocab.itos);
    expect(await read.vectors.toArray()).toEqual(await some.vectors.toArray());
  });

  test('the name .bin means binary, and gzip is seen from the content', async () => {
    const path = join(folder(), 'vectors.bin');
    await some.save(path);
    expect(String(await GloVe.load(path))).toBe('WordVectors(3 words, 3 numbers each)');
    const packed = join(folder(), 'vectors.txt.gz');
    writeFileSync(packed, gzipSync('2 2\na 1 2\nb 3 4\n'));
    expect(await (await GloVe.load(packed)).vectors.toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  test('lines may end with blanks and CR LF, the last one without; words may hold blanks', async () => {
    const read = await load('a 1 2 \r\n\r\nat name@x.org 3 4\r\n. . 5 6');
    expect(read.vocab.itos).toEqual(['a', 'at name@x.org', '. .']);
    expect(await read.vectors.toArray()).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
  });

  test.each([
    ['GloVe', 'a 1 2\nb 3 4\n'],
    ['word2vec', '2 2\na 1 2\nb 3 4\n'],
    ['binary', `2 2\na ${float(1, 2)}\nb ${float(3, 4)}\n`],
  ])('a byte order mark is skipped: %s', async (_, text) => {
    const read = await load(raw(`\u00ef\u00bb\u00bf${text}`));
    expect(read.vocab.itos).toEqual(['a', 'b']);
    expect(await read.vectors.toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  test('many rows, over several chunks', async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `w${i} ${i} ${i / 8} -${i}e-3`);
    const path = join(folder(), 'many.txt');
    writeFileSync(path, lines.join('\n'));
    const read = await WordVectors.load(path);
    expect(read.length).toBe(20_000);
    expect(await read.get('w12345').toArray()).toEqual([12345, 12345 / 8, -12.345].map(Math.fround));
    await read.save(join(folder(), 'many.bin'));
    const again = await WordVectors.load(join(folder(), 'many.bin'));
    expect(await again.get('w12345').toArray()).toEqual([12345, 12345 / 8, -12.345].map(Math.fround));
  });

  test('only the first words, or those of a vocabulary', async () => {
    const text = '3 1\na 1\nb 2\nc 3\n';
    expect((await load(text, { maxWords: 2 })).vocab.itos).toEqual(['a', 'b']);
    expect((await load(text, { only: new Vocab(['c', 'x', 'a']) })).vocab.itos).toEqual(['a', 'c']);
  });
});

describe('hostile files', () => {
  test.each([
    ['unequal width', 'a 1 2\nb 3\nc 4 5\n', 2, 'has 1 number, but the rows before have 2'],
    ['a longer row', 'a 1 2\nb 3 4 5\n', 2, 'has 3 numbers, but the rows before have 2'],
    [
      'the end in a line',
      'a 1 2\nb 3',
      2,
      'has 1 number, but the rows before have 2; the file ends in the middle of the line',
    ],
    ['a word twice', 'a 1 2\nb 3 4\na 5 6\n', 3, 'the word "a" is there already, in line 1'],
    ['a text for a number', 'a 1 2\nb 3 x4\n', 2, '"x4" isn\'t a finite number'],
    ['not a number', 'a 1 2\nb 3 nan\n', 2, '"nan" isn\'t a finite number'],
    ['unequal width after a mark', '\ufeffa 1 2\nb 3\n', 2, 'has 1 number, but the rows before have 2'],
    ['a word alone', 'hello\n', 1, 'has a word without numbers'],
    ['no word', ' 1 2\n', 1, 'begins with a blank; a word must be there'],
    [
      'more words than the header says',
      '1 2\na 1 2\nb 3 4\n',
      3,
      'the header says 1 word, but here\'s another one, "b"',
    ],
    ['another width than the header says', '1 3\na 1 2\n', 2, 'has 2 numbers, but the rows before have 3'],
    ['a number that is none', 'a nan 1\n', 1, '"nan" isn\'t a finite number'],
    ['a header that lies', '5 0\na 1 2\n', 1, "the header says 5 words with 0 numbers each, which can't be"],
    [
      'a huge header',
      '9 99999999\na 1 2\n',
      1,
      "the header says 9 words with 99999999 numbers each, which can't be",
    ],
  ])('%s', async (_, text, line, message) => {
    const error = await load(text).catch((problem: unknown) => problem);
    expect(error).toBeInstanceOf(TextFileError);
    expect((error as TextFileError).line).toBe(line);
    expect((error as TextFileError).message).toContain(`line ${line}: ${message}`);
  });

  test.each([
    ['nothing', '', 'has no word vectors'],
    ['fewer words than the header says', '3 2\na 1 2\n', 'the header says 3 words, but there is 1'],
    [
      'a number of words beyond all memory',
      '4000000000 2\na 1 2\n',
      'the header says 4000000000 words, but there is 1',
    ],
    ['a word that is cut', raw(`2 1\nab ${float(1)}c`), 'row 2: the file ends in the middle of the row'],
    [
      'a vector that is cut',
      raw(`2 2\nab ${float(1, 2)}\ncd ${float(1)}`),
      'row 2: the file ends in the middle of the row',
    ],
    [
      'a word twice',
      raw(`2 1\nab ${float(1)}\nab ${float(1.5)}\n`),
      'row 2: the word "ab" is there already, in row 1',
    ],
    ['infinity', raw(`1 1\nab ${float(Number.POSITIVE_INFINITY)}`), "row 1: number 1 isn't finite"],
    ["a word that isn't text", raw(`1 1\n\xff\xfe ${float(1)}`), "row 1: the word isn't UTF-8"],
    [
      'an endless word',
      raw(`1 1\na ${float(1)}${'x'.repeat(5000)}`),
      'row 2: no word ends within 4096 bytes',
    ],
  ])('%s', async (_, content, message) => {
    const error = await load(content).catch((problem: unknown) => problem);
    expect(error).toBeInstanceOf(FileFormatError);
    expect((error as Error).message).toContain(message);
  });

  test('text that is not UTF-8', async () => {
    await expect(load(raw('a 1\n\xff 2\n'))).rejects.toThrow("line 2: the word isn't UTF-8");
  });

  test('none of the wanted words', async () => {
    await expect(load('a 1\n', { only: new Vocab(['b']) })).rejects.toThrow(
      'has none of the words of the vocabulary',
    );
  });

  test('vectors that no file may hold are not written', async () => {
    const path = join(folder(), 'nan.txt');
    const vectors = new WordVectors(new Vocab(['a', 'b']), tensor([[1], [Number.NaN]]));
    await expect(vectors.save(path)).rejects.toThrow(
      'WordVectors.save: the vector of "b" has NaN; nothing was written',
    );
    expect(existsSync(path)).toBe(false);
  });

  test('words that no file can hold are not written', async () => {
    const path = join(folder(), 'x.txt');
    const odd = new WordVectors(new Vocab(['New York']), tensor([[1]]));
    await expect(odd.save(path)).rejects.toThrow(
      `the format can't hold the word "New York", which is empty or has blanks`,
    );
    await expect(WordVectors.load(path)).rejects.toThrow('x.txt');
  });
});
