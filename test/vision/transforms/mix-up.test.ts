import { expect, test } from 'vitest';
import * as F from '../../../src/functional.js';
import { Generator, manualSeed, rand, randn, tensor } from '../../../src/index.js';
import { transforms } from '../../../src/vision/index.js';

const { MixUp } = transforms;
const labels = tensor([2, 0, 1], { dtype: 'int32' });

test('each image is mixed with the one before it, and its label in the same shares', () => {
  const images = tensor([1, 10, 100]).reshape([3, 1, 1, 1]);
  const [mixed, targets] = new MixUp(3, { alpha: 0.5 }).forward(images, labels, {
    generator: new Generator(1),
  });
  const share = targets.at(0, 2).itemSync();
  expect(share).toBeGreaterThan(0);
  expect(share).toBeLessThan(1);
  const wanted = [share + (1 - share) * 100, share * 10 + (1 - share), share * 100 + (1 - share) * 10];
  mixed
    .flatten()
    .dataSync()
    .forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i]!, 4);
    });
  const rows = [
    [0, 1 - share, share],
    [share, 0, 1 - share],
    [1 - share, share, 0],
  ];
  targets.dataSync().forEach((value, i) => {
    expect(value).toBeCloseTo(rows.flat()[i]!, 5);
  });
});

test('its loss is that of both labels in their shares', () => {
  manualSeed(0);
  const [logits, images] = [randn([3, 3]), rand([3, 1, 2, 2])];
  const [, targets] = new MixUp(3).forward(images, labels);
  const share = targets.at(0, 2).itemSync();
  const before = tensor([1, 2, 0], { dtype: 'int32' });
  const both =
    share * F.crossEntropy(logits, labels).itemSync() +
    (1 - share) * F.crossEntropy(logits, before).itemSync();
  expect(F.crossEntropy(logits, targets).itemSync()).toBeCloseTo(both, 5);
});

test('shares have the mean and variance of Beta(α, α)', () => {
  const [images, one] = [rand([1, 1, 1, 1]), tensor([0], { dtype: 'int32' })];
  const generator = new Generator(7);
  // Of a single image with itself the target is 1; of two, the first has the share.
  for (const alpha of [0.01, 0.2, 1, 8]) {
    const mixUp = new MixUp(2, { alpha });
    const pair = tensor([0, 1], { dtype: 'int32' });
    const shares = Array.from({ length: 2000 }, () =>
      mixUp
        .forward(images.expand([2, 1, 1, 1]), pair, { generator })[1]
        .at(0, 0)
        .itemSync(),
    );
    const mean = shares.reduce((a, b) => a + b) / shares.length;
    const variance = shares.reduce((sum, x) => sum + (x - mean) ** 2, 0) / shares.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1 / (4 * (2 * alpha + 1)))).toBeLessThan(0.012);
  }
  expect(new MixUp(2).forward(images, one)[1].sum().itemSync()).toBeCloseTo(1, 6);
});

test("what can't be mixed is said", () => {
  const images = rand([3, 1, 2, 2]);
  expect(() => new MixUp(0)).toThrow('MixUp: numClasses must be a positive whole number, got 0');
  expect(() => new MixUp(3, { alpha: 0 })).toThrow('MixUp: alpha must be a finite number above 0, got 0');
  expect(() => new MixUp(3).forward(images.to('uint8'), labels)).toThrow(
    /needs floats, got uint8; use ToTensor first/,
  );
  expect(() => new MixUp(3).forward(images, tensor([1], { dtype: 'int32' }))).toThrow(
    /needs a batch of images and their labels/,
  );
  expect(String(new MixUp(3))).toBe('MixUp(numClasses=3, alpha=1)');
});
