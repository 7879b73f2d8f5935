import { requireBytes, requireText } from '../core/arguments.js';
import { FileFormatError } from '../core/errors.js';
import { otherKind } from '../io/file-kind.js';

export type IdxData = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/** An array as an IDX file holds it: elements in row-major order. */
export interface IdxArray<D extends IdxData = IdxData> {
  readonly shape: readonly number[];
  readonly data: D;
}

interface ElementType {
  readonly bytes: number;
  create(length: number): IdxData;
  read(view: DataView, at: number): number;
}

/** Element types by the third byte of the file. */
const elementTypes: Readonly<Record<number, ElementType>> = {
  8: { bytes: 1, create: (n) => new Uint8Array(n), read: (view, at) => view.getUint8(at) },
  9: { bytes: 1, create: (n) => new Int8Array(n), read: (view, at) => view.getInt8(at) },
  11: { bytes: 2, create: (n) => new Int16Array(n), read: (view, at) => view.getInt16(at) },
  12: { bytes: 4, create: (n) => new Int32Array(n), read: (view, at) => view.getInt32(at) },
  13: { bytes: 4, create: (n) => new Float32Array(n), read: (view, at) => view.getFloat32(at) },
  14: { bytes: 8, create: (n) => new Float64Array(n), read: (view, at) => view.getFloat64(at) },
};

/** Most bytes of elements that an array may have: a gigabyte, twenty times MNIST's. */
const MAX_BYTES = 2 ** 30;

export interface IdxHeader {
  readonly shape: readonly number[];
  readonly type: ElementType;
  /** Bytes before the elements. */
  readonly headerBytes: number;
  /** Bytes of the whole file. */
  readonly totalBytes: number;
}

/**
 * The header: two zero bytes, the element type, the number of axes, the length of each axis as a
 * big-endian 32-bit count. Needs only the first bytes of the file.
 *
 * @throws FileFormatError if they aren't an IDX header, or promise more than a gigabyte
 */
export function readIdxHeader(bytes: Uint8Array, file: string): IdxHeader {
  const fail = (at: number, problem: string): never => {
    throw new FileFormatError('readIdx', file, at, problem);
  };
  if (bytes.length < 4) fail(bytes.length, `ends after ${bytes.length} bytes; an IDX file begins with 4`);
  if (bytes[0] !== 0 || bytes[1] !== 0)
    fail(0, otherKind(bytes, 'an IDX file') ?? "not an IDX file: the first two bytes aren't zero");
  const type = elementTypes[bytes[2]!];
  if (!type) return fail(2, `unknown element type 0x${bytes[2]!.toString(16).padStart(2, '0')}`);
  const rank = bytes[3]!;
  const headerBytes = 4 + 4 * rank;
  if (rank === 0 || rank > 8) fail(3, `${rank} axes; 1 to 8 are supported`);
  if (bytes.length < headerBytes) fail(bytes.length, `ends within the lengths of its ${rank} axes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  let size = type.bytes;
  for (const [axis, n] of shape.entries()) {
    size *= n;
    if (size > MAX_BYTES)
      fail(4 + 4 * axis, `axis ${axis} has length ${n}: more than ${MAX_BYTES} bytes of elements`);
  }
  return { shape, type, headerBytes, totalBytes: headerBytes + size };
}

/**
 * Reads an IDX file, the format of MNIST (LeCun), from its uncompressed bytes.
 *
 * @param file name shown in errors
 * @throws FileFormatError if the file is shorter or longer than its header says, or isn't an IDX file
 */
export function parseIdx(bytes: Uint8Array, file = 'bytes'): IdxArray {
  requireBytes('parseIdx', 'bytes', bytes);
  requireText('parseIdx', 'file', file);
  const { shape, type, headerBytes, totalBytes } = readIdxHeader(bytes, file);
  if (bytes.length < totalBytes)
    throw new FileFormatError(
      'readIdx',
      file,
      bytes.length,
      `ends early: [${shape.join(', ')}] takes ${totalBytes} bytes`,
    );
  if (bytes.length > totalBytes)
    throw new FileFormatError(
      'readIdx',
      file,
      totalBytes,
      `${bytes.length - totalBytes} bytes too many for [${shape.join(', ')}]`,
    );
  const data = type.create((totalBytes - headerBytes) / type.bytes);
  if (data instanceof Uint8Array) data.set(bytes.subarray(headerBytes));
  else {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    for (let i = 0; i < data.length; i++) data[i] = type.read(view, headerBytes + i * type.bytes);
  }
  return { shape, data };
}
