import { requireText } from '../core/arguments.js';
import { requireFiles } from '../host/require.js';
import type { Tensor } from '../index.js';
import { requireNamedTensors } from './named-tensors.js';
import {
  contents,
  readSafetensors,
  type Safetensors,
  type SerializeOptions,
  serializeOptions,
} from './safetensors.js';
import { serialize } from './safetensors-format.js';

/**
 * Reads the tensors of a safetensors file. float16 and bfloat16 become float32, and all integers except
 * bytes become int32. Accessing a tensor that isn't supported (another dtype, an integer beyond int32) throws;
 * the others stay readable.
 *
 * @throws FileError if the file can't be read
 * @throws FileFormatError naming the byte, if the file is malformed
 * @example
 * model.loadStateDict(io.loadSafetensors('model.safetensors'));
 */
export const loadSafetensors = (path: string): Record<string, Tensor> => openSafetensors(path).tensors;

/** Like `loadSafetensors`, with the metadata. */
export const openSafetensors = (path: string): Safetensors =>
  requireFiles('loadSafetensors', 'use io.parseSafetensors(bytes)').open(
    'loadSafetensors',
    path,
    readSafetensors,
  );

/**
 * Writes tensors to a safetensors file, all or nothing.
 *
 * @throws FileError if it can't be written; the old file, if any, is unchanged
 * @throws ArgumentError for a value that the chosen dtype can't hold
 * @example
 * await io.saveSafetensors('model.safetensors', model.stateDict());
 */
export async function saveSafetensors(
  path: string,
  tensors: Readonly<Record<string, Tensor>>,
  options?: SerializeOptions,
): Promise<void> {
  const files = requireFiles('saveSafetensors', 'use io.serializeSafetensors(tensors)');
  requireText('saveSafetensors', 'path', path);
  requireNamedTensors('saveSafetensors', tensors);
  const { dtype, metadata } = serializeOptions('saveSafetensors', options);
  files.write(path, serialize(await contents('saveSafetensors', tensors, dtype), metadata));
}
