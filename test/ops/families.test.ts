/** Every fused kernel is its composition: the op table's samples, on an engine with its families and without. */
import { describe, expect, test } from 'vitest';
import { type Engine, noFamilies } from '../../src/engine/engine.js';
import { pointwiseLosses } from '../../src/engine/loss.js';
import { engineNamed, setEngine } from '../../src/engine/registry.js';
import { slopes, slopesOfTwo } from '../../src/engine/slope.js';
import * as myelin from '../../src/index.js';
import { testEngines } from '../helpers/engines.js';
import { watched, withFamilies } from '../helpers/families.js';
import { build, listOf, tables, usual, weights } from './cases.js';
import { type CaseSpec, caseSpec } from './spec.js';
import { type OpRow, type Sample, sampleDTypes } from './table.js';

interface Result {
  readonly what: string;
  readonly dtype: keyof typeof usual;
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** The results of a sample, and the gradients of its inputs. */
function resultsOf(engine: Engine, sample: Sample, spec: CaseSpec): Result[] {
  const inputs = spec.inputs.map((x) => build(engine, x, 'contiguous'));
  const outputs = listOf(sample.ours(...inputs));
  const roots = outputs.filter((y) => y.requiresGrad);
  const wanted = inputs.filter((x) => x.requiresGrad);
  const gradients =
    spec.grad && roots.length > 0
      ? myelin.grad(roots, wanted, {
          gradOutputs: roots.map((y) => weights(y, outputs.indexOf(y))),
          allowUnused: true,
        })
      : [];
  return [
    ...outputs.map((y, i) => ({
      ...{ what: `result ${i}`, dtype: y.dtype, shape: y.shape, data: y.dataSync() },
    })),
    ...gradients.map((g, i) => {
      const { dtype, shape, count } = wanted[i]!;
      return { what: `gradient ${i}`, dtype, shape, data: g?.dataSync() ?? new Float64Array(count) };
    }),
  ];
}

function compare(where: string, fused: Result, composed: Result, tolerances: OpRow['tolerance']): void {
  const what = `${where} ${fused.what}`;
  expect(composed.shape, what).toEqual(fused.shape);
  expect(composed.dtype, what).toBe(fused.dtype);
  const { rtol, atol } = tolerances?.[fused.dtype] ?? usual[fused.dtype];
  for (let i = 0; i < fused.data.length; i++) {
    const [a, b] = [fused.data[i]!, composed.data[i]!];
    const equal = Object.is(a, b) || a === b || Math.abs(a - b) <= atol + rtol * Math.abs(b);
    if (!equal) expect.fail(`${what}: element ${i} is ${a}, its composition has ${b}`);
  }
}

for (const engineName of testEngines) {
  describe(`fused kernels and compositions on ${engineName}`, () => {
    const engine = engineNamed(engineName);
    const own = engine.fused;
    const reached = new Set<string>();
    for (const { name, rows } of tables)
      for (const row of rows)
        test(`${row.op} (${name})`, () => {
          setEngine(engineName);
          row.samples.forEach((sample, i) => {
            for (const under of sampleDTypes(sample)) {
              const spec = caseSpec(row, sample, i, under);
              const called = new Set<string>();
              const run = () => resultsOf(engine, sample, spec);
              const fused = withFamilies(engine, watched(own, called), run);
              if (called.size === 0) continue;
              for (const kernel of called) reached.add(kernel);
              const composed = withFamilies(engine, noFamilies, run);
              expect(composed.length).toBe(fused.length);
              fused.forEach((result, k) => {
                compare(`${spec.key} ${sample.torch}`, result, composed[k]!, row.tolerance);
              });
            }
          });
        });

    test('every kernel of every family was called', () => {
      expect([...slopes, ...slopesOfTwo, ...pointwiseLosses].filter((slope) => !reached.has(slope))).toEqual(
        [],
      );
      const kernels = Object.entries(own).flatMap(([family, list]) =>
        family === 'optimizer' ? [] : Object.keys(list ?? {}).map((kernel) => `${family}.${kernel}`),
      );
      expect(kernels.filter((kernel) => !reached.has(kernel))).toEqual([]);
    });
  });
}
