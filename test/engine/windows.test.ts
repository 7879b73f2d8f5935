import { describe, expect, test } from 'vitest';
import * as F from '../../src/functional.js';
import { EngineError, empty, manualSeed, ones, randn, setEngine, type Tensor } from '../../src/index.js';
import { testEngines } from '../helpers/engines.js';

const same = (a: Tensor, b: Tensor): void => {
  expect(a.shape).toEqual(b.shape);
  const [x, y] = [a.dataSync(), b.dataSync()];
  for (const [i, v] of x.entries()) expect(v).toBeCloseTo(y[i]!, 5);
};

/** Results, and the gradients of x and w. */
function withGradients(f: (x: Tensor, w: Tensor) => Tensor, x: Tensor, w: Tensor): Tensor[] {
  const [a, b] = [x.clone().requiresGrad_(), w.clone().requiresGrad_()];
  const y = f(a, b);
  y.sum().backward();
  return [y, a.grad!, b.grad!];
}

describe.each(testEngines)('strides and dilations longer than the image, %s', (engine) => {
  test.each([2 ** 20, 2 ** 31, 2 ** 32, 2 ** 52])('%d is as good as any that moves nothing', (far) => {
    setEngine(engine);
    manualSeed(0);
    const [x, w, wide] = [randn([2, 3, 5, 4]), randn([4, 3, 3, 2]), randn([3, 4, 1, 1])];
    const pairs: [(x: Tensor, w: Tensor) => Tensor, (x: Tensor, w: Tensor) => Tensor, Tensor, Tensor][] = [
      [(a, b) => F.conv2d(a, b, null, { stride: far }), (a, b) => F.conv2d(a, b, null, { stride: 5 }), x, w],
      [
        (a, b) => F.conv2d(a, b, null, { dilation: [far, 1], padding: [0, 1] }),
        (a, b) => F.conv2d(a, b, null, { padding: [0, 1] }),
        x,
        w.narrow(2, 0, 1),
      ],
      [
        (a, b) => F.convTranspose2d(a, b, null, { stride: [far, 2] }),
        (a, b) => F.convTranspose2d(a, b, null, { stride: [1, 2] }),
        x.narrow(2, 0, 1),
        wide,
      ],
      [(a) => F.unfold(a, [5, 2], { stride: [far, 1] }), (a) => F.unfold(a, [5, 2]), x, w],
      [(a) => F.unfold(a, 1, { dilation: far }), (a) => F.unfold(a, 1), x, w],
    ];
    for (const [given, usual, a, b] of pairs) {
      const wanted = usual.length === 1 ? [usual(a, b)] : withGradients(usual, a, b);
      const got = given.length === 1 ? [given(a, b)] : withGradients(given, a, b);
      for (const [i, tensor] of got.entries()) same(tensor, wanted[i]!);
    }
    const patches = randn([1, 9, 1]);
    same(F.fold(patches, 3, 3, { stride: far }), F.fold(patches, 3, 3));
  });

  test('borders that no kernel could walk are refused', () => {
    setEngine(engine);
    const image =
      /^\w+: an image of length \d+ with its padding is longer than the 1073741824 that kernels take$/;
    for (const attempt of [
      () => F.conv1d(ones([1, 1, 4]), ones([1, 1, 2]), null, { padding: 2 ** 29, stride: 2 ** 28 }),
      () =>
        F.conv2d(ones([1, 1, 4, 4]), ones([1, 1, 2, 2]), null, { padding: [0, 2 ** 40], stride: 2 ** 40 }),
      () => F.unfold(ones([1, 1, 4, 4]), 2, { padding: 2 ** 30, stride: 2 ** 29 }),
    ]) {
      expect(attempt).toThrow(EngineError);
      expect(attempt).toThrow(image);
    }
    const planes = (): Tensor =>
      F.conv2d(empty([1, 0, 65536, 65536]), empty([2, 0, 1, 1]), null, { stride: 65536 });
    expect(planes).toThrow(EngineError);
    expect(planes).toThrow(
      'conv2d: an image of lengths [1, 65536, 65536] has 4294967296 places, but kernels count at most 2147483647',
    );
  });
});
