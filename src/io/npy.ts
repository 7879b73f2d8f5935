import { ArgumentError } from '../core/errors.js';
import { defineOptions } from '../core/options.js';
import { sizeOf } from '../core/shape.js';
import { type ByteSource, bytesSource } from '../host/byte-source.js';
import { type Tensor, tensor } from '../index.js';
import { checkTensors } from '../tensor/argument.js';
import { descrOf, readNpyHeader } from './npy-header.js';
import { type StoredDType, storedAs, storedDType, storedTypes, UnrepresentableError } from './stored.js';
import { UnsupportedError } from './unsupported.js';

export interface SaveNpyOptions {
  /** Element type in the file (default: the tensor's). */
  readonly dtype?: StoredDType;
}

/** What `SaveNpyOptions` may be. */
export const saveNpySpec = { dtype: storedDType };

/** Reads `SaveNpyOptions`. */
export const saveNpyOptions = defineOptions(saveNpySpec);

/** Copies multi-byte elements into the other byte order. */
function swapped(bytes: Uint8Array, width: number): Uint8Array {
  const out = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i += width)
    for (let b = 0; b < width; b++) out[i + b] = bytes[i + width - 1 - b]!;
  return out;
}

/** The tensor of a .npy source. */
export function readNpy(operation: string, source: ByteSource): Tensor {
  const { stored, bigEndian, fortranOrder, shape, begin } = readNpyHeader(operation, source);
  const type = storedTypes[stored];
  const raw = source.read(begin, source.size - begin);
  try {
    const data = type.decode(bigEndian && type.bytes > 1 ? swapped(raw, type.bytes) : raw);
    if (!fortranOrder || shape.length < 2) return tensor(data, shape, { dtype: type.dtype });
    // Elements with the first index fastest are the transpose's with the last index fastest.
    const transposed = tensor(data, shape.toReversed(), { dtype: type.dtype });
    return transposed.permute(shape.map((_, axis) => shape.length - 1 - axis)).clone();
  } catch (error) {
    if (!(error instanceof UnrepresentableError)) throw error;
    throw new UnsupportedError(operation, source.name, begin + error.index * type.bytes, error.message);
  }
}

/**
 * Reads the bytes of a .npy file of any version, byte order, and element order. float16 becomes
 * float32, and all integers except uint8 become int32.
 *
 * @throws FileFormatError naming the byte, if the file is malformed or holds Python objects, text,
 * complex numbers, or an integer that doesn't fit in int32
 * @source numpy.lib.format
 */
export const parseNpy = (bytes: Uint8Array, name?: string): Tensor =>
  readNpy('loadNpy', bytesSource(bytes, name, 'parseNpy'));

/** NumPy leaves room for the first axis to grow to this many digits. */
const GROWTH_DIGITS = 21;

/** The header that NumPy 1.24 writes, byte for byte; the elements begin at a multiple of 64. */
function header(descr: string, shape: readonly number[]): Uint8Array {
  const order = descr.endsWith('1') ? '|' : '<';
  const tuple = `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
  const room = shape.length > 0 ? GROWTH_DIGITS - String(shape[0]).length : 0;
  const text = `{'descr': '${order}${descr}', 'fortran_order': False, 'shape': ${tuple}, }${' '.repeat(room)}`;
  const total = Math.ceil((10 + text.length + 1) / 64) * 64;
  const bytes = new Uint8Array(total).fill(0x20);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(bytes.buffer).setUint16(8, total - 10, true);
  bytes.set(new TextEncoder().encode(text), 10);
  bytes[total - 1] = 0x0a;
  return bytes;
}

/** The bytes of a .npy file: header and elements. */
export async function npyChunks(
  operation: string,
  x: Tensor,
  dtype: StoredDType = storedAs[x.dtype],
): Promise<[Uint8Array, Uint8Array]> {
  const descr = descrOf.get(dtype);
  if (descr === undefined) throw new ArgumentError(operation, `NumPy has no type ${dtype}`);
  try {
    return [header(descr, x.shape), storedTypes[dtype].encode(await x.data())];
  } catch (error) {
    if (!(error instanceof UnrepresentableError)) throw error;
    throw new ArgumentError(operation, error.message);
  }
}

/**
 * The bytes of a .npy file, as NumPy writes them.
 *
 * @throws ArgumentError for a value that the chosen dtype can't hold
 */
export async function serializeNpy(x: Tensor, options?: SaveNpyOptions): Promise<Uint8Array> {
  checkTensors('serializeNpy', { x });
  const { dtype } = saveNpyOptions('serializeNpy', options);
  const [head, elements] = await npyChunks('saveNpy', x, dtype);
  const bytes = new Uint8Array(head.length + elements.length);
  bytes.set(head);
  bytes.set(elements, head.length);
  return bytes;
}

/** Bytes that a tensor takes up in a file, without the header. */
export const elementBytes = (x: Tensor, dtype: StoredDType = storedAs[x.dtype]): number =>
  sizeOf(x.shape) * storedTypes[dtype].bytes;
