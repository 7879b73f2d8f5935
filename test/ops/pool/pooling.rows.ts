import { ArgumentError, DTypeError, ShapeError } from '../../../src/core/errors.js';
import * as F from '../../../src/functional.js';
import { ones } from '../../../src/index.js';
import { distinct, normal, type OpRow, uniform, values } from '../table.js';

/** Equal elements: the gradient goes to the first. */
const ties = values([1, 1, 4, 6], [1, 1, 2, 2, 0, 3, 1, 1, 2, 2, 3, 3, 0, 0, -1, 5, 5, 5, 0, 0, -1, 5, 5, 5]);

export const rows: OpRow[] = [
  {
    op: 'maxPool1d',
    gradgrad: true,
    samples: [
      { inputs: [distinct([2, 3, 10])], ours: (x) => F.maxPool1d(x, 2), torch: 'F.max_pool1d(x0, 2)' },
      {
        inputs: [distinct([2, 3, 11])],
        ours: (x) => F.maxPool1d(x, 3, { stride: 2, padding: 1, ceilMode: true }),
        torch: 'F.max_pool1d(x0, 3, 2, 1, ceil_mode=True)',
      },
      {
        inputs: [distinct([3, 40])],
        ours: (x) => F.maxPool1d(x, 4, { stride: 1, dilation: 3 }),
        torch: 'F.max_pool1d(x0, 4, 1, 0, 3)',
      },
    ],
    errors: [
      {
        call: () => F.maxPool1d(ones([3]), 2),
        error: ShapeError,
        message: /^maxPool1d: x needs 3 axes, or 2 without a batch\n {2}x {2}\(N, C, L\) {2}\[3\] {2}1 axes$/,
      },
    ],
  },
  {
    op: 'maxPool2d',
    gradgrad: true,
    why: "the gradient of equal elements goes to the first, which finite differences don't see: samples with ties compare with PyTorch only in dtype float32",
    samples: [
      { inputs: [distinct([2, 2, 8, 6])], ours: (x) => F.maxPool2d(x, 2), torch: 'F.max_pool2d(x0, 2)' },
      { inputs: [distinct([1, 2, 24, 24])], ours: (x) => F.maxPool2d(x, 2), torch: 'F.max_pool2d(x0, 2)' },
      { inputs: [distinct([1, 1, 10, 35])], ours: (x) => F.maxPool2d(x, 2), torch: 'F.max_pool2d(x0, 2)' },
      {
        inputs: [distinct([2, 1, 9, 21])],
        ours: (x) => F.maxPool2d(x, 3, { stride: 2, padding: 1 }),
        torch: 'F.max_pool2d(x0, 3, 2, 1)',
      },
      {
        inputs: [distinct([2, 2, 7, 9])],
        ours: (x) =>
          F.maxPool2d(x, [3, 2], { stride: [1, 3], padding: [1, 0], dilation: [2, 1], ceilMode: true }),
        torch: 'F.max_pool2d(x0, (3, 2), (1, 3), (1, 0), (2, 1), ceil_mode=True)',
      },
      {
        inputs: [distinct([2, 5, 7])],
        ours: (x) => F.maxPool2d(x, 3, { stride: 1, padding: 1, returnIndices: true }),
        torch: 'F.max_pool2d(x0, 3, 1, 1, return_indices=True)',
      },
      { inputs: [distinct([0, 2, 5, 7])], ours: (x) => F.maxPool2d(x, 3), torch: 'F.max_pool2d(x0, 3)' },
      {
        inputs: [ties],
        dtypes: ['float32'],
        ours: (x) => F.maxPool2d(x, 3, { stride: 1, returnIndices: true }),
        torch: 'F.max_pool2d(x0, 3, 1, return_indices=True)',
      },
      {
        inputs: [
          values(
            [1, 1, 2, 8],
            [1, Number.NaN, 3, 4, 5, 6, 7, Number.NaN, Number.NaN, 2, 3, 4, -Infinity, 0, 1, 1],
            { grad: false },
          ),
        ],
        ours: (x) => F.maxPool2d(x, 2, { returnIndices: true }),
        torch: 'F.max_pool2d(x0, 2, return_indices=True)',
      },
    ],
    errors: [
      {
        call: () => F.maxPool2d(ones([1, 1, 3, 4]), 4),
        error: ShapeError,
        message:
          /^maxPool2d: the window is larger than the padded input\n {2}x(?:.|\n)*kernel .*\[4, 4\] +spans \[4, 4\]$/,
      },
      {
        call: () => F.maxPool2d(ones([1, 1, 3, 1]), 2, { stride: 1, padding: 1, dilation: 2 }),
        error: ShapeError,
        message:
          /^maxPool2d: a window is all padding\n(?:.|\n)*padding \[1, 1\], dilation \[2, 2\]\n {2}hint: use less/,
      },
      {
        call: () => F.maxPool2d(ones([1, 1, 3, 4]), 2, { padding: 2 }),
        error: ArgumentError,
        message: /^maxPool2d: padding must be at most half of the kernel's size, 2 is more than half of 2$/,
      },
      {
        call: () => F.maxPool2d(ones([1, 1, 3, 4], { dtype: 'int32' }), 2),
        error: DTypeError,
        message: /^maxPool2d: needs float32 or float64, x is int32$/,
      },
      {
        call: () => F.maxPool2d(ones([1, 0, 3, 4]), 2),
        error: ShapeError,
        message: /^maxPool2d: only the batch may be empty/,
      },
      {
        call: () => F.maxPool2d(ones([1, 1, 3, 4]), [2, 2, 2]),
        error: ArgumentError,
        message: /^maxPool2d: kernelSize has 3 numbers, needs one or 2$/,
      },
    ],
  },
  {
    op: 'maxPool3d',
    gradgrad: true,
    samples: [
      {
        inputs: [distinct([1, 2, 5, 6, 7])],
        ours: (x) => F.maxPool3d(x, 3, { stride: 2, padding: 1 }),
        torch: 'F.max_pool3d(x0, 3, 2, 1)',
      },
      {
        inputs: [distinct([2, 4, 6, 4])],
        ours: (x) => F.maxPool3d(x, [2, 3, 2], { returnIndices: true }),
        torch: 'F.max_pool3d(x0, (2, 3, 2), return_indices=True)',
      },
    ],
  },
  {
    op: 'avgPool1d',
    gradgrad: true,
    samples: [
      { inputs: [normal([2, 3, 10])], ours: (x) => F.avgPool1d(x, 2), torch: 'F.avg_pool1d(x0, 2)' },
      {
        inputs: [normal([3, 11])],
        ours: (x) => F.avgPool1d(x, 3, { stride: 2, padding: 1, ceilMode: true, countIncludePad: false }),
        torch: 'F.avg_pool1d(x0, 3, 2, 1, True, False)',
      },
    ],
  },
  {
    op: 'avgPool2d',
    gradgrad: true,
    samples: [
      { inputs: [normal([2, 2, 8, 6])], ours: (x) => F.avgPool2d(x, 2), torch: 'F.avg_pool2d(x0, 2)' },
      {
        inputs: [normal([2, 1, 9, 21])],
        ours: (x) => F.avgPool2d(x, 3, { stride: 2, padding: 1 }),
        torch: 'F.avg_pool2d(x0, 3, 2, 1)',
      },
      {
        inputs: [normal([1, 2, 7, 10])],
        ours: (x) =>
          F.avgPool2d(x, [3, 2], { stride: [1, 3], padding: [1, 0], ceilMode: true, countIncludePad: false }),
        torch: 'F.avg_pool2d(x0, (3, 2), (1, 3), (1, 0), True, False)',
      },
      {
        inputs: [normal([2, 5, 7])],
        ours: (x) => F.avgPool2d(x, 3, { stride: 1, padding: 1, ceilMode: true, divisorOverride: 5 }),
        torch: 'F.avg_pool2d(x0, 3, 1, 1, True, True, 5)',
      },
      { inputs: [normal([0, 2, 5, 7])], ours: (x) => F.avgPool2d(x, 3), torch: 'F.avg_pool2d(x0, 3)' },
    ],
    errors: [
      {
        call: () => F.avgPool2d(ones([1, 1, 3, 4]), 2, { stride: 0 }),
        error: ArgumentError,
        message:
          /^avgPool2d: stride must be a whole number of at least 1, or a list of one for each axis, got 0$/,
      },
    ],
  },
  {
    op: 'avgPool3d',
    gradgrad: true,
    samples: [
      {
        inputs: [normal([1, 2, 5, 6, 7])],
        ours: (x) => F.avgPool3d(x, 3, { stride: 2, padding: 1, countIncludePad: false }),
        torch: 'F.avg_pool3d(x0, 3, 2, 1, count_include_pad=False)',
      },
    ],
  },
  {
    op: 'lpPool1d',
    samples: [
      {
        inputs: [uniform([2, 3, 11], 0.2, 2)],
        ours: (x) => F.lpPool1d(x, 2, 3, { stride: 2 }),
        torch: 'F.lp_pool1d(x0, 2, 3, 2)',
      },
    ],
  },
  {
    op: 'lpPool2d',
    samples: [
      {
        inputs: [uniform([2, 1, 6, 7], 0.2, 2)],
        ours: (x) => F.lpPool2d(x, 3, [2, 3], { ceilMode: true }),
        torch: 'F.lp_pool2d(x0, 3, (2, 3), ceil_mode=True)',
      },
    ],
  },
];
