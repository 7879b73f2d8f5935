import { host } from '#host';
import { isGzip } from '../core/bytes.js';
import { FileFormatError } from '../core/errors.js';
import { otherKind } from '../io/file-kind.js';
import type { DataFile } from './find.js';

/** The most bytes that a file unpacks to: more than twice CIFAR's size. */
const MAX_BYTES = 2 ** 29;
const BLOCK = 512;

/**
 * The bytes of a file, unpacked if it's gzipped (as its first bytes tell, not its name).
 *
 * @throws FileError if it can't be read
 * @throws FileFormatError if it isn't complete gzip data
 */
export function readUnpacked(operation: string, { path, read }: DataFile): Uint8Array {
  const bytes = read();
  if (!isGzip(bytes)) return bytes;
  try {
    return host.gunzip.whole(bytes, MAX_BYTES);
  } catch (cause) {
    const reason =
      cause instanceof RangeError
        ? `unpacks to more than ${MAX_BYTES} bytes`
        : `isn't complete gzip data: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new FileFormatError(operation, path, bytes.length, reason);
  }
}

/** The bytes of a header, summed, with its checksum field counted as blanks. */
const checksum = (header: Uint8Array): number =>
  header.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 32 : byte), 0);

/**
 * The files of a tar archive by their names without folders.
 *
 * @throws FileFormatError if it isn't an archive, or is cut off
 */
export function readTar(operation: string, path: string, bytes: Uint8Array): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const text = (from: number, length: number): string =>
    String.fromCharCode(...bytes.subarray(from, from + length)).replace(/[\0 ].*$/s, '');
  for (let at = 0; at < bytes.length && bytes[at] !== 0; ) {
    const header = bytes.subarray(at, at + BLOCK);
    if (header.length < BLOCK || Number.parseInt(text(at + 148, 8), 8) !== checksum(header))
      throw new FileFormatError(
        operation,
        path,
        at,
        (at === 0 && otherKind(bytes, 'a tar archive')) || "isn't a tar archive: a header is damaged",
      );
    const size = Number.parseInt(text(at + 124, 12), 8);
    const start = at + BLOCK;
    if (!(start + size <= bytes.length))
      throw new FileFormatError(operation, path, bytes.length, `ends within ${text(at, 100)}`);
    if (size > 0) files.set(text(at, 100).replace(/^.*\//, ''), bytes.subarray(start, start + size));
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}
