import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { FileFormatError } from '../core/errors.js';
import type { Tensor } from '../index.js';
import { fileError, writeFileAtomic } from './atomic.js';
import { contents, readSafetensors, type Safetensors, type SerializeOptions } from './safetensors.js';
import { type ByteSource, serialize } from './safetensors-format.js';

/** Calls `work` with an open file, of which only what is asked for is read. */
function withFile<R>(path: string, work: (source: ByteSource) => R): R {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    const { size } = fstatSync(descriptor);
    return work({ name: path, size, read: (offset, length) => readRange(descriptor!, path, offset, length) });
  } catch (cause) {
    throw cause instanceof Error && 'syscall' in cause ? fileError('loadSafetensors', path, cause) : cause;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function readRange(descriptor: number, path: string, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const n = readSync(descriptor, bytes, done, Math.min(length - done, 2 ** 30), offset + done);
    if (n === 0) throw new FileFormatError('loadSafetensors', path, offset + done, 'the file became shorter');
    done += n;
  }
  return bytes;
}

/**
 * Reads the tensors of a safetensors file. float16 and bfloat16 become float32, all integers but
 * bytes int32.
 *
 * @throws FileError if the file cannot be read
 * @throws FileFormatError naming the byte, if its content is not what it says, or an integer does not fit into int32
 * @example
 * model.loadStateDict(io.loadSafetensors('model.safetensors'));
 */
export const loadSafetensors = (path: string): Record<string, Tensor> =>
  withFile(path, readSafetensors).tensors;

/** As `loadSafetensors`, with the metadata. */
export const openSafetensors = (path: string): Safetensors => withFile(path, readSafetensors);

/**
 * Writes tensors to a safetensors file, whole or not at all.
 *
 * @throws FileError if it cannot be written; the old file, if any, is unchanged
 * @throws ArgumentError for a value that the chosen dtype cannot hold
 * @example
 * await io.saveSafetensors('model.safetensors', model.stateDict());
 */
export async function saveSafetensors(
  path: string,
  tensors: Readonly<Record<string, Tensor>>,
  options: SerializeOptions = {},
): Promise<void> {
  writeFileAtomic(path, serialize(await contents(tensors, options), options.metadata));
}
