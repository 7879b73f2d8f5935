import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { DType } from '../../src/core/dtype.js';
import { setEngine } from '../../src/engine/registry.js';
import { Tensor, tensor } from '../../src/index.js';
import * as optim from '../../src/optim/index.js';
import { testEngines } from '../engines.js';

interface Case {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly trajectory: readonly { readonly step: number; readonly params: readonly (readonly number[])[] }[];
  readonly state: Readonly<Record<number, Readonly<Record<string, number | readonly number[]>>>>;
  readonly groups: readonly Readonly<Record<string, unknown>>[];
}

const file = new URL('../recordings/optim.json.gz', import.meta.url);
const { steps, shapes, cases } = JSON.parse(gunzipSync(readFileSync(file)).toString()) as {
  readonly steps: number;
  readonly shapes: readonly (readonly number[])[];
  readonly cases: readonly Case[];
};

const camel = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

type AnyOptimizer = optim.Optimizer<{ lr: number }>;
type Make = new (groups: readonly { params: Tensor[]; lr?: number }[], options: object) => AnyOptimizer;

const { Adadelta, Adagrad, Adam, Adamax, AdamW, RAdam, RMSprop, Rprop, SGD } = optim;
const optimizers: Readonly<Record<string, unknown>> = {
  Adadelta,
  Adagrad,
  Adam,
  Adamax,
  AdamW,
  RAdam,
  RMSprop,
  Rprop,
  SGD,
};

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

const start = (shape: readonly number[], k: number, dtype: DType): Tensor =>
  tensor(
    Float64Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(1 + k + 0.7 * i)),
    shape,
    { dtype, requiresGrad: true },
  );

const gradient = (shape: readonly number[], k: number, step: number, dtype: DType): Tensor =>
  tensor(
    Float64Array.from(
      { length: sizeOf(shape) },
      (_, i) => Math.cos(k + 0.3 * i + 0.5 * step) / (1 + 0.1 * i),
    ),
    shape,
    { dtype },
  );

function make({ name, options }: Case, params: Tensor[]): AnyOptimizer {
  const Class = optimizers[name] as unknown as Make;
  const given = Object.fromEntries(Object.entries(options).map(([key, value]) => [camel(key), value]));
  return new Class([{ params: params.slice(0, 2) }, { params: params.slice(2), lr: 0.02 }], given);
}

function setGradients(params: readonly Tensor[], step: number, dtype: DType): void {
  params.forEach((p, k) => {
    p.grad = k === 1 && step < 3 ? null : gradient(p.shape, k, step, dtype);
  });
}

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

describe.each(testEngines)('on %s', (engine) => {
  describe.each(cases.map((c) => [`${c.name} ${JSON.stringify(c.options)}`, c] as const))(
    '%s',
    (_, recorded) => {
      test.each([
        ['float64', 1e-12],
        ['float32', 2e-5],
      ] as const)(`${steps} steps in %s`, (dtype, tolerance) => {
        setEngine(engine);
        const params = shapes.map((shape, k) => start(shape, k, dtype));
        const optimizer = make(recorded, params);
        for (let step = 0; step < steps; step++) {
          setGradients(params, step, dtype);
          optimizer.step();
          const expected = recorded.trajectory.find((t) => t.step === step);
          expected?.params.forEach((values, k) => {
            expectClose(params[k]!.dataSync(), values, tolerance, `step ${step}, parameter ${k}`);
          });
        }
      });
    },
  );

  test.each(cases.map((c) => [`${c.name} ${JSON.stringify(c.options)}`, c] as const))(
    "%s: the state is laid out as PyTorch's, and taken up again",
    (_, recorded) => {
      setEngine(engine);
      const run = (params: Tensor[], optimizer: AnyOptimizer, from: number, to: number): void => {
        for (let step = from; step < to; step++) {
          setGradients(params, step, 'float64');
          optimizer.step();
        }
      };
      const params = shapes.map((shape, k) => start(shape, k, 'float64'));
      const optimizer = make(recorded, params);
      run(params, optimizer, 0, steps);
      const saved = optimizer.stateDict();

      // Every tensor and number that PyTorch keeps, under its name.
      for (const [index, slot] of Object.entries(recorded.state))
        for (const [name, value] of Object.entries(slot)) {
          const own = saved.state[Number(index)]![name];
          const values = own instanceof Tensor ? own.dataSync() : [own as number];
          expectClose(values, Array.isArray(value) ? value : [value as number], 1e-12, `${index}.${name}`);
        }
      saved.param_groups.forEach((group, i) => {
        for (const [name, value] of Object.entries(group))
          if (name in recorded.groups[i]!) expect(recorded.groups[i]![name], name).toEqual(value);
      });

      // Half of the way, over to another optimizer, and on.
      const first = shapes.map((shape, k) => start(shape, k, 'float64'));
      const before = make(recorded, first);
      run(first, before, 0, 20);
      const second = first.map((p) => tensor(p.dataSync(), p.shape, { requiresGrad: true }));
      const after = make({ ...recorded, options: {} }, second);
      after.loadStateDict(before.stateDict());
      run(second, after, 20, steps);
      second.forEach((p, k) => {
        expect(p.dataSync(), `parameter ${k}`).toEqual(params[k]!.dataSync());
      });
    },
  );
});
