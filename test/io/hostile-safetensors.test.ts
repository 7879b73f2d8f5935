import { expect, test } from 'vitest';
import { FileFormatError } from '../../src/core/errors.js';
import { bytesSource } from '../../src/host/byte-source.js';
import { readElements, readHeader, serialize } from '../../src/io/safetensors-format.js';

/** A file with the given header text, which may lie, and data of zeros. */
function file(header: string | object, dataBytes: number, claimed?: bigint): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, claimed ?? BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

const f32 = (begin: number, end: number): object => ({
  dtype: 'F32',
  shape: [(end - begin) / 4],
  data_offsets: [begin, end],
});

/** `at`: the byte, or the text that begins at it. */
const cases: [name: string, bytes: Uint8Array, at: number | string, message: RegExp][] = [
  ['empty', new Uint8Array(0), 0, /ends after 0 bytes; the header's length takes 8/],
  ['cut within the length', new Uint8Array(5), 5, /ends after 5 bytes/],
  ['header longer than the file', file('{}', 0, 3n), 0, /claims a header of 3 bytes; the file has 2/],
  [
    'header length of 2^64 - 1',
    file('{}', 0, 2n ** 64n - 1n),
    0,
    /claims a header of 18446744073709552000 bytes; at most/,
  ],
  ['no object', file('[]', 0), 8, /doesn't begin with '{'/],
  ['cut JSON', file('{"a"', 0), 12, /expected ':', found the end of the JSON/],
  ['bad JSON', file('{"a":tru}', 0), 13, /expected a JSON value, found 't'/],
  ['something after the JSON', file('{} x', 0), 11, /expected the end of the JSON, found 'x'/],
  ['bad UTF-8', file('{"\xff":1}', 0).map((b) => (b === 0xc3 ? 0xff : b)), 9, /isn't valid UTF-8 JSON/],
  ['string without end', file('{"abc', 0), 9, /unterminated/],
  ['nested without bottom', file(`{"a":${'['.repeat(5000)}`, 0), 45, /nested deeper than 32/],
  [
    'repeated name',
    file('{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"a":1}', 4),
    '"a":1',
    /key "a" appears twice/,
  ],
  [
    'repeated field',
    file('{"a":{"dtype":"F32","dtype":"F64"}}', 4),
    '"dtype":"F64',
    /key "dtype" appears twice/,
  ],
  ['tensor that is a number', file({ a: 3 }, 0), '3}', /isn't described by an object/],
  ['no dtype', file({ a: { shape: [], data_offsets: [0, 4] } }, 4), '{"shape', /tensor "a" has no dtype/],
  [
    'dtype named like a method',
    file({ a: { dtype: 'toString', shape: [], data_offsets: [0, 8] } }, 8),
    '"toString',
    /dtype toString/,
  ],
  [
    'unknown field',
    file({ a: { dtype: 'U8', shape: [], data_offsets: [0, 1], x: 1 } }, 1),
    '"x":1',
    /unknown field x/,
  ],
  [
    'negative length',
    file({ a: { dtype: 'U8', shape: [-1], data_offsets: [0, 1] } }, 1),
    '-1]',
    /shape of tensor "a" holds something that isn't a whole number/,
  ],
  [
    'fractional length',
    file('{"a":{"dtype":"U8","shape":[0.5],"data_offsets":[0,1]}}', 1),
    '0.5',
    /isn't a whole number/,
  ],
  [
    'huge count',
    file({ a: { dtype: 'U8', shape: [2 ** 40], data_offsets: [0, 1] } }, 1),
    '1099511627776',
    /from 0 to 2147483647/,
  ],
  [
    'product too large',
    file({ a: { dtype: 'F32', shape: [2 ** 31 - 1, 2 ** 31 - 1], data_offsets: [0, 4] } }, 4),
    '[0,4]',
    /takes 18446744056529682000 bytes, its range is 4/,
  ],
  [
    'infinite offset',
    file('{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1e999]}}', 1),
    '1e999',
    /isn't a whole number/,
  ],
  [
    'three offsets',
    file({ a: { dtype: 'U8', shape: [1], data_offsets: [0, 1, 2] } }, 1),
    '[0,1,2]',
    /holds 3 numbers, not 2/,
  ],
  [
    'range backwards',
    file({ a: { dtype: 'U8', shape: [1], data_offsets: [2, 1] } }, 4),
    '[2,1]',
    /ends at 1, before it begins at 2/,
  ],
  ['range beyond the file', file({ a: f32(0, 8) }, 4), '[0,8]', /ends at 8; the file has 4 bytes of data/],
  [
    'size against shape',
    file({ a: { dtype: 'F32', shape: [3], data_offsets: [0, 8] } }, 8),
    '[0,8]',
    /F32 \[3\] takes 12 bytes, its range is 8/,
  ],
  ['overlap', file({ a: f32(0, 8), b: f32(4, 12) }, 12), '"b"', /tensor "b" overlaps another/],
  ['gap', file({ a: f32(0, 4), b: f32(8, 12) }, 12), 120, /bytes 120 to 124 don't belong to a tensor/],
  ['gap at the start', file({ a: f32(4, 8) }, 8), 62, /don't belong to a tensor/],
  ['rest', file({ a: f32(0, 4) }, 9), 66, /5 bytes at the end don't belong to a tensor/],
  ['metadata that is a list', file({ __metadata__: [] }, 0), 24, /__metadata__ isn't an object/],
  ["metadata that isn't text", file({ __metadata__: { a: 1 } }, 0), 29, /__metadata__\.a isn't a string/],
];

test.each(cases)('%s', (_name, bytes, at, message) => {
  let error: unknown;
  try {
    readHeader(bytesSource(bytes, 'model.safetensors'));
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(FileFormatError);
  const { file: name, offset, message: text } = error as FileFormatError;
  expect(text).toMatch(message);
  expect(text).toMatch(/^loadSafetensors: model\.safetensors, byte \d+: /);
  expect(name).toBe('model.safetensors');
  if (typeof at === 'number') expect(offset).toBe(at);
  else expect(Buffer.from(bytes).toString('latin1', offset, offset + at.length)).toBe(at);
});

test('every truncation of a good file is a typed error', () => {
  const whole = Buffer.concat([
    ...serialize([{ name: 'w', dtype: 'float32', shape: [2, 3], data: [1, 2, 3, 4, 5, 6] }], {
      made: 'by hand',
    }),
  ]);
  for (let n = 0; n < whole.length; n++)
    expect(() => readHeader(bytesSource(whole.subarray(0, n))), `${n} bytes`).toThrow(FileFormatError);
});

test('every changed byte is read or a typed error', () => {
  const whole = Buffer.concat([...serialize([{ name: 'w', dtype: 'int32', shape: [2], data: [1, 2] }])]);
  for (let at = 0; at < whole.length; at++) {
    for (const byte of [0, 0x22, 0x39, 0x7b, 0xff]) {
      const bytes = Uint8Array.from(whole);
      bytes[at] = byte;
      try {
        const source = bytesSource(bytes);
        for (const record of readHeader(source).tensors) readElements(source, record);
      } catch (error) {
        expect(error).toBeInstanceOf(FileFormatError);
      }
    }
  }
});

test('a tensor may be called __proto__', () => {
  const { tensors } = readHeader(
    bytesSource(file('{"__proto__":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}', 1)),
  );
  expect(tensors.map((t) => t.name)).toEqual(['__proto__']);
  expect(Object.hasOwn(Object.prototype, 'dtype')).toBe(false);
});
