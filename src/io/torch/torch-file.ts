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

/** The fastest at hand. */
const crc32: Crc32 = nativeCrc32() ?? host.crc32 ?? portable;

const loadTorchOptions = defineOptions(loadTorchSpec);

/**
 * Reads a `.pt` or `.pth` file that `torch.save` wrote, now or before PyTorch 1.6.
 *
 * A dict whose keys are all strings, or all whole numbers, becomes an object, any other a Map; lists
 * and tuples become arrays, sets Sets, bytes a Uint8Array, ints beyond 2⁵³ bigints, devices and
 * dtypes their names, numbers of NumPy numbers, and its arrays tensors. float16 and bfloat16 become
 * float32, all integers but bytes int32. Tensors that shared memory share it. An object of another class
 * becomes a `PythonObject`, which says what it was. Nothing in the file is executed.
 *
 * What is not supported (complex, quantized and sparse tensors, arrays of text, an integer beyond int32) is an
 * error when the property that holds it is asked for.
 *
 * @param options.verify whether checksums are checked (default true)
 * @returns what was saved; the caller says what it is, a state dict where `loadStateDict` takes it
 * @throws FileError if the file cannot be read
 * @throws FileFormatError naming the byte, if the file is damaged or of another kind, names what could run
 * code, is a whole model instead of its state dict, or a value that is not supported
 * @differs from PyTorch, which executes what a file says unless told `weights_only`, and checks no sums
 * @example
 * model.loadStateDict(io.loadTorch('model.pt'));
 */
export const loadTorch = <T = TorchValue>(path: string, options?: LoadTorchOptions): T => {
  const { verify } = loadTorchOptions(operation, options);
  const files = requireFiles(operation, 'use io.loadTorchBytes(bytes)');
  return files.open(operation, path, (source) => readTorch(source, verify, crc32)) as T;
};

/**
 * Writes a `.pt` file that `torch.load` reads, a state dict also with `weights_only`, whole or not at
 * all.
 *
 * Plain objects become dicts: one of nothing but tensors an OrderedDict, as a state dict is; any other
 * whose keys are all whole numbers gets ints for keys, as the state of an optimizer has. Properties
 * that are undefined are left out. A Map becomes a dict with its keys as they are, an array a list, a
 * Uint8Array bytes; numbers without fraction become ints. Tensors that share memory share it in the
 * file; what only one tensor uses is written densely.
 *
 * @throws ArgumentError naming a value that a file cannot hold
 * @throws FileError if it cannot be written; the old file, if any, is unchanged
 * @example
 * await io.saveTorch('checkpoint.pt', { epoch: 3, model: model.stateDict(), optimizer: opt.stateDict() });
 */
export async function saveTorch(path: string, value: unknown): Promise<void> {
  const files = requireFiles('saveTorch', 'use io.serializeTorch(value)');
  requireText('saveTorch', 'path', path);
  files.write(path, await torchChunks(value, crc32));
}
