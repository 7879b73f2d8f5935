/** What operations record is plain data with named fields: all that an exporter needs besides the operands. */
import { expect, test } from 'vitest';
import { inspecting } from '../../src/autograd/mode.js';
import { type Engine, noFamilies } from '../../src/engine/engine.js';
import { engineNamed, setEngine } from '../../src/engine/registry.js';
import * as F from '../../src/functional.js';
import { grad, slice, tensor } from '../../src/index.js';
import { testEngines } from '../helpers/engines.js';
import { withFamilies } from '../helpers/families.js';
import { build, listOf, tables, weights } from './cases.js';
import { type CaseSpec, caseSpec } from './spec.js';
import { type Sample, sampleDTypes } from './table.js';

const isRecord = (x: unknown): x is object =>
  typeof x === 'object' && x !== null && Object.getPrototypeOf(x) === Object.prototype;

const isPlain = (x: unknown): boolean => {
  if (x === undefined || x === null || ['number', 'string', 'boolean'].includes(typeof x)) return true;
  return Array.isArray(x) ? x.every(isPlain) : isRecord(x) && Object.values(x).every(isPlain);
};

/** Runs a sample, and its gradient as operations. */
function runSample(engine: Engine, sample: Sample, spec: CaseSpec): void {
  const inputs = spec.inputs.map((x) => build(engine, x, 'contiguous'));
  const outputs = listOf(sample.ours(...inputs));
  const roots = outputs.filter((y) => y.requiresGrad);
  if (!spec.grad || roots.length === 0) return;
  grad(
    roots,
    inputs.filter((x) => x.requiresGrad),
    {
      gradOutputs: roots.map((y) => weights(y, outputs.indexOf(y))),
      allowUnused: true,
      createGraph: true,
    },
  );
}

test.each(testEngines)('attributes are plain data with named fields on %s', (name) => {
  setEngine(name);
  const engine = engineNamed(name);
  const recorded = new Set<string>();
  const others = new Set<string>();
  const run = (): void => {
    for (const { rows } of tables)
      for (const row of rows)
        row.samples.forEach((sample, i) => {
          for (const under of sampleDTypes(sample))
            runSample(engine, sample, caseSpec(row, sample, i, under));
        });
  };
  const inspect = (): void =>
    inspecting((operation, _phase, _operands, _results, attributes) => {
      recorded.add(operation);
      const plain = attributes === undefined || (isRecord(attributes) && isPlain(attributes));
      if (!plain) others.add(operation);
    }, run);
  inspect();
  withFamilies(engine, noFamilies, inspect);
  expect([...others]).toEqual([]);
  expect(recorded.size).toBeGreaterThan(200);
});

test('attributes distinguish operations of the same name', () => {
  const attributesOf = (work: () => unknown): unknown[] => {
    const found: unknown[] = [];
    inspecting((_name, _phase, _operands, _results, attributes) => void found.push(attributes), work);
    return found;
  };
  const x = tensor([1, 2, 3]);
  expect(attributesOf(() => F.elu(x, { alpha: 2 }))).toEqual([{ alpha: 2, scale: 1 }]);
  expect(attributesOf(() => x.clamp(0, 2))).toEqual([{ min: 0, max: 2 }]);
  expect(attributesOf(() => F.gelu(x, { approximate: 'tanh' }))).toEqual([{ approximate: 'tanh' }]);
  expect(attributesOf(() => F.gelu(x))).toEqual([{}]);
  expect(attributesOf(() => x.pow(3))).toEqual([{ number: 3 }]);
  expect(attributesOf(() => x.at(slice(1, 3)))).toEqual([
    { geometry: [{ kind: 'range', axis: 0, first: 1, count: 2, step: 1 }], whole: [3] },
  ]);
  expect(attributesOf(() => F.dropout(x, 0.5))).toEqual([{ p: 0.5 }]);
});
