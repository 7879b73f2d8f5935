import { afterAll, describe, expect, test } from 'vitest';
import * as F from '../../src/functional.js';
import {
  engineInfo,
  grad,
  manualSeed,
  randint,
  randn,
  setEngine,
  setThreads,
  type Tensor,
} from '../../src/index.js';
import { testEngines } from '../helpers/engines.js';
import { lenetStep } from '../memory/lenet.js';

/** A result and the gradients of its weighted sum, for inputs of these shapes. */
function withGradients(shapes: readonly (readonly number[])[], work: (...inputs: Tensor[]) => Tensor) {
  return (): readonly Tensor[] => {
    const inputs = shapes.map((shape) => randn(shape).requiresGrad_());
    const output = work(...inputs);
    return [output, ...grad(output.mul(randn(output.shape)).sum(), inputs)];
  };
}

/** Work that is large enough to be split, one or more for each family of kernels. */
const cases: Readonly<Record<string, () => readonly Tensor[]>> = {
  matmul: withGradients(
    [
      [301, 257],
      [257, 310],
    ],
    (a, b) => a!.matmul(b!),
  ),
  'matmul, batched': withGradients(
    [
      [7, 65, 130],
      [7, 130, 67],
    ],
    (a, b) => a!.matmul(b!),
  ),
  'matmul, tall': withGradients(
    [
      [1601, 257],
      [257, 70],
    ],
    (a, b) => a!.matmul(b!),
  ),
  'matmul, wide': withGradients(
    [
      [155, 801],
      [1201, 801],
    ],
    (a, b) => a!.matmul(b!.t()),
  ),
  'matmul, one left matrix': withGradients(
    [
      [65, 401],
      [5, 401, 67],
    ],
    (a, b) => a!.matmul(b!),
  ),
  'matmul, few rows': withGradients(
    [
      [5, 401],
      [1201, 401],
    ],
    (a, b) => a!.matmul(b!.t()),
  ),
  'matrix × vector': withGradients([[1501, 1203], [1203]], (a, b) => a!.matmul(b!)),
  conv2d: withGradients([[6, 16, 33, 31], [24, 16, 3, 3], [24]], (x, w, b) =>
    F.conv2d(x!, w!, b!, { padding: 1 }),
  ),
  'conv2d, stride 2': withGradients(
    [
      [6, 16, 33, 31],
      [24, 16, 3, 3],
    ],
    (x, w) => F.conv2d(x!, w!, null, { stride: 2 }),
  ),
  'conv2d, depthwise': withGradients(
    [
      [6, 32, 33, 31],
      [32, 1, 3, 3],
    ],
    (x, w) => F.conv2d(x!, w!, null, { groups: 32 }),
  ),
  'element-wise': withGradients([[1003, 1001], [1001]], (a, b) => a!.mul(b!).tanh().add(a!.exp())),
  'sum of all': withGradients([[1003, 1001]], (a) => a!.sum()),
  'sums of rows': withGradients([[1003, 1001]], (a) => a!.sum(1)),
  'sums of columns': withGradients([[1003, 1001]], (a) => a!.sum(0)),
  variance: withGradients([[1003, 1001]], (a) => a!.var(1)),
  softmax: withGradients([[1003, 501]], (a) => a!.softmax(1)),
  layerNorm: withGradients([[1003, 501], [501], [501]], (x, weight, bias) =>
    F.layerNorm(x!, [501], { weight: weight!, bias: bias! }),
  ),
  batchNorm: withGradients([[16, 33, 17, 19], [33], [33]], (x, weight, bias) =>
    F.batchNorm(x!, null, null, { weight: weight!, bias: bias!, training: true }),
  ),
  maxPool2d: withGradients([[16, 33, 34, 38]], (x) => F.maxPool2d(x!, 2)),
  crossEntropy: withGradients([[4001, 101]], (x) => F.crossEntropy(x!, randint(0, 101, [4001]))),
  embedding: withGradients([[1001, 65]], (weight) => F.embedding(randint(0, 1001, [30_000]), weight!)),
  cumsum: withGradients([[1003, 501]], (x) => x!.cumsum(0)),
  sort: () => Object.values(randn([203, 5001]).sort(1)),
};

const bytes = (tensor: Tensor): Buffer => {
  const data = tensor.detach().dataSync();
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
};

describe.each(testEngines)("%s: results don't depend on the number of threads", (engine) => {
  afterAll(() => setThreads(2));

  function expectSame(work: () => readonly Tensor[]): void {
    setEngine(engine);
    const [one, two, three] = [1, 2, 3].map((threads) => {
      setThreads(threads);
      manualSeed(7);
      return work().map(bytes);
    });
    for (const [i, expected] of one!.entries()) {
      expect(two![i]!.equals(expected), `result ${i}, 2 threads`).toBe(true);
      expect(three![i]!.equals(expected), `result ${i}, 3 threads`).toBe(true);
    }
  }

  test.each(Object.keys(cases))('%s', (name) => expectSame(cases[name]!));

  test('ten steps of LeNet-5', () => {
    expectSame(() => {
      const step = lenetStep(engine);
      return Array.from({ length: 10 }, step);
    });
  });
});

test.runIf(testEngines.includes('native'))('numbers of threads beyond 32 bits are the most there are', () => {
  setEngine('native');
  setThreads(2 ** 32);
  expect(engineInfo().threads).toBe(64);
  setThreads(2);
  expect(engineInfo().threads).toBe(2);
});
