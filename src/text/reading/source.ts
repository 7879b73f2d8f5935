import { requireBytes, requirePath } from '../../core/arguments.js';
import { describe, isPlainObject } from '../../core/describe.js';
import { ArgumentError, FileFormatError } from '../../core/errors.js';
import { defineOptions, whole, word } from '../../core/options.js';
import type { Encoding } from '../../data/characters.js';
import { fileChunks } from '../../data/chunks.js';
import type { DataFile } from '../../data/find.js';

/**
 * Where text comes from: the path of a file, the bytes of one (which a browser needs), or a file of a data set.
 * Gzip is detected by the first bytes.
 */
export type TextSource = string | Uint8Array | DataFile;

export interface ReadOptions {
  /**
   * How bytes become characters (default `utf-8`, which skips a byte order mark); `latin1` is Windows-1252, as
   * in browsers.
   */
  readonly encoding?: Encoding | undefined;
  /** What to do about bytes that aren't UTF-8: throw, or `replace` them with U+FFFD (default `error`). */
  readonly badBytes?: 'error' | 'replace' | undefined;
  /** Longest line in bytes; guards against files that aren't text (default 2²⁶). */
  readonly maxLineBytes?: number | undefined;
}

/** What `ReadOptions` may be. */
export const readSpec = {
  encoding: word(['utf-8', 'latin1'], 'utf-8'),
  badBytes: word(['error', 'replace'], 'error'),
  maxLineBytes: whole(2 ** 26, { least: 1, most: 2 ** 28 }),
};

export const readOptions = defineOptions(readSpec);

/** A file whose text doesn't follow its format, with the line where that shows. */
export class TextFileError extends FileFormatError {
  override name = 'TextFileError';

  constructor(
    operation: string,
    file: string,
    offset: number,
    /** From 1. */
    readonly line: number,
    problem: string,
  ) {
    super(operation, file, offset, `line ${line}: ${problem}`);
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes;
}

const isDataFile = (source: unknown): source is DataFile =>
  isPlainObject(source) && typeof source.path === 'string' && typeof source.read === 'function';

/** The name of a source, for errors, and its bytes. @throws ArgumentError unless it's a source */
export function chunksOf(
  operation: string,
  source: TextSource,
): { name: string; chunks: () => AsyncIterable<Uint8Array> } {
  if (source instanceof Uint8Array) return { name: 'bytes', chunks: () => once(source) };
  if (isDataFile(source)) {
    const read = (): Uint8Array => {
      const bytes = source.read();
      requireBytes(operation, `what ${source.path} reads`, bytes);
      return bytes;
    };
    return { name: source.path, chunks: () => once(read()) };
  }
  if (typeof source !== 'string')
    throw new ArgumentError(
      operation,
      `the source must be a path, bytes, or a file of a data set, got ${describe(source)}`,
    );
  requirePath(operation, 'the source', source);
  return { name: source, chunks: () => fileChunks(operation, source, `use text.${operation}(bytes)`) };
}
