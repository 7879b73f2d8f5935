import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { bytesPerElement, type DType, typedArray } from '../../src/core/dtype.js';
import { contiguousStrides } from '../../src/core/shape.js';
import type { Engine } from '../../src/engine/engine.js';
import { engineNamed, setEngine } from '../../src/engine/registry.js';
import * as functional from '../../src/functional.js';
import * as myelin from '../../src/index.js';
import { empty, type Tensor, view } from '../../src/tensor/tensor.js';
import { testEngines } from '../engines.js';
import { notInTable } from './exempt.js';
import { type CaseSpec, caseSpec, fingerprint } from './spec.js';
import { type OpRow, type Sample, sampleDTypes, type Tolerance } from './table.js';

interface Packed {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly data: string;
}

interface Recorded {
  readonly fingerprint: string;
  readonly outputs: readonly Packed[];
  readonly grads: readonly (Packed | null)[] | null;
}

const folder = new URL('.', import.meta.url);
const recordings = new URL('../recordings/', folder);
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.rows.ts'))
  .map((file) => file.slice(0, -'.rows.ts'.length));
const tables = await Promise.all(
  names.map(async (name) => {
    const { rows } = (await import(`./${name}.rows.ts`)) as { rows: readonly OpRow[] };
    const json = gunzipSync(readFileSync(new URL(`${name}.json.gz`, recordings))).toString();
    const { cases } = JSON.parse(json) as { cases: Record<string, Recorded> };
    return { name, rows, cases };
  }),
);

const layouts = ['contiguous', 'transposed', 'gapped'] as const;
type Layout = (typeof layouts)[number];

/** Strides, offset and length in memory of a tensor stored in a given way. */
function storedAs(
  shape: readonly number[],
  layout: Layout,
): { strides: number[]; offset: number; length: number } {
  const size = shape.reduce((a, b) => a * b, 1);
  if (layout === 'transposed')
    return { strides: contiguousStrides([...shape].reverse()).reverse(), offset: 0, length: size };
  if (layout === 'gapped')
    return { strides: contiguousStrides(shape).map((s) => 2 * s), offset: 3, length: 2 * size + 3 };
  return { strides: contiguousStrides(shape), offset: 0, length: size };
}

function build(engine: Engine, input: CaseSpec['inputs'][number], layout: Layout): Tensor {
  const { shape, dtype, data } = input;
  const { strides, offset, length } = storedAs(shape, layout);
  const memory = typedArray(dtype, new ArrayBuffer(length * bytesPerElement[dtype]), 0, length);
  const index = new Array<number>(shape.length).fill(0);
  for (const value of data) {
    memory[index.reduce((at, i, axis) => at + i * strides[axis]!, offset)] = value;
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis]! === shape[axis]; axis--) index[axis] = 0;
  }
  const whole = empty([length], dtype, engine);
  engine.write(whole.storage, 0, new Uint8Array(memory.buffer, 0, memory.byteLength));
  return view(whole, shape, strides, offset).requiresGrad_(input.grad);
}

const unpack = ({ dtype, data, shape }: Packed): ArrayLike<number> => {
  const bytes = Uint8Array.from(Buffer.from(data, 'base64'));
  return typedArray(
    dtype,
    bytes.buffer,
    0,
    shape.reduce((a, b) => a * b, 1),
  );
};

const usual: Record<DType, Tolerance> = {
  float32: { rtol: 1e-5, atol: 1e-5 },
  float64: { rtol: 1e-7, atol: 1e-7 },
  int32: { rtol: 0, atol: 0 },
  uint8: { rtol: 0, atol: 0 },
  bool: { rtol: 0, atol: 0 },
};

function compare(what: string, ours: Tensor, theirs: Packed, tolerances: OpRow['tolerance']): void {
  expect(ours.shape, `${what}: shape`).toEqual(theirs.shape);
  expect(ours.dtype, `${what}: dtype`).toBe(theirs.dtype);
  const { rtol, atol } = tolerances?.[ours.dtype] ?? usual[ours.dtype];
  const got = ours.dataSync();
  const want = unpack(theirs);
  for (let i = 0; i < got.length; i++) {
    const a = got[i]!;
    const b = want[i]!;
    const equal = Object.is(a, b) || a === b || Math.abs(a - b) <= atol + rtol * Math.abs(b);
    if (!equal) expect.fail(`${what}: element ${i} is ${a}, PyTorch has ${b}`);
  }
}

const listOf = (result: Tensor | readonly Tensor[]): readonly Tensor[] =>
  Array.isArray(result) ? result : [result as Tensor];

/** The gradient that flows into result k; the recorder uses the same formula. */
function weights(y: Tensor, k: number): Tensor {
  const w = typedArray(y.dtype, new ArrayBuffer(y.count * bytesPerElement[y.dtype]), 0, y.count);
  for (let i = 0; i < w.length; i++) w[i] = Math.cos(1 + 3 * k + 0.7 * i);
  const t = empty(y.shape, y.dtype, y.engine);
  t.engine.write(t.storage, 0, new Uint8Array(w.buffer));
  return t;
}

function checkCase(
  engine: Engine,
  row: OpRow,
  sample: Sample,
  spec: CaseSpec,
  recorded: Recorded,
  layout: Layout,
): void {
  const what = `${spec.key} ${sample.torch} [${layout}]`;
  const inputs = spec.inputs.map((x) => build(engine, x, layout));
  const outputs = listOf(sample.ours(...inputs));
  expect(outputs.length, `${what}: number of results`).toBe(recorded.outputs.length);
  outputs.forEach((y, k) => {
    compare(`${what} result ${k}`, y, recorded.outputs[k]!, row.tolerance);
  });
  if (!spec.grad) return;
  const roots = outputs.map((y, k) => ({ y, k })).filter(({ y }) => y.requiresGrad);
  const wanted = inputs.filter((x) => x.requiresGrad);
  const found = myelin.grad(
    roots.map(({ y }) => y),
    wanted,
    { gradOutputs: roots.map(({ y, k }) => weights(y, k)), allowUnused: true },
  );
  inputs.forEach((x, i) => {
    const theirs = recorded.grads?.[i] ?? null;
    const ours = x.requiresGrad ? found[wanted.indexOf(x)]! : null;
    if (theirs !== null && ours === null) expect.fail(`${what}: no gradient of input ${i}`);
    if (theirs !== null) compare(`${what} gradient ${i}`, ours!, theirs, row.tolerance);
    else if (ours !== null)
      expect(
        ours.dataSync().every((v) => v === 0),
        `${what} gradient ${i}`,
      ).toBe(true);
  });
}

for (const engineName of testEngines) {
  describe(`op table on ${engineName}`, () => {
    const engine = engineNamed(engineName);
    for (const { name, rows, cases } of tables) {
      for (const row of rows) {
        test(`${row.op} (${name})`, () => {
          setEngine(engineName);
          row.samples.forEach((sample, i) => {
            for (const under of sampleDTypes(sample)) {
              const spec = caseSpec(row, sample, i, under);
              const recorded = cases[spec.key];
              if (recorded?.fingerprint !== fingerprint(spec))
                expect.fail(`the recording of ${spec.key} is missing or stale: npm run record -- ${name}`);
              for (const layout of layouts) checkCase(engine, row, sample, spec, recorded, layout);
            }
          });
        });
      }
    }
  });
}

describe('gradients against finite differences', () => {
  const engine = engineNamed(testEngines[0]!);
  for (const { rows } of tables) {
    for (const row of rows) {
      const samples = row.samples
        .map((sample, i) => ({ sample, spec: caseSpec(row, sample, i, 'float64') }))
        .filter(({ sample, spec }) => spec.grad && sampleDTypes(sample).includes('float64'));
      if (samples.length === 0 || row.gradcheck === false) continue;
      test(row.op, () => {
        setEngine(testEngines[0]!);
        for (const { sample, spec } of samples) {
          const inputs = spec.inputs.map((x) => build(engine, x, 'contiguous'));
          myelin.gradcheck(sample.ours, inputs);
          if (row.gradgrad) myelin.gradgradcheck(sample.ours, inputs);
        }
      });
    }
  }
});

describe('errors', () => {
  for (const { rows } of tables) {
    for (const row of rows) {
      if (!row.errors) continue;
      test(row.op, () => {
        setEngine(testEngines[0]!);
        for (const { call, error, message } of row.errors!) {
          expect(call).toThrow(error);
          expect(call).toThrow(message);
        }
      });
    }
  }
});

test('every public operation has a row', () => {
  const inTable = new Set(tables.flatMap(({ rows }) => rows.map((row) => row.op)));
  const operations = [...Object.entries(myelin), ...Object.entries(functional)]
    .filter(
      ([, value]) => typeof value === 'function' && !/^class /.test(Function.prototype.toString.call(value)),
    )
    .map(([name]) => name);
  const missing = [...new Set(operations)].filter((name) => !inTable.has(name) && !notInTable.has(name));
  expect(missing).toEqual([]);
});

test('there are as many rows as the README tells', () => {
  const rows = tables.reduce((n, table) => n + table.rows.length, 0);
  const checks = tables.reduce(
    (n, { rows }) =>
      n + rows.reduce((m, row) => m + row.samples.reduce((k, s) => k + sampleDTypes(s).length, 0), 0),
    0,
  );
  const readme = readFileSync(new URL('../../README.md', folder), 'utf8');
  const [, operations, samples] = /more than (\d+) operations and (\d+) samples/.exec(readme)!;
  expect(rows).toBeGreaterThan(Number(operations));
  expect(checks).toBeGreaterThan(Number(samples));
});
