import { describe, expect, test } from 'vitest';
import * as F from '../../../src/functional.js';
import { allcloseSync, grad, manualSeed, rand, randn, setEngine, type Tensor } from '../../../src/index.js';
import { testEngines } from '../../helpers/engines.js';

type Reduction = 'none' | 'mean' | 'sum';
type Weight = Tensor | null;
type Case = readonly [
  name: string,
  loss: (x: Tensor, t: Tensor, third: Tensor, reduction: Reduction, weight: Weight) => Tensor,
  composition: (x: Tensor, t: Tensor, third: Tensor) => Tensor,
];

const softplus = (x: Tensor): Tensor => x.clamp(0).add(x.abs().neg().exp().log1p());

/** Each loss beside its definition, made of operations. Operands are between 0 and 1. */
const cases: readonly Case[] = [
  ['mseLoss', (x, t, _, reduction) => F.mseLoss(x, t, { reduction }), (x, t) => x.sub(t).square()],
  ['l1Loss', (x, t, _, reduction) => F.l1Loss(x, t, { reduction }), (x, t) => x.sub(t).abs()],
  [
    'smoothL1Loss',
    (x, t, _, reduction) => F.smoothL1Loss(x, t, { reduction, beta: 0.3 }),
    (x, t) => {
      const d = x.sub(t).abs();
      return d.square().div(0.6).where(d.lt(0.3), d.sub(0.15));
    },
  ],
  [
    'huberLoss',
    (x, t, _, reduction) => F.huberLoss(x, t, { reduction, delta: 0.3 }),
    (x, t) => {
      const d = x.sub(t).abs();
      return d.square().mul(0.5).where(d.lt(0.3), d.sub(0.15).mul(0.3));
    },
  ],
  [
    'binaryCrossEntropy',
    (x, t, _, reduction, weight) => F.binaryCrossEntropy(x, t, { reduction, weight }),
    (x, t) =>
      t
        .mul(x.log())
        .add(t.rsub(1).mul(x.rsub(1).log()))
        .neg(),
  ],
  [
    'binaryCrossEntropyWithLogits',
    (x, t, _, reduction, weight) => F.binaryCrossEntropyWithLogits(x, t, { reduction, weight }),
    (x, t) => softplus(x).sub(t.mul(x)),
  ],
  [
    'binaryCrossEntropyWithLogits with posWeight',
    (x, t, posWeight, reduction, weight) =>
      F.binaryCrossEntropyWithLogits(x, t, { reduction, weight, posWeight }),
    (x, t, posWeight) =>
      posWeight
        .mul(t)
        .mul(softplus(x.neg()))
        .add(t.rsub(1).mul(softplus(x))),
  ],
  ['klDiv', (x, t, _, reduction) => F.klDiv(x, t, { reduction }), (x, t) => t.mul(t.log().sub(x))],
  [
    'klDiv of logarithms',
    (x, t, _, reduction) => F.klDiv(x, t, { reduction, logTarget: true }),
    (x, t) => t.exp().mul(t.sub(x)),
  ],
  [
    'gaussianNllLoss',
    (x, t, v, reduction) => F.gaussianNllLoss(x, t, v, { reduction, full: true }),
    (x, t, v) =>
      v
        .log()
        .add(x.sub(t).square().div(v))
        .add(Math.log(2 * Math.PI))
        .mul(0.5),
  ],
  [
    'poissonNllLoss',
    (x, t, _, reduction) => F.poissonNllLoss(x, t, { reduction }),
    (x, t) => x.exp().sub(t.mul(x)),
  ],
  [
    'poissonNllLoss of rates',
    (x, t, _, reduction) => F.poissonNllLoss(x, t, { reduction, logInput: false }),
    (x, t) => x.sub(t.mul(x.add(1e-8).log())),
  ],
  [
    'marginRankingLoss',
    (x1, t, x2, reduction) => F.marginRankingLoss(x1, x2, t, { reduction, margin: 0.1 }),
    (x1, t, x2) => t.neg().mul(x1.sub(x2)).add(0.1).clamp(0),
  ],
  [
    'hingeEmbeddingLoss of targets other than ±1',
    (x, t, _, reduction) => F.hingeEmbeddingLoss(x, t, { reduction, margin: 0.5 }),
    (x) => x.rsub(0.5).clamp(0).add(x),
  ],
  [
    'softMarginLoss',
    (x, t, _, reduction) => F.softMarginLoss(x, t, { reduction }),
    (x, t) => softplus(x.mul(t).neg()),
  ],
];

const weighted = [
  'binaryCrossEntropy',
  'binaryCrossEntropyWithLogits',
  'binaryCrossEntropyWithLogits with posWeight',
];

describe.each(testEngines)('losses of one element on %s', (engine) => {
  const operand = (shape: readonly number[]): Tensor =>
    rand(shape, { dtype: 'float64' }).mul(0.9).add(0.05).detach().requiresGrad_();

  const close = (what: string, a: Tensor, b: Tensor): void => {
    expect(a.shape, what).toEqual(b.shape);
    expect(allcloseSync(a, b, { rtol: 1e-9, atol: 1e-12 }), what).toBe(true);
  };

  // More elements than a task takes, in order and transposed; the other operands whole or repeated.
  const layouts: readonly (readonly [string, () => Tensor, readonly number[]])[] = [
    ['whole', () => operand([9, 4099]), [9, 4099]],
    ['transposed', () => operand([7, 5]).t().detach().requiresGrad_(), [5, 7]],
    ['one number', () => operand([]).expand([3, 4]).detach().requiresGrad_(), [3, 4]],
  ];

  test.each(cases)('%s is its composition', (name, loss, composition) => {
    setEngine(engine);
    manualSeed(3);
    for (const [layout, make, shape] of layouts)
      for (const reduction of ['none', 'mean', 'sum'] as const) {
        const weight = weighted.includes(name) ? operand([shape.at(-1)!]) : null;
        const inputs = [
          make(),
          operand(shape),
          operand(name.endsWith('posWeight') ? [1, shape.at(-1)!] : shape),
        ] as const;
        const [x, t, third] = inputs;
        const wanted = [...inputs, ...(weight === null ? [] : [weight])];
        const all = composition(x, t, third);
        const scaled = weight === null ? all : all.mul(weight);
        const theirs = reduction === 'none' ? scaled : scaled[reduction]();
        const ours = loss(x, t, third, reduction, weight);
        close(`${layout} ${reduction}`, ours, theirs);
        const gradOutputs = [randn(ours.shape, { dtype: 'float64' })];
        const expected = grad(theirs, wanted, { gradOutputs, allowUnused: true });
        for (const createGraph of [false, true]) {
          const found = grad(ours, wanted, {
            gradOutputs,
            allowUnused: true,
            createGraph,
            retainGraph: true,
          });
          expected.forEach((d, i) => {
            if (d !== null) close(`${layout} ${reduction} gradient ${i}`, found[i]!, d);
            else expect(found[i]).toBe(null);
          });
        }
      }
  });

  test('a sum of many losses rounds as a sum of doubles', () => {
    setEngine(engine);
    const x = rand([3_000_001]);
    const loss = F.mseLoss(x, x.add(0.1), { reduction: 'sum' }).itemSync();
    expect(Math.abs(loss / 30_000.01 - 1)).toBeLessThan(1e-6);
  });
});
