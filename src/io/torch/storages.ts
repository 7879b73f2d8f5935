import { contiguousStrides, isContiguous } from '../../core/shape.js';
import { empty, type Tensor, tensor } from '../../index.js';
import { view } from '../../tensor/tensor.js';
import { type StoredDType, storedTypes, UnrepresentableError } from '../stored.js';
import type { Fail } from './fail.js';
import type { ArraySpec, StorageRef, TensorSpec } from './tensor-spec.js';

/** The bytes of a storage in a file. */
export interface StorageBytes {
  /** Where they begin in the file, for errors. */
  readonly begin: number;
  readonly size: number;
  readonly bigEndian: boolean;
  /** All of them. */
  read(): Uint8Array;
  /** All of them in pieces; the next piece may overwrite the last. */
  pieces(): Iterable<Uint8Array>;
}

/** The storage with that key; undefined if the file has none. */
export type FindStorage = (key: string) => StorageBytes | undefined;

const littleEndianHost = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Size of the largest tensor in bytes, just under 4 GB. */
const LARGEST = 2 ** 32 - 1024;

/** Types whose bytes are the same in a file and in memory. */
const asInMemory: ReadonlySet<StoredDType> = new Set(['F32', 'F64', 'I32', 'U8']);

/**
 * Makes tensors over a file's storages. Tensors that use the same storage share memory, as in PyTorch;
 * each storage is read once.
 */
export class Storages {
  readonly #read = new Map<string, Tensor>();

  constructor(
    private readonly find: FindStorage,
    private readonly fail: Fail,
    /** Where the pickle is, for errors. */
    private readonly at: number,
  ) {}

  /** @param name the tensor's name in errors */
  tensor({ storage, stored, shape, strides, offset }: TensorSpec, name: string): Tensor {
    const start = storage.start + offset;
    const base = this.#base(storage, stored, name);
    if (
      base.count === shape.reduce((n, length) => n * length, 1) &&
      start === 0 &&
      isContiguous(shape, strides)
    )
      return view(base, shape, contiguousStrides(shape), 0);
    return view(base, shape, strides, start);
  }

  /** All elements of a storage. */
  whole(storage: StorageRef, name: string): Tensor {
    const { stored, problem } = storage.type;
    if (problem !== null) return this.fail(this.at, `value ${name} ${problem}`, false);
    const base = this.#base(storage, stored ?? 'U8', name);
    return view(base, [storage.length], [1], storage.start);
  }

  array({ stored, bytes, shape, fortran, problem }: ArraySpec, name: string): Tensor {
    if (problem !== undefined) return this.fail(this.at, `value ${name} ${problem}`, false);
    if (bytes === undefined)
      return this.fail(this.at, `value ${name} is a NumPy array without a shape, dtype, and elements`);
    const flat = this.#decoded(bytes, stored, this.at, name);
    if (!fortran) return view(flat, shape, contiguousStrides(shape), 0);
    return view(flat, shape, contiguousStrides([...shape].reverse()).reverse(), 0);
  }

  #base(storage: StorageRef, stored: StoredDType, name: string): Tensor {
    const id = `${stored} ${storage.key}`;
    const known = this.#read.get(id);
    const bytes = this.find(storage.key);
    if (bytes === undefined)
      return this.fail(
        this.at,
        `tensor ${name} is in storage ${JSON.stringify(storage.key)}, which the file doesn't have`,
      );
    const wanted = storage.start * storage.type.width + storage.room;
    if (bytes.size < wanted)
      this.fail(
        bytes.begin,
        `tensor ${name} is in a storage of ${wanted} bytes, but the file has ${bytes.size} of them`,
      );
    if (known !== undefined) return known;
    const base = this.#load(bytes, stored, name);
    this.#read.set(id, base);
    return base;
  }

  #load(bytes: StorageBytes, stored: StoredDType, name: string): Tensor {
    const type = storedTypes[stored];
    const length = Math.floor(bytes.size / type.bytes);
    if (length * type.bytes > LARGEST || length > 2 ** 31 - 1)
      this.fail(
        bytes.begin,
        `tensor ${name} is in a storage of ${length} elements of ${type.bytes} bytes; at most 4 GB fit`,
        false,
      );
    if (asInMemory.has(stored) && bytes.bigEndian !== littleEndianHost) {
      const x = empty([length], { dtype: type.dtype });
      let at = 0;
      for (const piece of bytes.pieces()) {
        const wanted = Math.min(piece.length, length * type.bytes - at);
        x.engine.write(x.storage, at, wanted === piece.length ? piece : piece.subarray(0, wanted));
        at += wanted;
      }
      return x;
    }
    const all = bytes.read().subarray(0, length * type.bytes);
    const little = bytes.bigEndian ? swapped(all, type.bytes) : all;
    return this.#decoded(little, stored, bytes.begin, name);
  }

  #decoded(bytes: Uint8Array, stored: StoredDType, begin: number, name: string): Tensor {
    const type = storedTypes[stored];
    try {
      return tensor(type.decode(bytes), { dtype: type.dtype });
    } catch (error) {
      if (!(error instanceof UnrepresentableError)) throw error;
      return this.fail(begin + error.index * type.bytes, `tensor ${name}: ${error.message}`, false);
    }
  }
}

/** A copy with the bytes of each element reversed. */
function swapped(bytes: Uint8Array, width: number): Uint8Array {
  const copy = bytes.slice();
  for (let i = 0; i < copy.length; i += width) copy.subarray(i, i + width).reverse();
  return copy;
}
