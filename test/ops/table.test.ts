import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Engine } from '../../src/engine/engine.js';
import { engineNamed, setEngine } from '../../src/engine/registry.js';
import * as functional from '../../src/functional.js';
import * as myelin from '../../src/index.js';
import type { Tensor } from '../../src/tensor/tensor.js';
import { allEngines, testEngines } from '../helpers/engines.js';
import {
  build,
  type Layout,
  layouts,
  listOf,
  type Packed,
  type Recorded,
  tables,
  unpack,
  usual,
  weights,
} from './cases.js';
import { notInTable } from './exempt.js';
import { type CaseSpec, caseSpec, fingerprint } from './spec.js';
import { type OpRow, type Sample, sampleDTypes } from './table.js';

async function compare(
  what: string,
  ours: Tensor,
  theirs: Packed,
  tolerances: OpRow['tolerance'],
): Promise<void> {
  expect(ours.shape, `${what}: shape`).toEqual(theirs.shape);
  expect(ours.dtype, `${what}: dtype`).toBe(theirs.dtype);
  const { rtol, atol } = tolerances?.[ours.dtype] ?? usual[ours.dtype];
  const got = await ours.data();
  const want = unpack(theirs);
  for (let i = 0; i < got.length; i++) {
    const a = got[i]!;
    const b = want[i]!;
    const equal = Object.is(a, b) || a === b || Math.abs(a - b) <= atol + rtol * Math.abs(b);
    if (!equal) expect.fail(`${what}: element ${i} is ${a}, PyTorch has ${b}`);
  }
}

/** What to call: both forms, where an operation has one for every engine. */
const formsOf = (engine: Engine, { ours, later }: Sample): readonly Form[] =>
  later === undefined ? [ours] : engine.synchronous ? [ours, later] : [later];

type Form = Sample['ours'] | NonNullable<Sample['later']>;

async function checkCase(
  engine: Engine,
  row: OpRow,
  sample: Sample,
  spec: CaseSpec,
  recorded: Recorded,
  layout: Layout,
  form: Form,
): Promise<void> {
  const what = `${spec.key} ${sample.torch} [${layout}]`;
  const inputs = spec.inputs.map((x) => build(engine, x, layout));
  const outputs = listOf(await form(...inputs));
  expect(outputs.length, `${what}: number of results`).toBe(recorded.outputs.length);
  for (const [k, y] of outputs.entries())
    await compare(`${what} result ${k}`, y, recorded.outputs[k]!, row.tolerance);
  if (!spec.grad) return;
  const roots = outputs.map((y, k) => ({ y, k })).filter(({ y }) => y.requiresGrad);
  const wanted = inputs.filter((x) => x.requiresGrad);
  const found = myelin.grad(
    roots.map(({ y }) => y),
    wanted,
    { gradOutputs: roots.map(({ y, k }) => weights(y, k)), allowUnused: true },
  );
  for (const [i, x] of inputs.entries()) {
    const theirs = recorded.grads?.[i] ?? null;
    const ours = x.requiresGrad ? found[wanted.indexOf(x)]! : null;
    if (theirs !== null && ours === null) expect.fail(`${what}: no gradient of input ${i}`);
    if (theirs !== null) await compare(`${what} gradient ${i}`, ours!, theirs, row.tolerance);
    else if (ours !== null)
      expect(
        (await ours.data()).every((v) => v === 0),
        `${what} gradient ${i}`,
      ).toBe(true);
  }
}

for (const engineName of allEngines) {
  describe(`op table on ${engineName}`, () => {
    const engine = engineNamed(engineName);
    for (const { name, rows, cases } of tables) {
      for (const row of rows) {
        test(`${row.op} (${name})`, async () => {
          setEngine(engineName);
          for (const [i, sample] of row.samples.entries()) {
            for (const under of sampleDTypes(sample)) {
              const spec = caseSpec(row, sample, i, under);
              const recorded = cases[spec.key];
              if (recorded?.fingerprint !== fingerprint(spec))
                expect.fail(`the recording of ${spec.key} is missing or stale: npm run record -- ${name}`);
              for (const layout of layouts)
                for (const form of formsOf(engine, sample))
                  await checkCase(engine, row, sample, spec, recorded, layout, form);
            }
          }
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
  const missing = [...new Set(operations)].filter(
    (name) => !inTable.has(name.replace(/Async$/, '')) && !notInTable.has(name),
  );
  expect(missing).toEqual([]);
});

test('rows call the form for every engine where there is one', () => {
  const calls = new Map(
    tables.flatMap(({ rows }) => rows.map((row) => [row.op, row.samples.map(({ later }) => String(later))])),
  );
  const forms = Object.keys({ ...myelin, ...functional }).filter((name) => name.endsWith('Async'));
  const uncalled = forms.filter(
    (name) => !calls.get(name.replace(/Async$/, ''))?.some((call) => call.includes(name)),
  );
  expect(uncalled).toEqual([]);
});

test('there are as many rows as the README tells', () => {
  const rows = tables.reduce((n, table) => n + table.rows.length, 0);
  const checks = tables.reduce(
    (n, { rows }) =>
      n + rows.reduce((m, row) => m + row.samples.reduce((k, s) => k + sampleDTypes(s).length, 0), 0),
    0,
  );
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const [, operations, samples] = /more than (\d+) operations with ([\d,]+) samples/.exec(readme)!;
  expect(rows).toBeGreaterThan(Number(operations));
  expect(checks).toBeGreaterThan(Number(samples!.replace(',', '')));
});
