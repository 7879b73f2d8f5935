import { host } from '#host';
import { isGzip, joinBytes } from '../core/bytes.js';
import { FileFormatError } from '../core/errors.js';
import { GzipError } from '../host/gunzip.js';
import { requireFiles } from '../host/require.js';
import { KIND_BYTES, otherKind } from '../io/file-kind.js';

/** Bytes to read at once. */
const CHUNK = 2 ** 19;

type Chunks = AsyncIterable<Uint8Array>;

/** The same chunks, with a first one large enough to identify the file's kind. */
async function* withStart(chunks: Chunks, least: number): AsyncGenerator<Uint8Array, void> {
  let start: Uint8Array | undefined;
  let isWhole = false;
  for await (const chunk of chunks) {
    if (isWhole) yield chunk;
    else {
      start = start ? joinBytes([start, chunk]) : chunk;
      isWhole = start.length >= least;
      if (isWhole) yield start;
    }
  }
  if (!isWhole && start) yield start;
}

/** The bytes, unpacked if they begin like gzip. */
async function* unpacked(packed: Chunks): AsyncGenerator<Uint8Array, void> {
  const chunks = withStart(packed, 2);
  const { value: first } = await chunks.next();
  async function* all(): AsyncGenerator<Uint8Array, void> {
    if (first) yield first;
    yield* chunks;
  }
  if (!first || !isGzip(first)) yield* all();
  else yield* host.gunzip.stream(all(), CHUNK);
}

/**
 * The bytes of a file in chunks, in memory that doesn't grow with the file.
 *
 * @param instead what to use where there are no files: `use data.parseCsv(bytes)`
 * @throws FileError if it can't be read
 */
export const fileChunks = (operation: string, path: string, instead: string): Chunks =>
  requireFiles(operation, instead).stream(operation, path, CHUNK);

/** What a text should be. */
export interface TextKind {
  /** Completes "is a PNG image, not …". */
  readonly expected: string;
  /** Most bytes of text (default: any number), and what to say about more. */
  readonly limit?: { readonly bytes: number; readonly advice: string };
}

/**
 * The bytes of a text in chunks; gzip is detected by the first bytes.
 *
 * @param name shown in errors
 * @throws FileFormatError if it isn't valid gzip, or is of another kind
 */
export async function* textChunks(
  operation: string,
  name: string,
  chunks: Chunks,
  { expected, limit }: TextKind,
): AsyncGenerator<Uint8Array, void> {
  const fail = (at: number, problem: string): never => {
    throw new FileFormatError(operation, name, at, problem);
  };
  let seen = 0;
  try {
    for await (const chunk of withStart(unpacked(chunks), KIND_BYTES)) {
      if (seen === 0) checkKind(chunk, expected, fail);
      seen += chunk.length;
      if (limit && seen > limit.bytes)
        fail(0, `holds more than ${limit.bytes} bytes of text, ${limit.advice}`);
      yield chunk;
    }
  } catch (cause) {
    if (cause instanceof GzipError) fail(0, `isn't valid gzip: ${cause.message}`);
    throw cause;
  }
}

function checkKind(start: Uint8Array, expected: string, fail: (at: number, problem: string) => never): void {
  const other = otherKind(start, expected, true);
  if (other !== undefined) fail(0, other);
  const [a, b] = start;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff))
    fail(0, 'is text in UTF-16 (which Excel calls Unicode); save it as UTF-8');
}
