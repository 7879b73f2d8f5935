import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { FileFormatError } from '../../core/errors.js';
import { fileError } from '../../io/atomic.js';
import { KIND_BYTES, otherKind } from '../../io/file-kind.js';

/** Bytes that are read at once. */
const CHUNK = 2 ** 19;

const isGzip = (start: Uint8Array): boolean => start[0] === 0x1f && start[1] === 0x8b;

/** The same chunks, of which the first has enough bytes to tell the file's kind. */
async function* withStart(chunks: AsyncIterable<Buffer>, least: number): AsyncGenerator<Buffer, void> {
  let start: Buffer | undefined;
  let isWhole = false;
  for await (const chunk of chunks) {
    if (isWhole) yield chunk;
    else {
      start = start ? Buffer.concat([start, chunk]) : chunk;
      isWhole = start.length >= least;
      if (isWhole) yield start;
    }
  }
  if (!isWhole && start) yield start;
}

/** The bytes of a file, unpacked if they begin as gzip does. */
async function* unpacked(path: string): AsyncGenerator<Buffer, void> {
  const chunks = withStart(createReadStream(path, { highWaterMark: CHUNK }), 2);
  const { value: first } = await chunks.next();
  async function* all(): AsyncGenerator<Buffer, void> {
    if (first) yield first;
    yield* chunks;
  }
  if (!first || !isGzip(first)) {
    yield* all();
    return;
  }
  const gunzip = createGunzip({ chunkSize: CHUNK });
  // Errors reach the reader of the last stage; leaving the loop closes both.
  pipeline(Readable.from(all()), gunzip, () => {});
  yield* gunzip;
}

/**
 * The bytes of a text file in chunks, in memory that does not grow with the file; gzip is told by the first
 * bytes.
 *
 * @param maxBytes most bytes of text
 * @throws FileError if it cannot be read
 * @throws FileFormatError if it is not whole as gzip, or a file of another kind
 */
export async function* textChunks(
  operation: string,
  path: string,
  maxBytes: number,
): AsyncGenerator<Buffer, void> {
  const fail = (at: number, problem: string): never => {
    throw new FileFormatError(operation, path, at, problem);
  };
  let seen = 0;
  try {
    for await (const chunk of withStart(unpacked(path), KIND_BYTES)) {
      if (seen === 0) checkKind(chunk, fail);
      seen += chunk.length;
      if (seen > maxBytes)
        fail(0, `holds more than ${maxBytes} bytes of text, too much for a table; read it by streamCsv`);
      yield chunk;
    }
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause) || cause instanceof FileFormatError) throw cause;
    const code = String(cause.code);
    if (code.startsWith('Z_') || code === 'ERR_STREAM_PREMATURE_CLOSE')
      return fail(0, `is not whole as gzip: ${cause.message}`);
    throw 'syscall' in cause ? fileError(operation, path, cause) : cause;
  }
}

function checkKind(start: Uint8Array, fail: (at: number, problem: string) => never): void {
  const other = otherKind(start, 'a table of text (CSV)', true);
  if (other !== undefined) fail(0, other);
  const [a, b] = start;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff))
    fail(0, 'is text in UTF-16 (which Excel calls Unicode); save it as UTF-8');
}
