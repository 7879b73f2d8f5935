import { expect, test } from 'vitest';
import { FileFormatError } from '../../../src/core/errors.js';
import type { Tensor } from '../../../src/index.js';
import * as io from '../../../src/io/index.js';
import { crc32 } from '../../../src/io/torch/crc32.js';
import { zipArchive } from '../../../src/io/torch/zip-writer.js';

/** What the PyTorch of the recordings doesn't write: files of Python 2, and of PyTorch 2. */

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
const int32 = (n: number): string =>
  String.fromCharCode(n & 0xff, (n >>> 8) & 0xff, (n >>> 16) & 0xff, (n >>> 24) & 0xff);
const text = (s: string): string => `X${int32(s.length)}${s}`;
/** A string as Python 2 wrote it. */
const old = (s: string): string => `U${String.fromCharCode(s.length)}${s}`;
const emptyDict = 'ccollections\nOrderedDict\n)R';
const floats = (...values: number[]): string =>
  String.fromCharCode(...new Uint8Array(Float32Array.from(values).buffer));

const legacy = (value: string, keys: string, storages: string): Uint8Array =>
  latin1(
    '\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03.\x80\x02}.' +
      `\x80\x02${value}.\x80\x02${keys}.${storages}`,
  );

/** A tensor over the storage of that key; `part` is what of it is meant. */
const tensor = (key: string, length: number, part = 'N', size = length): string =>
  `ctorch._utils\n_rebuild_tensor\n((${old('storage')}ctorch\nFloatStorage\n${old(key)}${old('cpu')}K${String.fromCharCode(length)}${part}tQK\x00K${String.fromCharCode(size)}\x85K\x01\x85tR`;

test('a string with half of a surrogate pair leaves the rest readable', () => {
  const half = (name: string): string => text(`${name}\xed\xa0\x80!`);
  const bytes = legacy(
    `}(${text('note')}${half('half \xc3\xa9 ')}${half('\xed\x95\x9c')}K\x05${text('weight')}${tensor('7', 4)}u`,
    `]${old('7')}a`,
    `${int32(4)}${int32(0)}${floats(1, 2, 3, 4)}`,
  );
  const read = io.loadTorchBytes<Record<string, Tensor | string | number>>(bytes);
  expect(read.note).toBe('half é \ud800!');
  expect(read['한\ud800!']).toBe(5);
  expect((read.weight as Tensor).toArraySync()).toEqual([1, 2, 3, 4]);
});

test('a file of Python 2 with parts of one storage', () => {
  const part = (name: string, start: number, length: number): string =>
    `(${old(name)}K${String.fromCharCode(start)}K${String.fromCharCode(length)}t`;
  const bytes = legacy(
    `}(${old('whole')}${tensor('7', 4)}${old('end')}${tensor('7', 4, part('8', 2, 2), 2)}u`,
    `]${old('7')}a`,
    `${int32(4)}${int32(0)}${floats(1, 2, 3, 4)}`,
  );
  const { whole, end } = io.loadTorchBytes<Record<string, Tensor>>(bytes);
  expect(whole!.toArraySync()).toEqual([1, 2, 3, 4]);
  expect(end!.toArraySync()).toEqual([3, 4]);
  whole!.fill_(9);
  expect(end!.toArraySync()).toEqual([9, 9]);
});

test.each([
  [
    'a part beyond its storage',
    `(${old('8')}K\x02K\x03t`,
    `]${old('7')}a`,
    /part of storage 7 that ends at 5, beyond its 4 elements/,
  ],
  ['a storage that nothing refers to', 'N', `]${old('9')}a`, /storage 9 is listed, but nothing refers to it/],
  ['a storage that is listed twice', 'N', `](${old('7')}${old('7')}e`, /storage 7 is listed twice/],
  ["a storage that isn't listed", 'N', ']', /in storage "7", which the file doesn't have/],
  ['keys that are no list', 'N', '}', /the keys of the storages are a dict/],
  ['a key of another kind', 'N', ']Na', /a storage has None as its key/],
])('%s', (_name, part, keys, message) => {
  const storages = `${int32(4)}${int32(0)}${floats(1, 2, 3, 4)}`.repeat(2);
  const read = (): unknown => io.loadTorchBytes(legacy(tensor('7', 4, part), keys, storages));
  expect(read).toThrow(FileFormatError);
  expect(read).toThrow(message);
});

test('another version of the old format', () => {
  const bytes = legacy('N', ']', '');
  bytes[bytes.indexOf(0xe9)] = 0xea;
  expect(() => io.loadTorchBytes(bytes)).toThrow(/version 1002 of the format; only 1001 is supported/);
});

/** A file of PyTorch 2 with one storage of bytes. */
const modern = (pickle: string, storage: Uint8Array): Uint8Array =>
  new Uint8Array(
    Buffer.concat([
      ...zipArchive(
        [
          { name: 'model/data.pkl', bytes: latin1(`\x80\x02${pickle}.`) },
          { name: 'model/.format_version', bytes: latin1('1') },
          { name: 'model/.storage_alignment', bytes: latin1('64') },
          { name: 'model/byteorder', bytes: latin1('little') },
          { name: 'model/data/0', bytes: storage },
          { name: 'model/version', bytes: latin1('3\n') },
          { name: 'model/.data/serialization_id', bytes: latin1('0'.repeat(40)) },
        ],
        crc32,
      ),
    ]),
  );

const untyped = (dtype: string, bytes: number, size: number): string =>
  `ctorch._utils\n_rebuild_tensor_v3\n((${text('storage')}ctorch.storage\nUntypedStorage\n${text('0')}${text('cpu')}K${String.fromCharCode(bytes)}tQK\x00K${String.fromCharCode(size)}\x85K\x01\x85\x89${emptyDict}ctorch\n${dtype}\ntR`;

test.each([
  ['uint16', [0x01, 0x80], [0x8001]],
  ['uint32', [1, 0, 0, 1], [2 ** 24 + 1]],
  ['float8_e5m2', [0x3c, 0xbc], [1, -1]],
  ['float8_e4m3fn', [0x38, 0x08], [1, 2 ** -6]],
])('storages without a type: %s', (dtype, bytes, values) => {
  const read = io.loadTorchBytes<Tensor>(
    modern(untyped(dtype, bytes.length, values.length), Uint8Array.from(bytes)),
  );
  expect([...read.dataSync()]).toEqual(values);
});

test('two types over one storage', () => {
  const storage = Uint8Array.from([0, 0, 0x80, 0x3f]);
  const pickle = `(${untyped('float32', 4, 1)}${untyped('uint8', 4, 4)}t`;
  const [float, bytes] = io.loadTorchBytes<Tensor[]>(modern(pickle, storage));
  expect([float!.toArraySync(), bytes!.toArraySync()]).toEqual([[1], [0, 0, 128, 63]]);
  expect(() => io.loadTorchBytes(modern(untyped('float32', 4, 2), storage))).toThrow(
    /reaches to element 2 of storage 0, which has 1/,
  );
  expect(() => io.loadTorchBytes(modern(untyped('complex64', 4, 1), storage))).toThrow(
    /tensor of complex64, which Myelin has no dtype for/,
  );
});

test('a tensor with attributes of its own, and a bare storage', () => {
  const typed = `ctorch._tensor\n_rebuild_from_type_v2\n(ctorch._utils\n_rebuild_tensor_v3\nctorch\nTensor\n(${untyped('uint8', 2, 2).split('_rebuild_tensor_v3\n(')[1]!.slice(0, -2)}t}${text('note')}${text('mine')}stR`;
  expect(io.loadTorchBytes<Tensor>(modern(typed, Uint8Array.from([4, 5]))).toArraySync()).toEqual([4, 5]);
  const bare = `(${text('storage')}ctorch\nShortStorage\n${text('0')}${text('cpu')}K\x02tQ`;
  expect(io.loadTorchBytes<Tensor>(modern(bare, Uint8Array.from([1, 0, 255, 255]))).toArraySync()).toEqual([
    1, -1,
  ]);
});
