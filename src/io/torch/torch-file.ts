import { host } from '#host';
import { requireText } from '../../core/arguments.js';
import { defineOptions } from '../../core/options.js';
import { nativeCrc32 } from '../../engine/cpu/native.js';
import { requireFiles } from '../../host/require.js';
import { type Crc32, crc32 as portable } from './crc32.js';
import { operation } from './fail.js';
import { type LoadTorchOptions, loadTorchSpec, readTorch } from './load.js';
import type { TorchValue } from './python-object.js';
import { torchChunks } from './save.js';

/** The fastest available. */
const crc32: Crc32 = nativeCrc32() ?? host.crc32 ?? portable;

const loadTorchOptions = defineOptions(loadTorchSpec);

/**
 * Reads a `.pt` or `.pth` file that `torch.save` wrote, now or before PyTorch 1.6.
 *
 * A dict whose keys are all strings or all whole numbers becomes an object; any other dict becomes a Map.
 * Lists and tuples become arrays, sets become Sets, bytes a Uint8Array, ints beyond 2⁵³ bigints, devices and
 * dtypes their names, NumPy numbers numbers, and NumPy arrays tensors. float16 and bfloat16 become
 * float32, and all integers except bytes become int32. Tensors that shared memory still do. An object of any
 * other class becomes a `PythonObject`, which says what it was. Nothing in the file is executed.
 *
 * Unsupported values (complex, quantized, and sparse tensors, text arrays, an integer beyond int32) throw
 * when you access the property that holds them.
 *
 * @param options.verify whether checksums are checked (default true)
 * @returns what was saved; the caller gives its type (a state dict, for `loadStateDict`)
 * @throws FileError if the file can't be read
 * @throws FileFormatError naming the byte, if the file is damaged or of another kind, names something that
 * could run code, or is a whole model instead of its state dict or a value that isn't supported
 * @differs from PyTorch, which executes what a file says unless `weights_only` is set, and doesn't check checksums
 * @example
 * model.loadStateDict(io.loadTorch('model.pt'));
 */
export const loadTorch = <T = TorchValue>(path: string, options?: LoadTorchOptions): T => {
  const { verify } = loadTorchOptions(operation, options);
  const files = requireFiles(operation, 'use io.loadTorchBytes(bytes)');
  return files.open(operation, path, (source) => readTorch(source, verify, crc32)) as T;
};

/**
 * Writes a `.pt` file that `torch.load` can read (a state dict also with `weights_only`), all or nothing.
 *
 * Plain objects become dicts. An object that holds only tensors becomes an OrderedDict, like a state dict;
 * any other whose keys are all whole numbers gets int keys, like an optimizer's state. Undefined properties
 * are left out. A Map becomes a dict with the same keys, an array a list, and a Uint8Array bytes; whole
 * numbers become ints. Tensors that share memory share it in the file; a storage that only one tensor
 * uses is written densely.
 *
 * @throws ArgumentError naming a value that a file can't hold
 * @throws FileError if it can't be written; the old file, if any, is unchanged
 * @example
 * await io.saveTorch('checkpoint.pt', { epoch: 3, model: model.stateDict(), optimizer: opt.stateDict() });
 */
export async function saveTorch(path: string, value: unknown): Promise<void> {
  const files = requireFiles('saveTorch', 'use io.serializeTorch(value)');
  requireText('saveTorch', 'path', path);
  files.write(path, await torchChunks(value, crc32));
}
