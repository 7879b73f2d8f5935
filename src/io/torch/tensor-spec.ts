import { sizeOf } from '../../core/shape.js';
import { type StoredDType, storedTypes } from '../stored.js';
import { refuse } from './fail.js';
import { kindOf, PyObject, PyTuple, type PyValue, Unsupported } from './values.js';

/** A storage class. */
export class StorageClass extends PyObject {
  readonly kind = 'a storage class';

  constructor(
    /** Element type; null for untyped bytes, whose type each tensor gives, and for unsupported types. */
    readonly stored: StoredDType | null,
    /** Bytes of an element. */
    readonly width: number,
    /** Why its elements aren't supported, if they aren't: completes "value x …". */
    readonly problem: string | null = null,
  ) {
    super();
  }
}

/** Elements in a file, as a pickle refers to them. */
export class StorageRef extends PyObject {
  readonly kind = 'a storage';

  constructor(
    readonly key: string,
    readonly type: StorageClass,
    /** Number of elements that the pickle claims. */
    readonly length: number,
    /** Elements before it in the file's storage, if it's a part of one. */
    readonly start = 0,
  ) {
    super();
  }

  /** Number of bytes that the pickle claims. */
  get room(): number {
    return this.length * this.type.width;
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

/** The elements of a NumPy array, which are in the pickle. */
export class ArraySpec extends PyObject {
  readonly kind = 'a NumPy array';
  stored: StoredDType = 'F64';
  shape: readonly number[] = [];
  /** Whether the first index changes fastest. */
  fortran = false;
  /** The elements; undefined until the pickle gives them. */
  bytes: Uint8Array | undefined;
  /** Why the elements aren't supported, if they aren't: completes "value x …". */
  problem: string | undefined;
}

const LARGEST = 2 ** 31 - 1;
const MOST_AXES = 64;

/** A tuple's whole numbers, from 0 to 2⁵³. */
export function counts(value: PyValue | undefined, what: string): number[] {
  if (!(value instanceof PyTuple || Array.isArray(value)))
    return refuse(`has a tensor whose ${what} is ${kindOf(value)}`);
  const items = value instanceof PyTuple ? value.items : value;
  if (items.length > MOST_AXES)
    refuse(`has a tensor of ${items.length} axes; at most ${MOST_AXES} are supported`);
  return items.map((item) => count(item, what));
}

export const count = (value: PyValue | undefined, what: string): number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
    ? value
    : refuse(
        `has a tensor whose ${what} holds ${typeof value === 'number' ? value : kindOf(value)}, which isn't a whole number of at least 0`,
      );

/** @throws Refusal if the shape has more elements than a tensor may have */
export function checkSize(shape: readonly number[]): void {
  if (shape.some((n) => n > LARGEST) || sizeOf(shape) > LARGEST)
    refuse(`has a tensor of shape [${shape.join(', ')}]; at most ${LARGEST} elements fit`);
}

/** A tensor made from the arguments of PyTorch's `_rebuild_tensor`. */
export function tensorSpec(
  storage: PyValue | undefined,
  offsetValue: PyValue | undefined,
  sizes: PyValue | undefined,
  stridesValue: PyValue | undefined,
  requiresGrad: boolean,
  dtype?: StoredDType | Unsupported,
): TensorSpec | Unsupported {
  if (!(storage instanceof StorageRef))
    return refuse(`has a tensor over ${kindOf(storage)} instead of a storage`);
  const { problem, stored: own } = storage.type;
  if (dtype instanceof Unsupported) return dtype;
  if (dtype === undefined && problem !== null) return new Unsupported(problem);
  const stored = dtype ?? own ?? refuse('has a tensor over bytes without a type');
  const shape = counts(sizes, 'shape');
  const strides = counts(stridesValue, 'strides');
  const from = count(offsetValue, 'offset');
  if (shape.length !== strides.length)
    refuse(`has a tensor of ${shape.length} axes with ${strides.length} strides`);
  checkSize(shape);
  // Both are bounded in bytes, because the storage's type may differ from the tensor's.
  const { bytes } = storedTypes[stored];
  const isEmpty = sizeOf(shape) === 0;
  const reach = isEmpty ? from : shape.reduce((far, n, i) => far + (n - 1) * strides[i]!, from) + 1;
  // A slice that begins at the ends of several axes has no elements, but an offset beyond the storage.
  if (reach * bytes > storage.room * (isEmpty ? MOST_AXES : 1))
    refuse(
      `has a tensor of shape [${shape.join(', ')}] that reaches to element ${reach} of storage ${storage.key}, which has ${storage.room / bytes}`,
    );
  const offset = isEmpty ? 0 : from;
  return new TensorSpec(storage, stored, shape, strides, offset, requiresGrad);
}
