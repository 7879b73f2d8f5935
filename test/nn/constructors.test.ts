/** Layers refuse what they can't use when they are made, not at the first forward. */
import { expect, test } from 'vitest';
import * as F from '../../src/functional.js';
import { zeros } from '../../src/index.js';
import * as nn from '../../src/nn/index.js';

const wrong = (value: unknown): never => value as never;

test.each<[string, () => unknown]>([
  ["Flatten: startDim must be a whole number, got '1'", () => new nn.Flatten(wrong('1'))],
  ['Flatten: endDim must be a whole number, got 0.5', () => new nn.Flatten(1, 0.5)],
  ['Unflatten: unflattenedSize must be a list, got 4', () => new nn.Unflatten(1, wrong(4))],
  ['Unflatten: dim must be a whole number, got null', () => new nn.Unflatten(wrong(null), [2, 2])],
  ['PixelShuffle: upscaleFactor must be a whole number of at least 1, got 0', () => new nn.PixelShuffle(0)],
  ['PixelUnshuffle: downscaleFactor must be a whole number', () => new nn.PixelUnshuffle(1.5)],
  ['ChannelShuffle: groups must be a whole number', () => new nn.ChannelShuffle(wrong('2'))],
  ["Threshold: threshold must be a number, got 'a'", () => new nn.Threshold(wrong('a'), 1)],
  ['Threshold: value must be a number, got undefined', () => new nn.Threshold(1, wrong(undefined))],
  ["ConstantPad2d: value must be a number, got 'a'", () => new nn.ConstantPad2d(1, wrong('a'))],
  [
    'AdaptiveAvgPool2d: outputSize must be a whole number of at least 0, got -1',
    () => new nn.AdaptiveAvgPool2d(-1),
  ],
  ['AdaptiveMaxPool1d: outputSize has 2 numbers, needs one or 1', () => new nn.AdaptiveMaxPool1d([1, 2])],
  [
    "AvgPool2d: padding must be at most half of the kernel's size, 2 is more than half of 2",
    () => new nn.AvgPool2d(2, { padding: 2 }),
  ],
  ["MaxPool1d: padding must be at most half of the kernel's size", () => new nn.MaxPool1d(3, { padding: 2 })],
  ['Unfold: kernelSize must be a whole number of at least 1, got 0', () => new nn.Unfold(0)],
  ["Fold: outputSize must be a whole number of at least 1, got 'a'", () => new nn.Fold(wrong('a'), 2)],
  ['Upsample: give either size or scaleFactor', () => new nn.Upsample(wrong(undefined))],
])('%s', (message, make) => expect(make).toThrow(message));

test('adaptive pooling to nothing is empty, as in PyTorch', () => {
  const x = zeros([1, 4, 4, 4], { requiresGrad: true });
  for (const pool of [F.adaptiveAvgPool2d, F.adaptiveMaxPool2d]) {
    expect(pool(x, 0).shape).toEqual([1, 4, 0, 0]);
    pool(x, [2, 0]).sum().backward();
  }
  expect(new nn.AdaptiveAvgPool2d([0, null]).forward(x).shape).toEqual([1, 4, 0, 4]);
  expect(x.grad!.sum().itemSync()).toBe(0);
});
