import { expect, test } from 'vitest';
import { ArgumentError } from '../../src/core/errors.js';
import * as data from '../../src/data/index.js';
import { getRngState, type Tensor } from '../../src/index.js';

const rows = (x: Tensor): number[][] => x.toArraySync() as number[][];
const list = (y: Tensor): number[] => y.toArraySync() as number[];
const countOf = (y: Tensor, label: number): number => list(y).filter((value) => value === label).length;

const sets: Record<string, (seed: number) => { x: Tensor; y: Tensor }> = {
  twoMoons: (seed) => data.twoMoons({ n: 40, seed }),
  spirals: (seed) => data.spirals({ n: 40, classes: 4, seed }),
  blobs: (seed) => data.blobs({ n: 40, centers: 2, features: 5, seed }),
  xor: (seed) => data.xor({ n: 40, seed }),
  noisyPolynomial: (seed) => data.noisyPolynomial({ n: 40, seed }),
  imbalanced: (seed) => data.imbalanced({ n: 40, seed }),
};

test.each(Object.entries(sets))('%s: a seed decides, the default generator is left alone', (name, make) => {
  const before = getRngState();
  const [first, again, other] = [make(3), make(3), make(4)];
  expect(getRngState()).toEqual(before);
  expect(rows(first.x)).toEqual(rows(again.x));
  expect(list(first.y)).toEqual(list(again.y));
  expect(rows(other.x)).not.toEqual(rows(first.x));
  expect(first.x.shape[0]).toBe(40);
  expect([first.x.dtype, first.y.dtype, first.y.shape]).toEqual([
    'float32',
    name === 'noisyPolynomial' ? 'float32' : 'int32',
    [40],
  ]);
});

test('two moons lie on half circles', () => {
  const { x, y } = data.twoMoons({ n: 101, noise: 0 });
  expect([countOf(y, 0), countOf(y, 1)]).toEqual([51, 50]);
  for (const [i, [a, b]] of rows(x).entries()) {
    const first = list(y)[i] === 0;
    expect(first ? Math.hypot(a!, b!) : Math.hypot(1 - a!, 0.5 - b!)).toBeCloseTo(1, 5);
    expect(first ? b! : 0.5 - b!).toBeGreaterThanOrEqual(0);
  }
  const noisy = data.twoMoons({ n: 2000, noise: 0.3, seed: 1 });
  const clean = data.twoMoons({ n: 2000, noise: 0, seed: 1 });
  expect(noisy.x.sub(clean.x).std().itemSync()).toBeCloseTo(0.3, 1);
});

test('spirals: the radius tells the angle', () => {
  const { x, y } = data.spirals({ n: 90, classes: 3, noise: 0, turns: 2 });
  expect([0, 1, 2].map((c) => countOf(y, c))).toEqual([30, 30, 30]);
  for (const [i, [a, b]] of rows(x).entries()) {
    const r = Math.hypot(a!, b!);
    expect(r).toBeLessThanOrEqual(1);
    const angle = 2 * Math.PI * (2 * r + list(y)[i]! / 3);
    expect([a, b]).toEqual([expect.closeTo(r * Math.cos(angle), 4), expect.closeTo(r * Math.sin(angle), 4)]);
  }
});

test('blobs lie around their centers', () => {
  const centers = [
    [0, 0, 5],
    [5, 0, 0],
  ];
  const { x, y } = data.blobs({ n: 2000, centers, std: 0.5 });
  expect(x.shape).toEqual([2000, 3]);
  for (const [c, center] of centers.entries()) {
    const own = rows(x).filter((_, i) => list(y)[i] === c);
    expect(own.length).toBe(1000);
    for (const [f, at] of center.entries()) {
      const mean = own.reduce((sum, row) => sum + row[f]!, 0) / own.length;
      expect(mean).toBeCloseTo(at, 1);
    }
  }
  expect(data.blobs().x.shape).toEqual([200, 2]);
  expect(Math.max(...list(data.blobs({ centers: 7 }).y))).toBe(6);
});

test('xor is its table', () => {
  const { x, y } = data.xor({ n: 4, noise: 0 });
  expect(rows(x)).toEqual([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]);
  expect(list(y)).toEqual([0, 1, 1, 0]);
});

test('a noisy polynomial follows its coefficients', () => {
  const { x, y, clean } = data.noisyPolynomial({
    n: 2000,
    coefficients: [1, 2, 3],
    noise: 0.2,
    range: [0, 2],
  });
  expect([x.shape, y.shape]).toEqual([[2000, 1], [2000]]);
  const at = list(x.reshape([2000]));
  expect(Math.min(...at)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...at)).toBeLessThanOrEqual(2);
  for (const [i, value] of list(clean).entries())
    expect(value).toBeCloseTo(1 + 2 * at[i]! + 3 * at[i]! ** 2, 4);
  expect(y.sub(clean).std().itemSync()).toBeCloseTo(0.2, 1);
});

test('imbalanced: exactly the fraction is rare', () => {
  const { x, y } = data.imbalanced({ n: 1000, fraction: 0.03, separation: 4, features: 3 });
  expect([x.shape, countOf(y, 1)]).toEqual([[1000, 3], 30]);
  expect(countOf(data.imbalanced({ n: 10, fraction: 0.001 }).y, 1)).toBe(1);
  expect(countOf(data.imbalanced({ n: 10, fraction: 0.999 }).y, 0)).toBe(1);
  expect(countOf(y.narrow(0, 0, 500), 1)).toBeGreaterThan(5);
});

test.each<[string, () => unknown]>([
  ['twoMoons: n must be a whole number of at least 1, got 0', () => data.twoMoons({ n: 0 })],
  ['xor: n must be a whole number of at least 1, got 2.5', () => data.xor({ n: 2.5 })],
  ['twoMoons: noise must be a finite number of at least 0, got -1', () => data.twoMoons({ noise: -1 })],
  ['xor: noise must be a finite number of at least 0, got NaN', () => data.xor({ noise: Number.NaN })],
  ['spirals: classes must be a whole number of at least 2, got 1', () => data.spirals({ classes: 1 })],
  [
    'spirals: turns must be a finite number, got Infinity',
    () => data.spirals({ turns: Number.POSITIVE_INFINITY }),
  ],
  ["center 1 isn't 2 numbers: [1]", () => data.blobs({ centers: [[1, 2], [1]] })],
  ['centers is empty', () => data.blobs({ centers: [] })],
  [
    'blobs: centers must be a whole number of at least 1, or a list in which each is a list in which each is a finite number, got 0',
    () => data.blobs({ centers: 0 }),
  ],
  ['coefficients must be one or more numbers', () => data.noisyPolynomial({ coefficients: [] })],
  ['range must go from a lower to a higher number', () => data.noisyPolynomial({ range: [1, 1] })],
  [
    'imbalanced: fraction must be a finite number above 0 and below 1, got 1',
    () => data.imbalanced({ fraction: 1 }),
  ],
  ['imbalanced: n must be a whole number of at least 2, got 1', () => data.imbalanced({ n: 1 })],
])('%s', (message, make) => {
  expect(make).toThrow(ArgumentError);
  expect(make).toThrow(message);
});
