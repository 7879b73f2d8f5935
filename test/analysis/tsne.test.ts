import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { jointProbabilities } from '../../src/analysis/tsne/affinities.js';
import {
  composedGradient,
  composedProbabilities,
  composedStep,
  divergenceGradient,
  neighborProbabilities,
  type SparseRows,
  step,
} from '../../src/analysis/tsne/kernels.js';
import { ArgumentError, NonFiniteError, ShapeError } from '../../src/core/errors.js';
import {
  arange,
  engineInfo,
  full,
  Generator,
  manualSeed,
  ones,
  rand,
  randn,
  setEngine,
  setThreads,
  type Tensor,
  tensor,
  zeros,
} from '../../src/index.js';
import { trustworthiness, tsne } from '../../src/metrics/index.js';
import { testEngines } from '../helpers/engines.js';
import { double, recorded } from './recording.js';

const { threads } = engineInfo();
afterAll(() => setEngine('native'));

const digits = (): Tensor => tensor(recorded.tsne.x as number[][]);

/** A sparse matrix as (n · n) numbers. */
function denseOf({ rowStarts, columns, values }: SparseRows, n: number): Float64Array {
  const [starts, where, p] = [rowStarts, columns, values].map((x) => x.dataSync());
  const dense = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let at = starts![i]!; at < starts![i + 1]!; at++) dense[i * n + where![at]!]! += p![at]!;
  return dense;
}

/** The divergence and its gradient by the sums over all pairs. */
function bruteForce(
  p: Float64Array,
  y: ArrayLike<number>,
  n: number,
  dims: number,
): { divergence: number; gradient: Float64Array } {
  const q = new Float64Array(n * n);
  let z = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      if (i === j) continue;
      let d = 0;
      for (let k = 0; k < dims; k++) d += (y[i * dims + k]! - y[j * dims + k]!) ** 2;
      q[i * n + j] = 1 / (1 + d);
      z += q[i * n + j]!;
    }
  const gradient = new Float64Array(n * dims);
  let divergence = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const at = i * n + j;
      if (p[at]! > 0) divergence += p[at]! * Math.log((p[at]! * z) / q[at]!);
      for (let k = 0; k < dims; k++)
        gradient[i * dims + k]! += 4 * (p[at]! - q[at]! / z) * q[at]! * (y[i * dims + k]! - y[j * dims + k]!);
    }
  return { divergence, gradient };
}

function gradientAt(
  y: Tensor,
  p: SparseRows,
  angle: number,
  exaggeration = 1,
): { divergence: number; gradient: Tensor; order: Tensor } {
  const gradient = zeros(y.shape);
  const order = arange(y.shape[0]!).int();
  const divergence = zeros([1], { dtype: 'float64' });
  divergenceGradient(gradient, y, order, p, { angle, exaggeration, divergence });
  return { divergence: divergence.itemSync(), gradient, order };
}

/** |a − b| / |b| */
function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [error, size] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    error += (a[i]! - b[i]!) ** 2;
    size += b[i]! ** 2;
  }
  return Math.sqrt(error / size);
}

describe.each(testEngines)('on %s', (engine) => {
  beforeEach(() => setEngine(engine));

  test('kernels are their compositions', async () => {
    const squared = rand([40, 12]).mul(9).sort(1).values;
    const probabilities = await neighborProbabilities(squared, 5).data();
    expect(relativeError(probabilities, await composedProbabilities(squared, 5).data())).toBeLessThan(1e-6);

    const [y, p] = [randn([30, 2]), await jointProbabilities(randn([30, 4]), 5)];
    const gradients = [zeros([30, 2]), zeros([30, 2])] as const;
    const divergences = [zeros([1], { dtype: 'float64' }), zeros([1], { dtype: 'float64' })] as const;
    const options = { angle: 0, exaggeration: 3 };
    const order = arange(30).int();
    divergenceGradient(gradients[0], y, order, p, { ...options, divergence: divergences[0] });
    composedGradient(gradients[1], y, p, { ...options, divergence: divergences[1] });
    expect(relativeError(await gradients[0].data(), await gradients[1].data())).toBeLessThan(1e-5);
    expect(await divergences[0].item()).toBeCloseTo(await divergences[1].item(), 5);

    const moved = [step, composedStep].map((take) => {
      const [at, velocity, gains] = [y.clone(), y.roll(1, 0), y.abs()];
      for (const gradient of [y.flip([0]).clone(), y.mul(-2)])
        take(at, gradient, velocity, gains, { momentum: 0.8, learningRate: 0.3 });
      return at;
    }) as [Tensor, Tensor];
    expect(relativeError(await moved[0].data(), await moved[1].data())).toBeLessThan(1e-6);
  });

  test("the joint probabilities are scikit-learn's", async () => {
    const { rows, perplexity, p } = recorded.tsne.joint;
    const found = denseOf(await jointProbabilities(digits().narrow(0, 0, rows), perplexity), rows);
    for (const [at, value] of p.flat().entries()) expect(Math.abs(found[at]! - value)).toBeLessThan(1e-8);
  });

  test.each([
    [2, 150],
    [3, 150],
    [2, 7],
    [3, 33],
  ])('the gradient in %i dimensions of %i points is that of all pairs', async (dims, n) => {
    const p = await jointProbabilities(digits().narrow(0, 0, n), Math.min(15, n / 3));
    const y = randn([n, dims], { generator: new Generator(n) }).mul(8);
    const wanted = bruteForce(denseOf(p, n), y.dataSync(), n, dims);
    const exact = gradientAt(y, p, 0);
    expect(relativeError(exact.gradient.dataSync(), wanted.gradient)).toBeLessThan(1e-6);
    expect(exact.divergence).toBeCloseTo(wanted.divergence, 5);
    expect([...exact.order.dataSync()].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
    const coarse = gradientAt(y, p, 0.5);
    expect(relativeError(coarse.gradient.dataSync(), wanted.gradient)).toBeLessThan(0.01);
    expect(coarse.divergence).toBeCloseTo(wanted.divergence, 2);
  });

  test('exaggeration multiplies the probabilities', async () => {
    const p = await jointProbabilities(digits(), 15);
    const y = randn([150, 2], { generator: new Generator(1) }).mul(3);
    const exaggerated = denseOf(p, 150).map((value) => value * 4);
    const wanted = bruteForce(exaggerated, y.dataSync(), 150, 2);
    const found = gradientAt(y, p, 0, 4);
    expect(relativeError(found.gradient.dataSync(), wanted.gradient)).toBeLessThan(1e-6);
    expect(found.divergence).toBeCloseTo(wanted.divergence, 4);
  });

  test('points that coincide, lie on a line, far away or side by side', async () => {
    const p = await jointProbabilities(digits().narrow(0, 0, 60), 10);
    const place = (f: (i: number) => [number, number]): Tensor =>
      tensor(Array.from({ length: 60 }, (_, i) => f(i)));
    for (const y of [
      place((i) => [i % 3, 0]),
      place((i) => [i * 1e-3, i * 1e-3]),
      place((i) => [i === 7 ? 1e6 : Math.sin(i), Math.cos(i)]),
      place((i) => [1 + (i % 2) * 2 ** -23, 1]),
    ]) {
      const wanted = bruteForce(denseOf(p, 60), y.dataSync(), 60, 2);
      const found = gradientAt(y, p, 0.5);
      expect(relativeError(found.gradient.dataSync(), wanted.gradient)).toBeLessThan(0.02);
      expect(found.divergence / wanted.divergence).toBeCloseTo(1, 3);
    }
    // All in one place: no direction, and no end of cutting cells.
    expect([...gradientAt(ones([60, 2]), p, 0.5).gradient.dataSync()].every((g) => g === 0)).toBe(true);
  });

  test("a map of digits is as trustworthy as scikit-learn's", async () => {
    const found = await tsne(digits(), { perplexity: recorded.tsne.perplexity });
    expect([found.embedding.shape, found.embedding.dtype]).toEqual([[150, 2], 'float32']);
    expect(await trustworthiness(digits(), found.embedding)).toBeGreaterThan(
      recorded.tsne.trustworthiness - 0.01,
    );
    expect(found.klDivergence).toBeLessThan(recorded.tsne.klDivergence * 1.1);
    expect(found.learningRate).toBe(50);
  });

  test("the result doesn't depend on the number of threads", async () => {
    const embed = async (count: number): Promise<unknown> => {
      setThreads(count);
      return (
        await tsne(digits(), { nIter: 250, nComponents: 3, init: 'random', seed: 5 })
      ).embedding.toArray();
    };
    expect(await embed(1)).toEqual(await embed(3));
    setThreads(threads);
  });
});

test("in space it is as trustworthy as scikit-learn's", async () => {
  const { perplexity, klDivergence3d, trustworthiness3d } = recorded.tsne;
  const found = await tsne(digits(), { perplexity, nComponents: 3 });
  expect(found.embedding.shape).toEqual([150, 3]);
  expect(await trustworthiness(digits(), found.embedding)).toBeGreaterThan(trustworthiness3d - 0.01);
  expect(found.klDivergence).toBeLessThan(klDivergence3d * 1.1);
});

test('seeds and starts', async () => {
  const few = digits().narrow(0, 0, 40);
  const embed = async (options: { seed?: number; init: 'random' | 'pca' | Tensor }): Promise<unknown> =>
    (await tsne(few, { nIter: 250, perplexity: 5, ...options })).embedding.toArray();
  expect(await embed({ init: 'random', seed: 1 })).toEqual(await embed({ init: 'random', seed: 1 }));
  expect(await embed({ init: 'random', seed: 1 })).not.toEqual(await embed({ init: 'random', seed: 2 }));
  manualSeed(1);
  expect(await embed({ init: 'random' })).toEqual(await embed({ init: 'random', seed: 1 }));
  const init = randn([40, 2], { generator: new Generator(1) }).mul(1e-4);
  expect(await embed({ init })).toEqual(await embed({ init: 'random', seed: 1 }));
  // What the caller gave stays as it is.
  expect((await init.abs().amax().item()) < 1e-3).toBe(true);
});

test('it reports, and stops where nothing moves any more', async () => {
  const seen: number[] = [];
  const few = digits().narrow(0, 0, 20);
  const found = await tsne(few, {
    perplexity: 4,
    minGradNorm: 1e3,
    onProgress: ({ iteration, klDivergence, gradientNorm }) => {
      expect([klDivergence > 0, gradientNorm > 0]).toEqual([true, true]);
      seen.push(iteration);
    },
  });
  // Each of the two stretches ends at its first look.
  expect([seen, found.nIter]).toEqual([[50, 100], 100]);
  const impatient = await tsne(few, { perplexity: 4, nIter: 5000, nIterWithoutProgress: 0 });
  expect(impatient.nIter).toBeLessThan(5000);
});

test("trustworthiness is scikit-learn's", async () => {
  const { x, embeddings, scores } = recorded.trustworthiness;
  for (const { embedding, nNeighbors, value } of scores)
    expect(await trustworthiness(double(x), double(embeddings[embedding]!), { nNeighbors })).toBeCloseTo(
      value,
      12,
    );
});

test('mistakes are named', async () => {
  const x = randn([20, 3], { generator: new Generator(3) });
  const throws = (options: object, message: string): Promise<void> =>
    expect(tsne(x, { perplexity: 5, ...options })).rejects.toThrow(message);
  const bounds = 'perplexity must be less than the 20 rows of x';
  await expect(tsne(x)).rejects.toThrow(`tsne: ${bounds}, got 30`);
  await throws({ perplexity: 20 }, `${bounds}, got 20`);
  await throws({ perplexity: Number.NaN }, 'tsne: perplexity must be a finite number above 0, got NaN');
  await throws({ nComponents: 1 }, 'tsne: nComponents must be 2 or 3, got 1');
  await throws(
    { earlyExaggeration: 0.5 },
    'tsne: earlyExaggeration must be a finite number of at least 1, got 0.5',
  );
  await throws({ learningRate: 0 }, "tsne: learningRate must be 'auto', or a finite number above 0, got 0");
  await throws({ nIter: 100 }, 'tsne: nIter must be a whole number of at least 250, got 100');
  await throws(
    { nIterWithoutProgress: -1 },
    'tsne: nIterWithoutProgress must be a number of at least 0, got -1',
  );
  await throws(
    { minGradNorm: Number.NaN },
    'tsne: minGradNorm must be a finite number of at least 0, got NaN',
  );
  await throws({ angle: 2 }, 'tsne: angle must be a number from 0 to 1, got 2');
  await throws(
    { learningRate: 1e30 },
    'tsne: the embedding has diverged by iteration 50; use a learningRate smaller than 1e+30',
  );
  await throws({ init: ones([20, 3]) }, 'tsne: init must be 20 points of 2 coordinates');
  await throws({ init: full([20, 2], Number.NaN) }, 'tsne: init contains NaN or infinity in 20 of 20 rows');
  await expect(tsne(ones([20, 1]), { perplexity: 5 })).rejects.toThrow(
    "tsne: x has 1 feature, but init 'pca' needs 2; use init: 'random'",
  );
  await expect(tsne(ones([20, 2]), { perplexity: 5 })).rejects.toThrow('all rows of x are the same');
  await expect(tsne(full([20, 2], Number.NaN))).rejects.toThrow(NonFiniteError);
  await expect(tsne(ones([1, 3]), { perplexity: 0.5 })).rejects.toThrow(
    'tsne: x has only one row; t-SNE needs at least two',
  );
  await expect(tsne(ones([20]))).rejects.toThrow(ShapeError);
  await expect(trustworthiness(x, x, { nNeighbors: 10 })).rejects.toThrow(
    'trustworthiness: nNeighbors must be less than half the 20 points, got 10',
  );
  await expect(trustworthiness(x, x, { nNeighbors: 0 })).rejects.toThrow(ArgumentError);
  await expect(trustworthiness(x, ones([19, 2]))).rejects.toThrow(
    'trustworthiness: needs one embedding point for each row of x',
  );
  await expect(trustworthiness(x, full([20, 2], Number.NaN))).rejects.toThrow(
    'trustworthiness: embedding contains NaN or infinity',
  );
});
