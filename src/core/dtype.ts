/** Element types of tensors. `bool` is stored as a byte that is 0 or 1. */
export type DType = 'float32' | 'float64' | 'int32' | 'uint8' | 'bool';

export type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array;

/** The typed array that holds a dtype's elements. */
export interface ArrayOf {
  float32: Float32Array;
  float64: Float64Array;
  int32: Int32Array;
  uint8: Uint8Array;
  bool: Uint8Array;
}

export const bytesPerElement: Readonly<Record<DType, number>> = {
  float32: 4,
  float64: 8,
  int32: 4,
  uint8: 1,
  bool: 1,
};

export const isFloat = (dtype: DType): boolean => dtype === 'float32' || dtype === 'float64';

const rank: Readonly<Record<DType, number>> = { bool: 0, uint8: 1, int32: 2, float32: 3, float64: 4 };

/** The dtype that holds values of both, as PyTorch's `promote_types`. */
export const promote = (a: DType, b: DType): DType => (rank[a] >= rank[b] ? a : b);

/** 0 bool, 1 integer, 2 floating: the kinds that decide whether a scalar changes a tensor's dtype. */
export const category = (dtype: DType): 0 | 1 | 2 => (dtype === 'bool' ? 0 : isFloat(dtype) ? 2 : 1);

/** A typed array over `length` elements of `buffer`. */
export function typedArray<D extends DType>(
  dtype: D,
  buffer: ArrayBufferLike,
  byteOffset: number,
  length: number,
): ArrayOf[D] {
  switch (dtype as DType) {
    case 'float32':
      return new Float32Array(buffer, byteOffset, length) as ArrayOf[D];
    case 'float64':
      return new Float64Array(buffer, byteOffset, length) as ArrayOf[D];
    case 'int32':
      return new Int32Array(buffer, byteOffset, length) as ArrayOf[D];
    default:
      return new Uint8Array(buffer, byteOffset, length) as ArrayOf[D];
  }
}
