import { joinBytes } from '../../core/bytes.js';
import { type DType, typedArray } from '../../core/dtype.js';
import { ArgumentError } from '../../core/errors.js';
import type { Storage } from '../../engine/storage.js';
import { Tensor } from '../../index.js';
import { Module } from '../../nn/module/module.js';
import { Parameter } from '../../nn/module/parameter.js';
import { storedAs, storedTypes } from '../stored.js';
import { type Crc32, crc32 } from './crc32.js';
import { quoted } from './fail.js';
import { Pickler } from './pickler.js';
import { storageClasses } from './storage-types.js';
import { type ZipFile, zipArchive } from './zip-writer.js';

const operation = 'saveTorch';
const ROOT = 'archive';
const DEEPEST = 1000;

const classOf = (dtype: DType): string =>
  Object.keys(storageClasses).find((name) => storageClasses[name] === storedAs[dtype])!;

/** A storage that goes into the file. */
interface SavedStorage {
  readonly key: string;
  readonly dtype: DType;
  readonly length: number;
  readonly bytes: Promise<Uint8Array>;
}

/** How many of a value's tensors use each storage. */
function countUses(value: unknown, uses: Map<Storage, Set<Tensor>>, seen: Set<unknown>, depth: number): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  if (depth > DEEPEST) throw new ArgumentError(operation, `values are nested deeper than ${DEEPEST} levels`);
  seen.add(value);
  if (value instanceof Tensor) {
    const tensors = uses.get(value.storage);
    if (tensors) tensors.add(value);
    else uses.set(value.storage, new Set([value]));
  } else if (value instanceof Map) {
    for (const pair of value) for (const part of pair) countUses(part, uses, seen, depth + 1);
  } else if (Array.isArray(value) || value instanceof Set) {
    for (const item of value) countUses(item, uses, seen, depth + 1);
  } else if (isPlain(value)) {
    for (const item of Object.values(value)) countUses(item, uses, seen, depth + 1);
  }
}

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

const isNumberKey = (key: string): boolean => /^(0|[1-9]\d*)$/.test(key) && Number.isSafeInteger(Number(key));

/** Turns a value into a pickle and the storages that it refers to. */
class Saver {
  readonly storages: SavedStorage[] = [];
  readonly #pickler = new Pickler();
  readonly #uses = new Map<Storage, Set<Tensor>>();
  readonly #whole = new Map<string, SavedStorage>();
  readonly #numbers = new Map<Storage, number>();

  pickle(value: unknown): Uint8Array {
    countUses(value, this.#uses, new Set(), 0);
    this.#value(value, []);
    return this.#pickler.finish();
  }

  #value(value: unknown, path: readonly string[]): void {
    const p = this.#pickler;
    if (value === null) p.none();
    else if (typeof value === 'boolean') p.boolean(value);
    else if (typeof value === 'bigint') p.integer(value);
    else if (typeof value === 'number') {
      if (Number.isSafeInteger(value) && !Object.is(value, -0)) p.integer(value);
      else p.float(value);
    } else if (typeof value === 'string') p.string(value);
    else if (typeof value !== 'object') this.#refuse(value, path);
    else if (!p.recall(value)) this.#object(value, path);
  }

  #object(value: object, path: readonly string[]): void {
    const p = this.#pickler;
    if (value instanceof Tensor) {
      this.#tensor(value);
      p.remember(value);
    } else if (Array.isArray(value)) {
      p.do(']');
      p.remember(value);
      this.#items('(', value, path);
      p.do('e');
    } else if (value instanceof Map) this.#dict(value, [...value], path);
    else if (value instanceof Set) {
      p.global('__builtin__', 'set');
      p.do('(]');
      this.#items('(', value, path);
      p.do('etR');
      p.remember(value);
    } else if (value instanceof Uint8Array) {
      p.call('_codecs', 'encode', () => {
        p.string(Array.from(value, (byte) => String.fromCharCode(byte)).join(''));
        p.string('latin1');
      });
      p.remember(value);
    } else if (isPlain(value)) this.#plain(value as Record<string, unknown>, path);
    else this.#refuse(value, path);
  }

  #items(begin: string, items: Iterable<unknown>, path: readonly string[]): void {
    this.#pickler.do(begin);
    let i = 0;
    for (const item of items) this.#value(item, [...path, String(i++)]);
  }

  /** An object as a dict: an OrderedDict if it holds only tensors, like PyTorch's; with int keys if its keys are numbers. */
  #plain(value: Record<string, unknown>, path: readonly string[]): void {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    const isState = entries.length > 0 && entries.every(([, item]) => item instanceof Tensor);
    const numbered = !isState && entries.length > 0 && entries.every(([key]) => isNumberKey(key));
    this.#dict(value, numbered ? entries.map(([key, item]) => [Number(key), item]) : entries, path, isState);
  }

  #dict(
    value: object,
    entries: readonly (readonly [unknown, unknown])[],
    path: readonly string[],
    isOrdered = false,
  ): void {
    const p = this.#pickler;
    if (isOrdered) this.#emptyOrderedDict();
    else p.do('}');
    p.remember(value);
    p.do('(');
    for (const [key, item] of entries) {
      this.#value(key, [...path, 'a key']);
      this.#value(item, [...path, String(key)]);
    }
    p.do('u');
  }

  #emptyOrderedDict(): void {
    this.#pickler.global('collections', 'OrderedDict');
    this.#pickler.do(')R');
  }

  #tensor(x: Tensor): void {
    const p = this.#pickler;
    const shared = this.#uses.get(x.storage)!.size > 1 && !x.isDisposed;
    const storage = shared ? this.#wholeStorage(x) : this.#ownStorage(x);
    const strides = shared ? x.strides : undefined;
    const rebuild = (): void =>
      p.call('torch._utils', '_rebuild_tensor_v2', () => {
        this.#storage(storage);
        p.integer(shared ? x.offset : 0);
        this.#integers(x.shape);
        this.#integers(strides ?? rowMajor(x.shape));
        p.boolean(x.isLeaf && x.requiresGrad && !(x instanceof Parameter));
        this.#emptyOrderedDict();
      });
    if (!(x instanceof Parameter)) rebuild();
    else
      p.call('torch._utils', '_rebuild_parameter', () => {
        rebuild();
        p.boolean(x.requiresGrad);
        this.#emptyOrderedDict();
      });
  }

  #integers(values: readonly number[]): void {
    this.#pickler.tuple(() => {
      for (const value of values) this.#pickler.integer(value);
    });
  }

  #storage({ key, dtype, length }: SavedStorage): void {
    const p = this.#pickler;
    p.tuple(() => {
      p.string('storage');
      p.global('torch', classOf(dtype));
      p.string(key);
      p.string('cpu');
      p.integer(length);
    });
    p.do('Q');
  }

  /** The elements of a tensor that doesn't share them. */
  #ownStorage(x: Tensor): SavedStorage {
    const type = storedTypes[storedAs[x.dtype]];
    return this.#add(
      x.dtype,
      x.count,
      x.data().then((values) => type.encode(values)),
    );
  }

  /** All elements of a tensor's storage. */
  #wholeStorage({ storage, dtype, engine }: Tensor): SavedStorage {
    const id = this.#numbers.get(storage) ?? this.#numbers.size;
    this.#numbers.set(storage, id);
    const known = this.#whole.get(`${dtype} ${id}`);
    if (known !== undefined) return known;
    const type = storedTypes[storedAs[dtype]];
    const length = Math.floor(storage.bytes / type.bytes);
    const bytes = engine
      .read(storage, 0, length * type.bytes)
      .then((buffer) => type.encode(typedArray(dtype, buffer, 0, length)));
    const saved = this.#add(dtype, length, bytes);
    this.#whole.set(`${dtype} ${id}`, saved);
    return saved;
  }

  #add(dtype: DType, length: number, bytes: Promise<Uint8Array>): SavedStorage {
    const storage = { key: String(this.storages.length), dtype, length, bytes };
    this.storages.push(storage);
    return storage;
  }

  #refuse(value: unknown, path: readonly string[]): never {
    const where = path.length === 0 ? 'the value' : `value ${quoted(path.join('.'))}`;
    if (value instanceof Module)
      throw new ArgumentError(operation, `${where} is a module; save its weights: model.stateDict()`);
    if (ArrayBuffer.isView(value))
      throw new ArgumentError(operation, `${where} is a ${value.constructor.name}; make a tensor of it`);
    const kind = typeof value === 'object' ? `a ${value?.constructor.name}` : `${typeof value}`;
    throw new ArgumentError(
      operation,
      `${where} is ${kind}; a file can hold tensors, numbers, strings, booleans, null, bytes, and arrays, plain objects, Maps, and Sets of them`,
    );
  }
}

function rowMajor(shape: readonly number[]): number[] {
  let step = 1;
  return [...shape]
    .reverse()
    .map((n) => {
      const stride = step;
      step *= Math.max(n, 1);
      return stride;
    })
    .reverse();
}

/** The chunks of a file: a snapshot of the value at the time of the call. */
export async function torchChunks(value: unknown, sum: Crc32): Promise<Iterable<Uint8Array>> {
  const saver = new Saver();
  const pickle = saver.pickle(value);
  const text = (content: string): Uint8Array => new TextEncoder().encode(content);
  const contents = await Promise.all(saver.storages.map(({ bytes }) => bytes));
  const files: ZipFile[] = [
    { name: `${ROOT}/data.pkl`, bytes: pickle },
    { name: `${ROOT}/byteorder`, bytes: text('little') },
    ...contents.map((bytes, i) => ({ name: `${ROOT}/data/${i}`, bytes })),
    { name: `${ROOT}/version`, bytes: text('3\n') },
  ];
  return zipArchive(files, sum);
}

/**
 * The bytes of a file that `torch.load` can read; see `saveTorch`.
 *
 * @throws ArgumentError naming a value that a file can't hold
 */
export async function serializeTorch(value: unknown): Promise<Uint8Array> {
  return joinBytes([...(await torchChunks(value, crc32))]);
}
