/** Values for which a function has no result, where PyTorch throws or gives nonsense. */
import { expect, test } from 'vitest';
import { ArgumentError, ShapeError } from '../../src/core/errors.js';
import * as F from '../../src/functional.js';
import { ones, std, type Tensor, tensor, varMean, zeros } from '../../src/index.js';
import * as nn from '../../src/nn/index.js';

test('binaryCrossEntropy takes probabilities', () => {
  for (const [bad, target] of [
    [1.5, 1],
    [1.5, 0],
    [-0.5, 1],
    [-0.5, 0],
    [NaN, 0.5],
    [Infinity, 0],
  ] as const)
    for (const reduction of ['mean', 'sum', 'none'] as const)
      expect(() => F.binaryCrossEntropy(tensor([0.5, bad]), tensor([1, target]), { reduction })).toThrow(
        `binaryCrossEntropy: x must hold probabilities, from 0 to 1, but has ${bad}\n  hint: binaryCrossEntropyWithLogits`,
      );
  const ends = F.binaryCrossEntropy(tensor([0, 1, 0.5]), tensor([0, 1, 2]), { reduction: 'none' });
  expect(ends.toArraySync()).toEqual([0, -0, expect.closeTo(Math.LN2)]);
  expect(F.binaryCrossEntropy(tensor([0.5]), tensor([NaN])).itemSync()).toBeNaN();
});

test('gaussianNllLoss takes no negative variance', () => {
  const x = zeros([3]);
  expect(() => F.gaussianNllLoss(x, x, tensor([1, -2, NaN]))).toThrow(ArgumentError);
  expect(() => F.gaussianNllLoss(x, x, tensor([1, -2, NaN]))).toThrow(
    /^gaussianNllLoss: variances must be at least 0, one is -2\n {2}hint: apply softplus or exp/,
  );
  expect(F.gaussianNllLoss(x, x, tensor([-0, 1, 1])).itemSync()).toBeCloseTo(Math.log(1e-6) / 6);
});

test('the target of softMarginLoss broadcasts to x, not x to it', () => {
  expect(() => F.softMarginLoss(ones([4]), ones([3, 4]))).toThrow(ShapeError);
  expect(() => F.softMarginLoss(ones([4]), ones([3, 4]))).toThrow(
    /^softMarginLoss: the target doesn't broadcast to x\n {2}x +\[4\]\n {2}target +\[3, 4\]$/,
  );
  expect(F.softMarginLoss(ones([3, 4]), ones([4])).shape).toEqual([]);
});

test('the correction of a variance is a finite number', () => {
  for (const correction of [NaN, Infinity])
    for (const [name, f] of Object.entries({ std, var: (x: Tensor, o: object) => x.var(o), varMean }))
      expect(() => f(ones([3]), { correction })).toThrow(
        `${name}: correction must be a finite number, got ${correction}`,
      );
  expect(tensor([1, 2, 4]).var({ correction: -1 }).itemSync()).toBeCloseTo(1.1666667);
});

test('the order of a norm is a number', () => {
  expect(() => ones([3]).norm({ p: 1 } as never)).toThrow(
    /^norm: p must be a number, or 'fro', got \{ p \}\n {2}hint: pass p before the options, without its name$/,
  );
  expect(() => ones([3]).norm('nuc' as never)).toThrow(/^norm: p must be a number, or 'fro', got 'nuc'/);
  for (const p of [0, -1, NaN, Infinity]) {
    expect(() => F.lpPool1d(ones([1, 4]), p, 2)).toThrow(
      `lpPool1d: p must be a finite number above 0, got ${p}`,
    );
    expect(() => F.lpPool2d(ones([1, 4, 4]), p, 2)).toThrow(
      `lpPool2d: p must be a finite number above 0, got ${p}`,
    );
    expect(() => new nn.LPPool2d(p, 2)).toThrow(
      `LPPool2d: normType must be a finite number above 0, got ${p}`,
    );
  }
});

test("running statistics that repeat or share elements can't be written to", () => {
  const x = ones([4, 3, 2]);
  const repeated = zeros([1]).expand([3]);
  const both = ones([4]);
  const train = { training: true };
  expect(() => F.batchNorm(x, repeated, ones([3]), train)).toThrow(ShapeError);
  expect(() => F.batchNorm(x, repeated, ones([3]), train)).toThrow(
    /^batchNorm: the runningMean repeats elements in memory\n {2}runningMean +\[3\] +strides \[0\]\n {2}hint: clone\(\) it first$/,
  );
  expect(() => F.batchNorm(x, zeros([3]), repeated, train)).toThrow(/the runningVar repeats elements/);
  expect(() => F.batchNorm(x, both.narrow(0, 0, 3), both.narrow(0, 1, 3), train)).toThrow(
    /^batchNorm: runningMean and runningVar share elements in memory\n {2}hint: clone\(\) one$/,
  );
  expect(() => F.instanceNorm(x, { runningMean: repeated, runningVar: ones([3]) })).toThrow(
    /^instanceNorm: the runningMean repeats elements/,
  );
  expect(repeated.toArraySync()).toEqual([0, 0, 0]);
  expect(F.batchNorm(x, repeated, ones([1]).expand([3])).shape).toEqual([4, 3, 2]);
});
