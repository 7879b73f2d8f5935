import { sizeOf } from '../../core/shape.js';
import { type StoredDType, storedTypes } from '../stored.js';
import { refuse } from './fail.js';
import { kindOf, PyObject, PyTuple, type PyValue } from './values.js';

/** Elements that lie in a file, as a pickle refers to them. */
export class StorageRef extends PyObject {
  readonly kind = 'a storage';

  constructor(
    readonly key: string,
    /** Element type; null for bytes of which each tensor knows the type. */
    readonly stored: StoredDType | null,
    /** Elements that the file is said to have. */
    readonly length: number,
    /** Elements that lie before it in the file's storage, where it is a part of one. */
    readonly start = 0,
  ) {
    super();
  }
}

/** A tensor as a pickle describes it: a strided view of a storage. */
export class TensorSpec extends PyObject {
  readonly kind = 'a tensor';

  constructor(
    readonly storage: StorageRef,
    readonly stored: StoredDType,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
    readonly offset: number,
    readonly requiresGrad: boolean,
    readonly isParameter = false,
  ) {
    super();
  }
}

/** The elements of an array of NumPy, which lie in the pickle. */
export class ArraySpec extends PyObject {
  readonly kind = 'an array of NumPy';
  stored: StoredDType = 'F64';
  shape: readonly number[] = [];
  /** Whether the first axis is the one that moves fastest. */
  fortran = false;
  bytes: Uint8Array = new Uint8Array(0);
}

const LARGEST = 2 ** 31 - 1;
const MOST_AXES = 64;

/** Whole numbers of a tuple, from 0 to 2⁵³. */
export function counts(value: PyValue | undefined, what: string): number[] {
  if (!(value instanceof PyTuple || Array.isArray(value)))
    return refuse(`has a tensor whose ${what} is ${kindOf(value)}`);
  const items = value instanceof PyTuple ? value.items : value;
  if (items.length > MOST_AXES) refuse(`has a tensor of ${items.length} axes; at most ${MOST_AXES} are read`);
  return items.map((item) => count(item, what));
}

export const count = (value: PyValue | undefined, what: string): number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
    ? value
    : refuse(
        `has a tensor whose ${what} holds ${typeof value === 'number' ? value : kindOf(value)}, no whole number from 0`,
      );

/** @throws Refusal unless the shape has as many elements as a tensor may have */
export function checkSize(shape: readonly number[]): void {
  if (shape.some((n) => n > LARGEST) || sizeOf(shape) > LARGEST)
    refuse(`has a tensor of shape [${shape.join(', ')}]; at most ${LARGEST} elements fit`);
}

/** A tensor from the arguments of PyTorch's `_rebuild_tensor`. */
export function tensorSpec(
  storage: PyValue | undefined,
  offsetValue: PyValue | undefined,
  sizes: PyValue | undefined,
  stridesValue: PyValue | undefined,
  requiresGrad: boolean,
  dtype?: StoredDType,
): TensorSpec {
  if (!(storage instanceof StorageRef))
    return refuse(`has a tensor over ${kindOf(storage)} instead of a storage`);
  const stored = dtype ?? storage.stored ?? refuse('has a tensor over bytes without a type');
  const shape = counts(sizes, 'shape');
  const strides = counts(stridesValue, 'strides');
  const offset = count(offsetValue, 'offset');
  if (shape.length !== strides.length)
    refuse(`has a tensor of ${shape.length} axes with ${strides.length} strides`);
  checkSize(shape);
  // Both are bounded by their bytes, for the storage may be of another type than the tensor.
  const { bytes } = storedTypes[stored];
  const reach =
    sizeOf(shape) === 0 ? 0 : shape.reduce((far, n, i) => far + (n - 1) * strides[i]!, offset) + 1;
  const room = storage.length * (storage.stored === null ? 1 : storedTypes[storage.stored].bytes);
  if (reach * bytes > room)
    refuse(
      `has a tensor of shape [${shape.join(', ')}] that reaches to element ${reach} of storage ${storage.key}, which has ${room / bytes}`,
    );
  return new TensorSpec(storage, stored, shape, strides, offset, requiresGrad);
}
