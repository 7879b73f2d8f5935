import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { Generator, manualSeed, ones, zeros } from '../../../src/index.js';
import { init, Linear, Parameter } from '../../../src/nn/index.js';

interface Packed {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

const recording = JSON.parse(
  gunzipSync(readFileSync(new URL('../../recordings/nn.json.gz', import.meta.url))).toString(),
) as { seed: number; init: Record<string, Packed>; eye_: Packed };

const fills: Record<string, (x: Parameter) => Parameter> = {
  uniform_: (x) => init.uniform_(x, -2, 3),
  normal_: (x) => init.normal_(x, 1, 0.5),
  constant_: (x) => init.constant_(x, 0.3),
  xavierUniform_: (x) => init.xavierUniform_(x, { gain: init.calculateGain('tanh') }),
  xavierNormal_: (x) => init.xavierNormal_(x),
  kaimingUniform_: (x) => init.kaimingUniform_(x, { mode: 'fan_out', nonlinearity: 'relu' }),
  kaimingNormal_: (x) => init.kaimingNormal_(x, { a: 0.1 }),
  truncNormal_: (x) => init.truncNormal_(x, { std: 0.5, a: -0.4, b: 1 }),
  dirac_: (x) => init.dirac_(x, { groups: 2 }),
};

test.each(Object.keys(recording.init))("%s draws PyTorch's numbers", (name) => {
  manualSeed(recording.seed);
  const x = new Parameter(zeros([6, 4, 3, 2]));
  expect(fills[name]!(x)).toBe(x);
  const expected = recording.init[name]!.data;
  x.dataSync().forEach((value, i) => {
    expect(Math.abs(value - expected[i]!), `element ${i}`).toBeLessThan(2e-7);
  });
});

test('eye_', () => {
  expect([...init.eye_(ones([3, 5])).dataSync()]).toEqual(recording.eye_.data);
});

test('your own generator', () => {
  const draw = (): unknown =>
    init.xavierNormal_(zeros([3, 3]), { generator: new Generator(4) }).toArraySync();
  expect(draw()).toEqual(draw());
});

test('gains and fans', () => {
  expect(['linear', 'tanh', 'relu', 'selu'].map((n) => init.calculateGain(n as init.Nonlinearity))).toEqual([
    1,
    5 / 3,
    Math.SQRT2,
    0.75,
  ]);
  expect(init.calculateGain('leaky_relu', 1)).toBe(1);
  expect(init.calculateFanInAndFanOut(ones([6, 4, 3, 2]))).toEqual({ fanIn: 24, fanOut: 36 });
});

test('mistakes are named', () => {
  expect(() => init.calculateGain('gelu' as 'relu')).toThrow(
    /^calculateGain: nonlinearity must be 'linear', 'conv1d', .* or 'selu', got 'gelu'; did you mean 'relu'\?$/,
  );
  expect(() => init.kaimingNormal_(ones([2, 2]), { mode: 'fan' as 'fan_in' })).toThrow(
    "kaimingNormal_: mode must be 'fan_in' or 'fan_out', got 'fan'",
  );
  expect(() => init.xavierNormal_(ones([3]))).toThrow('needs at least two axes');
  expect(() => init.eye_(ones([3]))).toThrow('eye_: needs a matrix');
  expect(() => init.dirac_(ones([3, 3]))).toThrow('needs a weight of 3, 4, or 5 axes');
  expect(() => init.dirac_(ones([3, 3, 1]), { groups: 2 })).toThrow(
    "3 output channels can't be split into 2 groups",
  );
});

test('a layer without inputs has weights of size 0', () => {
  const layer = new Linear(0, 2);
  expect([layer.weight.shape, layer.bias!.shape]).toEqual([[2, 0], [2]]);
});
