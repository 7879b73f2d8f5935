import { ArgumentError, DTypeError, IndexError, ShapeError } from '../../../src/core/errors.js';
import * as m from '../../../src/index.js';
import { ones, zeros } from '../../../src/index.js';
import { integers, normal, type OpRow } from '../table.js';

export const rows: OpRow[] = [
  {
    op: 'trace',
    gradgrad: true,
    samples: [
      { inputs: [normal([3, 4])], ours: (x) => x.trace(), torch: 'x0.trace()' },
      { inputs: [integers([3, 3], -9, 9)], ours: (x) => m.trace(x), torch: 'x0.trace()', dtypes: ['int32'] },
    ],
    errors: [
      { call: () => ones([3]).trace(), error: ShapeError, message: /^trace: needs a matrix/ },
      {
        call: () => ones([2, 2], { dtype: 'bool' }).trace(),
        error: DTypeError,
        message: /isn't defined for bool/,
      },
    ],
  },
  {
    op: 'vdot',
    gradgrad: true,
    samples: [
      { inputs: [normal([5]), normal([5])], ours: (a, b) => m.vdot(a, b!), torch: 'torch.vdot(x0, x1)' },
    ],
  },
  {
    op: 'cross',
    large: {
      inputs: [normal([350_000, 3]), normal([350_000, 3])],
      ours: (a, b) => a.cross(b!),
      torch: 'torch.cross(x0, x1)',
    },
    gradgrad: true,
    samples: [
      { inputs: [normal([4, 3]), normal([4, 3])], ours: (a, b) => a.cross(b!), torch: 'torch.cross(x0, x1)' },
      {
        inputs: [normal([3, 3]), normal([3, 3])],
        ours: (a, b) => a.cross(b!, 1),
        torch: 'torch.cross(x0, x1, 1)',
      },
      {
        inputs: [normal([2, 1, 3]), normal([2, 4, 3])],
        ours: (a, b) => m.cross(a, b!, -1),
        torch: 'torch.linalg.cross(x0, x1)',
      },
    ],
    errors: [
      {
        call: () => ones([2, 4]).cross(ones([2, 4])),
        error: ShapeError,
        message: /cross: needs an axis of length 3/,
      },
      { call: () => ones([3]).cross(ones([1, 3])), error: ShapeError, message: /the same number of axes/ },
      { call: () => ones([3]).cross(ones([3]), 1), error: IndexError, message: /cross: axis 1/ },
    ],
  },
  {
    op: 'kron',
    large: {
      inputs: [normal([32, 32]), normal([32, 32])],
      ours: (a, b) => a.kron(b!),
      torch: 'torch.kron(x0, x1)',
    },
    gradgrad: true,
    samples: [
      { inputs: [normal([2, 3]), normal([4, 2])], ours: (a, b) => a.kron(b!), torch: 'torch.kron(x0, x1)' },
      {
        inputs: [normal([2]), normal([3, 1, 2])],
        ours: (a, b) => m.kron(a, b!),
        torch: 'torch.kron(x0, x1)',
      },
    ],
  },
  {
    op: 'tensordot',
    gradgrad: true,
    samples: [
      {
        inputs: [normal([2, 3, 4]), normal([3, 4, 5])],
        ours: (a, b) => m.tensordot(a, b!),
        torch: 'torch.tensordot(x0, x1)',
      },
      {
        inputs: [normal([2, 3]), normal([4])],
        ours: (a, b) => m.tensordot(a, b!, 0),
        torch: 'torch.tensordot(x0, x1, 0)',
      },
      {
        inputs: [normal([3, 4, 5]), normal([4, 3, 2])],
        ours: (a, b) =>
          m.tensordot(a, b!, [
            [1, 0],
            [0, 1],
          ]),
        torch: 'torch.tensordot(x0, x1, ([1, 0], [0, 1]))',
      },
    ],
    errors: [
      {
        call: () => m.tensordot(zeros([2, 3]), zeros([4, 5]), 1),
        error: ShapeError,
        message: /the summed axes differ in length/,
      },
      {
        call: () => m.tensordot(zeros([2]), zeros([2]), 2),
        error: ArgumentError,
        message: /from 0 to 1, got 2/,
      },
      {
        call: () => m.tensordot(zeros([2]), zeros([2]), [[0], []]),
        error: ArgumentError,
        message: /two lists of axes of the same length/,
      },
      {
        call: () =>
          m.tensordot(zeros([2, 2]), zeros([2, 2]), [
            [0, 0],
            [0, 1],
          ]),
        error: ArgumentError,
        message: /an axis is named twice in \[0, 0\]/,
      },
    ],
  },
];
