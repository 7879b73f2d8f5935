import type { StoredDType } from '../stored.js';

/** PyTorch's storage classes. */
export const storageClasses: Readonly<Record<string, StoredDType>> = {
  FloatStorage: 'F32',
  DoubleStorage: 'F64',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
};

/** PyTorch's dtypes by name. */
export const torchDTypes: Readonly<Record<string, StoredDType>> = {
  float32: 'F32',
  float64: 'F64',
  float16: 'F16',
  bfloat16: 'BF16',
  int64: 'I64',
  int32: 'I32',
  int16: 'I16',
  int8: 'I8',
  uint8: 'U8',
  bool: 'BOOL',
  uint16: 'U16',
  uint32: 'U32',
  uint64: 'U64',
  float8_e5m2: 'F8_E5M2',
  float8_e4m3fn: 'F8_E4M3',
};

/** PyTorch storage types that Myelin has no dtype for, with their bytes per element. */
export const unknownStorages: Readonly<Record<string, number>> = {
  ComplexFloatStorage: 8,
  ComplexDoubleStorage: 16,
  QInt8Storage: 1,
  QUInt8Storage: 1,
  QInt32Storage: 4,
  QUInt4x2Storage: 1,
  QUInt2x4Storage: 1,
};

/** dtypes that files can name but that have no tensors. */
export const unknownDTypes: ReadonlySet<string> = new Set([
  'complex32',
  'complex64',
  'complex128',
  'qint8',
  'quint8',
  'qint32',
]);
