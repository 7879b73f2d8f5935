import { host } from '#host';
import type { Header } from './vector-header.js';
import type { RowReader, VectorTable } from './vector-table.js';

const [LINE_FEED, SPACE] = [0x0a, 0x20];

/** Longest word in bytes. */
const LONGEST_WORD = 2 ** 12;

/** Rows of word2vec's binary format: a word, a blank, the numbers as float32, and in some files a line feed. */
export class BinaryRows implements RowReader {
  #offset = 0;
  #skip: number;

  constructor(
    readonly table: VectorTable,
    readonly header: Header,
  ) {
    this.#skip = header.end;
    table.isBinary = true;
  }

  read(bytes: Uint8Array, isLast: boolean): number {
    const { table, header } = this;
    const text = host.text(bytes);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const size = 4 * header.dim;
    let row = 0;
    let start = this.#skip;
    this.#skip = 0;
    const fail = (problem: string): never => {
      return table.fail(this.#offset + start, row, problem);
    };
    while (!table.isFull) {
      row = table.rows + 1;
      while (start < bytes.length && bytes[start] === LINE_FEED) start++;
      if (start === bytes.length) break;
      const blank = bytes.subarray(start, start + LONGEST_WORD).indexOf(SPACE);
      if (blank < 0 && bytes.length - start >= LONGEST_WORD)
        fail(`no word ends within ${LONGEST_WORD} bytes`);
      const at = start + blank + 1;
      if (blank < 0 || at + size > bytes.length) {
        if (isLast) fail('the file ends in the middle of the row');
        break;
      }
      if (!text.isUtf8(start, at - 1)) fail("the word isn't UTF-8");
      const vector = table.add(text.utf8(start, at - 1), this.#offset + start, row);
      for (let i = 0; vector !== null && i < header.dim; i++) {
        vector[i] = view.getFloat32(at + 4 * i, true);
        if (!Number.isFinite(vector[i])) fail(`number ${i + 1} isn't finite`);
      }
      start = at + size;
    }
    this.#offset += start;
    return start;
  }
}
