import { host } from '#host';
import { plural } from '../../core/describe.js';
import { NumberScanner } from '../../data/csv/number.js';
import type { ByteText } from '../../host/text.js';
import type { RowReader, VectorTable } from './vector-table.js';

const [TAB, LINE_FEED, RETURN, SPACE, POINT] = [0x09, 0x0a, 0x0d, 0x20, 0x2e];

/** A number as other programs write it, those that aren't finite included. */
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$|^[-+]?(nan|inf(inity)?)$/i;

const isBlank = (byte: number): boolean => byte === SPACE || byte === TAB || byte === RETURN;

/** Lines of a word and its numbers, as in GloVe's files. */
export class TextRows implements RowReader {
  #offset = 0;
  readonly #numbers = new NumberScanner(POINT);

  constructor(
    readonly table: VectorTable,
    /** Bytes of the file before the first row. */
    private skip: number,
    /** The line of the next row. */
    private line: number,
  ) {}

  read(bytes: Uint8Array, isLast: boolean): number {
    const text = host.text(bytes);
    let start = this.skip;
    this.skip = 0;
    while (start < bytes.length && !this.table.isFull) {
      const feed = bytes.indexOf(LINE_FEED, start);
      if (feed < 0 && !isLast) break;
      const end = feed < 0 ? bytes.length : feed;
      this.#row(bytes, text, start, end);
      start = feed < 0 ? end : end + 1;
      this.line++;
    }
    this.#offset += start;
    return start;
  }

  #fail(at: number, problem: string): never {
    return this.table.fail(this.#offset + at, this.line, problem);
  }

  #row(bytes: Uint8Array, text: ByteText, start: number, lineEnd: number): void {
    let end = lineEnd;
    while (end > start && isBlank(bytes[end - 1]!)) end--;
    if (end === start) return;
    const { table } = this;
    const wordEnd = endOfField(bytes, start, end);
    if (wordEnd === start) this.#fail(start, 'begins with a blank; a word must be there');
    const after = this.#afterWord(bytes, text, wordEnd, end);
    if (table.dim === 0) {
      table.dim = fieldsBetween(bytes, after, end);
      if (table.dim === 0) this.#fail(start, 'has a word without numbers');
    }
    if (!text.isUtf8(start, after)) this.#fail(start, "the word isn't UTF-8");
    const vector = table.add(text.utf8(start, after), this.#offset + start, this.line);
    if (vector === null) return;
    const numbers = this.#numbers;
    let at = after;
    for (let i = 0; i < table.dim; i++) {
      while (at < end && isBlank(bytes[at]!)) at++;
      if (at === end) this.#width(bytes, after, lineEnd, end);
      const value = numbers.scan(bytes, at, end);
      const isWhole = numbers.end === end || (numbers.end > at && isBlank(bytes[numbers.end]!));
      if (isWhole) {
        vector[i] = value;
        at = numbers.end;
      } else {
        const field = at;
        at = endOfField(bytes, at, end);
        vector[i] = this.#parsed(text, field, at);
      }
    }
    while (at < end && isBlank(bytes[at]!)) at++;
    if (at < end) this.#width(bytes, after, lineEnd, end);
  }

  /** A number that the scanner leaves to the language. */
  #parsed(text: ByteText, start: number, end: number): number {
    const field = text.latin1(start, end);
    const value = Number(field);
    if (!Number.isFinite(value)) this.#fail(start, `${JSON.stringify(field)} isn't a finite number`);
    return value;
  }

  #width(bytes: Uint8Array, start: number, lineEnd: number, end: number): never {
    const found = fieldsBetween(bytes, start, end);
    const isCut = lineEnd === bytes.length && found < this.table.dim;
    return this.#fail(
      start,
      `has ${plural(found, 'number')}, but the rows before have ${this.table.dim}${isCut ? '; the file ends in the middle of the line' : ''}`,
    );
  }

  /** The end of a word that may have blanks, as in files of GloVe trained on the web: fields that aren't numbers belong to it. */
  #afterWord(bytes: Uint8Array, text: ByteText, wordEnd: number, end: number): number {
    let after = wordEnd;
    for (;;) {
      let field = after;
      while (field < end && isBlank(bytes[field]!)) field++;
      const fieldEnd = endOfField(bytes, field, end);
      if (field === fieldEnd) return after;
      const isNumber =
        !Number.isNaN(this.#numbers.only(bytes, field, fieldEnd)) ||
        NUMBER.test(text.latin1(field, fieldEnd));
      if (isNumber) return after;
      after = fieldEnd;
    }
  }
}

function endOfField(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && !isBlank(bytes[at]!)) at++;
  return at;
}

function fieldsBetween(bytes: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; ) {
    while (at < end && isBlank(bytes[at]!)) at++;
    if (at < end) count++;
    at = endOfField(bytes, at, end);
  }
  return count;
}
