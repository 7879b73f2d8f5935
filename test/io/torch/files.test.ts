import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { Tensor } from '../../../src/index.js';
import * as io from '../../../src/io/index.js';
import * as nn from '../../../src/nn/index.js';

const folder = fileURLToPath(new URL('../../recordings/torch/', import.meta.url));

interface RecordedTensor {
  readonly tensor: readonly unknown[];
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
  readonly dtype: string;
  readonly requiresGrad: boolean;
  readonly parameter?: true;
}

/** A value as test/record/record-torch-files.py describes it. */
type Recorded =
  | null
  | boolean
  | number
  | string
  | readonly Recorded[]
  | RecordedTensor
  | { readonly array: readonly unknown[]; readonly shape: readonly number[] }
  | { readonly dict: Readonly<Record<string, Recorded>> }
  | { readonly map: readonly (readonly [Recorded, Recorded])[] }
  | { readonly set: readonly number[] }
  | { readonly bytes: readonly number[] }
  | { readonly int: string }
  | { readonly float: string };

const recorded = JSON.parse(gunzipSync(readFileSync(`${folder}values.json.gz`)).toString()) as {
  files: Record<string, Recorded>;
};

const floats: Readonly<Record<string, number>> = {
  inf: Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
  nan: Number.NaN,
};

const number = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? floats[(value as { float: string }).float]!
    : (value as number);

/** PyTorch's dtypes as Myelin reads them. */
const dtypes: Readonly<Record<string, string>> = {
  float16: 'float32',
  bfloat16: 'float32',
  int8: 'int32',
  int16: 'int32',
  int64: 'int32',
};

function expectTensor(got: unknown, want: RecordedTensor, path: string): void {
  expect(got, path).toBeInstanceOf(Tensor);
  const x = got as Tensor;
  expect([x.dtype, x.shape, x.requiresGrad], path).toEqual([
    dtypes[want.dtype] ?? want.dtype,
    want.shape,
    want.requiresGrad,
  ]);
  expect([...x.dataSync()], path).toEqual(want.tensor.map(number));
  expect(x instanceof nn.Parameter, path).toBe(want.parameter === true);
  if (want.shape.every((n) => n > 1))
    expect([x.strides, x.offset], path).toEqual([want.strides, want.offset]);
}

const isList = (want: Recorded): want is readonly Recorded[] => Array.isArray(want);

function expectValue(got: unknown, want: Recorded, path: string): void {
  if (want === null || typeof want !== 'object') {
    expect(got, path).toBe(want);
  } else if (isList(want)) {
    expect(got, path).toBeInstanceOf(Array);
    expect((got as unknown[]).length, path).toBe(want.length);
    for (const [i, item] of want.entries()) expectValue((got as unknown[])[i], item, `${path}.${i}`);
  } else if ('tensor' in want) {
    expectTensor(got, want, path);
  } else if ('array' in want) {
    expect((got as Tensor).shape, path).toEqual(want.shape);
    expect([...(got as Tensor).dataSync()], path).toEqual(want.array.map(number));
  } else if ('dict' in want) {
    expect(Object.getPrototypeOf(got), path).toBe(Object.prototype);
    expect(Object.keys(got as object).sort(), path).toEqual(Object.keys(want.dict).sort());
    for (const [key, item] of Object.entries(want.dict))
      expectValue(Object.getOwnPropertyDescriptor(got, key)!.value, item, `${path}.${key}`);
  } else if ('map' in want) {
    expect(got, path).toBeInstanceOf(Map);
    const entries = [...(got as Map<unknown, unknown>)];
    expect(entries.length, path).toBe(want.map.length);
    for (const [i, [key, value]] of want.map.entries()) {
      expectValue(entries[i]![0], key, `${path} key ${i}`);
      expectValue(entries[i]![1], value, `${path}.${i}`);
    }
  } else if ('set' in want) {
    expect([...(got as Set<number>)].sort(), path).toEqual(want.set);
  } else if ('bytes' in want) {
    expect(got, path).toEqual(Uint8Array.from(want.bytes));
  } else if ('int' in want) {
    expect(got, path).toBe(BigInt(want.int));
  } else {
    expect(got, path).toBe(floats[(want as { float: string }).float]);
  }
}

describe('files that PyTorch wrote', () => {
  for (const [name, want] of Object.entries(recorded.files)) {
    test(`${name}.pt`, () => expectValue(io.loadTorch(`${folder}${name}.pt`), want, ''));
    test(`${name}.pt from bytes`, () =>
      expectValue(io.loadTorchBytes(readFileSync(`${folder}${name}.pt`)), want, ''));
  }

  test('all are small', () => {
    for (const file of readdirSync(folder).filter((f) => f.endsWith('.pt')))
      expect(readFileSync(folder + file).length, file).toBeLessThan(20_000);
  });
});
