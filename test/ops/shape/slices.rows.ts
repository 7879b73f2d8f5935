import { ArgumentError, IndexError, ShapeError } from '../../../src/core/errors.js';
import { chunk, diagonal, narrow, select, split, unbind, zeros } from '../../../src/index.js';
import { mask, normal, type OpRow } from '../table.js';

const x = (...shape: number[]) => [normal(shape)];

export const rows: OpRow[] = [
  {
    op: 'select',
    gradgrad: true,
    samples: [
      { inputs: x(3, 4), ours: (a) => select(a, 0, 1), torch: 'x0.select(0, 1)' },
      { inputs: x(3, 4, 2), ours: (a) => select(a, -2, -1), torch: 'x0.select(-2, -1)' },
      { inputs: x(3), ours: (a) => select(a, 0, 2), torch: 'x0.select(0, 2)' },
    ],
    errors: [
      {
        call: () => select(zeros([3, 2]), 0, 3),
        error: IndexError,
        message: /select: index 3 is out of range for axis 0 of length 3/,
      },
      {
        call: () => select(zeros([]), 0, 0),
        error: IndexError,
        message: /select: axis 0 of a tensor without axes/,
      },
    ],
  },
  {
    op: 'narrow',
    gradgrad: true,
    samples: [
      { inputs: x(5, 3), ours: (a) => narrow(a, 0, 1, 3), torch: 'x0.narrow(0, 1, 3)' },
      { inputs: x(2, 5), ours: (a) => narrow(a, 1, -2, 2), torch: 'x0.narrow(1, -2, 2)' },
      { inputs: x(2, 5), ours: (a) => narrow(a, 1, 5, 0), torch: 'x0.narrow(1, 5, 0)' },
    ],
    errors: [
      {
        call: () => narrow(zeros([5]), 0, 3, 3),
        error: IndexError,
        message: /narrow: start 3 and length 3 don't fit in axis 0 of length 5/,
      },
    ],
  },
  {
    op: 'slice',
    gradgrad: true,
    samples: [
      { inputs: x(7, 3), ours: (a) => a.slice(0, 1, -1, 2), torch: 'x0[1:-1:2]' },
      { inputs: x(3, 7), ours: (a) => a.slice(1, null, 100, 3), torch: 'x0[:, :100:3]' },
      { inputs: x(3, 7), ours: (a) => a.slice(1, 5, 2), torch: 'x0[:, 5:2]' },
      { inputs: x(4), ours: (a) => a.slice(0, -100, -1), torch: 'x0[-100:-1]' },
    ],
    errors: [
      {
        call: () => zeros([5]).slice(0, 0, 3, 0),
        error: ArgumentError,
        message: /slice: the step of a range must be a positive integer, got 0[\s\S]*flip/,
      },
      {
        call: () => zeros([5]).slice(0, Number.NaN),
        error: ArgumentError,
        message: /slice: the start of a range/,
      },
    ],
  },
  {
    op: 'diagonal',
    gradgrad: true,
    samples: [
      { inputs: x(3, 4), ours: (a) => diagonal(a), torch: 'x0.diagonal()' },
      { inputs: x(3, 4), ours: (a) => diagonal(a, { offset: 2 }), torch: 'x0.diagonal(2)' },
      { inputs: x(4, 3), ours: (a) => diagonal(a, { offset: -3 }), torch: 'x0.diagonal(-3)' },
      {
        inputs: x(2, 3, 4),
        ours: (a) => diagonal(a, { offset: 1, dim1: 2, dim2: 0 }),
        torch: 'x0.diagonal(1, 2, 0)',
      },
      { inputs: x(3, 3), ours: (a) => diagonal(a, { offset: 5 }), torch: 'x0.diagonal(5)' },
    ],
    errors: [
      { call: () => diagonal(zeros([3])), error: ShapeError, message: /diagonal: needs two axes/ },
      {
        call: () => diagonal(zeros([3, 3]), { dim2: 0 }),
        error: ArgumentError,
        message: /dim1 and dim2 are both axis 0/,
      },
    ],
  },
  {
    op: 'unfold (method)',
    gradgrad: true,
    samples: [
      { inputs: x(7), ours: (a) => a.unfold(0, 3, 2), torch: 'x0.unfold(0, 3, 2)' },
      { inputs: x(2, 6, 3), ours: (a) => a.unfold(1, 2, 1), torch: 'x0.unfold(1, 2, 1)' },
      { inputs: x(2, 6), ours: (a) => a.unfold(1, 2, 4), torch: 'x0.unfold(1, 2, 4)' },
      {
        inputs: x(5, 4),
        ours: (a) => a.unfold(0, 2, 2).unfold(1, 3, 1),
        torch: 'x0.unfold(0, 2, 2).unfold(1, 3, 1)',
      },
    ],
    errors: [
      {
        call: () => zeros([3]).unfold(0, 4, 1),
        error: ArgumentError,
        message: /unfold: windows of 4 elements don't fit in axis 0 of length 3/,
      },
      {
        call: () => zeros([3]).unfold(0, 2, 0),
        error: ArgumentError,
        message: /unfold: the step must be a positive integer/,
      },
    ],
  },
  {
    op: 'split',
    samples: [
      { inputs: x(5, 2), ours: (a) => split(a, 2), torch: 'x0.split(2)' },
      { inputs: x(2, 5), ours: (a) => split(a, [1, 3, 1], 1), torch: 'x0.split([1, 3, 1], 1)' },
      { inputs: x(2, 5), ours: (a) => split(a, 7, -1), torch: 'x0.split(7, -1)' },
      { inputs: [mask([4])], ours: (a) => split(a, [0, 4]), torch: 'x0.split([0, 4])', dtypes: ['bool'] },
    ],
    errors: [
      {
        call: () => split(zeros([5]), [2, 2]),
        error: ShapeError,
        message: /split: pieces of \[2, 2\] don't add up to axis 0 of length 5/,
      },
      {
        call: () => split(zeros([5]), 0),
        error: ArgumentError,
        message: /split: the length of a piece must be a positive integer, got 0/,
      },
    ],
  },
  {
    op: 'chunk',
    samples: [
      { inputs: x(7, 2), ours: (a) => chunk(a, 3), torch: 'x0.chunk(3)' },
      { inputs: x(2, 5), ours: (a) => chunk(a, 4, 1), torch: 'x0.chunk(4, 1)' },
      { inputs: x(2, 0), ours: (a) => chunk(a, 2, 1), torch: 'x0.chunk(2, 1)' },
    ],
    errors: [
      { call: () => chunk(zeros([5]), 0), error: ArgumentError, message: /chunk: the number of pieces/ },
    ],
  },
  {
    op: 'unbind',
    samples: [
      { inputs: x(3, 2), ours: (a) => unbind(a), torch: 'x0.unbind()' },
      { inputs: x(2, 3, 2), ours: (a) => unbind(a, 1), torch: 'x0.unbind(1)' },
    ],
    errors: [
      {
        call: () => unbind(zeros([])),
        error: IndexError,
        message: /unbind: axis 0 of a tensor without axes/,
      },
    ],
  },
];
