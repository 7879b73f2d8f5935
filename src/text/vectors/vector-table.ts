import { plural } from '../../core/describe.js';
import { FileFormatError } from '../../core/errors.js';
import { empty, noGrad, type Tensor, tensor, tidy } from '../../index.js';
import { TextFileError } from '../reading/source.js';
import type { Vocab } from '../vocab.js';
import type { Header } from './vector-header.js';

/** A reader of rows: takes bytes that start with the last unused ones, and says how many it used. */
export interface RowReader {
  read(bytes: Uint8Array, isLast: boolean): number;
}

/** Most numbers in a vector. */
const MOST_DIM = 2 ** 16;
/** Allocate memory for at most this many numbers at once: a header may lie. */
const NUMBERS_AT_ONCE = 2 ** 20;

/** Collects words and their vectors as a file is read. */
export class VectorTable {
  /** Numbers in a vector; 0 until it's known. */
  dim = 0;
  /** Rows of the file so far, with those not kept. */
  rows = 0;
  isBinary = false;
  readonly #lines = new Map<string, number>();
  readonly #pieces: Float32Array[] = [];
  #count: number | undefined;

  constructor(
    readonly operation: string,
    readonly name: string,
    readonly maxWords: number | undefined,
    readonly only: Vocab | undefined,
  ) {}

  /** @throws TextFileError for sizes that no file has */
  expect({ count, dim }: Header): void {
    if (dim < 1 || dim > MOST_DIM || !Number.isSafeInteger(count))
      this.fail(
        0,
        1,
        `the header says ${plural(count, 'word')} with ${plural(dim, 'number')} each, which can't be`,
      );
    this.#count = count;
    this.dim = dim;
  }

  /** @param line of the file, or in a binary file the number of the row */
  fail(offset: number, line: number, problem: string): never {
    if (this.isBinary)
      throw new FileFormatError(this.operation, this.name, offset, `row ${line}: ${problem}`);
    throw new TextFileError(this.operation, this.name, offset, line, problem);
  }

  /** Rows of a piece of memory. */
  get #rowsAtOnce(): number {
    return Math.max(1, Math.floor(NUMBERS_AT_ONCE / this.dim));
  }

  /** Whether no more words are wanted. */
  get isFull(): boolean {
    return this.#lines.size === this.maxWords;
  }

  /** Adds a word and returns where its vector goes; null if the word isn't wanted. */
  add(word: string, offset: number, line: number): Float32Array | null {
    if (this.rows === this.#count)
      this.fail(
        offset,
        line,
        `the header says ${plural(this.#count, 'word')}, but here's another one, ${JSON.stringify(word)}`,
      );
    this.rows++;
    if (this.only !== undefined && !this.only.has(word)) return null;
    const before = this.#lines.get(word);
    if (before !== undefined)
      this.fail(
        offset,
        line,
        `the word ${JSON.stringify(word)} is there already, in ${this.isBinary ? 'row' : 'line'} ${before}`,
      );
    const { dim } = this;
    const at = (this.#lines.size % this.#rowsAtOnce) * dim;
    this.#lines.set(word, line);
    if (at === 0) this.#pieces.push(new Float32Array(this.#rowsAtOnce * dim));
    return this.#pieces.at(-1)!.subarray(at, at + dim);
  }

  /** The words and vectors. @throws FileFormatError if there are none, or fewer than the header says */
  finish(): { words: string[]; vectors: Tensor } {
    const fail = (problem: string): never => {
      throw new FileFormatError(this.operation, this.name, 0, problem);
    };
    if (this.rows === 0) fail('has no word vectors');
    if (!this.isFull && this.#count !== undefined && this.rows < this.#count)
      fail(
        `the header says ${plural(this.#count, 'word')}, but there ${this.rows === 1 ? 'is' : 'are'} ${this.rows}`,
      );
    if (this.#lines.size === 0) fail('has none of the words of the vocabulary');
    const words = [...this.#lines.keys()];
    const vectors = empty([words.length, this.dim]);
    this.#pieces.forEach((piece, i) => {
      const first = i * this.#rowsAtOnce;
      const rows = Math.min(this.#rowsAtOnce, words.length - first);
      const values = piece.subarray(0, rows * this.dim);
      tidy(() => noGrad(() => vectors.narrow(0, first, rows).copy_(tensor(values, [rows, this.dim]))));
    });
    return { words, vectors };
  }
}
