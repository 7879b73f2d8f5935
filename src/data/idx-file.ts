import { host } from '#host';
import { requireText } from '../core/arguments.js';
import { isGzip } from '../core/bytes.js';
import { FileFormatError } from '../core/errors.js';
import { requireFiles } from '../host/require.js';
import { type IdxArray, type IdxData, parseIdx, readIdxHeader } from './idx.js';

/** A compressed prefix of this many bytes always holds an IDX header. */
const PREFIX = 4096;

/** An array from the bytes of an IDX file, gzipped or not. */
const unpackedIdx = (bytes: Uint8Array, path: string): IdxArray =>
  parseIdx(isGzip(bytes) ? gunzipIdx(bytes, path) : bytes, path);

const filesFor = (operation: string) => requireFiles(operation, 'use data.parseIdx(bytes)');

/**
 * Reads an IDX file, gzipped or not (detected by its first bytes, not its name).
 *
 * @throws FileError if it can't be read
 * @throws FileFormatError naming the byte, if the file is malformed
 */
export function readIdx(path: string): IdxArray {
  const files = filesFor('readIdx');
  requireText('readIdx', 'path', path);
  return unpackedIdx(files.read('readIdx', path), path);
}

/** Like `readIdx`, for a file that must hold bytes in the given number of axes. */
export function readIdxBytes(path: string, rank: number): IdxArray<Uint8Array> {
  const files = filesFor('readIdxBytes');
  requireText('readIdxBytes', 'path', path);
  return idxBytes(files.read('readIdx', path), path, rank);
}

/** Bytes in the given number of axes, from the bytes of an IDX file, gzipped or not. */
export function idxBytes(content: Uint8Array, path: string, rank: number): IdxArray<Uint8Array> {
  const { shape, data } = unpackedIdx(content, path);
  if (!isBytes(data)) throw new FileFormatError('readIdx', path, 2, "the elements aren't unsigned bytes");
  if (shape.length !== rank)
    throw new FileFormatError('readIdx', path, 3, `${shape.length} axes, expected ${rank}`);
  return { shape, data };
}

const isBytes = (data: IdxData): data is Uint8Array => data instanceof Uint8Array;

/** Unpacks no more than the header inside promises, so a small file can't fill the memory. */
function gunzipIdx(bytes: Uint8Array, path: string): Uint8Array {
  const unpack = (work: () => Uint8Array): Uint8Array => {
    try {
      return work();
    } catch (cause) {
      if (cause instanceof RangeError)
        throw new FileFormatError('readIdx', path, 0, 'unpacks to more bytes than its header says');
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new FileFormatError('readIdx', path, bytes.length, `isn't valid gzip: ${reason}`);
    }
  };
  // deflate compresses at most 1032 to 1, which bounds the prefix's unpacked size.
  const start = unpack(() => host.gunzip.start(bytes.subarray(0, PREFIX), PREFIX * 1100));
  const { totalBytes } = readIdxHeader(start, path);
  return unpack(() => host.gunzip.whole(bytes, totalBytes));
}
