import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { requireText } from '../../core/arguments.js';
import { FileFormatError } from '../../core/errors.js';
import type { ByteSource } from '../byte-source.js';
import { fileError } from './file-error.js';

/** Bytes of a piece, which stays in the processor's cache while it's checked and copied. */
const pieceBytes = 256 * 1024;

/**
 * Calls `work` with an open file, of which only the requested parts are read.
 *
 * @param operation named in errors
 * @throws FileError if the file can't be read
 */
export function withFile<R>(operation: string, path: string, work: (source: ByteSource) => R): R {
  requireText(operation, 'path', path);
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    const { size } = fstatSync(descriptor);
    return work(fileSource(operation, path, descriptor, size));
  } catch (cause) {
    throw cause instanceof Error && 'syscall' in cause ? fileError(operation, path, cause) : cause;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function fileSource(operation: string, path: string, descriptor: number, size: number): ByteSource {
  const fill = (target: Uint8Array, offset: number): Uint8Array => {
    for (let done = 0; done < target.length; ) {
      const length = Math.min(target.length - done, 2 ** 30);
      const n = readSync(descriptor, target, done, length, offset + done);
      if (n === 0) throw new FileFormatError(operation, path, offset + done, 'the file became shorter');
      done += n;
    }
    return target;
  };
  let buffer: Uint8Array | undefined;
  return {
    name: path,
    size,
    read: (offset, length) => fill(new Uint8Array(length), offset),
    *pieces(offset, length) {
      buffer ??= new Uint8Array(pieceBytes);
      for (let done = 0; done < length; done += pieceBytes)
        yield fill(buffer.subarray(0, Math.min(pieceBytes, length - done)), offset + done);
    },
  };
}
