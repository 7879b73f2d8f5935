import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ArgumentError, FileError, FileFormatError } from '../../src/core/errors.js';
import { arange, ones, tensor } from '../../src/index.js';
import * as io from '../../src/io/index.js';
import * as nn from '../../src/nn/index.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-'));
const path = join(folder, 'a.safetensors');
afterAll(() => rmSync(folder, { recursive: true }));

test('tensors of every dtype come back, views in row-major order', async () => {
  const tensors = {
    grid: arange(6).reshape([2, 3]).transpose(0, 1),
    wide: tensor([0.1, 1e300], { dtype: 'float64' }),
    bytes: tensor([0, 255], { dtype: 'uint8' }),
    mask: tensor([true, false]),
    scalar: tensor(3.5),
    empty: ones([0, 4]),
    ключ: ones([1]),
  };
  await io.saveSafetensors(path, tensors, { metadata: { format: 'pt' } });
  const read = io.openSafetensors(path);
  expect(read.metadata).toEqual({ format: 'pt' });
  expect(Object.keys(read.tensors).sort()).toEqual(Object.keys(tensors).sort());
  for (const [name, x] of Object.entries(tensors)) {
    const y = read.tensors[name]!;
    expect([name, y.dtype, y.shape, y.toArraySync()]).toEqual([name, x.dtype, x.shape, x.toArraySync()]);
  }
});

test('a model goes through a file', async () => {
  const model = new nn.Sequential(new nn.Conv2d(1, 2, 3), new nn.BatchNorm2d(2));
  await io.saveSafetensors(path, model.stateDict());
  const other = new nn.Sequential(new nn.Conv2d(1, 2, 3), new nn.BatchNorm2d(2));
  other.loadStateDict(io.loadSafetensors(path));
  expect(other.at(0).parameters()[0]!.dataSync()).toEqual(model.at(0).parameters()[0]!.dataSync());
});

test('halves and wide integers at the boundary', async () => {
  await io.saveSafetensors(
    path,
    { w: tensor([1, 0.1]), n: tensor([7], { dtype: 'int32' }) },
    {
      dtype: (_name, x) => (x.dtype === 'int32' ? 'I64' : 'F16'),
    },
  );
  const { w, n } = io.loadSafetensors(path);
  expect([w!.dtype, ...w!.dataSync()]).toEqual(['float32', 1, 0.0999755859375]);
  expect([n!.dtype, n!.itemSync()]).toEqual(['int32', 7]);
  await expect(io.saveSafetensors(path, { w: tensor([0.5]) }, { dtype: 'I64' })).rejects.toThrow(
    ArgumentError,
  );
  expect(io.loadSafetensors(path).n!.itemSync()).toBe(7);
});

test('what is saved is what there was at the call', async () => {
  const x = ones([2]);
  const saved = io.saveSafetensors(path, { x });
  x.fill_(5);
  await saved;
  expect([...io.loadSafetensors(path).x!.dataSync()]).toEqual([1, 1]);
});

test('bytes without a file', async () => {
  const bytes = await io.serializeSafetensors({ x: arange(3) }, { metadata: { a: 'b' } });
  const { tensors, metadata } = io.parseSafetensors(bytes);
  expect([tensors.x!.toArraySync(), metadata]).toEqual([[0, 1, 2], { a: 'b' }]);
});

test("files that can't be read", () => {
  expect(() => io.loadSafetensors(join(folder, 'none'))).toThrow(FileError);
  expect(() => io.loadSafetensors(join(folder, 'none'))).toThrow('none: no such file or folder');
  expect(() => io.loadSafetensors(folder)).toThrow(/is a folder/);
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.subarray(0, bytes.length - 1));
  expect(() => io.loadSafetensors(path)).toThrow(FileFormatError);
});

test('what no tensor holds is an error when it is asked for, the others are readable', () => {
  const header = {
    ids: { dtype: 'I64', shape: [1], data_offsets: [0, 8] },
    z: { dtype: 'C64', shape: [1], data_offsets: [8, 16] },
    w: { dtype: 'F32', shape: [1], data_offsets: [16, 20] },
  };
  const json = Buffer.from(JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + 20);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  view.setBigInt64(8 + json.length, 2n ** 40n, true);
  view.setFloat32(24 + json.length, 1.5, true);
  const { tensors } = io.parseSafetensors(bytes, 'a.safetensors');
  expect(Object.keys(tensors)).toEqual(['ids', 'z', 'w']);
  expect(tensors.w!.toArraySync()).toEqual([1.5]);
  expect(() => tensors.ids).toThrow(FileFormatError);
  expect(() => tensors.ids).toThrow(
    `a.safetensors, byte ${8 + json.length}: tensor "ids": element 0 is 1099511627776, which int32 can't hold`,
  );
  expect(() => tensors.z).toThrow(`byte ${16 + json.length}: tensor "z" has dtype C64; supported: BOOL, U8`);
});

test.each<[string, (tensors: never) => Promise<unknown>]>([
  ['saveSafetensors', (tensors) => io.saveSafetensors(join(folder, 'none'), tensors)],
  ['serializeSafetensors', (tensors) => io.serializeSafetensors(tensors)],
  ['saveNpz', (tensors) => io.saveNpz(join(folder, 'none'), tensors)],
  ['serializeNpz', (tensors) => io.serializeNpz(tensors)],
])('%s of what are no tensors by name', async (operation, save) => {
  const saved = (value: unknown) => expect(save(value as never)).rejects;
  await saved(new nn.Linear(1, 1)).toThrow(
    `${operation}: tensors is a module; save its weights: model.stateDict()`,
  );
  const wanted = `${operation}: tensors must be an object of tensors by name, got`;
  await saved(Promise.resolve({})).toThrow(`${wanted} a Promise\n  hint: await it first`);
  await saved(new Map([['x', ones([1])]])).toThrow(`${wanted} a Map`);
  await saved(ones([1])).toThrow(`${wanted} a Tensor`);
  await saved([ones([1])]).toThrow(`${wanted} [a Tensor]`);
  await saved(null).toThrow(`${wanted} null`);
});
