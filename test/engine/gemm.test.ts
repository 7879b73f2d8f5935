import { describe, expect, test } from 'vitest';
import * as F from '../../src/functional.js';
import { noGrad, setEngine, type Tensor, tensor } from '../../src/index.js';
import { testEngines } from '../helpers/engines.js';

/** Small integers, whose products and sums are exact in float32. */
function integers(n: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: n }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >> 28) % 5;
  });
}

/** A matrix whose elements lie in rows, or in columns. */
function matrix(
  rows: number,
  cols: number,
  seed: number,
  transposed: boolean,
): { x: Tensor; at: Float32Array } {
  const stored = integers(rows * cols, seed);
  if (!transposed) return { x: tensor(stored, [rows, cols]), at: stored };
  const at = new Float32Array(rows * cols);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) at[i * cols + j] = stored[j * rows + i]!;
  return { x: tensor(stored, [cols, rows]).t(), at };
}

/** The definition of the product of two matrices. */
function product(m: number, k: number, n: number, a: Float32Array, b: Float32Array): Float32Array {
  const c = new Float32Array(m * n);
  for (let i = 0; i < m; i++)
    for (let d = 0; d < k; d++) {
      const left = a[i * k + d]!;
      for (let j = 0; j < n; j++) c[i * n + j]! += left * b[d * n + j]!;
    }
  return c;
}

const largestDifference = (x: ArrayLike<number>, y: ArrayLike<number>): number => {
  let largest = x.length === y.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < x.length; i++) largest = Math.max(largest, Math.abs(x[i]! - y[i]!));
  return largest;
};

describe.each(testEngines)('matrix products on the %s engine', (engine) => {
  /** Tall enough for operands that are read once for all blocks, with a rest in each direction. */
  const shapes = [
    [1601, 401, 70],
    [1100, 200, 33],
    [1030, 800, 5],
  ] as const;
  const layouts = [false, true].flatMap((a) => [false, true].map((b) => [a, b] as const));

  test.each(shapes.flatMap((shape) => layouts.map(([a, b]) => [...shape, a, b] as const)))(
    '%i × %i × %i, transposed %s and %s',
    (m, k, n, transposeA, transposeB) => {
      setEngine(engine);
      const a = matrix(m, k, 1, transposeA);
      const b = matrix(k, n, 2, transposeB);
      expect(largestDifference(a.x.matmul(b.x).dataSync(), product(m, k, n, a.at, b.at))).toBe(0);
    },
  );

  test.each([
    [70, 401, 50],
    [130, 30, 196],
  ])('one left matrix, %i × %i, with several right ones of %i columns', (m, k, n) => {
    setEngine(engine);
    const a = matrix(m, k, 3, false);
    const rights = [4, 5, 6].map((seed) => matrix(k, n, seed, false));
    const stacked = tensor(Float32Array.from(rights.flatMap(({ at }) => [...at])), [3, k, n]);
    const y = noGrad(() => a.x.matmul(stacked));
    const wanted = rights.flatMap(({ at }) => [...product(m, k, n, a.at, at)]);
    expect(largestDifference(y.dataSync(), wanted)).toBe(0);
  });

  /** As many rows as are multiplied without packing, and one more; columns and k with each kind of rest. */
  const fewRows = Array.from({ length: 17 }, (_, i) => i + 1);
  const wide = [
    [16, 18],
    [67, 33],
    [401, 70],
    [130, 515],
  ] as const;

  test.each(wide)('few rows, k = %i, %i columns', (k, n) => {
    setEngine(engine);
    for (const m of fewRows)
      for (const [transposeA, transposeB] of layouts)
        for (const dtype of ['float32', 'float64'] as const) {
          const a = matrix(m, k, m, transposeA);
          const b = matrix(k, n, m + 1, transposeB);
          const y = a.x.to(dtype).matmul(b.x.to(dtype));
          expect(largestDifference(y.dataSync(), product(m, k, n, a.at, b.at))).toBe(0);
        }
  });

  test('few rows of several matrices', () => {
    setEngine(engine);
    const [m, k, n] = [5, 67, 33];
    const pairs = [1, 2, 3].map((seed) => [matrix(m, k, seed, false), matrix(k, n, seed + 3, true)] as const);
    const a = tensor(Float32Array.from(pairs.flatMap(([{ at }]) => [...at])), [3, m, k]);
    const b = tensor(Float32Array.from(pairs.flatMap(([, { x }]) => [...x.t().dataSync()])), [3, n, k]);
    const wanted = pairs.flatMap(([a, b]) => [...product(m, k, n, a.at, b.at)]);
    expect(largestDifference(a.matmul(b.transpose(1, 2)).dataSync(), wanted)).toBe(0);
  });

  test('few rows with a factor, a sum, a bias, and an activation', () => {
    setEngine(engine);
    const [m, k, n] = [5, 67, 33];
    const [a, b, c] = [matrix(m, k, 1, false), matrix(k, n, 2, true), matrix(m, n, 3, false)];
    const ab = product(m, k, n, a.at, b.at);
    const sum = c.x.addmm(a.x, b.x, { beta: 3, alpha: 2 });
    expect(
      largestDifference(
        sum.dataSync(),
        ab.map((x, i) => 2 * x + 3 * c.at[i]!),
      ),
    ).toBe(0);
    const bias = integers(n, 4).map((x) => x - 300);
    const y = noGrad(() => F.linear(a.x, b.x.t(), tensor(bias)).relu());
    expect(
      largestDifference(
        y.dataSync(),
        ab.map((x, i) => Math.max(0, x + bias[i % n]!)),
      ),
    ).toBe(0);
  });

  test.each([1, 5])('an infinity among few rows reaches its column only, %i', (m) => {
    setEngine(engine);
    const [k, n] = [19, 8];
    const weights = new Float32Array(n * k).fill(1);
    weights[2 * k + 4] = Number.POSITIVE_INFINITY;
    const y = tensor(new Float32Array(m * k).fill(1), [m, k]).matmul(tensor(weights, [n, k]).t());
    const wanted = Array.from({ length: m * n }, (_, i) => (i % n === 2 ? Number.POSITIVE_INFINITY : k));
    expect([...y.dataSync()]).toEqual(wanted);
  });
});
