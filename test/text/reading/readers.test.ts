import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ArgumentError, FileError, FileFormatError } from '../../../src/core/errors.js';
import {
  parseFeatures,
  readConllu,
  readLines,
  readParallel,
  readTokens,
  TextFileError,
} from '../../../src/text/index.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'myelin-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const save = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
const thrown = async (items: () => AsyncIterable<unknown>): Promise<Error> => {
  try {
    await all(items());
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
};

describe('readLines', () => {
  test.each<[string, string | Uint8Array, string[]]>([
    ['LF', 'a\nb\n', ['a', 'b']],
    ['CR LF', 'a\r\nb\r\n', ['a', 'b']],
    ['no line feed at the end', 'a\nb', ['a', 'b']],
    ['empty lines', '\n\na\n\n', ['', '', 'a', '']],
    ['nothing', '', []],
    ['a byte order mark', '\ufeffa\nb', ['a', 'b']],
    ['a mark that is not at the start', 'a\n\ufeffb', ['a', '\ufeffb']],
    ['a lone CR within a line', 'a\rb\n', ['a\rb']],
    ['other separators within a line', 'a\u2028b\u0085c\n', ['a\u2028b\u0085c']],
    ['emoji', '👍🏽 ok\n', ['👍🏽 ok']],
    ['gzip', gzipSync('über\nb\n'), ['über', 'b']],
  ])('%s', async (_, content, lines) => {
    const given = typeof content === 'string' ? bytes(content) : content;
    expect(await all(readLines(given))).toEqual(lines);
    expect(await all(readLines(save('text.txt', given)))).toEqual(lines);
    expect(await all(readLines({ path: 'x', read: () => given }))).toEqual(lines);
  });

  test('lines and characters that span chunks', async () => {
    const lines = Array.from({ length: 4000 }, (_, i) => `${i}: ${'é€👍'.repeat(i % 300)}`);
    expect(await all(readLines(save('long.txt', lines.join('\n'))))).toEqual(lines);
    expect(await all(readLines(save('long.txt.gz', gzipSync(lines.join('\r\n')))))).toEqual(lines);
  });

  test('Latin-1 is an option', async () => {
    const latin1 = Uint8Array.from([0x66, 0xfc, 0x72, 0x20, 0x80, 0x0a]);
    expect(await all(readLines(latin1, { encoding: 'latin1' }))).toEqual(['für €']);
    const error = (await thrown(() => readLines(save('a.txt', latin1)))) as TextFileError;
    expect(error).toBeInstanceOf(TextFileError);
    expect(error.line).toBe(1);
    expect(error.message).toBe(
      `readLines: ${join(folder, 'a.txt')}, byte 1: line 1: the byte 0xfc isn't UTF-8; if the file is in Latin-1 (Windows), pass { encoding: 'latin1' }; { badBytes: 'replace' } puts U+FFFD instead`,
    );
  });

  test('an error names the line of a bad byte, also in a later chunk', async () => {
    const good = 'a line of text\n'.repeat(60_000);
    const path = save('bad.txt', Buffer.concat([Buffer.from(good), Buffer.from([0x61, 0xff, 0x0a])]));
    const error = (await thrown(() => readLines(path))) as TextFileError;
    expect([error.line, error.offset]).toEqual([60_001, good.length + 1]);
    const lines = await all(readLines(path, { badBytes: 'replace' }));
    expect(lines.at(-1)).toBe('a\ufffd');
  });

  test('a line that never ends is an error', async () => {
    const error = await thrown(() =>
      readLines(bytes('short\nlonger\n'.repeat(2) + 'x'.repeat(50)), { maxLineBytes: 40 }),
    );
    expect(error.message).toMatch(
      /^readLines: bytes, byte 26: line 5: has more than 40 bytes; if that's right, raise maxLineBytes$/,
    );
  });

  test('other errors', async () => {
    expect(await thrown(() => readLines(join(folder, 'none')))).toBeInstanceOf(FileError);
    expect((await thrown(() => readLines(gzipSync('a\nb\n').subarray(0, 15)))).message).toMatch(
      /^readLines: bytes, byte 0: isn't valid gzip: /,
    );
    expect((await thrown(() => readLines(bytes('PK\x03\x04..........')))).message).toMatch(
      /^readLines: bytes, byte 0: is a zip archive, not text; unpack it$/,
    );
    expect(() => readLines(3 as never)).toThrow(
      'readLines: the source must be a path, bytes, or a file of a data set, got 3',
    );
    expect((await thrown(() => readLines({ path: 'x', read: () => 1 as never }))).message).toBe(
      'readLines: what x reads must be bytes, a Uint8Array, got 1',
    );
    expect(() => readLines('')).toThrow('readLines: the source must be a path');
    expect(() => readLines('x', { encoding: 'utf8' as never })).toThrow(
      "readLines: encoding must be 'utf-8' or 'latin1', got 'utf8'; did you mean 'utf-8'?",
    );
  });
});

test('readTokens cuts lines into tokens', async () => {
  const source = bytes('to be\n\n or  not\tto be ');
  expect(await all(readTokens(source))).toEqual([
    ['to', 'be'],
    ['or', 'not', 'to', 'be'],
  ]);
  expect(await all(readTokens(source, { endOfLine: '<eos>' }))).toEqual([
    ['to', 'be', '<eos>'],
    ['<eos>'],
    ['or', 'not', 'to', 'be', '<eos>'],
  ]);
  expect(await all(readTokens(bytes('ab'), { tokenize: (line) => [...line] }))).toEqual([['a', 'b']]);
  const tokenize = ((line: string) => (line === 'cd' ? [1] : [line])) as never;
  await expect(all(readTokens(bytes('ab\ncd'), { tokenize }))).rejects.toThrow(
    'readTokens: tokenize must return a list of strings; for line 2 it returned [1]',
  );
});

describe('readParallel', () => {
  test('aligned lines', async () => {
    const pairs = readParallel([save('a.de', 'ein\nzwei\n'), save('a.en.gz', gzipSync('one\r\ntwo'))]);
    expect(await all(pairs)).toEqual([
      ['ein', 'one'],
      ['zwei', 'two'],
    ]);
  });

  test('unequal counts name the file that ends first, and the line', async () => {
    const [short, long] = [save('short', 'a\nb\n'), save('long', 'a\nb\nc\n')];
    for (const files of [
      [short, long],
      [long, short],
    ]) {
      const error = (await thrown(() => readParallel(files))) as TextFileError;
      expect(error).toBeInstanceOf(TextFileError);
      expect(error.message).toBe(
        `readParallel: ${short}, byte 0: line 3: the file ends before it, but ${long} has it; are these files of the same text?`,
      );
    }
  });

  test('wrong arguments', () => {
    expect(() => readParallel(['a'])).toThrow('readParallel: needs at least two sources, got 1');
    expect(() => readParallel('ab' as never)).toThrow('readParallel: sources must be a list');
  });
});

const word = (id: string, form: string, head = '0', upos = 'X'): string =>
  [id, form, form.toLowerCase(), upos, '_', '_', head, 'dep', '_', '_'].join('\t');

describe('readConllu', () => {
  const file = [
    '# sent_id = 1',
    '# text = He doesn’t know.',
    word('1', 'He', '4', 'PRON'),
    '2-3\tdoesn’t\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No',
    '2\tdoes\tdo\tAUX\tVBZ\tMood=Ind|Number=Sing\t4\taux\t4:aux\t_',
    word('3', 'n’t', '4'),
    word('4', 'know'),
    '4.1\tit\tit\tPRON\t_\t_\t_\t_\t4:obj\tCopyOf=-1',
    '',
    '',
    word('1', 'Yes'),
  ].join('\n');

  test('all ten columns, comments, multiwords and empty nodes', async () => {
    for (const content of [file, `${file}\n`, `${file.replaceAll('\n', '\r\n')}\r\n\r\n`]) {
      const sentences = await all(readConllu(bytes(content)));
      expect(sentences.map(({ line, words }) => [line, words.length])).toEqual([
        [1, 4],
        [11, 1],
      ]);
      const [first] = sentences;
      expect(first!.comments).toEqual(['sent_id = 1', 'text = He doesn’t know.']);
      expect(first!.words[1]).toEqual({
        form: 'does',
        lemma: 'do',
        upos: 'AUX',
        xpos: 'VBZ',
        feats: 'Mood=Ind|Number=Sing',
        head: 4,
        deprel: 'aux',
        deps: '4:aux',
        misc: null,
      });
      expect(first!.multiwords).toEqual([{ first: 2, last: 3, form: 'doesn’t', misc: 'SpaceAfter=No' }]);
      expect(first!.emptyNodes).toEqual([
        {
          ...{ after: 4, place: 1, form: 'it', lemma: 'it', upos: 'PRON', xpos: null, feats: null },
          ...{ deps: '4:obj', misc: 'CopyOf=-1' },
        },
      ]);
    }
  });

  test.each<[string, string[], number, string]>([
    ['columns', [word('1', 'a'), '2\tb'], 2, 'has 2 columns; CoNLL-U has 10, separated by tabs'],
    ['mid-line', [word('1', 'a'), '', '1'], 3, 'has 1 column; CoNLL-U has 10, separated by tabs'],
    ['empty column', [word('1', '')], 1, "column 2 is empty; CoNLL-U has _ for what isn't known"],
    ['id', [word('one', 'a')], 1, "\"one\" isn't a word's number, a range, or an empty node's number"],
    ['order', [word('1', 'a'), word('3', 'b')], 2, 'word 3 comes where word 2 should'],
    ['head', [word('1', 'a', 'x')], 1, 'the head "x" isn\'t a number'],
    ['far head', [word('1', 'a'), word('2', 'b', '3')], 2, "the head 3 isn't one of the sentence's 2 words"],
    ['range', [word('2-3', 'a')], 1, 'the range 2-3 must stand right before word 2, and not overlap another'],
    ['open range', [word('1-2', 'ab'), word('1', 'a')], 2, "the range 1-2 goes beyond the sentence's 1 word"],
    ['empty node', [word('1.1', 'a')], 1, 'the empty node 1.1 must follow word 1, and be number 1 there'],
    ['no words', ['# a comment', ''], 1, 'a sentence of comments alone, without words'],
  ])('an error names the line: %s', async (_, lines, line, problem) => {
    const error = (await thrown(() => readConllu(bytes(lines.join('\n'))))) as TextFileError;
    expect(error).toBeInstanceOf(TextFileError);
    expect(error).toBeInstanceOf(FileFormatError);
    expect(error.message).toBe(`readConllu: bytes, byte 0: line ${line}: ${problem}`);
    expect(error.line).toBe(line);
  });
});

test('parseFeatures takes features apart', () => {
  expect(parseFeatures('Mood=Ind|Case=A=B')).toEqual(
    new Map([
      ['Mood', 'Ind'],
      ['Case', 'A=B'],
    ]),
  );
  expect(parseFeatures(null)).toEqual(new Map());
  expect(() => parseFeatures('Mood')).toThrow(
    new ArgumentError('parseFeatures', '"Mood" isn\'t a feature like Number=Sing'),
  );
});
