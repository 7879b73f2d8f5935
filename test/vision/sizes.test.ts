import { expect, test } from 'vitest';
import { ArgumentError } from '../../src/core/errors.js';
import * as F from '../../src/functional.js';
import { type Tensor, zeros } from '../../src/index.js';
import * as nn from '../../src/nn/index.js';
import { convOutputSize, convTransposeOutputSize, poolOutputSize } from '../../src/vision/index.js';

test.each([
  ['no padding, unit strides', 4, 3, { stride: 1, padding: 0 }, 2],
  ['arbitrary padding, unit strides', 5, 4, { stride: 1, padding: 2 }, 6],
  ['half padding, unit strides', 5, 3, { stride: 1, padding: 1 }, 5],
  // The notes print 6 for it; their formula gives ⌊(5 + 4 − 3) / 1⌋ + 1 = 7, as the layer does.
  ['full padding, unit strides', 5, 3, { stride: 1, padding: 2 }, 7],
  ['no padding, arbitrary strides', 5, 3, { stride: 2, padding: 0 }, 2],
  ['arbitrary padding and strides', 6, 3, { stride: 2, padding: 1 }, 3],
])('notes 3.4: %s', (_, input, kernel, options, output) => {
  expect(convOutputSize(input, kernel, options)).toBe(output);
  const layer = new nn.Conv2d(1, 1, kernel, options);
  expect(layer.forward(zeros([1, 1, input, input])).shape.slice(2)).toEqual([output, output]);
});

test("images and kernels that aren't square", () => {
  expect(convOutputSize([5, 7], [3, 4], { stride: [1, 2], padding: [0, 1] })).toEqual([3, 3]);
  expect(convOutputSize([28, 32], 5)).toEqual([24, 28]);
});

test('notes 3.5: trainable weights', () => {
  expect(new nn.Conv2d(3, 1, 3, { bias: false }).numParameters()).toBe(27);
  expect(new nn.Conv2d(3, 5, 8, { bias: false }).numParameters()).toBe(960);
  expect(new nn.Conv2d(3, 5, 8).numParameters()).toBe(960 + 5);
  expect(convOutputSize([28, 28], 8)).toEqual([21, 21]);
  expect(new nn.Conv2d(3, 5, 8).forward(zeros([1, 3, 28, 28])).shape).toEqual([1, 5, 21, 21]);
});

test('notes 3.6, 3.7: pooling, and the sizes inside LargeNet and LeNet-5', () => {
  // ⌊(i − k) / s⌋ + 1, windows side by side unless a stride is given.
  expect(poolOutputSize(4, 2, { stride: 2 })).toBe(2);
  expect(poolOutputSize(5, 2)).toBe(2);
  expect(poolOutputSize(5, 3, { stride: 1 })).toBe(3);
  let size = 32;
  for (const expected of [28, 14, 10, 5]) {
    size = expected === size / 2 ? poolOutputSize(size, 2, { stride: 2 }) : convOutputSize(size, 5);
    expect(size).toBe(expected);
  }
  // A convolution with a stride in the place of pooling.
  expect(convOutputSize(32, 3, { stride: 2, padding: 1 })).toBe(16);
});

test('what is computed is what the layers make', () => {
  const shapeOf = (y: Tensor): readonly number[] => y.shape.slice(2);
  for (const [input, kernel] of [
    [[9, 12], 3],
    [
      [10, 7],
      [2, 3],
    ],
    [
      [8, 8],
      [4, 1],
    ],
  ] as const)
    for (const stride of [1, 2, [3, 2]])
      for (const dilation of [1, 2]) {
        const x = zeros([1, 1, ...input]);
        const k = typeof kernel === 'number' ? [kernel, kernel] : kernel;
        const weight = zeros([1, 1, ...k]);
        const conv = { stride, padding: [1, 0], dilation };
        expect(convOutputSize(input, kernel, conv)).toEqual(shapeOf(F.conv2d(x, weight, null, conv)));
        const transposed = { ...conv, outputPadding: [0, dilation - 1] };
        expect(convTransposeOutputSize(input, kernel, transposed)).toEqual(
          shapeOf(F.convTranspose2d(x, weight, null, transposed)),
        );
        for (const ceilMode of [false, true]) {
          const pool = { stride, padding: [1, 0], dilation, ceilMode };
          expect(poolOutputSize(input, kernel, pool)).toEqual(shapeOf(F.maxPool2d(x, kernel, pool)));
        }
      }
});

test('sizes that make no sense', () => {
  const message = (work: () => unknown): string => {
    expect(work).toThrow(ArgumentError);
    try {
      work();
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  };
  expect(message(() => convOutputSize(3, 5))).toBe(
    'convOutputSize: nothing is left of 3 pixels with a kernel of 5, padding 0, and dilation 1',
  );
  expect(message(() => convTransposeOutputSize(1, 2, { padding: 1 }))).toBe(
    'convTransposeOutputSize: nothing is left of 1 pixels with a kernel of 2, padding 1, and dilation 1',
  );
  expect(message(() => poolOutputSize(2, 3))).toBe(
    'poolOutputSize: nothing is left of 2 pixels with a kernel of 3, padding 0, and dilation 1',
  );
  expect(message(() => convOutputSize(2.5, 1))).toBe(
    'convOutputSize: input must be a whole number of at least 1, got 2.5',
  );
  expect(message(() => poolOutputSize([4, 4], [2, 2, 2]))).toBe(
    'poolOutputSize: kernelSize has 3 numbers, needs one or 2',
  );
  expect(message(() => convOutputSize(4, 2, { stride: 0 }))).toBe(
    'convOutputSize: stride must be a whole number of at least 1, or a list of one for each axis, got 0',
  );
  expect(message(() => convTransposeOutputSize(4, 2, { outputPadding: -1 }))).toBe(
    'convTransposeOutputSize: outputPadding must be a whole number of at least 0, or a list of one for each axis, got -1',
  );
});
