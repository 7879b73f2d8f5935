import { afterAll, describe, expect, test } from 'vitest';
import { ArgumentError, NonFiniteError, ShapeError } from '../../src/core/errors.js';
import { Generator, manualSeed, ones, randn, setEngine, tensor, zeros } from '../../src/index.js';
import { kMeans } from '../../src/metrics/index.js';
import { testEngines } from '../helpers/engines.js';
import { close, double, recorded } from './recording.js';

afterAll(() => setEngine('native'));

const { cases, seeded } = recorded.kMeans;

describe.each(testEngines)('on %s', (engine) => {
  test.each(Object.entries(cases))("%s: scikit-learn's KMeans from the same centers", async (_, wanted) => {
    setEngine(engine);
    const x = double(wanted.x);
    const found = await kMeans(x, wanted.init.length, { init: double(wanted.init), ...wanted.options });
    expect(found.labels.toArraySync()).toEqual(wanted.labels);
    close(found.centers, wanted.centers, 1e-12);
    expect(Math.abs(found.inertia - wanted.inertia)).toBeLessThanOrEqual(1e-11 * Math.max(1, wanted.inertia));
    expect(found.nIter).toBe(wanted.nIter);
    expect(found.predict(x).toArraySync()).toEqual(wanted.labels);
  });
});

test.each(['k-means++', 'random'] as const)(
  '%s reaches the inertia that scikit-learn reaches',
  async (init) => {
    const found = await kMeans(double(seeded.x), seeded.k, { init, seed: 0 });
    expect(found.inertia).toBeCloseTo(seeded.inertia, 9);
  },
);

test('the same seed gives the same clusters; without one, manualSeed decides', async () => {
  const x = randn([200, 4], { generator: new Generator(1) });
  const labels = async (seed?: number): Promise<unknown> =>
    (await kMeans(x, 7, seed === undefined ? { nInit: 1 } : { nInit: 1, seed })).labels.toArray();
  expect(await labels(3)).toEqual(await labels(3));
  expect(await labels(3)).not.toEqual(await labels(4));
  manualSeed(3);
  expect(await labels()).toEqual(await labels(3));
});

test('k-means++ draws each of far-apart groups once', async () => {
  const x = tensor([0, 0.1, 0.2, 50, 50.1, 100, 100.1, 100.2, 150]).unsqueeze(1);
  for (let seed = 0; seed < 5; seed++) {
    const { labels } = await kMeans(x, 4, { nInit: 1, seed });
    const [a, , , b, , c, , , d] = await labels.data();
    expect(new Set([a, b, c, d]).size).toBe(4);
  }
});

test('more clusters than different rows', async () => {
  const x = tensor([[1], [1], [1], [2]]);
  const { inertia, labels } = await kMeans(x, 3, { seed: 0 });
  expect(inertia).toBe(0);
  expect(new Set(await labels.data()).size).toBe(2);
});

test('float32 rows have float32 centers; predict takes any dtype', async () => {
  const x = tensor([[0], [1], [10], [11]]);
  const found = await kMeans(x, 2, { init: tensor([[0], [10]]) });
  expect([found.centers.dtype, found.labels.dtype]).toEqual(['float32', 'int32']);
  expect(found.centers.toArraySync()).toEqual([[0.5], [10.5]]);
  expect(found.predict(tensor([[3], [8]]).int()).toArraySync()).toEqual([0, 1]);
  expect(found.predict(double([[5.5]])).toArraySync()).toEqual([0]);
});

test('mistakes are named', async () => {
  const x = randn([6, 2], { generator: new Generator(2) });
  await expect(kMeans(x, 7)).rejects.toThrow(
    'kMeans: k must be a whole number from 1 to 6, the number of rows, got 7',
  );
  await expect(kMeans(x, 0)).rejects.toThrow(ArgumentError);
  await expect(kMeans(x, 2, { nInit: 0 })).rejects.toThrow(
    'kMeans: nInit must be a whole number of at least 1, got 0',
  );
  await expect(kMeans(x, 2, { maxIter: 0.5 })).rejects.toThrow(
    'kMeans: maxIter must be a whole number of at least 1, got 0.5',
  );
  await expect(kMeans(x, 2, { tol: -1 })).rejects.toThrow(
    'kMeans: tol must be a finite number of at least 0, got -1',
  );
  await expect(kMeans(ones([4]), 2)).rejects.toThrow('kMeans: needs rows of features');
  await expect(kMeans(zeros([0, 2]), 2)).rejects.toThrow(ShapeError);
  await expect(kMeans(tensor([[Number.NaN], [1]]), 1)).rejects.toThrow(NonFiniteError);
  await expect(kMeans(x, 2, { init: ones([3, 2]) })).rejects.toThrow(
    'kMeans: init must be 2 centers of 2 features',
  );
  await expect(kMeans(x, 1, { init: tensor([[0, Number.NaN]]) })).rejects.toThrow(
    'kMeans: init contains NaN or infinity in 1 of 1 rows, first in row 0',
  );
  const found = await kMeans(x, 2, { seed: 0 });
  expect(() => found.predict(ones([1, 3]))).toThrow('KMeans.predict: x has 3 features, but 2 were fitted');
});
