import { beforeEach, describe, expect, test } from 'vitest';
import { setEngine } from '../../src/engine/registry.js';
import * as F from '../../src/functional.js';
import {
  arange,
  bernoulli,
  full,
  grad,
  logit,
  maximum,
  minimum,
  multinomial,
  normal,
  type Tensor,
  tensor,
} from '../../src/index.js';
import * as nn from '../../src/nn/index.js';
import { testEngines } from '../helpers/engines.js';

const zero = (): Tensor => tensor([0]);
const sum = { reduction: 'sum' } as const;

/** [function, operand, its gradient]: PyTorch's, but for a logsumexp of −∞, where that is NaN. */
type Row = readonly [string, (x: Tensor) => Tensor, readonly number[], readonly number[]];
const gradients: readonly Row[] = [
  ...([F.smoothL1Loss, F.huberLoss] as const).flatMap((loss) =>
    [
      [Infinity, 1],
      [-Infinity, -1],
      [3e38, 1],
      [0.25, 0.25],
      [1, 1],
      [-7, -1],
      [NaN, NaN],
    ].map(([x, slope]) => [loss.name, (t: Tensor) => loss(t, zero(), sum), [x!], [slope!]] satisfies Row),
  ),
  ['huberLoss without a line', (x) => F.huberLoss(x, zero(), { ...sum, delta: Infinity }), [3], [3]],
  ['logsumexp', (x) => x.logsumexp(0), [2, Infinity], [0, NaN]],
  ['logsumexp', (x) => x.logsumexp(0), [2, NaN], [NaN, NaN]],
  ['logsumexp', (x) => x.logsumexp(0), [-Infinity, -Infinity], [0, 0]],
  ['softsign', (x) => F.softsign(x), [Infinity, -Infinity, NaN, 1], [NaN, NaN, NaN, 0.25]],
  ['logit', (x) => logit(x), [0, 1, 0.5, 2, NaN], [Infinity, Infinity, 4, NaN, NaN]],
  ['logit with limits', (x) => logit(x, { eps: 0.25 }), [0, 1, 0.5, NaN], [0, 0, 4, NaN]],
  ['relu', (x) => F.relu(x), [NaN, Infinity, 0], [1, 1, 0]],
  ['relu6', (x) => F.relu6(x), [NaN, 6, 0], [1, 0, 0]],
  ['hardtanh', (x) => F.hardtanh(x), [NaN, 1, 0], [1, 0, 1]],
  ['hardswish', (x) => F.hardswish(x), [NaN, Infinity, -Infinity, 3, -3], [NaN, 1, 0, 1.5, -0.5]],
  ['elu', (x) => F.elu(x), [NaN, Infinity, -Infinity, 0], [NaN, 1, 0, 1]],
  ['selu', (x) => F.selu(x).div(1.0507009873554805), [NaN, Infinity, -Infinity], [NaN, 1, 0]],
  ['celu', (x) => F.celu(x, { alpha: 0.5 }), [NaN, Infinity, -Infinity, 0], [NaN, 1, 0, 1]],
  ['hardsigmoid', (x) => F.hardsigmoid(x).mul(6), [NaN, Infinity, -3, 0], [0, 0, 0, 1]],
  ['softplus', (x) => F.softplus(x), [NaN, Infinity, -Infinity], [NaN, 1, 0]],
  ['hardshrink', (x) => F.hardshrink(x), [NaN, Infinity, 0.5], [1, 1, 0]],
  ['smoothL1Loss without a bend', (x) => F.smoothL1Loss(x, zero(), { ...sum, beta: 0 }), [0], [-1]],
  [
    'smoothL1Loss without a bend',
    (x) => F.smoothL1Loss(x, tensor([0, 0, 0, 0]), { ...sum, beta: 0 }),
    [NaN, Infinity, -2, 3],
    [NaN, 1, -1, 1],
  ],
  ['max', (x) => x.max(), [1, NaN, 3, NaN], [0, 0.5, 0, 0.5]],
  ['min', (x) => x.min(), [NaN, Infinity, 1, -Infinity], [1, 0, 0, 0]],
  ['amax', (x) => x.amax(), [1, NaN, 3, NaN], [NaN, NaN, NaN, NaN]],
  ['norm of order ∞', (x) => x.norm(Infinity), [1, NaN, 3, NaN], [0, 0, 0, 0]],
  ['norm of order −∞', (x) => x.norm(-Infinity), [1, NaN, 3], [0, 0, 0]],
  ['norm of order ∞', (x) => x.norm(Infinity), [-Infinity, 1, Infinity], [-0.5, 0, 0.5]],
  ['maximum', (x) => maximum(x, tensor([1, NaN, NaN, 0, 2])), [NaN, 1, NaN, 0, 3], [1, 1, 1, 0.5, 1]],
  ['minimum', (x) => minimum(x, tensor([1, NaN, NaN, 0, 2])), [NaN, 1, NaN, 0, 3], [1, 1, 1, 0.5, 0]],
  ['clamp by tensors', (x) => x.clamp(tensor(0), tensor(2)), [NaN, 1, 2, 3], [0, 1, 1, 0]],
  ['0 to the power', (x) => tensor([0, 0, 0, 0]).pow(x), [-1, 0, 2, NaN], [-Infinity, 0, 0, NaN]],
];

describe.each(testEngines)("what isn't finite, on %s", (engine) => {
  beforeEach(() => void setEngine(engine));

  for (const [name, f, at, slopes] of gradients)
    test(`the gradient of ${name} at ${at}`, () => {
      const x = tensor([...at]).requiresGrad_();
      f(x).sum().backward();
      expect([...x.grad!.dataSync()].map((slope) => slope + 0)).toEqual(slopes);
      const again = tensor([...at]).requiresGrad_();
      const [graph] = grad(f(again).sum(), [again], { createGraph: true });
      expect([...graph!.dataSync()].map((slope) => slope + 0)).toEqual(slopes);
    });

  test('std and var of equal elements are 0, as are their gradients', () => {
    for (const dtype of ['float32', 'float64'] as const)
      for (const n of [3, 100])
        for (let i = 0; i < 20; i++) {
          const x = full([2, n], Math.sin(i), { dtype }).requiresGrad_();
          for (const y of [x.std(1), x.t().std(0), x.std(), x.var(1)]) {
            expect([...y.dataSync()].every((v) => v === 0)).toBe(true);
          }
          x.std(1).sum().backward();
          expect([...x.grad!.dataSync()].every((v) => v === 0)).toBe(true);
        }
  });

  test('std has the whole range of float32', () => {
    for (const [values, want] of [
      [[1e20, -1e20], Math.SQRT2 * 1e20],
      [[1e-22, 3e-22], Math.SQRT2 * 1e-22],
      [[1e-30, 0], 1e-30 / Math.SQRT2],
      [[-2e38, 2e38], Math.SQRT2 * 2e38],
    ] as const)
      expect(
        tensor([...values])
          .std()
          .itemSync() / want,
      ).toBeCloseTo(1, 5);
    const x = tensor([1e-30, 0]).requiresGrad_();
    x.std().backward();
    expect([...x.grad!.dataSync()].map((v) => v.toFixed(4))).toEqual(['0.7071', '-0.7071']);
  });

  test("draws from what isn't a distribution", () => {
    for (const weights of [
      [NaN, 1],
      [-1, 2],
      [Infinity, 1],
    ])
      for (const replacement of [false, true])
        expect(() => multinomial(tensor(weights), 1, { replacement })).toThrow(
          /^multinomial: weights must be finite and 0 or more, one is (NaN|-1|Infinity)$/,
        );
    expect(() => multinomial(tensor([0, 0]), 1)).toThrow(/^multinomial: all weights are 0$/);
    expect(() =>
      multinomial(
        tensor([
          [1, 0],
          [0, 0],
        ]),
        1,
      ),
    ).toThrow(/^multinomial: all weights of row 1 are 0$/);
    expect(() => bernoulli(tensor([0.5, 2]))).toThrow(/^bernoulli: p must be in \[0, 1\], got 2$/);
    expect(() => bernoulli(tensor([NaN]))).toThrow(/^bernoulli: p must be in \[0, 1\], got NaN$/);
    expect(() => tensor([1]).bernoulli_(tensor([-1]))).toThrow(/^bernoulli_: p must be in \[0, 1\], got -1$/);
    expect(() => tensor([1]).bernoulli_(tensor([true]))).toThrow(
      /^bernoulli_: probabilities must be floating, got bool$/,
    );
    expect(() => normal(tensor([0, 0]), tensor([1, -1]))).toThrow(/^normal: std must be 0 or more, got -1$/);
    expect(() => normal(tensor([0]), NaN)).toThrow(/^normal: std must be 0 or more, got NaN$/);
    expect(() => zero().uniform_(0, Infinity)).toThrow(
      /^uniform_: can't draw from an infinite range, from 0 to Infinity$/,
    );
  });

  test('a grid with a NaN', () => {
    const image = tensor([1, 2, 3, 4, 5, 6, 7, 8, 9]).reshape([1, 1, 3, 3]);
    const grid = tensor([[[[NaN, 0]]]]);
    const at = (mode: 'bilinear' | 'nearest' | 'bicubic', paddingMode: 'zeros' | 'border' | 'reflection') =>
      F.gridSample(image, grid, { mode, paddingMode }).itemSync();
    expect((['zeros', 'border', 'reflection'] as const).map((p) => at('bilinear', p))).toEqual([NaN, 4, 4]);
    expect((['zeros', 'border', 'reflection'] as const).map((p) => at('nearest', p))).toEqual([0, 4, 4]);
    expect(at('bicubic', 'border')).toBeNaN();
  });

  test.each<[string, (x: Tensor) => Tensor]>([
    ['min', (x) => x.clamp({ min: NaN })],
    ['max', (x) => x.clamp({ max: NaN })],
    ['min, and max a number', (x) => x.clamp(NaN, 2)],
    ['max, and min a number', (x) => x.clamp(0, NaN)],
    ['min, and max a tensor', (x) => x.clamp(NaN, tensor([2]))],
    ['min in a tensor', (x) => x.clamp(tensor([NaN]))],
    ['min of clampMin', (x) => x.clampMin(NaN)],
    ['max of clampMax', (x) => x.clampMax(NaN)],
  ])('clamp by a NaN as %s', (_, f) => {
    const x = tensor([1, NaN, -Infinity]).requiresGrad_();
    const y = f(x);
    expect(y.toArraySync()).toEqual([NaN, NaN, NaN]);
    y.sum().backward();
    expect(x.grad!.toArraySync()).toEqual([0, 0, 0]);
    const whole = f(tensor([1, 2, 3], { dtype: 'int32' }));
    expect([whole.dtype, whole.toArraySync()]).toEqual(['float32', [NaN, NaN, NaN]]);
  });

  test.each([Infinity, -Infinity])('gridSample at %s', (place) => {
    const image = arange(1, 17).to('float32').reshape([1, 1, 4, 4]);
    const volume = arange(1, 65).to('float32').reshape([1, 1, 4, 4, 4]);
    const at = (mode: 'bilinear' | 'nearest', paddingMode: 'zeros' | 'border' | 'reflection', axes: number) =>
      F.gridSample(
        axes === 2 ? image : volume,
        tensor([place, place, 0.1].slice(3 - axes)).reshape([...Array(axes + 1).fill(1), axes]),
        { mode, paddingMode },
      ).itemSync();
    for (const axes of [2, 3]) {
      expect(at('bilinear', 'zeros', axes)).toBeNaN();
      expect(at('nearest', 'zeros', axes)).toBe(0);
    }
    expect(at('bilinear', 'border', 2)).toBeCloseTo(place > 0 ? 10.8 : 7.8, 5);
    expect(at('bilinear', 'border', 3)).toBeCloseTo(place > 0 ? 43.2 : 28.2, 4);
    expect(at('nearest', 'reflection', 2)).toBe(9);
    const x = image.clone().requiresGrad_();
    const grid = tensor([[[[place, 0.1]]]]).requiresGrad_();
    F.gridSample(x, grid).sum().backward();
    expect(x.grad!.abs().sum().itemSync()).toBe(0);
    expect(grid.grad!.isnan().toArraySync()).toEqual([[[[true, true]]]]);
  });

  test.each([1e30, -1e30, 2 ** 40, 7 * 2 ** 60])('gridSample by reflection at %s, exactly', (place) => {
    const image = arange(1, 10).to('float32').reshape([1, 1, 3, 3]);
    const volume = image.unsqueeze(2);
    for (const alignCorners of [false, true]) {
      const span = alignCorners ? 2 : 3;
      const f = Math.fround;
      const inElements = alignCorners ? f(f(f(place + 1) / 2) * 2) : f(f(f(f(place + 1) * 3) - 1) / 2);
      const distance = Math.abs(f(inElements + (alignCorners ? 0 : 0.5)));
      const rest = distance % span;
      const reflected = Math.floor(f(distance / span)) % 2 === 0 ? rest : span - rest;
      const at = Math.min(Math.max(reflected - (alignCorners ? 0 : 0.5), 0), 2);
      const column = at % 2 === 0.5 ? at - 0.5 : Math.round(at); // halves go to the even one
      const options = { mode: 'nearest', paddingMode: 'reflection', alignCorners } as const;
      const flat = F.gridSample(image, tensor([[[[place, 0]]]]), options).itemSync();
      const deep = F.gridSample(volume, tensor([[[[[place, 0, 0]]]]]), options).itemSync();
      expect([flat, deep]).toEqual([4 + column, 4 + column]);
    }
  });

  test('the bias of a layer without inputs is 0', () => {
    for (let i = 0; i < 50; i++) full([2], 777).dispose();
    expect([...new nn.Linear(0, 2).bias!.dataSync()]).toEqual([0, 0]);
  });
});
