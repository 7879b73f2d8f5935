import type { DType, TypedArray } from '../core/dtype.js';
import { word } from '../core/options.js';
import {
  fromBfloat16,
  fromFloat8E4M3,
  fromFloat8E5M2,
  fromFloat16,
  toBfloat16,
  toFloat16,
} from './halves.js';

/** Element types in files, under safetensors' names; tensors don't have all of them. */
export type StoredDType =
  | 'BOOL'
  | 'U8'
  | 'I8'
  | 'F8_E5M2'
  | 'F8_E4M3'
  | 'I16'
  | 'U16'
  | 'F16'
  | 'BF16'
  | 'I32'
  | 'U32'
  | 'F32'
  | 'F64'
  | 'I64'
  | 'U64';

/** Thrown by `decode` and `encode` for an element that doesn't fit; `index` counts elements. */
export class UnrepresentableError extends RangeError {
  constructor(
    readonly index: number,
    readonly value: number | bigint,
    readonly target: string,
  ) {
    super(`element ${index} is ${value}, which ${target} can't hold`);
  }
}

export interface StoredType {
  readonly bytes: number;
  /** dtype of a tensor read from it. */
  readonly dtype: DType;
  decode(bytes: Uint8Array): TypedArray;
  encode(values: ArrayLike<number>): Uint8Array;
}

type Getter = (view: DataView, offset: number) => number;
type Setter = (view: DataView, offset: number, value: number) => void;

const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** A type whose bytes match the typed array's: read and written by copying. */
function plain(
  create: { new (buffer: ArrayBuffer): TypedArray; new (length: number): TypedArray },
  bytes: number,
  dtype: DType,
): StoredType {
  const swap = (data: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> => {
    if (!littleEndian) for (let i = 0; i < data.length; i += bytes) data.subarray(i, i + bytes).reverse();
    return data;
  };
  return {
    bytes,
    dtype,
    decode: (data) => new create(swap(new Uint8Array(data)).buffer),
    encode: (values) => {
      const array = new create(values.length);
      array.set(values);
      return swap(new Uint8Array(array.buffer as ArrayBuffer));
    },
  };
}

/** A type read and written element by element. */
function converted(bytes: number, dtype: 'float32' | 'int32', get: Getter, set: Setter): StoredType {
  return {
    bytes,
    dtype,
    decode(data) {
      const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
      const n = data.byteLength / bytes;
      const out = dtype === 'float32' ? new Float32Array(n) : new Int32Array(n);
      for (let i = 0; i < n; i++) out[i] = get(view, i * bytes);
      return out;
    },
    encode(values) {
      const out = new Uint8Array(values.length * bytes);
      const view = new DataView(out.buffer);
      for (let i = 0; i < values.length; i++) set(view, i * bytes, values[i]!);
      return out;
    },
  };
}

const wholeNumber = (
  value: number,
  low: number,
  high: number,
  offset: number,
  bytes: number,
  name: string,
): number => {
  if (!Number.isInteger(value) || value < low || value > high)
    throw new UnrepresentableError(offset / bytes, value, name);
  return value;
};

const INT32_MAX = 2 ** 31 - 1;

/** A 64-bit integer, which must fit in int32 when it's read. */
const wide = (signed: boolean): StoredType =>
  converted(
    8,
    'int32',
    (view, offset) => {
      const value = signed ? view.getBigInt64(offset, true) : view.getBigUint64(offset, true);
      if (value > INT32_MAX || value < -INT32_MAX - 1)
        throw new UnrepresentableError(offset / 8, value, 'int32');
      return Number(value);
    },
    (view, offset, value) => {
      const low = signed ? -(2 ** 53) : 0;
      wholeNumber(value, low, 2 ** 53, offset, 8, signed ? 'I64' : 'U64');
      view.setBigInt64(offset, BigInt(value), true);
    },
  );

const readOnly =
  (name: string): Setter =>
  (_view, offset, value) => {
    throw new UnrepresentableError(offset, value, `${name} (read-only)`);
  };

export const storedTypes: Readonly<Record<StoredDType, StoredType>> = {
  BOOL: {
    bytes: 1,
    dtype: 'bool',
    decode: (data) =>
      new Uint8Array(data).map((byte, index) => {
        if (byte > 1) throw new UnrepresentableError(index, byte, 'bool');
        return byte;
      }),
    encode: (values) => Uint8Array.from(values, (value) => (value ? 1 : 0)),
  },
  U8: plain(Uint8Array, 1, 'uint8'),
  I8: converted(
    1,
    'int32',
    (view, at) => view.getInt8(at),
    (view, at, value) => view.setInt8(at, wholeNumber(value, -128, 127, at, 1, 'I8')),
  ),
  F8_E5M2: converted(1, 'float32', (view, at) => fromFloat8E5M2(view.getUint8(at)), readOnly('F8_E5M2')),
  F8_E4M3: converted(1, 'float32', (view, at) => fromFloat8E4M3(view.getUint8(at)), readOnly('F8_E4M3')),
  I16: converted(
    2,
    'int32',
    (view, at) => view.getInt16(at, true),
    (view, at, value) => view.setInt16(at, wholeNumber(value, -32768, 32767, at, 2, 'I16'), true),
  ),
  U16: converted(
    2,
    'int32',
    (view, at) => view.getUint16(at, true),
    (view, at, value) => view.setUint16(at, wholeNumber(value, 0, 65535, at, 2, 'U16'), true),
  ),
  F16: converted(
    2,
    'float32',
    (view, at) => fromFloat16(view.getUint16(at, true)),
    (view, at, value) => view.setUint16(at, toFloat16(value), true),
  ),
  BF16: converted(
    2,
    'float32',
    (view, at) => fromBfloat16(view.getUint16(at, true)),
    (view, at, value) => view.setUint16(at, toBfloat16(value), true),
  ),
  I32: plain(Int32Array, 4, 'int32'),
  U32: converted(
    4,
    'int32',
    (view, at) => {
      const value = view.getUint32(at, true);
      if (value > INT32_MAX) throw new UnrepresentableError(at / 4, value, 'int32');
      return value;
    },
    (view, at, value) => view.setUint32(at, wholeNumber(value, 0, 2 ** 32 - 1, at, 4, 'U32'), true),
  ),
  F32: plain(Float32Array, 4, 'float32'),
  F64: plain(Float64Array, 8, 'float64'),
  I64: wide(true),
  U64: wide(false),
};

/** The stored type that holds a tensor's dtype unchanged. */
export const storedAs: Readonly<Record<DType, StoredDType>> = {
  float32: 'F32',
  float64: 'F64',
  int32: 'I32',
  uint8: 'U8',
  bool: 'BOOL',
};

/** An option that is an element type in a file. */
export const storedDType = word(Object.keys(storedTypes) as StoredDType[], undefined);
