import { ArgumentError, FileFormatError } from '../core/errors.js';
import { defineOptions, flag } from '../core/options.js';
import { type ByteSource, bytesSource } from '../host/byte-source.js';
import type { Tensor } from '../index.js';
import { checkTensors } from '../tensor/argument.js';
import { type Zippable, zipSync } from '../third-party/fflate.js';
import { KIND_BYTES, otherKind } from './file-kind.js';
import { requireNamedTensors } from './named-tensors.js';
import { elementBytes, readNpy, type SaveNpyOptions, saveNpySpec, serializeNpy } from './npy.js';
import { crc32 } from './torch/crc32.js';
import { readDirectory, ZipContents } from './torch/zip-reader.js';
import { setReadable, UnsupportedError } from './unsupported.js';

export interface SaveNpzOptions extends SaveNpyOptions {
  /** Whether to deflate the arrays, like NumPy's `savez_compressed` (default false). */
  readonly compress?: boolean;
}

const saveNpzOptions = defineOptions({ compress: flag(false), ...saveNpySpec });

const SUFFIX = '.npy';
const ZIP = [0x50, 0x4b];

/** Largest archive, in bytes, that the zip format allows without its extension for large ones. */
const MAX_ARCHIVE = 2 ** 32 - 2 ** 24;

/** What errors say the file isn't. */
const expected = 'a NumPy archive (.npz)';

/** The tensors of a .npz source by their names, without `.npy`. */
export function readNpz(operation: string, source: ByteSource): Record<string, Tensor> {
  const fail = (at: number, problem: string): never => {
    throw new FileFormatError(operation, source.name, at, problem);
  };
  const start = source.read(0, Math.min(KIND_BYTES, source.size));
  const problem = otherKind(start, expected);
  // A zip archive may begin with an entry that isn't an array.
  if (problem !== undefined && ZIP.some((byte, i) => start[i] !== byte)) fail(0, problem);
  const contents = new ZipContents(source, crc32, fail);
  const entries = [...readDirectory(source, fail).values()];
  if (problem !== undefined && !entries.some(({ name }) => name.endsWith(SUFFIX))) fail(0, problem);
  const tensors: Record<string, Tensor> = {};
  for (const entry of entries) {
    const isArray = entry.name.endsWith(SUFFIX);
    const place = `${source.name}/${entry.name}`;
    setReadable(tensors, isArray ? entry.name.slice(0, -SUFFIX.length) : entry.name, () => {
      if (!isArray) throw new UnsupportedError(operation, place, 0, "isn't a .npy file");
      return readNpy(operation, bytesSource(contents.read(entry), place));
    });
  }
  return tensors;
}

/**
 * Reads the bytes of a .npz file, stored or deflated; see `loadNpz`.
 *
 * @throws FileFormatError naming the byte, if the archive or an array is damaged, a checksum is wrong,
 * or it would unpack to far more than its size
 */
export const parseNpz = (bytes: Uint8Array, name?: string): Record<string, Tensor> =>
  readNpz('loadNpz', bytesSource(bytes, name, 'parseNpz'));

/**
 * The bytes of a .npz file that NumPy can read.
 *
 * @throws ArgumentError for a value that the chosen dtype can't hold, or arrays of 4 GB or more
 */
export async function serializeNpz(
  tensors: Readonly<Record<string, Tensor>>,
  options?: SaveNpzOptions,
): Promise<Uint8Array> {
  requireNamedTensors('serializeNpz', tensors);
  checkTensors('serializeNpz', tensors);
  const { compress, dtype } = saveNpzOptions('saveNpz', options);
  const entries = Object.entries(tensors);
  const total = entries.reduce((sum, [name, x]) => sum + elementBytes(x, dtype) + name.length + 512, 0);
  if (total > MAX_ARCHIVE)
    throw new ArgumentError('saveNpz', `the arrays take ${total} bytes; save them as safetensors`);
  const wrong = entries.find(([name]) => name === '' || /[\\\0]|^\/|(^|\/)\.\.(\/|$)/.test(name));
  if (wrong)
    throw new ArgumentError('saveNpz', `${JSON.stringify(wrong[0])} isn't a valid file name for an archive`);
  const files: Zippable = Object.create(null);
  for (const [name, x] of entries)
    files[`${name}.npy`] = await serializeNpy(x, dtype === undefined ? {} : { dtype });
  // The earliest date in the zip format, so the same arrays give the same bytes.
  return zipSync(files, { level: compress ? 6 : 0, mtime: new Date(1980, 0, 1) });
}
