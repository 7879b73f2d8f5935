import { describe, expect, test } from 'vitest';
import { IndexError } from '../../../src/core/errors.js';
import * as F from '../../../src/functional.js';
import {
  allcloseSync,
  grad,
  manualSeed,
  ones,
  rand,
  randint,
  randn,
  setEngine,
  type Tensor,
  tensor,
  zeros,
} from '../../../src/index.js';
import { composedCtc } from '../../../src/ops/losses/ctc-composed.js';
import { testEngines } from '../../helpers/engines.js';

const f64 = { dtype: 'float64' } as const;
const int = { dtype: 'int32' } as const;

/** The same loss by its kernel and by operations: values, and gradients with and without a graph of their own. */
function compare(x: Tensor, ours: (x: Tensor) => Tensor, composition: (x: Tensor) => Tensor): void {
  const leaf = x.detach().requiresGrad_();
  const [y, wanted] = [ours(leaf), composition(leaf)];
  expect(y.shape).toEqual(wanted.shape);
  expect(allcloseSync(y, wanted, { rtol: 1e-9 })).toBe(true);
  const gradOutputs = [randn(y.shape, f64)];
  const [slope] = grad(wanted, [leaf], { gradOutputs });
  for (const createGraph of [false, true]) {
    const [found] = grad(y, [leaf], { gradOutputs, createGraph, retainGraph: true });
    expect(allcloseSync(found!, slope!, { rtol: 1e-9, atol: 1e-12 })).toBe(true);
  }
}

describe.each(testEngines)('losses of classes on %s', (engine) => {
  test('nllLoss of more targets than a task takes is its composition', () => {
    setEngine(engine);
    manualSeed(5);
    const [x, target] = [randn([3, 4, 5001], f64), randint(0, 4, [3, 5001])];
    const weight = rand([4], f64);
    const w = weight.take(target).where(target.ne(2), 0);
    const losses = (t: Tensor): Tensor => t.gather(1, target.unsqueeze(1)).squeeze(1).mul(w).neg();
    const options = { weight, ignoreIndex: 2 };
    compare(x, (t) => F.nllLoss(t, target, { ...options, reduction: 'none' }), losses);
    compare(
      x,
      (t) => F.nllLoss(t, target, { ...options, reduction: 'sum' }),
      (t) => losses(t).sum(),
    );
    compare(
      x,
      (t) => F.nllLoss(t, target, options),
      (t) => losses(t).sum().div(w.sum()),
    );
  });

  test('multiMarginLoss of many rows is its composition', () => {
    setEngine(engine);
    manualSeed(6);
    const [x, target, weight] = [randn([700, 67], f64), randint(0, 67, [700]), rand([67], f64)];
    for (const p of [1, 2] as const) {
      const losses = (t: Tensor): Tensor => {
        const v = t
          .sub(t.gather(1, target.unsqueeze(1)))
          .add(0.4)
          .relu()
          .pow(p);
        return v.scatter(1, target.unsqueeze(1), 0).sum(1).mul(weight.take(target)).div(67);
      };
      for (const reduction of ['mean', 'sum'] as const)
        compare(
          x,
          (t) => F.multiMarginLoss(t, target, { p, margin: 0.4, weight, reduction }),
          (t) => losses(t)[reduction](),
        );
      compare(x, (t) => F.multiMarginLoss(t, target, { p, margin: 0.4, weight, reduction: 'none' }), losses);
    }
  });

  test('multilabelMarginLoss of many rows is its composition', () => {
    setEngine(engine);
    manualSeed(7);
    const x = randn([600, 61], f64);
    const first = randint(0, 61, [600, 1]);
    const target = first.add(tensor([0, 7, 9], int)).remainder(61);
    const padded = zeros([600, 61], int)
      .sub(1)
      .scatter(1, tensor([0, 1, 2], int).expand([600, 3]), target);
    const losses = (t: Tensor): Tensor => {
      const listed = zeros([600, 61], f64).scatter(1, target, 1).bool();
      const v = t.unsqueeze(1).sub(t.gather(1, target).unsqueeze(2)).add(1).relu();
      return v.where(listed.logicalNot().unsqueeze(1), 0).sum([1, 2]).div(61);
    };
    for (const reduction of ['mean', 'sum'] as const)
      compare(
        x,
        (t) => F.multilabelMarginLoss(t, padded, { reduction }),
        (t) => losses(t)[reduction](),
      );
    compare(x, (t) => F.multilabelMarginLoss(t, padded, { reduction: 'none' }), losses);
  });

  test("a label after −1 doesn't count, one before must be a class", () => {
    setEngine(engine);
    const x = ones([2, 3]);
    expect(
      F.multilabelMarginLoss(
        x,
        tensor(
          [
            [0, -1, 9],
            [-1, 9, 9],
          ],
          int,
        ),
      ).itemSync(),
    ).toBeCloseTo(1 / 3);
    expect(() =>
      F.multilabelMarginLoss(
        x,
        tensor(
          [
            [0, -1, 9],
            [1, 7, -1],
          ],
          int,
        ),
      ),
    ).toThrow(
      new IndexError('multilabelMarginLoss', "target 7 at position 4 isn't a class; there are 3 (0 to 2)"),
    );
  });

  test('ctcLoss is its composition', () => {
    setEngine(engine);
    manualSeed(8);
    const [inputs, lengths] = [
      [40, 33, 2, 40],
      [12, 0, 3, 17],
    ];
    const x = randn([40, 4, 6], f64).logSoftmax(-1);
    const targets = randint(1, 6, [32]);
    for (const zeroInfinity of [false, true]) {
      const sequences = { inputs, lengths, offsets: [0, 12, 12, 15], blank: 0, zeroInfinity };
      compare(
        x,
        (t) => F.ctcLoss(t, targets, inputs, lengths, { reduction: 'none', zeroInfinity }),
        (t) => composedCtc(t, targets, sequences),
      );
    }
  });

  test("ctcLoss of a class that can't be", () => {
    setEngine(engine);
    const x = tensor([
      [0.5, 0.5, 0],
      [0.5, 0, 0.5],
    ])
      .log()
      .requiresGrad_();
    const loss = F.ctcLoss(x, tensor([1, 2], int), 2, 2, { reduction: 'sum' });
    expect(loss.itemSync()).toBeCloseTo(-Math.log(0.25));
    loss.backward();
    expect([...x.grad!.dataSync()]).toEqual(
      [0, -1, 0, 0, 0, -1].map((v) => (v === 0 ? expect.closeTo(0) : expect.closeTo(v))),
    );
    expect(F.ctcLoss(x, tensor([2, 1], int), 2, 2).itemSync()).toBe(Number.POSITIVE_INFINITY);
  });
});
