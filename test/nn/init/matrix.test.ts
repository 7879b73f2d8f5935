import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { full, manualSeed, type Tensor, zeros } from '../../../src/index.js';
import { init } from '../../../src/nn/index.js';

const file = new URL('../../recordings/random-streams.json.gz', import.meta.url);
const { inits } = JSON.parse(gunzipSync(readFileSync(file)).toString()) as {
  readonly inits: Readonly<Record<string, readonly number[]>>;
};

const fills: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  'orthogonal_ 6 4': (x) => init.orthogonal_(x),
  'orthogonal_ 4 6': (x) => init.orthogonal_(x, { gain: 1.5 }),
  'orthogonal_ 3 2 5': (x) => init.orthogonal_(x),
  'sparse_ 7 5': (x) => init.sparse_(x, 0.3, { std: 0.5 }),
};

test.each(Object.keys(inits))("%s gives PyTorch's numbers", (name) => {
  manualSeed(11);
  const shape = name.split(' ').slice(1).map(Number);
  const x = zeros(shape, { requiresGrad: true });
  expect(fills[name]!(x)).toBe(x);
  x.dataSync().forEach((v, i) => {
    expect(Math.abs(v - inits[name]![i]!), `element ${i}`).toBeLessThan(1e-6);
  });
});

test('the rows of a wide orthogonal matrix are orthonormal', () => {
  const q = init.orthogonal_(zeros([5, 9], { dtype: 'float64' }));
  const products = q.matmul(q.t()).dataSync();
  products.forEach((v, i) => {
    expect(v).toBeCloseTo(i % 6 === 0 ? 1 : 0, 12);
  });
});

test('errors', () => {
  expect(() => init.orthogonal_(zeros([3]))).toThrow('orthogonal_: needs at least two axes\n  x    [3]');
  expect(() => init.sparse_(zeros([3]), 0.1)).toThrow('sparse_: needs a matrix\n  x    [3]');
  expect(() => init.sparse_(zeros([3, 2]), 2)).toThrow(
    'sparse_: sparsity must be a fraction from 0 to 1, got 2',
  );
  for (const dtype of ['int32', 'uint8', 'bool'] as const) {
    const x = zeros([4, 4], { dtype });
    const why = `needs a floating-point tensor, got ${dtype}`;
    expect(() => init.orthogonal_(x)).toThrow(`orthogonal_: ${why}`);
    expect(() => init.sparse_(x, 0.5)).toThrow(`sparse_: ${why}`);
  }
  expect(() => init.ones_([1, 2] as never)).toThrow(/^ones_: x must be a tensor, got \[1, 2\]\n/);
});

test('a kernel without elements hands nothing on', () => {
  const before = Array.from({ length: 20 }, () => full([16], 7));
  const w = zeros([6, 6, 0, 2]);
  expect(init.dirac_(w)).toBe(w);
  for (const x of before) expect([...x.dataSync()].every((v) => v === 7)).toBe(true);
});
