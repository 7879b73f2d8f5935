import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { afterAll, expect, test } from 'vitest';
import { ArgumentError, FileError, FileFormatError } from '../../src/core/errors.js';
import { arange, type DType, tensor, zeros } from '../../src/index.js';
import * as io from '../../src/io/index.js';

interface Case {
  readonly name: string;
  readonly file: string;
  readonly shape: number[];
  readonly values: (number | boolean)[];
}
const recorded = JSON.parse(readFileSync(new URL('../recordings/npy.json', import.meta.url), 'utf8')) as {
  cases: Case[];
  refused: Record<string, string>;
  stored: string;
  deflated: string;
};

const folder = mkdtempSync(join(tmpdir(), 'myelin-npy-'));
afterAll(() => rmSync(folder, { recursive: true }));
const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));
const file = (name: string, bytes: Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};
const dtypes: Record<string, DType> = {
  '?': 'bool',
  u1: 'uint8',
  f2: 'float32',
  f4: 'float32',
  f8: 'float64',
};

test.each(recorded.cases)("numpy's $name", ({ name, file: base64, shape, values }) => {
  const x = io.loadNpy(file('case.npy', bytesOf(base64)));
  expect(x.shape).toEqual(shape);
  expect([...x.dataSync()]).toEqual(values.map(Number));
  if (/^[<>]/.test(name)) expect(x.dtype).toBe(dtypes[name.slice(1)] ?? 'int32');
});

test.each<[string, RegExp]>([
  ['objects', /byte 20: holds Python objects, which run code .* \(dtype '\|O'\)/],
  ['complex', /holds complex numbers/],
  ['text', /holds text/],
  ['bytes', /holds text/],
  ['records', /holds records of several fields/],
  ['dates', /holds dates/],
  ['too large', /byte 128: element 0 is 1099511627776, which int32 can't hold/],
])('%s are refused', (name, message) => {
  const parse = (): unknown => io.parseNpy(bytesOf(recorded.refused[name]!), 'x.npy');
  expect(parse).toThrow(FileFormatError);
  expect(parse).toThrow(message);
});

const stored: [string, io.StoredDType][] = [
  ['<?', 'BOOL'],
  ['<i1', 'I8'],
  ['<u1', 'U8'],
  ['<i2', 'I16'],
  ['<u2', 'U16'],
  ['<i4', 'I32'],
  ['<u4', 'U32'],
  ['<i8', 'I64'],
  ['<u8', 'U64'],
  ['<f2', 'F16'],
  ['<f4', 'F32'],
  ['<f8', 'F64'],
  ['0-d', 'F64'],
  ['1-d', 'F32'],
  ['empty', 'F32'],
];

test.each(stored)('%s is written as numpy writes it, byte for byte', async (name, dtype) => {
  const bytes = bytesOf(recorded.cases.find((c) => c.name === name)!.file);
  expect(await io.serializeNpy(io.parseNpy(bytes), { dtype })).toEqual(bytes);
});

test('what is written is read back, in any shape', async () => {
  const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(shapes, async (shape) => {
      const size = shape.reduce((a, b) => a * b, 1);
      const x = arange(size).reshape(shape);
      const back = io.parseNpy(await io.serializeNpy(x));
      expect([back.dtype, back.shape, back.toArraySync()]).toEqual([x.dtype, x.shape, x.toArraySync()]);
    }),
    { numRuns: 40, seed: 2 },
  );
  const transposed = arange(6).reshape([2, 3]).transpose(0, 1);
  const path = join(folder, 'view.npy');
  await io.saveNpy(path, transposed);
  expect(io.loadNpy(path).toArraySync()).toEqual(transposed.toArraySync());
});

test("numpy's archives, stored and deflated", () => {
  for (const kind of ['stored', 'deflated'] as const) {
    const { x, y } = io.loadNpz(file(`${kind}.npz`, bytesOf(recorded[kind])));
    expect(x!.toArraySync()).toEqual(arange(12).reshape([3, 4]).toArraySync());
    expect([y!.dtype, y!.toArraySync()]).toEqual(['int32', [1, 0, 2]]);
  }
});

test('what no tensor holds is an error when it is asked for, the others are readable', () => {
  const good = zipSync({
    'x.npy': npy(f4, 8),
    'names.npy': bytesOf(recorded.refused.text!),
    'ids.npy': bytesOf(recorded.refused['too large']!),
    'rows.npy': bytesOf(recorded.refused.records!),
    'readme.txt': new Uint8Array(3),
    '__proto__.npy': npy(f4, 8),
  });
  for (const set of [io.parseNpz(good, 'set.npz'), io.loadNpz(file('set.npz', good))]) {
    expect(Object.keys(set)).toEqual(['x', 'names', 'ids', 'rows', 'readme.txt', '__proto__']);
    expect(set.x!.shape).toEqual([2]);
    expect(() => set.names).toThrow(FileFormatError);
    expect(() => set.names).toThrow(/set\.npz\/names\.npy, byte 20: holds text \(dtype '<U/);
    expect(() => set.ids).toThrow(
      /set\.npz\/ids\.npy, byte 128: element 0 is 1099511627776, which int32 can't/,
    );
    expect(() => set.rows).toThrow(/holds records of several fields/);
    expect(() => set['readme.txt']).toThrow(/set\.npz\/readme\.txt, byte 0: isn't a \.npy file/);
  }
});

test('an archive is read back', async () => {
  const tensors = { 'layer.weight': zeros([300, 100]), 'a/b': tensor([1, 2, 3], { dtype: 'int32' }) };
  const path = join(folder, 'own.npz');
  await io.saveNpz(path, tensors);
  const plain = readFileSync(path).length;
  await io.saveNpz(path, tensors, { compress: true });
  expect(readFileSync(path).length).toBeLessThan(plain / 50);
  const back = io.loadNpz(path);
  expect(Object.keys(back)).toEqual(Object.keys(tensors));
  expect(back['a/b']!.toArraySync()).toEqual([1, 2, 3]);
  expect(back['layer.weight']!.shape).toEqual([300, 100]);
  expect(await io.serializeNpz(tensors)).toEqual(await io.serializeNpz(tensors));
  expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

/** A .npy file with a header of one's own. */
function npy(header: string, data: number, version = 1): Uint8Array {
  const text = Buffer.from(header, 'latin1');
  const start = version === 1 ? 10 : 12;
  const bytes = new Uint8Array(start + text.length + data);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0]);
  const view = new DataView(bytes.buffer);
  if (version === 1) view.setUint16(8, text.length, true);
  else view.setUint32(8, text.length, true);
  bytes.set(text, start);
  return bytes;
}
const dict = (descr: string, shape: string, order = 'False'): string =>
  `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`;
const f4 = dict("'<f4'", '(2,)');

test.each<[string, Uint8Array, RegExp]>([
  ['empty', new Uint8Array(0), /byte 0: ends after 0 bytes/],
  ['bytes', new Uint8Array(20).fill(0xfe), /byte 0: isn't a .npy file: it doesn't begin with .x93NUMPY/],
  [
    'other content',
    new TextEncoder().encode('PK and more text'),
    /byte 0: is text that begins "PK and more text", not a .npy file/,
  ],
  ['version 4', npy(f4, 8, 4), /byte 6: version 4.0; versions 1.0 to 3.0 are supported/],
  ['cut within the header', npy(f4, 8).subarray(0, 30), /byte 30: ends within its header/],
  ['a header of gigabytes', npy(f4, 8, 2).fill(255, 8, 12), /byte 8: claims a header of 4294967295 bytes/],
  ['cut within the elements', npy(f4, 8).subarray(0, -1), /ends early: \(2\) takes 8 bytes, the file has 7/],
  ['more than it says', npy(f4, 9), /1 byte more than the array/],
  ['code', npy("__import__('os').system('x')", 8), /isn't a valid dictionary literal/],
  [
    'code in a value',
    npy(dict("'<f4'", '(2,)', 'exit()'), 8),
    /byte 43: .* isn't a valid dictionary literal/,
  ],
  ['no dictionary', npy('(1, 2)', 8), /expected {, found \(/],
  ['an unknown key', npy("{'a': 1}", 0), /byte 11: 'a' isn't a key that the header may have/],
  ['a key twice', npy("{'shape': (), 'shape': ()}", 0), /appears twice/],
  ['a key missing', npy("{'descr': '<f4', 'shape': ()}", 4), /has no 'fortran_order'/],
  ['a key without value', npy("{'descr': , 'shape': ()}", 4), /has no value/],
  ['a value that never ends', npy("{'descr': ((((", 4), /breaks off/],
  ['brackets that close nothing', npy("{'descr': '<f4')}", 4), /\) has no matching opening bracket/],
  ['text after the dictionary', npy(`${f4}1`, 8), /something follows/],
  ['an unknown type', npy(dict("'<q7'", '(2,)'), 8), /unknown element type \(dtype '<q7'\)/],
  ['a type named as a method', npy(dict("'<toString'", '(2,)'), 8), /isn't an element type/],
  ['a shape that is a number', npy(dict("'<f4'", '(2)'), 8), /the shape \(2\) isn't a tuple/],
  ['a shape in a shape', npy(dict("'<f4'", '((2,),)'), 8), /isn't a tuple of lengths/],
  ['an order that is a number', npy(dict("'<f4'", '(2,)', '1'), 8), /not True or False/],
  ['an endless axis', npy(dict("'<f4'", '(99999999999999999999, 0)'), 0), /an axis of length/],
  ['a product beyond the file', npy(dict("'<f8'", `(${'2000000000, '.repeat(8)})`), 8), /ends early/],
  ['many axes', npy(dict("'<f4'", `(${'1, '.repeat(40)})`), 4), /40 axes; at most 32/],
  ['a bool that is 2', npy(dict("'|b1'", '(1,)'), 1).fill(2, -1), /element 0 is 2, which bool/],
])('%s is an error that names the byte', (_, bytes, message) => {
  const path = file('hostile.npy', bytes);
  expect(() => io.loadNpy(path)).toThrow(FileFormatError);
  expect(() => io.loadNpy(path)).toThrow(message);
});

test('damaged archives are errors', () => {
  const whole = bytesOf(recorded.stored);
  const flipped = Uint8Array.from(whole);
  flipped[220]! ^= 1;
  expect(() => io.parseNpz(flipped)).toThrow(/checksum/);
  for (const length of [0, 10, 300, whole.length - 1])
    expect(() => io.parseNpz(whole.subarray(0, length))).toThrow(FileFormatError);
  const other = zipSync({ 'readme.txt': new Uint8Array(3) });
  expect(() => io.parseNpz(other)).toThrow('is a zip archive, not a NumPy archive (.npz); unpack it');
  const inner = zipSync({ 'a.npy': npy(f4, 7) });
  expect(() => io.parseNpz(inner, 'set.npz')).toThrow('set.npz/a.npy, byte');
});

test("a small archive can't fill the memory", () => {
  const bomb = zipSync({ 'a.npy': new Uint8Array(100_000_000) }, { level: 1 });
  expect(bomb.length).toBeLessThan(600_000);
  expect(() => io.parseNpz(bomb)).toThrow(/inflates to 100000000 bytes, far more/);
});

test('mistakes are named', async () => {
  expect(() => io.loadNpy(join(folder, 'none.npy'))).toThrow(FileError);
  expect(() => io.loadNpy(join(folder, 'none.npy'))).toThrow('loadNpy: ');
  expect(() => io.loadNpz(folder)).toThrow(FileError);
  await expect(io.saveNpy(join(folder, 'no', 'x.npy'), zeros([1]))).rejects.toThrow(FileError);
  await expect(io.serializeNpy(zeros([1]), { dtype: 'BF16' })).rejects.toThrow('NumPy has no type BF16');
  await expect(io.serializeNpy(tensor([300]), { dtype: 'U16' })).resolves.toBeInstanceOf(Uint8Array);
  await expect(io.serializeNpy(tensor([-1]), { dtype: 'U16' })).rejects.toThrow(ArgumentError);
  await expect(io.serializeNpz({ '../x': zeros([1]) })).rejects.toThrow("isn't a valid file name");
});
