import { afterAll, describe, expect, test } from 'vitest';
import { symmetricEigen } from '../../src/analysis/pca/eigen.js';
import { ArgumentError, NonFiniteError, ShapeError } from '../../src/core/errors.js';
import { eye, full, Generator, ones, randn, setEngine, tensor, zeros } from '../../src/index.js';
import { pca } from '../../src/metrics/index.js';
import { testEngines } from '../helpers/engines.js';
import { close, double, recorded } from './recording.js';

afterAll(() => setEngine('native'));

describe.each(testEngines)('on %s', (engine) => {
  test.each(Object.entries(recorded.pca))("%s: scikit-learn's PCA", async (_, wanted) => {
    setEngine(engine);
    const found = await pca(double(wanted.x), wanted.nComponents, { whiten: wanted.whiten });
    close(found.components, wanted.components, 1e-11);
    close(found.mean, wanted.mean, 1e-13);
    close(found.explainedVariance, wanted.explainedVariance, 1e-12);
    close(found.explainedVarianceRatio, wanted.explainedVarianceRatio, 1e-12);
    close(found.singularValues, wanted.singularValues, 1e-12);
    const z = found.transform(double(wanted.other));
    close(z, wanted.transformed, 1e-11);
    close(found.inverseTransform(z), wanted.back, 1e-11);
  });
});

test('float32 in, float32 out; statistics are float64', async () => {
  const generator = new Generator(1);
  const x = randn([40, 3], { generator });
  const found = await pca(x);
  expect([found.components.dtype, found.mean.dtype, found.explainedVariance.dtype]).toEqual([
    'float64',
    'float64',
    'float64',
  ]);
  const z = found.transform(x);
  expect([z.dtype, z.shape]).toEqual(['float32', [40, 3]]);
  close(found.inverseTransform(z), x.toArraySync() as number[][], 1e-6);
  expect(found.transform(ones([2, 3]).int()).dtype).toBe('float32');
});

test('whitened scores have variance 1 and no correlation', async () => {
  const generator = new Generator(2);
  const x = randn([200, 4], { generator }).matmul(randn([4, 4], { generator }));
  const z = (await pca(x, 4, { whiten: true })).transform(x).double();
  close(z.t().matmul(z).div(199), eye(4).toArraySync() as number[][], 1e-5);
});

test('components that have no variance complete an orthonormal basis', async () => {
  const x = tensor([
    [0, 1, 2, 3, 4],
    [0, 2, 4, 6, 8],
    [0, 3, 6, 9, 12],
  ]);
  const { components, explainedVarianceRatio } = await pca(x);
  close(explainedVarianceRatio, [1, 0, 0], 1e-12);
  close(components.matmul(components.t()), eye(3).toArraySync() as number[][], 1e-12);
});

test('x may be strided, and a part of a graph', async () => {
  const x = randn([5, 30], { generator: new Generator(3) }).requiresGrad_();
  const { components } = await pca(x.t(), 2);
  expect([components.shape, components.requiresGrad]).toEqual([[2, 5], false]);
});

describe('symmetricEigen', () => {
  const check = (matrix: Float64Array, n: number): void => {
    const { values, vectors } = symmetricEigen(matrix.slice(), n, n);
    const a = tensor(matrix, [n, n]);
    const v = tensor(vectors, [n, n]);
    const scale = Math.max(1, Math.abs(values[0]!), Math.abs(values[n - 1]!));
    const zero = zeros([n, n]).toArraySync() as number[][];
    close(v.matmul(v.t()).sub(eye(n)), zero, 1e-12);
    close(
      v
        .matmul(a)
        .sub(v.mul(tensor(values).unsqueeze(1)))
        .div(scale),
      zero,
      1e-12,
    );
    expect([...values]).toEqual([...values].sort((p, q) => q - p));
  };
  const symmetric = (n: number, f: (i: number, j: number) => number): Float64Array =>
    Float64Array.from({ length: n * n }, (_, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      return f(Math.max(i, j), Math.min(i, j));
    });

  test.each([1, 2, 3, 4, 17, 60])('a dense matrix of order %i', (n) => {
    check(
      symmetric(n, (i, j) => Math.sin(7.1 * i + 3.3 * j * j)),
      n,
    );
  });

  test('equal eigenvalues, zeros, blocks, and numbers far from 1', () => {
    check(
      symmetric(5, () => 0),
      5,
    );
    check(
      symmetric(6, (i, j) => (i === j ? 3 : 0)),
      6,
    );
    check(
      symmetric(9, () => 1),
      9,
    );
    check(
      symmetric(8, (i, j) => (i % 2 === j % 2 ? 1 / (1 + i + j) : 0)),
      8,
    );
    check(
      symmetric(7, (i, j) => Math.cos(i + j) * 1e150),
      7,
    );
    check(
      symmetric(7, (i, j) => Math.cos(i + j) * 10 ** -(i + j)),
      7,
    );
  });

  test('the second difference has the eigenvalues 2 − 2 cos(kπ / (n + 1))', () => {
    const n = 12;
    const { values } = symmetricEigen(
      symmetric(n, (i, j) => (i === j ? 2 : i - j === 1 ? -1 : 0)),
      n,
      n,
    );
    for (const [i, value] of values.entries())
      expect(value).toBeCloseTo(2 - 2 * Math.cos(((n - i) * Math.PI) / (n + 1)), 12);
  });
});

test('mistakes are named', async () => {
  const x = randn([8, 3], { generator: new Generator(4) });
  const most = 'the smaller of 8 rows and 3 features';
  await expect(pca(x, 4)).rejects.toThrow(
    `pca: nComponents must be a whole number from 1 to 3, ${most}, got 4`,
  );
  await expect(pca(x, 0)).rejects.toThrow(ArgumentError);
  await expect(pca(x, 1.5)).rejects.toThrow('got 1.5');
  await expect(pca(ones([3]), 1)).rejects.toThrow('pca: needs rows of features');
  await expect(pca(zeros([0, 3]), 1)).rejects.toThrow(ShapeError);
  const broken = tensor([
    [1, 2],
    [Number.NaN, 1],
    [0, Number.POSITIVE_INFINITY],
  ]);
  await expect(pca(broken)).rejects.toThrow('pca: x contains NaN or infinity in 2 of 3 rows, first in row 1');
  await expect(pca(broken)).rejects.toThrow(NonFiniteError);
  await expect(pca(full([5, 2], 0.1))).rejects.toThrow(
    'pca: all rows of x are the same, so no direction has any variance',
  );
  const constant = x.mul(tensor([1, 0, 1]));
  await expect(pca(constant, 3, { whiten: true })).rejects.toThrow(
    'pca: component 2 has no variance to whiten; use nComponents ≤ 2 or whiten: false',
  );
  const found = await pca(x, 2);
  expect(() => found.transform(ones([2, 4]))).toThrow('Pca.transform: x has 4 features, but 3 were fitted');
  expect(() => found.inverseTransform(ones([2, 3]))).toThrow(
    'Pca.inverseTransform: z has 3 components, but 2 were fitted',
  );
});
