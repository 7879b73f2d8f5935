import type { Scanner } from './scanner.js';

/** Fields that mean a missing value by default, ignoring surrounding blanks. */
export const usualMissing: readonly string[] =
  ' NA na N/A n/a #N/A #NA <NA> NaN nan NAN -NaN -nan NULL Null null None ?'.split(' ');

/** Blanks as in `trim`: of the control characters, only those that are whitespace. */
const isBlank = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);

/** Recognizes fields that mean a missing value. */
export class Missing {
  readonly #words: ReadonlySet<string>;
  /** Whether a word begins with the byte. */
  readonly #begins = new Uint8Array(256);
  readonly #longest: number;
  readonly #hasEmpty: boolean;

  constructor(words: readonly string[]) {
    this.#words = new Set(words.map((word) => word.trim()));
    this.#hasEmpty = this.#words.has('');
    const bytesOf = (word: string): Uint8Array => new TextEncoder().encode(word);
    this.#longest = Math.max(0, ...words.map((word) => bytesOf(word).length));
    for (const word of this.#words) if (word !== '') this.#begins[bytesOf(word)[0]!] = 1;
    // A character that takes one byte in one encoding may take several in another.
    if (words.some((word) => word > '\x7f')) this.#begins.fill(1, 128);
  }

  /** Whether a text means a missing value. */
  isWord(text: string): boolean {
    return this.#words.has(text.trim());
  }

  /** Whether a field of the row means a missing value. */
  has(row: Scanner, field: number): boolean {
    const { bytes } = row;
    let start = row.starts[field]!;
    let end = row.ends[field]!;
    while (start < end && isBlank(bytes[start]!)) start++;
    if (start === end) return this.#hasEmpty;
    if (this.#begins[bytes[start]!] === 0) return false;
    while (isBlank(bytes[end - 1]!)) end--;
    return end - start <= this.#longest && this.isWord(row.text(field));
  }
}
