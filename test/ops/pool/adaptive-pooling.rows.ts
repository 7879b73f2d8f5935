import { ArgumentError, DTypeError, EngineError, IndexError, ShapeError } from '../../../src/core/errors.js';
import * as F from '../../../src/functional.js';
import { ones, zeros } from '../../../src/index.js';
import { distinct, normal, type OpRow, values } from '../table.js';

export const rows: OpRow[] = [
  {
    op: 'adaptiveAvgPool1d',
    gradgrad: true,
    samples: [
      {
        inputs: [normal([2, 3, 11])],
        ours: (x) => F.adaptiveAvgPool1d(x, 4),
        torch: 'F.adaptive_avg_pool1d(x0, 4)',
      },
    ],
  },
  {
    op: 'adaptiveAvgPool2d',
    gradgrad: true,
    samples: [
      {
        inputs: [normal([2, 3, 7, 5])],
        ours: (x) => F.adaptiveAvgPool2d(x, 1),
        torch: 'F.adaptive_avg_pool2d(x0, 1)',
      },
      {
        inputs: [normal([2, 9, 11])],
        ours: (x) => F.adaptiveAvgPool2d(x, [3, 4]),
        torch: 'F.adaptive_avg_pool2d(x0, (3, 4))',
      },
      {
        inputs: [normal([1, 2, 5, 6])],
        ours: (x) => F.adaptiveAvgPool2d(x, [7, null]),
        torch: 'F.adaptive_avg_pool2d(x0, (7, None))',
      },
    ],
    errors: [
      {
        call: () => F.adaptiveAvgPool2d(ones([2, 3]), 1),
        error: ShapeError,
        message: /^adaptiveAvgPool2d: x needs 4 axes, or 3 without a batch/,
      },
      {
        call: () => F.adaptiveAvgPool2d(ones([2, 3, 4, 4]), [1, 2, 3]),
        error: ArgumentError,
        message: /^adaptiveAvgPool2d: outputSize has 3 numbers, needs one or 2$/,
      },
    ],
  },
  {
    op: 'adaptiveAvgPool3d',
    gradgrad: true,
    samples: [
      {
        inputs: [normal([1, 2, 4, 5, 6])],
        ours: (x) => F.adaptiveAvgPool3d(x, [2, 3, 4]),
        torch: 'F.adaptive_avg_pool3d(x0, (2, 3, 4))',
      },
    ],
  },
  {
    op: 'adaptiveMaxPool1d',
    gradgrad: true,
    samples: [
      {
        inputs: [distinct([2, 3, 11])],
        ours: (x) => F.adaptiveMaxPool1d(x, 4, { returnIndices: true }),
        torch: 'F.adaptive_max_pool1d(x0, 4, return_indices=True)',
      },
    ],
  },
  {
    op: 'adaptiveMaxPool2d',
    gradgrad: true,
    samples: [
      {
        inputs: [distinct([2, 1, 9, 11])],
        ours: (x) => F.adaptiveMaxPool2d(x, [4, 3], { returnIndices: true }),
        torch: 'F.adaptive_max_pool2d(x0, (4, 3), return_indices=True)',
      },
      {
        inputs: [distinct([2, 5, 6])],
        ours: (x) => F.adaptiveMaxPool2d(x, [null, 1]),
        torch: 'F.adaptive_max_pool2d(x0, (None, 1))',
      },
    ],
  },
  {
    op: 'adaptiveMaxPool3d',
    gradgrad: true,
    samples: [
      {
        inputs: [distinct([1, 2, 4, 5, 6])],
        ours: (x) => F.adaptiveMaxPool3d(x, [2, 3, 4]),
        torch: 'F.adaptive_max_pool3d(x0, (2, 3, 4))',
      },
    ],
  },
  {
    op: 'maxUnpool1d',
    gradgrad: true,
    samples: [
      {
        inputs: [normal([1, 2, 3]), values([1, 2, 3], [1, 2, 5, 0, 3, 4], { dtype: 'int32', grad: false })],
        ours: (x, i) => F.maxUnpool1d(x, i, 2),
        torch: 'F.max_unpool1d(x0, x1.long(), 2)',
      },
    ],
  },
  {
    op: 'maxUnpool2d',
    gradgrad: true,
    samples: [
      {
        inputs: [
          normal([1, 1, 2, 3]),
          values([1, 1, 2, 3], [0, 3, 5, 12, 15, 16], { dtype: 'int32', grad: false }),
        ],
        ours: (x, i) => F.maxUnpool2d(x, i, 2),
        torch: 'F.max_unpool2d(x0, x1.long(), 2)',
      },
      {
        inputs: [
          normal([1, 1, 2, 3]),
          values([1, 1, 2, 3], [0, 3, 6, 14, 24, 34], { dtype: 'int32', grad: false }),
        ],
        ours: (x, i) => F.maxUnpool2d(x, i, 2, { outputSize: [5, 7] }),
        torch: 'F.max_unpool2d(x0, x1.long(), 2, output_size=(5, 7))',
      },
    ],
    errors: [
      {
        call: () => F.maxUnpool2d(ones([1, 1, 1, 1]), ones([1, 1, 1, 1], { dtype: 'int32' }).mul(4), 2),
        error: IndexError,
        message: /^maxUnpool2d: index 4 is outside a plane of 4 elements$/,
      },
      {
        call: () => F.maxUnpool2d(ones([1, 1, 1, 1]), zeros([1, 1, 1, 1]), 2),
        error: DTypeError,
        message: /^maxUnpool2d: indices must be int32, got float32$/,
      },
      {
        call: () => F.maxUnpool2d(ones([1, 1, 1, 2]), zeros([1, 1, 1, 1], { dtype: 'int32' }), 2),
        error: ShapeError,
        message: /^maxUnpool2d: each element needs an index/,
      },
      {
        call: () =>
          F.maxUnpool2d(ones([1, 1, 1, 1]), zeros([1, 1, 1, 1], { dtype: 'int32' }), 2, {
            outputSize: [5, 5],
          }),
        error: ArgumentError,
        message:
          /^maxUnpool2d: outputSize \[5, 5\] doesn't pool to x's size; it must be within a stride of \[2, 2\]$/,
      },
      {
        call: () =>
          F.maxUnpool2d(ones([1, 1, 1, 1]), zeros([1, 1, 1, 1], { dtype: 'int32' }), 2, { padding: 5 }),
        error: ArgumentError,
        message: /^maxUnpool2d: padding must be at most half of the kernel's size, 5 is more than half of 2$/,
      },
      {
        call: () =>
          F.maxUnpool2d(ones([1, 1, 2, 2]), zeros([1, 1, 2, 2], { dtype: 'int32' }), 2, { stride: 2 ** 20 }),
        error: EngineError,
        message: /^maxUnpool2d: \[1, 1, 1048578, 1048578\] has 1099515822084 elements, but at most/,
      },
    ],
  },
  {
    op: 'maxUnpool3d',
    gradgrad: true,
    samples: [
      {
        inputs: [
          normal([1, 1, 1, 2, 2]),
          values([1, 1, 1, 2, 2], [1, 19, 14, 31], { dtype: 'int32', grad: false }),
        ],
        ours: (x, i) => F.maxUnpool3d(x, i, 2),
        torch: 'F.max_unpool3d(x0, x1.long(), 2)',
      },
    ],
  },
];
