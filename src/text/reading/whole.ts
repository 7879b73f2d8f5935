import { host } from '#host';
import { readUnpacked } from '../../data/archive.js';
import { BYTE_ORDER_MARK, invalidAt, notUtf8, ofWindows } from '../../data/characters.js';
import type { DataFile } from '../../data/find.js';
import { otherKind } from '../../io/file-kind.js';
import { TextFileError } from './source.js';

/** All text of a file of a data set, gzipped or not. */
export class WholeText {
  readonly #bytes: Uint8Array;

  /** @throws FileFormatError if it's damaged, or of another kind */
  constructor(
    readonly operation: string,
    readonly file: DataFile,
  ) {
    this.#bytes = readUnpacked(operation, file);
    const other = otherKind(this.#bytes, 'text', true);
    if (other !== undefined) this.fail(0, 1, other);
  }

  fail(offset: number, line: number, problem: string): never {
    throw new TextFileError(this.operation, this.file.path, offset, line, problem);
  }

  get isUtf8(): boolean {
    return host.text(this.#bytes).isUtf8(0, this.#bytes.length);
  }

  /** @throws TextFileError naming the line, if it isn't UTF-8 */
  utf8(): string {
    const bytes = this.#bytes;
    if (!this.isUtf8) {
      const at = invalidAt(bytes, host.text(bytes), 0);
      this.fail(at, bytes.subarray(0, at).filter((byte) => byte === 0x0a).length + 1, notUtf8(bytes[at]!));
    }
    const hasMark = BYTE_ORDER_MARK.every((byte, i) => bytes[i] === byte);
    return host.text(bytes).utf8(hasMark ? 3 : 0, bytes.length);
  }

  /** As UTF-8 if it's that, else as Latin-1: for files that circulate in both. */
  either(): string {
    return this.isUtf8 ? this.utf8() : ofWindows(host.text(this.#bytes).latin1(0, this.#bytes.length));
  }
}

/** The lines of a text; a line feed at the end doesn't begin another line. */
export function linesIn(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
