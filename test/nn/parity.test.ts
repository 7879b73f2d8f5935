import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { manualSeed, rand, randint, randn, type Tensor, tensor } from '../../src/index.js';
import { modules } from './modules.js';

interface Packed {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface Recorded {
  readonly state: Readonly<Record<string, Packed>>;
  readonly output: Packed;
  readonly grads: Readonly<Record<string, Packed | null>>;
  readonly inputGrads: readonly (Packed | null)[];
  readonly stateAfter: Readonly<Record<string, Packed>>;
  readonly evalOutput: Packed;
  /** The next random number after the module was built, its inputs drawn and it was run twice. */
  readonly next: number;
}

interface Case {
  readonly name: string;
  /** State that is computed from what was drawn, by sums whose order is free: the last bits may differ. */
  readonly computed?: readonly string[];
  /** Whether the gradients of all inputs are recorded (default: the first one's). */
  readonly allGrads?: boolean;
  readonly inputs: readonly (
    | readonly number[]
    | { readonly shape: readonly number[]; readonly below: number }
  )[];
}

const here = (path: string): URL => new URL(path, import.meta.url);
const cases = JSON.parse(readFileSync(here('cases.json'), 'utf8')) as readonly Case[];
const recording = JSON.parse(gunzipSync(readFileSync(here('../recordings/nn.json.gz'))).toString()) as {
  readonly seed: number;
  readonly cases: Readonly<Record<string, Recorded>>;
};

function expectClose(found: Tensor | null, { shape, data }: Packed, what: string): void {
  expect(found?.shape, what).toEqual(shape);
  const values = found!.dataSync();
  data.forEach((expected, i) => {
    const off = Math.abs(values[i]! - expected);
    expect(
      off <= 1e-5 + 1e-4 * Math.abs(expected),
      `${what}[${i}]: ${values[i]}, PyTorch has ${expected}`,
    ).toBe(true);
  });
}

test('every case is recorded, and nothing else', () => {
  const names = cases.map((c) => c.name);
  expect(Object.keys(recording.cases)).toEqual(names);
  expect(Object.keys(modules)).toEqual(names);
});

test.each(cases)("$name holds and computes what PyTorch's does", (one) => {
  const { name, computed = [], allGrads = false, inputs: specs } = one;
  const recorded = recording.cases[name]!;
  manualSeed(recording.seed);
  const module = modules[name]!();

  // The same seed gives the same weights, under the same names.
  const state = module.stateDict();
  expect(Object.keys(state)).toEqual(Object.keys(recorded.state));
  for (const [key, packed] of Object.entries(recorded.state)) {
    expect(state[key]!.shape).toEqual(packed.shape);
    const values = [...state[key]!.dataSync()];
    if (computed.includes(key))
      values.forEach((value, i) => {
        expect(Math.abs(value / packed.data[i]! - 1), `${key}[${i}]`).toBeLessThan(1e-6);
      });
    else expect(values, key).toEqual(packed.data.map(Math.fround));
  }

  const inputs = specs.map((spec) =>
    'below' in spec ? randint(0, spec.below, spec.shape) : randn([...spec]),
  );
  for (const x of allGrads ? inputs : inputs.slice(0, 1)) if (x.dtype === 'float32') x.requiresGrad_();
  const forward = module.forward as (...xs: Tensor[]) => Tensor;
  const y = forward.call(module, ...inputs);
  expectClose(y, recorded.output, 'output');
  const weights = Array.from({ length: y.count }, (_, i) => Math.cos(1 + 0.7 * i));
  if (y.requiresGrad)
    y.mul(tensor(Float32Array.from(weights), y.shape))
      .sum()
      .backward();
  expect(module.namedParameters().map(([key]) => key)).toEqual(Object.keys(recorded.grads));
  for (const [key, parameter] of module.namedParameters()) {
    const expected = recorded.grads[key]!;
    if (expected === null) expect(parameter.grad, key).toBeNull();
    else expectClose(parameter.grad, expected, `gradient of ${key}`);
  }
  recorded.inputGrads.forEach((expected, i) => {
    if (expected !== null) expectClose(inputs[i]!.grad, expected, `gradient of input ${i}`);
  });
  for (const [key, buffer] of module.namedBuffers()) expectClose(buffer, recorded.stateAfter[key]!, key);

  module.eval();
  expectClose(forward.call(module, ...inputs), recorded.evalOutput, 'output in evaluation');
  expect(rand([1]).itemSync()).toBe(Math.fround(recorded.next));
});
