import { host } from '#host';
import { joinBytes } from '../../core/bytes.js';
import type { Resolved } from '../../core/options.js';
import { BYTE_ORDER_MARK, invalidAt, notUtf8, ofWindows, tryLatin1 } from '../../data/characters.js';
import { textChunks } from '../../data/chunks.js';
import {
  chunksOf,
  type ReadOptions,
  readOptions,
  type readSpec,
  TextFileError,
  type TextSource,
} from './source.js';

const LINE_FEED = 0x0a;
const RETURN = 0x0d;

/** Consecutive lines of a file. */
export interface Block {
  readonly lines: readonly string[];
  /** Number of the first line, from 1. */
  readonly first: number;
}

/** Cuts bytes that start at a line's start into lines, and makes strings of them. */
class LineCutter {
  #line = 1;
  #offset = 0;

  constructor(
    readonly operation: string,
    readonly name: string,
    readonly options: Resolved<typeof readSpec>,
  ) {}

  fail(offset: number, line: number, problem: string): never {
    throw new TextFileError(this.operation, this.name, this.#offset + offset, line, problem);
  }

  /** @param bytes whole lines; the last one of a file may lack its line feed */
  cut(bytes: Uint8Array): Block {
    const text = host.text(bytes);
    const isLatin1 = this.options.encoding === 'latin1';
    if (!isLatin1 && this.options.badBytes === 'error' && !text.isUtf8(0, bytes.length))
      this.#complain(bytes);
    const first = this.#line;
    const hasMark = this.#offset === 0 && BYTE_ORDER_MARK.every((byte, i) => bytes[i] === byte);
    const lines: string[] = [];
    for (let start = hasMark ? 3 : 0; start < bytes.length; ) {
      const feed = bytes.indexOf(LINE_FEED, start);
      const next = feed < 0 ? bytes.length : feed + 1;
      let end = feed < 0 ? bytes.length : feed;
      if (feed > start && bytes[feed - 1] === RETURN) end--;
      // Each line is its own string: a slice of a longer one would keep all of that one in memory.
      lines.push(isLatin1 ? ofWindows(text.latin1(start, end)) : text.utf8(start, end));
      start = next;
    }
    this.#line += lines.length;
    this.#offset += bytes.length;
    return { lines, first };
  }

  #complain(bytes: Uint8Array): never {
    const at = invalidAt(bytes, host.text(bytes), 0);
    const line = this.#line + bytes.subarray(0, at).filter((byte) => byte === LINE_FEED).length;
    return this.fail(
      at,
      line,
      `${notUtf8(bytes[at]!)}; ${tryLatin1}; { badBytes: 'replace' } puts U+FFFD instead`,
    );
  }

  /** @throws TextFileError for a line that's too long */
  limit(waiting: number): void {
    const { maxLineBytes } = this.options;
    if (waiting > maxLineBytes)
      this.fail(0, this.#line, `has more than ${maxLineBytes} bytes; if that's right, raise maxLineBytes`);
  }
}

/** The lines of a text, in the groups that they were read in. */
export async function* lineBlocks(
  operation: string,
  source: TextSource,
  options: Resolved<typeof readSpec>,
  expected = 'text',
): AsyncGenerator<Block, void> {
  const { name, chunks } = chunksOf(operation, source);
  const cutter = new LineCutter(operation, name, options);
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  for await (const chunk of textChunks(operation, name, chunks(), { expected })) {
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) {
      const whole =
        waiting.length === 0 ? chunk.subarray(0, end) : joinBytes([...waiting, chunk.subarray(0, end)]);
      yield cutter.cut(whole);
      waiting = [];
      waitingBytes = 0;
    }
    if (end < chunk.length) waiting.push(chunk.subarray(end));
    waitingBytes += chunk.length - end;
    cutter.limit(waitingBytes);
  }
  if (waitingBytes > 0) yield cutter.cut(joinBytes(waiting));
}

/**
 * The lines of a text one by one, in memory that doesn't grow with the file. A line ends with LF or CR LF, which aren't
 * part of it; the last one may end without.
 *
 * @param source a path, bytes, or a file of a data set; gzipped or not
 * @throws FileError if the file can't be read
 * @throws TextFileError naming the line: bytes that aren't UTF-8, a line that's too long
 * @throws FileFormatError for a file of another kind, or damaged gzip
 * @example
 * const lines: string[] = [];
 * for await (const line of text.readLines(new TextEncoder().encode('one\ntwo\r\n'))) lines.push(line);
 * lines; // ['one', 'two']
 */
export function readLines(source: TextSource, options?: ReadOptions): AsyncGenerator<string, void> {
  const read = readOptions('readLines', options);
  chunksOf('readLines', source);
  return linesOf('readLines', source, read);
}

export async function* linesOf(
  operation: string,
  source: TextSource,
  options: Resolved<typeof readSpec>,
): AsyncGenerator<string, void> {
  for await (const { lines } of lineBlocks(operation, source, options)) yield* lines;
}
