import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DTypeError, ShapeError } from '../../../src/core/errors.js';
import { onWarning, type Warning } from '../../../src/core/warn.js';
import * as F from '../../../src/functional.js';
import { arange, ones, type Tensor, tensor, zeros } from '../../../src/index.js';

const warnings: Warning[] = [];
beforeEach(() => {
  warnings.length = 0;
  onWarning((warning) => warnings.push(warning));
});
afterEach(() => {
  onWarning(null);
});

describe('a target of another shape', () => {
  const broadcasting: Record<string, (x: Tensor, target: Tensor) => Tensor> = {
    mseLoss: F.mseLoss,
    l1Loss: F.l1Loss,
    smoothL1Loss: F.smoothL1Loss,
    huberLoss: F.huberLoss,
    hingeEmbeddingLoss: F.hingeEmbeddingLoss,
    klDiv: F.klDiv,
    poissonNllLoss: F.poissonNllLoss,
    gaussianNllLoss: (x, target) => F.gaussianNllLoss(x, target, ones([3, 1])),
  };

  test.each(Object.entries(broadcasting))('%s warns once', (operation, loss) => {
    loss(ones([3, 1]), ones([3, 1]));
    expect(warnings).toEqual([]);
    loss(ones([3, 1]), ones([3]));
    loss(ones([3, 1]), ones([3]));
    expect(warnings).toEqual([
      {
        operation,
        message:
          "the target's shape [3] isn't that of x, [3, 1]: they broadcast to [3, 3], " +
          'which is probably a mistake; give both the same shape',
      },
    ]);
  });

  test.each([
    ['binaryCrossEntropy', () => F.binaryCrossEntropy(ones([3, 1]), ones([3]))],
    ['binaryCrossEntropyWithLogits', () => F.binaryCrossEntropyWithLogits(ones([3, 1]), ones([3]))],
    ['multilabelSoftMarginLoss', () => F.multilabelSoftMarginLoss(ones([3, 1]), ones([3]))],
    ['softMarginLoss', () => F.softMarginLoss(ones([3, 1]), ones([3]))],
    ['marginRankingLoss', () => F.marginRankingLoss(ones([3, 1]), ones([3, 1]), ones([3]))],
  ])('%s throws', (operation, call) => {
    expect(call).toThrow(ShapeError);
    const problems: Readonly<Record<string, string>> = {
      marginRankingLoss: 'the three need the same number of axes',
      softMarginLoss: "the target doesn't broadcast to x",
    };
    expect(call).toThrow(
      new RegExp(`^${operation}: ${problems[operation] ?? 'x and target need the same shape'}`),
    );
  });
});

describe('classes that are floating numbers', () => {
  const hint = "tensor([0, 1, 2], { dtype: 'int32' }) makes them, to('int32') converts them";
  const [x, classes] = [ones([3, 3]), tensor([0, 1, 2])];

  test('crossEntropy takes them for probabilities', () => {
    expect(() => F.crossEntropy(x, classes)).toThrow(ShapeError);
    expect(() => F.crossEntropy(x, classes)).toThrow(`\n  hint: class indices must be integers: ${hint}`);
    expect(F.crossEntropy(x, arange(3)).itemSync()).toBeCloseTo(Math.log(3));
  });

  test.each([
    ['nllLoss', () => F.nllLoss(x, classes)],
    ['multiMarginLoss', () => F.multiMarginLoss(x, classes)],
    ['multilabelMarginLoss', () => F.multilabelMarginLoss(x, x)],
    ['ctcLoss', () => F.ctcLoss(zeros([4, 3]), classes, 4, 3)],
  ])('%s', (operation, call) => {
    expect(call).toThrow(DTypeError);
    expect(call).toThrow(
      `${operation}: targets are class indices, which must be integers, got float32\n  hint: ${hint}`,
    );
  });

  test.each([
    ['embedding', () => F.embedding(classes, x)],
    ['oneHot', () => F.oneHot(classes)],
    ['gather', () => x.gather(1, classes.unsqueeze(1))],
    ['indexSelect', () => x.indexSelect(0, classes)],
  ])('%s', (operation, call) => {
    expect(call).toThrow(`${operation}: indices must be int32, got float32\n  hint: ${hint}`);
  });
});
