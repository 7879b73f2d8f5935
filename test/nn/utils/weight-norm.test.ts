import { expect, test } from 'vitest';
import * as F from '../../../src/functional.js';
import { manualSeed, ones, randn, type Tensor, tidy } from '../../../src/index.js';
import * as nn from '../../../src/nn/index.js';
import * as optim from '../../../src/optim/index.js';

const { removeSpectralNorm, removeWeightNorm, spectralNorm, weightNorm } = nn.utils;

const keys = (module: nn.Module): string[] => Object.keys(module.stateDict());

test('weight norm leaves what the layer computes, and learns length and direction', () => {
  manualSeed(0);
  const layer = new nn.Linear(4, 3);
  const before = [...layer.weight.dataSync()];
  const x = randn([5, 4]);
  const y = layer.forward(x);
  expect(weightNorm(layer)).toBe(layer);
  expect(F.mseLoss(layer.forward(x), y.detach()).itemSync()).toBeLessThan(1e-12);
  const opt = new optim.SGD(layer.parameters(), { lr: 0.1 });
  for (let step = 0; step < 3; step++)
    tidy(() => {
      opt.zeroGrad();
      layer.forward(x).square().mean().backward();
      opt.step();
    });
  const after = [...layer.weight.dataSync()];
  expect(after).not.toEqual(before);
  removeWeightNorm(layer);
  expect(keys(layer)).toEqual(['bias', 'weight']);
  expect(layer.weight).toBeInstanceOf(nn.Parameter);
  expect([...layer.weight.dataSync()]).toEqual(after);
});

test('a state dict with weight norm goes into another layer', () => {
  const [from, to] = [weightNorm(new nn.Conv1d(2, 3, 3)), weightNorm(new nn.Conv1d(2, 3, 3))];
  to.loadStateDict(from.stateDict());
  expect(to.weight.dataSync()).toEqual(from.weight.dataSync());
  expect(to.to('float64').weight.dtype).toBe('float64');
});

test('a frozen weight stays frozen', () => {
  const layer = new nn.Linear(2, 2);
  layer.weight.requiresGrad_(false);
  weightNorm(layer);
  expect(layer.namedParameters().map(([name, p]) => [name, p.requiresGrad])).toEqual([
    ['bias', true],
    ['weight_g', false],
    ['weight_v', false],
  ]);
  expect(removeWeightNorm(layer).weight.requiresGrad).toBe(false);
});

test('spectral norm comes to the largest singular value, in training alone', () => {
  manualSeed(0);
  const layer = spectralNorm(new nn.Linear(6, 4));
  const x = randn([3, 6]);
  const buffers = (): number[][] => layer.buffers().map((b) => [...b.dataSync()]);
  const start = buffers();
  layer.eval();
  layer.forward(x);
  expect(buffers()).toEqual(start);
  layer.train();
  for (let i = 0; i < 60; i++) layer.forward(x);
  expect(buffers()).not.toEqual(start);
  // ‖w z‖ ≤ ‖z‖ for every z, and equal for one: v.
  const v = layer.buffers()[1]!;
  expect(layer.weight.mv(v).norm().itemSync()).toBeCloseTo(1, 5);
  for (let i = 0; i < 20; i++) {
    const z = randn([6]);
    expect(layer.weight.mv(z).norm().itemSync()).toBeLessThanOrEqual(1.0001 * z.norm().itemSync());
  }
  removeSpectralNorm(layer);
  expect(keys(layer)).toEqual(['bias', 'weight']);
  layer.train().forward(x);
});

test('two forwards before a backward, as a discriminator has them', () => {
  const layer = spectralNorm(new nn.Linear(3, 1));
  const [a, b] = [layer.forward(ones([2, 3])), layer.forward(ones([2, 3]).mul(2))] as [Tensor, Tensor];
  a.sum().sub(b.sum()).backward();
  expect(layer.namedParameters().map(([name, p]) => [name, p.grad !== null])).toEqual([
    ['bias', true],
    ['weight_orig', true],
  ]);
});

test('mistakes', () => {
  const layer = weightNorm(new nn.Linear(2, 2));
  expect(() => weightNorm(layer)).toThrow('weightNorm: weight of Linear is already computed by weightNorm');
  expect(() => spectralNorm(layer)).toThrow(
    'spectralNorm: weight of Linear is already computed by weightNorm',
  );
  expect(() => removeSpectralNorm(layer)).toThrow(
    "removeSpectralNorm: weight of Linear isn't computed by spectralNorm",
  );
  expect(() => {
    layer.weight = new nn.Parameter(ones([2, 2]));
  }).toThrow('weightNorm: weight is computed from weightG, weightV; set those instead');
  expect(() => weightNorm(new nn.ReLU())).toThrow("weightNorm: ReLU has no parameter 'weight'");
  expect(() => weightNorm(new nn.Linear(2, 2), { dim: 2 })).toThrow('weightNorm');
  expect(() => removeWeightNorm(new nn.Linear(2, 2))).toThrow(
    "removeWeightNorm: weight of Linear isn't computed by weightNorm",
  );
  expect(() => spectralNorm(new nn.Linear(2, 2), { nPowerIterations: 0 })).toThrow(
    'spectralNorm: nPowerIterations must be a whole number from 1 to 10000, got 0',
  );
});
