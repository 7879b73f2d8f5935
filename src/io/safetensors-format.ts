import type { DType, TypedArray } from '../core/dtype.js';
import { ArgumentError, FileFormatError } from '../core/errors.js';
import { sizeOf } from '../core/shape.js';
import type { ByteSource } from '../host/byte-source.js';
import { KIND_BYTES, otherKind } from './file-kind.js';
import { type JsonFail, type JsonNode, parseJson } from './json.js';
import { type StoredDType, storedAs, storedTypes, UnrepresentableError } from './stored.js';
import { UnsupportedError } from './unsupported.js';

/** A tensor as the header of a file describes it; `begin` and `end` count from the start of the file. */
export interface TensorRecord {
  readonly name: string;
  /** Element type; any other string is a type that Myelin doesn't support. */
  readonly stored: StoredDType | (string & {});
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  readonly tensors: readonly TensorRecord[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** Longest supported header, the same as in the format's reference reader: 100 MB. */
const MAX_HEADER = 100_000_000;
const operation = 'loadSafetensors';
/** The brace that the header begins with. */
const OPEN = 0x7b;

/**
 * Reads the header: 8 bytes of length, little-endian, then JSON that maps each name to dtype, shape
 * and byte range. The ranges must fill the rest of the file, each byte once.
 *
 * @throws FileFormatError naming the byte, for any deviation
 * @source https://huggingface.co/docs/safetensors
 */
export function readHeader(source: ByteSource): SafetensorsHeader {
  const fail: JsonFail = (at, problem) => {
    throw new FileFormatError(operation, source.name, at, problem);
  };
  const start = source.read(0, Math.min(KIND_BYTES, source.size));
  if (start[8] !== OPEN) {
    const other = otherKind(start, 'a safetensors file');
    if (other !== undefined) fail(0, other);
  }
  if (source.size < 8) fail(source.size, `ends after ${source.size} bytes; the header's length takes 8`);
  const length = Number(new DataView(start.buffer, start.byteOffset).getBigUint64(0, true));
  if (length > MAX_HEADER) fail(0, `claims a header of ${length} bytes; at most ${MAX_HEADER} are supported`);
  if (length > source.size - 8)
    fail(0, `claims a header of ${length} bytes; the file has ${source.size - 8} after its length`);

  const json = source.read(8, length);
  if (json[0] !== OPEN) fail(8, "the header doesn't begin with '{'");
  const root = parseJson(json, 8, fail);
  if (root.kind !== 'object') return fail(8, "the header isn't a JSON object");

  const metadata: [string, string][] = [];
  const tensors: TensorRecord[] = [];
  const places = new Map<TensorRecord, number>();
  for (const { key, at, value } of root.entries) {
    if (key === '__metadata__') {
      metadata.push(...readMetadata(value, fail));
      continue;
    }
    const record = readRecord(key, value, 8 + length, source.size, fail);
    tensors.push(record);
    places.set(record, at);
  }
  checkRanges(tensors, places, 8 + length, source.size, fail);
  return { tensors, metadata: Object.fromEntries(metadata) };
}

function readMetadata(node: JsonNode, fail: JsonFail): [string, string][] {
  if (node.kind !== 'object') return fail(node.at, "__metadata__ isn't an object");
  return node.entries.map(({ key, value }) =>
    value.kind === 'string' ? [key, value.value] : fail(value.at, `__metadata__.${key} isn't a string`),
  );
}

const known = `supported: ${Object.keys(storedTypes).join(', ')}`;

const isStored = (dtype: string): dtype is StoredDType => Object.hasOwn(storedTypes, dtype);

function readRecord(
  name: string,
  node: JsonNode,
  dataStart: number,
  size: number,
  fail: JsonFail,
): TensorRecord {
  const label = JSON.stringify(name);
  if (node.kind !== 'object') return fail(node.at, `tensor ${label} isn't described by an object`);
  const field = (key: string): JsonNode => {
    const entry = node.entries.find((e) => e.key === key);
    return entry ? entry.value : fail(node.at, `tensor ${label} has no ${key}`);
  };
  for (const { key, at } of node.entries)
    if (!['dtype', 'shape', 'data_offsets'].includes(key))
      fail(at, `tensor ${label} has an unknown field ${key}`);

  const counts = (key: string, limit: number): number[] => {
    const list = field(key);
    if (list.kind !== 'array') return fail(list.at, `${key} of tensor ${label} isn't a list`);
    return list.items.map((item) =>
      item.kind === 'number' && Number.isInteger(item.value) && item.value >= 0 && item.value <= limit
        ? item.value
        : fail(
            item.at,
            `${key} of tensor ${label} holds something that isn't a whole number from 0 to ${limit}`,
          ),
    );
  };

  const dtype = field('dtype');
  if (dtype.kind !== 'string' || !/^[A-Z][A-Z0-9_]*$/.test(dtype.value))
    return fail(
      dtype.at,
      `tensor ${label} has dtype ${dtype.kind === 'string' ? dtype.value : `of kind ${dtype.kind}`}; ` +
        `${known}`,
    );
  const stored = dtype.value;
  const shape = counts('shape', 2 ** 31 - 1);
  const offsets = counts('data_offsets', Number.MAX_SAFE_INTEGER);
  const offsetsAt = field('data_offsets').at;
  const [begin, end] = offsets;
  if (begin === undefined || end === undefined || offsets.length !== 2)
    return fail(offsetsAt, `data_offsets of tensor ${label} holds ${offsets.length} numbers, not 2`);
  if (begin > end) fail(offsetsAt, `tensor ${label} ends at ${end}, before it begins at ${begin}`);
  if (end > size - dataStart)
    fail(offsetsAt, `tensor ${label} ends at ${end}; the file has ${size - dataStart} bytes of data`);
  const expected = isStored(stored) ? sizeOf(shape) * storedTypes[stored].bytes : end - begin;
  if (expected !== end - begin)
    fail(
      offsetsAt,
      `tensor ${label} of ${stored} [${shape.join(', ')}] takes ${expected} bytes, its range is ${end - begin}`,
    );
  return { name, stored, shape, begin: dataStart + begin, end: dataStart + end };
}

/** Sorted ranges must meet: no gaps, no overlaps, nothing left over. */
function checkRanges(
  tensors: readonly TensorRecord[],
  places: ReadonlyMap<TensorRecord, number>,
  dataStart: number,
  size: number,
  fail: JsonFail,
): void {
  let reached = dataStart;
  const ordered = [...tensors].sort((a, b) => a.begin - b.begin || a.end - b.end);
  for (const record of ordered) {
    const label = JSON.stringify(record.name);
    if (record.begin < reached)
      fail(
        places.get(record)!,
        `tensor ${label} overlaps another in bytes ${record.begin} to ${Math.min(reached, record.end)}`,
      );
    if (record.begin > reached) fail(reached, `bytes ${reached} to ${record.begin} don't belong to a tensor`);
    reached = record.end;
  }
  if (reached < size) fail(reached, `${size - reached} bytes at the end don't belong to a tensor`);
}

/** Elements of a tensor in the dtype that Myelin reads them as. */
export function readElements(source: ByteSource, record: TensorRecord): { dtype: DType; data: TypedArray } {
  const { stored } = record;
  if (!isStored(stored))
    throw new UnsupportedError(
      operation,
      source.name,
      record.begin,
      `tensor ${JSON.stringify(record.name)} has dtype ${stored}; ${known}`,
    );
  const type = storedTypes[stored];
  const bytes = source.read(record.begin, record.end - record.begin);
  try {
    return { dtype: type.dtype, data: type.decode(bytes) };
  } catch (error) {
    if (!(error instanceof UnrepresentableError)) throw error;
    const at = record.begin + error.index * type.bytes;
    throw new UnsupportedError(
      operation,
      source.name,
      at,
      `tensor ${JSON.stringify(record.name)}: ${error.message}`,
    );
  }
}

/** What goes into a file: a tensor's elements in row-major order. */
export interface TensorContent {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
  /** Type in the file (default: the one that matches the dtype). */
  readonly stored?: StoredDType;
}

/**
 * The bytes of a file, chunk by chunk: the header, then the tensors, sorted by element width (widest
 * first) and then by name, so every tensor is aligned.
 */
export function* serialize(
  tensors: readonly TensorContent[],
  metadata: Readonly<Record<string, string>> = {},
): Generator<Uint8Array> {
  const typeOf = (t: TensorContent): StoredDType => t.stored ?? storedAs[t.dtype];
  const ordered = [...tensors].sort(
    (a, b) => storedTypes[typeOf(b)].bytes - storedTypes[typeOf(a)].bytes || (a.name < b.name ? -1 : 1),
  );
  const entries: [string, unknown][] = Object.keys(metadata).length ? [['__metadata__', metadata]] : [];
  let offset = 0;
  for (const tensor of ordered) {
    if (tensor.name === '__metadata__')
      throw new ArgumentError(
        'saveSafetensors',
        "a tensor can't be named __metadata__; the format reserves it",
      );
    const end = offset + sizeOf(tensor.shape) * storedTypes[typeOf(tensor)].bytes;
    entries.push([tensor.name, { dtype: typeOf(tensor), shape: tensor.shape, data_offsets: [offset, end] }]);
    offset = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const length = Math.ceil(json.length / 8) * 8;
  const header = new Uint8Array(8 + length).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(json, 8);
  yield header;
  for (const tensor of ordered) {
    try {
      yield storedTypes[typeOf(tensor)].encode(tensor.data);
    } catch (error) {
      if (!(error instanceof UnrepresentableError)) throw error;
      throw new ArgumentError('saveSafetensors', `tensor ${JSON.stringify(tensor.name)}: ${error.message}`);
    }
  }
}
