import { ArgumentError, DTypeError, ShapeError } from '../../../src/core/errors.js';
import {
  cat,
  concat,
  hstack,
  meshgrid,
  repeatInterleave,
  repeatInterleaveAsync,
  stack,
  tensor,
  tile,
  vstack,
  zeros,
} from '../../../src/index.js';
import { integers, mask, normal, type OpRow, values } from '../table.js';

const x = (...shape: number[]) => [normal(shape)];
const two = (a: number[], b: number[]) => [normal(a), normal(b)];

export const rows: OpRow[] = [
  {
    op: 'cat',
    gradgrad: true,
    samples: [
      { inputs: two([2, 3], [1, 3]), ours: (a, b) => cat([a, b]), torch: 'torch.cat([x0, x1])' },
      {
        inputs: two([2, 3], [2, 2]),
        ours: (a, b) => cat([a, b, a], -1),
        torch: 'torch.cat([x0, x1, x0], -1)',
      },
      { inputs: two([2, 0, 3], [2, 2, 3]), ours: (a, b) => cat([a, b], 1), torch: 'torch.cat([x0, x1], 1)' },
      { inputs: two([0], [2, 2]), ours: (a, b) => cat([a, b], 1), torch: 'torch.cat([x0, x1], 1)' },
      {
        inputs: [integers([2, 2], 0, 9), normal([2, 1]), mask([2, 1])],
        ours: (a, b, c) => cat([a, b, c], 1),
        torch: 'torch.cat([x0, x1, x2], 1)',
      },
      {
        inputs: [normal([2], { dtype: 'float32' }), normal([3], { dtype: 'float64' })],
        ours: (a, b) => cat([a, b]),
        torch: 'torch.cat([x0, x1])',
        dtypes: ['float64'],
        grad: false,
      },
    ],
    errors: [
      { call: () => cat([]), error: ArgumentError, message: /cat: needs at least one tensor/ },
      {
        call: () => cat([zeros([2, 3]), zeros([2, 2])]),
        error: ShapeError,
        message: /cat: shapes must match in every axis except 0[\s\S]*tensors\[1\]/,
      },
      { call: () => cat([zeros([]), zeros([])]), error: ShapeError, message: /can't be joined[\s\S]*stack/ },
    ],
  },
  {
    op: 'concat',
    samples: [{ inputs: two([2], [3]), ours: (a, b) => concat([a, b]), torch: 'torch.concat([x0, x1])' }],
  },
  {
    op: 'stack',
    gradgrad: true,
    samples: [
      { inputs: two([2, 3], [2, 3]), ours: (a, b) => stack([a, b]), torch: 'torch.stack([x0, x1])' },
      {
        inputs: two([2, 3], [2, 3]),
        ours: (a, b) => stack([a, b, a], 1),
        torch: 'torch.stack([x0, x1, x0], 1)',
      },
      { inputs: two([2, 3], [2, 3]), ours: (a, b) => stack([a, b], -1), torch: 'torch.stack([x0, x1], -1)' },
      { inputs: two([], []), ours: (a, b) => stack([a, b]), torch: 'torch.stack([x0, x1])' },
    ],
    errors: [
      {
        call: () => stack([zeros([2]), zeros([3])]),
        error: ShapeError,
        message: /stack: shapes must be equal/,
      },
      { call: () => stack([]), error: ArgumentError, message: /stack: needs at least one/ },
    ],
  },
  {
    op: 'hstack',
    samples: [
      { inputs: two([2, 3], [2, 1]), ours: (a, b) => hstack([a, b]), torch: 'torch.hstack([x0, x1])' },
      { inputs: two([2], [3]), ours: (a, b) => hstack([a, b]), torch: 'torch.hstack([x0, x1])' },
      { inputs: two([], [1]), ours: (a, b) => hstack([a, b]), torch: 'torch.hstack([x0, x1])' },
    ],
    errors: [{ call: () => hstack([]), error: ArgumentError, message: /hstack: needs at least one/ }],
  },
  {
    op: 'vstack',
    samples: [
      { inputs: two([2, 3], [1, 3]), ours: (a, b) => vstack([a, b]), torch: 'torch.vstack([x0, x1])' },
      { inputs: two([3], [3]), ours: (a, b) => vstack([a, b]), torch: 'torch.vstack([x0, x1])' },
    ],
    errors: [{ call: () => vstack([]), error: ArgumentError, message: /vstack: needs at least one/ }],
  },
  {
    op: 'repeat',
    gradgrad: true,
    samples: [
      { inputs: x(2, 3), ours: (a) => a.repeat([2, 3]), torch: 'x0.repeat(2, 3)' },
      { inputs: x(2), ours: (a) => a.repeat([3, 2]), torch: 'x0.repeat(3, 2)' },
      { inputs: x(), ours: (a) => a.repeat([2]), torch: 'x0.repeat(2)' },
      { inputs: x(2, 3), ours: (a) => a.repeat([1, 1]), torch: 'x0.repeat(1, 1)' },
      { inputs: x(2, 3), ours: (a) => a.repeat([0, 2]), torch: 'x0.repeat(0, 2)' },
    ],
    errors: [
      {
        call: () => zeros([2, 3]).repeat([2]),
        error: ShapeError,
        message: /repeat: 1 repetitions for 2 axes/,
      },
      {
        call: () => zeros([2]).repeat([-1]),
        error: ArgumentError,
        message: /repeat: repeats must be a whole number of at least 0, got/,
      },
    ],
  },
  {
    op: 'tile',
    samples: [
      { inputs: x(2, 3), ours: (a) => tile(a, [2]), torch: 'x0.tile(2)' },
      { inputs: x(2), ours: (a) => tile(a, [2, 2]), torch: 'x0.tile(2, 2)' },
    ],
    errors: [
      {
        call: () => tile(zeros([2]), [1.5]),
        error: ArgumentError,
        message: /tile: dims must be a whole number/,
      },
    ],
  },
  {
    op: 'repeatInterleave',
    samples: [
      { inputs: x(2, 3), ours: (a) => repeatInterleave(a, 2), torch: 'x0.repeat_interleave(2)' },
      { inputs: x(2, 3), ours: (a) => repeatInterleave(a, 2, 1), torch: 'x0.repeat_interleave(2, 1)' },
      {
        inputs: x(3, 2),
        ours: (a) => repeatInterleave(a, [2, 0, 1], 0),
        torch: 'x0.repeat_interleave(torch.tensor([2, 0, 1]), 0)',
      },
      {
        inputs: [normal([3, 2]), values([3], [1, 3, 2], { dtype: 'int32', grad: false })],
        ours: (a, n) => repeatInterleave(a, n, 0),
        later: (a, n) => repeatInterleaveAsync(a, n, 0),
        torch: 'x0.repeat_interleave(x1, 0)',
      },
    ],
    errors: [
      {
        call: () => repeatInterleave(zeros([3]), [1, 2], 0),
        error: ShapeError,
        message: /2 repetitions for 3 positions of axis 0/,
      },
      {
        call: () => repeatInterleave(zeros([1]), tensor([1.5]), 0),
        error: DTypeError,
        message: /repetitions must be int32, got float32/,
      },
    ],
  },
  {
    op: 'meshgrid',
    large: {
      inputs: two([1000], [1000]),
      ours: (a, b) => meshgrid([a, b]),
      torch: "torch.meshgrid(x0, x1, indexing='ij')",
    },
    samples: [
      {
        inputs: two([2], [3]),
        ours: (a, b) => meshgrid([a, b]),
        torch: "torch.meshgrid(x0, x1, indexing='ij')",
      },
      {
        inputs: [normal([2]), normal([3]), normal([])],
        ours: (a, b, c) => meshgrid([a, b, c], { indexing: 'xy' }),
        torch: "torch.meshgrid(x0, x1, x2, indexing='xy')",
      },
    ],
    errors: [
      {
        call: () => meshgrid([zeros([2, 2])]),
        error: ShapeError,
        message: /meshgrid: needs tensors of one axis/,
      },
      {
        call: () => meshgrid([zeros([2])], { indexing: 'ji' as 'ij' }),
        error: ArgumentError,
        message: /meshgrid: indexing must be 'ij' or 'xy', got 'ji'/,
      },
      { call: () => meshgrid([]), error: ArgumentError, message: /meshgrid: needs at least one/ },
    ],
  },
];
