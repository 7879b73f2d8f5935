import { readFileSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import { requireText } from '../core/arguments.js';
import { FileFormatError } from '../core/errors.js';
import { fileError } from '../io/atomic.js';
import { type IdxArray, type IdxData, parseIdx, readIdxHeader } from './idx.js';

/** Bytes of compressed file that are sure to hold an IDX header. */
const PREFIX = 4096;

/**
 * Reads an IDX file, gzipped or not (told by its first bytes, not by its name).
 *
 * @throws FileError if it cannot be read
 * @throws FileFormatError naming the byte, if its content is not what it says
 */
export function readIdx(path: string): IdxArray {
  requireText('readIdx', 'path', path);
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw fileError('readIdx', path, cause);
  }
  return parseIdx(bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipIdx(bytes, path) : bytes, path);
}

/** As `readIdx`, for a file that must hold bytes in the given number of axes. */
export function readIdxBytes(path: string, rank: number): IdxArray<Uint8Array> {
  requireText('readIdxBytes', 'path', path);
  const { shape, data } = readIdx(path);
  if (!isBytes(data)) throw new FileFormatError('readIdx', path, 2, 'the elements are not unsigned bytes');
  if (shape.length !== rank)
    throw new FileFormatError('readIdx', path, 3, `${shape.length} axes, expected ${rank}`);
  return { shape, data };
}

const isBytes = (data: IdxData): data is Uint8Array => data instanceof Uint8Array;

/** Unpacks no more than the header inside promises, so that a small file cannot fill the memory. */
function gunzipIdx(bytes: Uint8Array, path: string): Uint8Array {
  const unpack = (
    part: Uint8Array,
    options: { finishFlush?: number; maxOutputLength: number },
  ): Uint8Array => {
    try {
      return gunzipSync(part, options);
    } catch (cause) {
      if (cause instanceof RangeError)
        throw new FileFormatError('readIdx', path, 0, 'unpacks to more bytes than its header says');
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new FileFormatError('readIdx', path, bytes.length, `is not whole as gzip: ${reason}`);
    }
  };
  // deflate packs at most 1032 to 1, which bounds what the prefix can become.
  const start = unpack(bytes.subarray(0, PREFIX), {
    finishFlush: constants.Z_SYNC_FLUSH,
    maxOutputLength: PREFIX * 1100,
  });
  const { totalBytes } = readIdxHeader(start, path);
  return unpack(bytes, { maxOutputLength: totalBytes });
}
