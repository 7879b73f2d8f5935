import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { DType } from '../../src/core/dtype.js';
import { setEngine } from '../../src/engine/registry.js';
import { Tensor, tensor } from '../../src/index.js';
import { testEngines } from '../helpers/engines.js';
import { make, start, take } from './problem.js';

type Recorded = number | null | readonly Recorded[];

interface Case {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly trajectory: readonly { readonly step: number; readonly params: readonly (readonly number[])[] }[];
  readonly state: Readonly<Record<number, Readonly<Record<string, Recorded>>>>;
  readonly groups: readonly Readonly<Record<string, unknown>>[];
}

const file = new URL('../recordings/optim.json.gz', import.meta.url);
const { steps, shapes, cases } = JSON.parse(gunzipSync(readFileSync(file)).toString()) as {
  readonly steps: number;
  readonly shapes: readonly (readonly number[])[];
  readonly cases: readonly Case[];
};

function expectClose(
  found: ArrayLike<number>,
  expected: readonly number[],
  tolerance: number,
  what: string,
): void {
  expected.forEach((v, i) => {
    if (!(Math.abs(found[i]! - v) <= tolerance * (1 + Math.abs(v))))
      expect.fail(`${what}[${i}] is ${found[i]}, PyTorch has ${v}`);
  });
}

/** A value of a state beside the recorded one, tensors inside lists too. */
function expectState(found: unknown, recorded: Recorded, what: string): void {
  if (found instanceof Tensor || typeof found === 'number') {
    const values = found instanceof Tensor ? found.dataSync() : [found];
    expectClose(values, [recorded].flat() as number[], 1e-6, what);
  } else if (Array.isArray(found))
    (recorded as readonly Recorded[]).forEach((item, i) => {
      expectState(found[i], item, `${what}.${i}`);
    });
  else expect(found, what).toBe(recorded);
}

/** What PyTorch keeps and Myelin does without: where L-BFGS puts its intermediate results. */
const theirsOnly = ['al'];

function precisions(name: string): readonly (readonly [DType, number])[] {
  // In float32 rounding alone sends L-BFGS another way.
  if (name === 'LBFGS') return [['float64', 1e-6]];
  // PyTorch rounds the product of momenta, and the rate of ASGD, to float32.
  return [
    ['float64', name === 'ASGD' ? 1e-6 : name === 'NAdam' ? 1e-8 : 1e-12],
    ['float32', 2e-5],
  ];
}

describe.each(testEngines)('on %s', (engine) => {
  describe.each(cases.map((c) => [`${c.name} ${JSON.stringify(c.options)}`, c] as const))(
    '%s',
    (_, recorded) => {
      test.each(precisions(recorded.name))(`${steps} steps in %s`, (dtype, tolerance) => {
        setEngine(engine);
        const params = shapes.map((shape, k) => start(shape, k, dtype));
        const optimizer = make(recorded, params);
        for (let step = 0; step < steps; step++) {
          take(optimizer, params, step);
          const expected = recorded.trajectory.find((t) => t.step === step);
          expected?.params.forEach((values, k) => {
            expectClose(params[k]!.dataSync(), values, tolerance, `step ${step}, parameter ${k}`);
          });
        }
      });

      test("the state is laid out as PyTorch's, and taken up again", () => {
        setEngine(engine);
        const params = shapes.map((shape, k) => start(shape, k, 'float64'));
        const optimizer = make(recorded, params);
        for (let step = 0; step < steps; step++) take(optimizer, params, step);
        const saved = optimizer.stateDict();

        // Every tensor and number that PyTorch keeps, under its name.
        for (const [index, slot] of Object.entries(recorded.state))
          for (const [name, value] of Object.entries(slot))
            if (!theirsOnly.includes(name))
              expectState(saved.state[Number(index)]![name], value, `${index}.${name}`);
        saved.param_groups.forEach((group, i) => {
          for (const [name, value] of Object.entries(group))
            if (name in recorded.groups[i]!) expect(recorded.groups[i]![name], name).toEqual(value);
        });

        // Half of the way, over to another optimizer, and on.
        const first = shapes.map((shape, k) => start(shape, k, 'float64'));
        const before = make(recorded, first);
        for (let step = 0; step < 20; step++) take(before, first, step);
        const second = first.map((p) => tensor(p.dataSync(), p.shape, { requiresGrad: true }));
        const after = make({ ...recorded, options: {} }, second);
        after.loadStateDict(before.stateDict());
        for (let step = 20; step < steps; step++) take(after, second, step);
        second.forEach((p, k) => {
          expect(p.dataSync(), `parameter ${k}`).toEqual(params[k]!.dataSync());
        });
      });
    },
  );
});
