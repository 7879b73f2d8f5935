import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { FileError, FileFormatError } from '../../src/core/errors.js';
import { parseIdx } from '../../src/data/idx.js';
import { readIdx, readIdxBytes } from '../../src/data/idx-file.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-'));
afterAll(() => rmSync(folder, { recursive: true }));

const idx = (type: number, shape: number[], ...data: number[]): Uint8Array => {
  const bytes = new Uint8Array(4 + 4 * shape.length + data.length);
  bytes[2] = type;
  bytes[3] = shape.length;
  shape.forEach((n, i) => {
    new DataView(bytes.buffer).setUint32(4 + 4 * i, n);
  });
  bytes.set(data, 4 + 4 * shape.length);
  return bytes;
};

const save = (name: string, bytes: Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};

test('reads every element type, big-endian', () => {
  expect(parseIdx(idx(8, [2, 2], 1, 2, 3, 255))).toEqual({
    shape: [2, 2],
    data: Uint8Array.of(1, 2, 3, 255),
  });
  expect(parseIdx(idx(9, [1], 255)).data).toEqual(Int8Array.of(-1));
  expect(parseIdx(idx(11, [1], 0xff, 0xfe)).data).toEqual(Int16Array.of(-2));
  expect(parseIdx(idx(12, [1], 0, 0, 1, 0)).data).toEqual(Int32Array.of(256));
  expect(parseIdx(idx(13, [1], 0x3f, 0x80, 0, 0)).data).toEqual(Float32Array.of(1));
  expect(parseIdx(idx(14, [1], 0xbf, 0xf0, 0, 0, 0, 0, 0, 0)).data).toEqual(Float64Array.of(-1));
  expect(parseIdx(idx(8, [0, 28, 28]))).toEqual({ shape: [0, 28, 28], data: new Uint8Array(0) });
});

test('reads files, gzipped or not', () => {
  const bytes = idx(8, [3], 7, 8, 9);
  expect(readIdx(save('a', bytes)).data).toEqual(Uint8Array.of(7, 8, 9));
  expect(readIdx(save('a.gz', gzipSync(bytes))).data).toEqual(Uint8Array.of(7, 8, 9));
});

test.each<[string, Uint8Array, number, RegExp]>([
  ['empty', new Uint8Array(0), 0, /ends after 0 bytes/],
  ['no IDX', Uint8Array.of(0x89, 0x50, 0x4e, 0x47), 0, /first two bytes aren't zero/],
  ['element type', idx(10, [1], 0), 2, /unknown element type 0x0a/],
  ['no axes', Uint8Array.of(0, 0, 8, 0), 3, /0 axes/],
  ['255 axes', Uint8Array.of(0, 0, 8, 255), 3, /255 axes/],
  ['cut within the lengths', idx(8, [1, 1], 0).subarray(0, 9), 9, /ends within the lengths of its 2 axes/],
  ['huge count', idx(8, [2 ** 32 - 1]), 4, /axis 0 has length 4294967295: more than 1073741824 bytes/],
  ['huge product', idx(8, [60000, 2 ** 20, 28]), 8, /axis 1 has length 1048576/],
  ['cut', idx(8, [5], 1, 2), 10, /ends early: \[5\] takes 13 bytes/],
  ['too long', idx(8, [1], 1, 2, 3), 9, /2 bytes too many for \[1\]/],
])('%s', (name, bytes, at, message) => {
  for (const path of [save(name, bytes), save(`${name}.gz`, gzipSync(bytes))]) {
    let error: unknown;
    try {
      readIdx(path);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(FileFormatError);
    const { file, offset, message: text } = error as FileFormatError;
    expect(file).toBe(path);
    if (name === 'too long' && path.endsWith('gz'))
      expect(text).toMatch(/unpacks to more bytes than its header says/);
    else {
      expect(text).toMatch(message);
      expect(offset).toBe(at);
    }
  }
});

test("a gzip bomb isn't unpacked", () => {
  const bomb = gzipSync(new Uint8Array(2 ** 26));
  expect(() => readIdx(save('bomb.gz', Buffer.concat([bomb])))).toThrow(/unknown element type 0x00/);
  const liar = gzipSync(Buffer.concat([idx(8, [4]), new Uint8Array(2 ** 26)]));
  expect(() => readIdx(save('liar.gz', liar))).toThrow(/unpacks to more bytes than its header says/);
});

test('a cut or damaged gzip file is a typed error', () => {
  const packed = gzipSync(idx(8, [1000], ...Array.from({ length: 1000 }, (_, i) => (i * i) % 251)));
  for (const n of [2, 11, 30, packed.length - 9, packed.length - 1])
    expect(() => readIdx(save('cut.gz', packed.subarray(0, n))), `${n} bytes`).toThrow(FileFormatError);
  const damaged = Uint8Array.from(packed);
  damaged[60]! ^= 0xff;
  expect(() => readIdx(save('damaged.gz', damaged))).toThrow(/isn't valid gzip/);
});

test("what can't be read is a FileError", () => {
  expect(() => readIdx(join(folder, 'none'))).toThrow(FileError);
  expect(() => readIdx(folder)).toThrow(/is a folder/);
});

test('readIdxBytes wants bytes and a number of axes', () => {
  expect(() => readIdxBytes(save('i16', idx(11, [1], 0, 0)), 1)).toThrow(
    "the elements aren't unsigned bytes",
  );
  expect(() => readIdxBytes(save('u8', idx(8, [1], 0)), 3)).toThrow('1 axes, expected 3');
});

test('the name of the file is a string', () => {
  expect(() => parseIdx(idx(11, [1], 0, 0), 3 as never)).toThrow('parseIdx: file must be a string, got 3');
});
