import { requireText } from '../core/arguments.js';
import { requireFiles } from '../host/require.js';
import type { Tensor } from '../index.js';
import { checkTensors } from '../tensor/argument.js';
import { requireNamedTensors } from './named-tensors.js';
import { npyChunks, readNpy, type SaveNpyOptions, saveNpyOptions } from './npy.js';
import { readNpz, type SaveNpzOptions, serializeNpz } from './npz.js';

/**
 * Reads a NumPy .npy file of any version, byte order, and element order. float16 becomes float32, and
 * all integers except uint8 become int32.
 *
 * @throws FileError if the file can't be read
 * @throws FileFormatError naming the byte, if the file is malformed or holds Python objects, text,
 * complex numbers, or an integer that doesn't fit in int32
 * @example
 * const x = io.loadNpy('features.npy');
 */
export const loadNpy = (path: string): Tensor =>
  requireFiles('loadNpy', 'use io.parseNpy(bytes)').open('loadNpy', path, (source) =>
    readNpy('loadNpy', source),
  );

/**
 * Writes a .npy file, all or nothing.
 *
 * @throws FileError if it can't be written; the old file, if any, is unchanged
 * @throws ArgumentError for a value that the chosen dtype can't hold
 */
export async function saveNpy(path: string, x: Tensor, options?: SaveNpyOptions): Promise<void> {
  const files = requireFiles('saveNpy', 'use io.serializeNpy(x)');
  checkTensors('saveNpy', { x });
  requireText('saveNpy', 'path', path);
  const { dtype } = saveNpyOptions('saveNpy', options);
  files.write(path, await npyChunks('saveNpy', x, dtype));
}

/**
 * Reads the arrays of a .npz file, stored or deflated, by name. Accessing an array that no tensor can hold
 * (text, records, an integer beyond int32) throws; the others stay readable.
 *
 * @throws FileError if the file can't be read
 * @throws FileFormatError naming the byte, if the archive or an array is damaged, a checksum is wrong,
 * or it would unpack to far more than its size
 * @example
 * const { x_train, y_train } = io.loadNpz('set.npz');
 */
export const loadNpz = (path: string): Record<string, Tensor> =>
  requireFiles('loadNpz', 'use io.parseNpz(bytes)').open('loadNpz', path, (source) =>
    readNpz('loadNpz', source),
  );

/**
 * Writes a .npz file that NumPy can read, all or nothing.
 *
 * @throws FileError if it can't be written; the old file, if any, is unchanged
 * @throws ArgumentError for a value that the chosen dtype can't hold, or arrays of 4 GB or more
 */
export async function saveNpz(
  path: string,
  tensors: Readonly<Record<string, Tensor>>,
  options?: SaveNpzOptions,
): Promise<void> {
  const files = requireFiles('saveNpz', 'use io.serializeNpz(tensors)');
  requireText('saveNpz', 'path', path);
  requireNamedTensors('saveNpz', tensors);
  files.write(path, await serializeNpz(tensors, options));
}
