import { host } from '#host';
import { joinBytes } from '../../core/bytes.js';
import { plural } from '../../core/describe.js';
import { BYTE_ORDER_MARK, invalidAt, notUtf8, ofWindows, tryLatin1 } from '../characters.js';
import { CsvError, type Cuts } from './format.js';

const [LINE_FEED, RETURN] = [0x0a, 0x0d];
/** How a field is written: plain, quoted, or quoted with doubled quotes. */
const [QUOTED, DOUBLED] = [1, 2];

/**
 * Splits the bytes of a CSV file into rows of fields, without making strings. Push chunks, then call `next` to
 * go from row to row. Skips empty lines and a byte order mark; a line ends with LF, CR LF, or CR.
 */
export class Scanner {
  #bytes = Uint8Array.of(LINE_FEED);
  #text = host.text(this.#bytes);
  /** Number of fields in the row. */
  count = 0;
  /** Line where the row ends, from 1. */
  line = 0;
  starts: Int32Array = new Int32Array(64);
  ends: Int32Array = new Int32Array(64);
  #styles = new Uint8Array(64);
  /** Bytes of the file before `bytes`. */
  #before = 0;
  /** The pushed bytes, followed by a line feed that stops every search. */
  #size = 0;
  #at = 0;
  /** Whether the row has only one-byte characters that are the same in every encoding. */
  #isAscii = true;
  #isEnd = false;
  #lines = 0;
  #expected: number | undefined;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  readonly #isSpecial = new Uint8Array(256);

  constructor(
    readonly operation: string,
    readonly path: string,
    readonly cuts: Cuts,
  ) {
    for (const byte of [LINE_FEED, RETURN, cuts.delimiter[0]!]) this.#isSpecial[byte] = 1;
    if (cuts.quote !== undefined) this.#isSpecial[cuts.quote] = 1;
  }

  /** The bytes that hold the row's fields. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Position in the file of a byte in `bytes`. */
  offset(at: number): number {
    return this.#before + at;
  }

  fail(at: number, problem: string, column?: string, line = this.line): never {
    throw new CsvError(this.operation, this.path, this.offset(at), line, column, problem);
  }

  /** Takes a chunk; returns whether there may be new rows. */
  push(chunk: Uint8Array): boolean {
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    // Wait for as much as is left over, so a row that spans many chunks isn't rescanned for each one.
    if (this.#waitingBytes < this.#size - this.#at) return false;
    this.#join();
    return true;
  }

  /** There are no more chunks. */
  end(): void {
    this.#isEnd = true;
    this.#join();
  }

  #join(): void {
    const rest = this.#bytes.subarray(this.#at, this.#size);
    this.#before += this.#at;
    this.#bytes = joinBytes([rest, ...this.#waiting, Uint8Array.of(LINE_FEED)]);
    this.#text = host.text(this.#bytes);
    this.#size = this.#bytes.length - 1;
    this.#at = 0;
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (this.#before === 0 && BYTE_ORDER_MARK.every((byte, i) => this.#bytes[i] === byte)) this.#at = 3;
  }

  /** Goes to the next row; false if it isn't there yet, or there are no more. */
  next(): boolean {
    while (this.#at < this.#size) {
      const start = this.#at;
      const lines = this.#lines;
      const { comment } = this.cuts;
      const isComment = comment?.every((byte, i) => this.#bytes[start + i] === byte);
      const end = isComment ? this.#lineEnd(start) : this.#cut(start);
      const isWhole = end >= 0 && (this.#isEnd || end < this.#size || this.#bytes[end - 1] === LINE_FEED);
      if ((isWhole ? end : this.#size) - start > this.cuts.maxRowLength + 2)
        this.fail(
          start,
          `a row of more than ${this.cuts.maxRowLength} bytes; a quote may be left open, or raise maxRowLength`,
          undefined,
          lines + 1,
        );
      if (!isWhole) {
        this.#lines = lines;
        if (this.#isEnd) this.fail(start, 'a quote is opened and never closed', undefined, lines + 1);
        return false;
      }
      this.#at = end;
      this.line = ++this.#lines;
      if (isComment || (this.count === 1 && this.starts[0] === this.ends[0] && this.#styles[0] === 0))
        continue;
      this.#check(start, end);
      return true;
    }
    return false;
  }

  #check(start: number, end: number): void {
    const bytes = this.#bytes;
    if (!this.#isAscii && this.cuts.isUtf8 && !this.#text.isUtf8(start, end)) {
      const at = invalidAt(bytes, this.#text, start);
      const line = this.line - bytes.subarray(at, end - 1).filter((byte) => byte === LINE_FEED).length;
      this.fail(at, `${notUtf8(bytes[at]!)}; ${tryLatin1}`, undefined, line);
    }
    this.#expected ??= this.count;
    if (this.count !== this.#expected)
      this.fail(
        start,
        `${plural(this.count, 'field')}, but earlier rows have ${this.#expected}; is the delimiter right?`,
      );
  }

  #lineEnd(at: number): number {
    const end = this.#bytes.indexOf(LINE_FEED, at);
    return Math.min(end + 1, this.#size);
  }

  /** Splits the row that begins at `from`; returns where the next one begins, or -1 if the row doesn't end. */
  #cut(from: number): number {
    const { bytes, cuts } = this;
    const { delimiter, quote } = cuts;
    const size = this.#size;
    const isSpecial = this.#isSpecial;
    const first = delimiter[0]!;
    const width = delimiter.length;
    let at = from;
    let bits = 0;
    let count = 0;
    for (;;) {
      let start = at;
      let end: number;
      let style = 0;
      if (bytes[at] === quote && at < size) {
        start = ++at;
        style = QUOTED;
        for (;;) {
          const byte = bytes[at]!;
          if (at >= size) return -1;
          if (byte === quote) {
            if (bytes[at + 1] !== quote || at + 1 >= size) break;
            style = DOUBLED;
            at++;
          } else if (byte === LINE_FEED) this.#lines++;
          bits |= byte;
          at++;
        }
        end = at++;
        // The next byte decides whether the quote closes.
        if (at >= size && !this.#isEnd) return -1;
      } else {
        for (;;) {
          let byte = bytes[at]!;
          while (isSpecial[byte] === 0) {
            bits |= byte;
            byte = bytes[++at]!;
          }
          if (byte === LINE_FEED || byte === RETURN) break;
          if (byte === quote) {
            this.line = this.#lines + 1;
            this.fail(
              at,
              "there's a quote inside a field; if quotes are ordinary characters here, pass quote: false",
            );
          }
          if (width === 1 || this.#isDelimiter(at)) break;
          bits |= byte;
          at++;
        }
        end = at;
      }
      if (count === this.starts.length) this.#grow();
      this.starts[count] = start;
      this.ends[count] = end;
      this.#styles[count] = style;
      count++;
      const byte = bytes[at]!;
      if (at < size && byte === first && (width === 1 || this.#isDelimiter(at))) {
        at += width;
        continue;
      }
      if (byte !== LINE_FEED && byte !== RETURN) {
        this.line = this.#lines + 1;
        this.fail(
          at,
          'something follows a closing quote; if quotes are ordinary characters here, pass quote: false',
        );
      }
      this.count = count;
      this.#isAscii = bits < 128;
      if (byte === RETURN && bytes[at + 1] === LINE_FEED) at++;
      return Math.min(at + 1, size);
    }
  }

  #isDelimiter(at: number): boolean {
    return this.cuts.delimiter.every((byte, i) => this.#bytes[at + i] === byte);
  }

  #grow(): void {
    const larger = <A extends Int32Array | Uint8Array>(old: A, made: A): A => {
      made.set(old);
      return made;
    };
    const length = 2 * this.starts.length;
    this.starts = larger(this.starts, new Int32Array(length));
    this.ends = larger(this.ends, new Int32Array(length));
    this.#styles = larger(this.#styles, new Uint8Array(length));
  }

  /** A field as text. */
  text(field: number): string {
    const start = this.starts[field]!;
    const end = this.ends[field]!;
    const quote = this.#styles[field] === DOUBLED ? String.fromCharCode(this.cuts.quote!) : undefined;
    const text = this.#isAscii
      ? this.#text.latin1(start, end)
      : this.cuts.isUtf8
        ? this.#text.utf8(start, end)
        : ofWindows(this.#text.latin1(start, end));
    return quote === undefined ? text : text.replaceAll(quote + quote, quote);
  }

  /** The row's fields as texts. */
  texts(): string[] {
    return Array.from({ length: this.count }, (_, field) => this.text(field));
  }
}
