import { sizeOf } from '../../core/shape.js';
import { type StoredDType, storedTypes } from '../stored.js';
import { quoted, refuse } from './fail.js';
import { latin1, whole } from './pickle-text.js';
import { ArraySpec, checkSize, counts } from './tensor-spec.js';
import { kindOf, PyGlobal, PyInstance, PyObject, PyTuple, type PyValue } from './values.js';

const types: Readonly<Record<string, StoredDType>> = {
  f2: 'F16',
  f4: 'F32',
  f8: 'F64',
  i1: 'I8',
  i2: 'I16',
  i4: 'I32',
  i8: 'I64',
  u1: 'U8',
  u2: 'U16',
  u4: 'U32',
  u8: 'U64',
  b1: 'BOOL',
};

/** A NumPy dtype. */
export class NumpyDType extends PyObject {
  readonly kind = 'a NumPy dtype';
  bigEndian = false;

  constructor(
    readonly code: string,
    /** Element type; null for text, dates, objects, and other things that tensors don't hold. */
    readonly stored: StoredDType | null,
  ) {
    super();
  }
}

const dtype = new PyGlobal('numpy.dtype', ([code]) =>
  typeof code === 'string'
    ? new NumpyDType(code, Object.hasOwn(types, code) ? types[code]! : null)
    : refuse(`has a NumPy dtype that is ${kindOf(code)}`),
);

const dtypeOf = (type: PyValue | undefined): NumpyDType =>
  type instanceof NumpyDType ? type : refuse(`has a NumPy array whose dtype is ${kindOf(type)}`);

/** Elements of an array, little-endian. */
function littleEndian(
  stored: StoredDType,
  bigEndian: boolean,
  data: PyValue | undefined,
): { stored: StoredDType; bytes: Uint8Array } {
  const bytes =
    typeof data === 'string' ? latin1(data) : data instanceof Uint8Array ? data.slice() : undefined;
  if (bytes === undefined) return refuse(`has a NumPy array whose elements are ${kindOf(data)}`);
  const width = storedTypes[stored].bytes;
  if (bytes.length % width !== 0)
    refuse(`has ${bytes.length} bytes for an array of elements of ${width} bytes`);
  if (bigEndian) for (let i = 0; i < bytes.length; i += width) bytes.subarray(i, i + width).reverse();
  return { stored, bytes };
}

/** NumPy numbers; some have no tensor dtype. */
const wideNumbers: Partial<Record<StoredDType, (view: DataView) => PyValue>> = {
  I64: (view) => whole(view.getBigInt64(0, true)),
  U64: (view) => whole(view.getBigUint64(0, true)),
  U32: (view) => view.getUint32(0, true),
  BOOL: (view) => view.getUint8(0) !== 0,
};

/**
 * A NumPy number as a number, or as a bigint if it has 64 bits and JavaScript can't hold it; text, dates, and
 * other scalars as what they were made from.
 */
const scalar = new PyGlobal('numpy scalar', ([type, data]) => {
  const { code, bigEndian, stored: own } = dtypeOf(type);
  if (own === null) return new PyInstance(`numpy.dtype(${quoted(code)})`, data === undefined ? [] : [data]);
  const { stored, bytes } = littleEndian(own, bigEndian, data);
  if (bytes.length !== storedTypes[stored].bytes)
    return refuse(`has ${bytes.length} bytes for one NumPy number`);
  const wide = wideNumbers[stored];
  return wide ? wide(new DataView(bytes.buffer, bytes.byteOffset)) : storedTypes[stored].decode(bytes)[0]!;
});

const fill = (
  array: ArraySpec,
  shape: PyValue | undefined,
  type: PyValue | undefined,
  data: PyValue | undefined,
): void => {
  const { code, bigEndian, stored: own } = dtypeOf(type);
  array.shape = counts(shape, 'shape');
  checkSize(array.shape);
  array.problem =
    own === null ? `is a NumPy array of dtype ${quoted(code)}, which no tensor can hold` : undefined;
  if (own === null) return;
  const { stored, bytes } = littleEndian(own, bigEndian, data);
  const expected = sizeOf(array.shape) * storedTypes[stored].bytes;
  if (bytes.length !== expected)
    refuse(
      `has ${bytes.length} bytes for an array of shape [${array.shape.join(', ')}], which takes ${expected}`,
    );
  array.stored = stored;
  array.bytes = bytes;
};

/** `(buffer, dtype, shape, order)`, the way protocol 5 makes an array. */
const fromBuffer = new PyGlobal('numpy _frombuffer', ([data, type, shape, order]) => {
  const array = new ArraySpec();
  fill(array, shape, type, data);
  array.fortran = order === 'F';
  return array;
});

/** Sets the state that an array or dtype gets after it's made; false for other objects. */
export function buildNumpy(object: PyValue, state: PyValue): boolean {
  if (object instanceof NumpyDType) {
    if (!(state instanceof PyTuple)) return refuse(`gives a NumPy dtype ${kindOf(state)}`);
    object.bigEndian = state.items[1] === '>';
    return true;
  }
  if (!(object instanceof ArraySpec)) return false;
  if (!(state instanceof PyTuple) || state.items.length !== 5)
    return refuse(`gives a NumPy array ${kindOf(state)}`);
  const [, shape, type, fortran, data] = state.items;
  fill(object, shape, type, data);
  object.fortran = fortran === true;
  return true;
}

const inModules = (modules: readonly string[], name: string, value: PyGlobal): [string, PyGlobal][] =>
  modules.map((module) => [`${module}.${name}`, value]);

const cores = ['numpy.core.multiarray', 'numpy._core.multiarray'];

/** The NumPy functions and classes that a file may name. */
export const numpyGlobals: readonly (readonly [string, PyGlobal])[] = [
  ['numpy.dtype', dtype],
  ...inModules(cores, '_reconstruct', new PyGlobal('numpy _reconstruct', () => new ArraySpec())),
  ...inModules(cores, 'scalar', scalar),
  ...inModules(['numpy.core.numeric', 'numpy._core.numeric'], '_frombuffer', fromBuffer),
];
