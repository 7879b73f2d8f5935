import { describe, expect, test } from 'vitest';
import { setEngine } from '../../../src/engine/registry.js';
import { full, randn, type Tensor, tensor, zeros } from '../../../src/index.js';
import { utils } from '../../../src/nn/index.js';
import { testEngines } from '../../helpers/engines.js';

const withGrads = (...grads: Tensor[]): Tensor[] =>
  grads.map((g) => {
    const x = zeros(g.shape, { dtype: g.dtype }).requiresGrad_();
    x.grad = g;
    return x;
  });

describe.each(testEngines)('on %s', (engine) => {
  test.each([
    [2, 5],
    [1, 7],
    [Number.POSITIVE_INFINITY, 4],
    [3, (27 + 64) ** (1 / 3)],
  ])('clipGradNorm_ of order %d', (normType, norm) => {
    setEngine(engine);
    const params = withGrads(tensor([3, 0, 0]), tensor([[-4]]));
    expect(utils.clipGradNorm_(params, 1, { normType }).itemSync()).toBeCloseTo(norm, 5);
    expect(params[0]!.grad!.dataSync()[0]).toBeCloseTo(3 / norm, 5);
    expect(params[1]!.grad!.itemSync()).toBeCloseTo(-4 / norm, 5);
  });

  test('small gradients stay as they are', () => {
    setEngine(engine);
    const params = withGrads(tensor([0.3, 0.4]));
    utils.clipGradNorm_(params, 1);
    expect(params[0]!.grad!.dataSync()).toEqual(Float32Array.of(0.3, 0.4));
  });

  test('the norm of many and of large gradients', () => {
    setEngine(engine);
    const grads = [...Array.from({ length: 600 }, () => randn([11])), randn([40000]), randn([5, 6]).t()];
    const expected = Math.sqrt(grads.flatMap((g) => [...g.dataSync()]).reduce((sum, v) => sum + v * v, 0));
    const params = withGrads(...grads);
    expect(utils.clipGradNorm_(params, 2).itemSync()).toBeCloseTo(expected, 2);
    expect(utils.clipGradNorm_(params, 1e9).itemSync()).toBeCloseTo(2, 4);
  });

  test('NaN and infinity', () => {
    setEngine(engine);
    const params = withGrads(tensor([1, Number.NaN]), tensor([1]));
    expect(utils.clipGradNorm_(params, 1).itemSync()).toBeNaN();
    expect(utils.clipGradNorm_(params, 1, { normType: Number.POSITIVE_INFINITY }).itemSync()).toBeNaN();
    expect(() => utils.clipGradNorm_(params, 1, { errorIfNonfinite: true })).toThrow(
      'clipGradNorm_: the norm of the gradients is NaN',
    );
  });

  test.each([
    ['float32', 'float64'],
    ['float64', 'float32'],
  ] as const)('gradients of %s and %s are clipped together', async (first, second) => {
    setEngine(engine);
    const make = () =>
      withGrads(
        full([3], 2, { dtype: first }),
        full([4], -3, { dtype: second }),
        full([2], 1, { dtype: first }),
      );
    const params = make();
    const norm = utils.clipGradNorm_(params, 1);
    // As PyTorch's, the norm has the widest dtype.
    expect(norm.dtype).toBe('float64');
    expect(await norm.item()).toBeCloseTo(Math.sqrt(12 + 36 + 2), 6);
    for (const [i, value] of [2, -3, 1].entries()) {
      const { grad } = params[i]!;
      expect(grad!.dtype).toBe(i === 1 ? second : first);
      for (const got of await grad!.data()) expect(got).toBeCloseTo(value / Math.sqrt(50), 6);
    }
    const others = make();
    utils.clipGradValue_(others, 1.5);
    const wanted = [
      [1.5, 1.5, 1.5],
      [-1.5, -1.5, -1.5, -1.5],
      [1, 1],
    ];
    for (const [i, { grad }] of others.entries()) expect([...(await grad!.data())]).toEqual(wanted[i]);
  });

  test('clipGradValue_', () => {
    setEngine(engine);
    const params = withGrads(tensor([-3, 0.5, 3]));
    utils.clipGradValue_(params, 1);
    expect([...params[0]!.grad!.dataSync()]).toEqual([-1, 0.5, 1]);
  });
});

test('no gradients', () => {
  expect(utils.clipGradNorm_([zeros([2]).requiresGrad_()], 1).itemSync()).toBe(0);
});

test('parameters as a vector and back', () => {
  const params = [
    tensor([
      [1, 2],
      [3, 4],
    ]).requiresGrad_(),
    tensor([5]).requiresGrad_(),
  ];
  const vector = utils.parametersToVector(params);
  expect([...vector.dataSync()]).toEqual([1, 2, 3, 4, 5]);
  utils.vectorToParameters(vector.detach().mul(2), params);
  expect(params[0]!.toArraySync()).toEqual([
    [2, 4],
    [6, 8],
  ]);
  expect(() => utils.vectorToParameters(zeros([3]), params)).toThrow(
    "the vector doesn't fill the parameters",
  );
});

test('errors', () => {
  expect(() => utils.clipGradNorm_([], 1, { normType: 0 })).toThrow(
    'clipGradNorm_: normType must be a number above 0, got 0',
  );
  for (const [limit, shown] of [
    [-1, '-1'],
    ['1', "'1'"],
    [NaN, 'NaN'],
    [undefined, 'undefined'],
  ] as const) {
    expect(() => utils.clipGradValue_([], limit as number)).toThrow(
      `clipGradValue_: clipValue must be a number of at least 0, got ${shown}`,
    );
    expect(() => utils.clipGradNorm_([], limit as number)).toThrow(
      `clipGradNorm_: maxNorm must be a number of at least 0, got ${shown}`,
    );
  }
});
