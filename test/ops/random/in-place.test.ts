import { expect, test } from 'vitest';
import { manualSeed, noGrad, rand, randn, type Tensor, zeros } from '../../../src/index.js';
import { truncatedNormal_ } from '../../../src/ops/random/in-place.js';

test('a leaf that requires grad is filled inside noGrad only', () => {
  const x = zeros([3], { requiresGrad: true });
  expect(() => x.uniform_()).toThrow("uniform_: a leaf that requires grad can't be changed in place");
  noGrad(() => x.uniform_(2, 3));
  expect(x.dataSync().every((v) => v >= 2 && v < 3)).toBe(true);
  expect(x.version).toBe(1);
});

test('a result of an operation loses its gradient when it is filled', () => {
  const x = randn([4]).requiresGrad_();
  const y = x.mul(2);
  y.normal_();
  expect(y.requiresGrad).toBe(false);
});

test('a view with gaps draws what a dense tensor does', () => {
  manualSeed(5);
  const dense = zeros([3, 4]).uniform_().dataSync();
  manualSeed(5);
  expect(zeros([4, 3]).t().uniform_().dataSync()).toEqual(dense);
});

test('bernoulli_ takes one probability for each row', () => {
  const p = rand([4, 1]).round();
  const x = zeros([4, 50]).bernoulli_(p);
  expect(x.mean(1).dataSync()).toEqual(p.dataSync());
});

test('bernoulli_ fills integers and booleans', () => {
  expect(
    zeros([9], { dtype: 'int32' })
      .bernoulli_(1)
      .dataSync()
      .every((v) => v === 1),
  ).toBe(true);
  expect(
    zeros([9], { dtype: 'bool' })
      .bernoulli_(0)
      .dataSync()
      .every((v) => v === 0),
  ).toBe(true);
});

test('truncated normal numbers stay within their limits', () => {
  const x = truncatedNormal_(zeros([10000]), 1, 2, 0, 1.5);
  expect(x.dataSync().every((v) => v >= 0 && v <= 1.5)).toBe(true);
});

test('random_ without limits takes all whole numbers of the dtype', () => {
  const bytes = zeros([4000], { dtype: 'uint8' }).random_().dataSync();
  expect([Math.min(...bytes), Math.max(...bytes)]).toEqual([0, 255]);
  manualSeed(0);
  expect(zeros([2]).random_().dataSync()).toEqual(Float32Array.of(8325664, 12888472));
  expect(
    zeros([100])
      .random_(3)
      .dataSync()
      .every((v) => v === 0 || v === 1 || v === 2),
  ).toBe(true);
});

const errors: readonly [(x: Tensor) => unknown, string][] = [
  [(x) => x.uniform_(1, 0), 'uniform_: from must be at most to, got 1 and 0'],
  [(x) => x.normal_(0, -1), 'normal_: std must be 0 or more, got -1'],
  [(x) => x.exponential_(0), 'exponential_: the rate must be positive, got 0'],
  [(x) => x.logNormal_(0, -1), 'logNormal_: std must be 0 or more, got -1'],
  [(x) => x.geometric_(1), 'geometric_: p must be in (0, 1), got 1'],
  [(x) => x.random_(3, 3), 'random_: draws whole numbers from low to high - 1; low is 3, high is 3'],
  [(x) => x.bernoulli_(1.1), 'bernoulli_: p must be in [0, 1], got 1.1'],
  [(x) => truncatedNormal_(x, 0, 0, 0, 1), 'truncNormal_: std must be positive, got 0'],
  [(x) => truncatedNormal_(x, 0, 1, 1, 1), 'truncNormal_: a must be less than b, got 1 and 1'],
  [(x) => x.to('int32').cauchy_(), 'cauchy_: draws floating numbers, the tensor is int32'],
];

test.each(errors)('%s', (call, message) => {
  expect(() => call(zeros([2]))).toThrow(message);
});
