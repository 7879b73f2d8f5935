import { ArgumentError, IndexError, ShapeError } from '../../../src/core/errors.js';
import {
  broadcastTensors,
  broadcastTo,
  flatten,
  moveaxis,
  movedim,
  permute,
  ravel,
  reshape,
  squeeze,
  swapaxes,
  swapdims,
  t,
  transpose,
  unflatten,
  unsqueeze,
  zeros,
} from '../../../src/index.js';
import { mask, normal, type OpRow } from '../table.js';

const x = (...shape: number[]) => [normal(shape)];

export const rows: OpRow[] = [
  {
    op: 'reshape',
    gradgrad: true,
    samples: [
      { inputs: x(2, 3, 4), ours: (a) => reshape(a, [4, -1]), torch: 'x0.reshape(4, -1)' },
      { inputs: x(2, 3, 4), ours: (a) => reshape(a, [3, 2, 2, 2]), torch: 'x0.reshape(3, 2, 2, 2)' },
      { inputs: x(), ours: (a) => reshape(a, [1, 1]), torch: 'x0.reshape(1, 1)' },
      { inputs: x(1, 1), ours: (a) => reshape(a, []), torch: 'x0.reshape(())' },
      { inputs: x(0, 3), ours: (a) => reshape(a, [3, 0, 2]), torch: 'x0.reshape(3, 0, 2)' },
      { inputs: x(4, 1, 3), ours: (a) => reshape(a, [1, 2, 1, 2, 3]), torch: 'x0.reshape(1, 2, 1, 2, 3)' },
      { inputs: [mask([2, 3])], ours: (a) => reshape(a, [6]), torch: 'x0.reshape(6)', dtypes: ['bool'] },
      { inputs: x(2, 6), ours: (a) => a.reshapeAs(zeros([3, 4])), torch: 'x0.reshape(3, 4)' },
    ],
    errors: [
      {
        call: () => zeros([2, 3]).reshape([4, 2]),
        error: ShapeError,
        message: /reshape: 6 elements don't fit[\s\S]*\[2, 3\][\s\S]*\[4, 2\]/,
      },
      {
        call: () => zeros([2, 3]).reshape([4, -1]),
        error: ShapeError,
        message: /6 elements can't be divided by 4/,
      },
      { call: () => zeros([2, 3]).reshape([-1, -1]), error: ShapeError, message: /one of them may be −1/ },
      { call: () => zeros([0, 3]).reshape([0, -1]), error: ShapeError, message: /−1 beside a length of 0/ },
      {
        call: () => zeros([2, 3]).transpose(0, 1).view([6]),
        error: ShapeError,
        message: /view: no view of this memory[\s\S]*hint: reshape\(\) copies/,
      },
    ],
  },
  {
    op: 'flatten',
    samples: [
      { inputs: x(2, 3, 4, 2), ours: (a) => flatten(a), torch: 'x0.flatten()' },
      { inputs: x(2, 3, 4, 2), ours: (a) => flatten(a, 1), torch: 'x0.flatten(1)' },
      {
        inputs: x(2, 3, 4, 2),
        ours: (a) => flatten(a, { startDim: 1, endDim: -2 }),
        torch: 'x0.flatten(1, -2)',
      },
      { inputs: x(), ours: (a) => flatten(a), torch: 'x0.flatten()' },
      { inputs: x(2, 0, 3), ours: (a) => flatten(a, 1), torch: 'x0.flatten(1)' },
    ],
    errors: [
      {
        call: () => flatten(zeros([2, 3]), 1, 0),
        error: ArgumentError,
        message: /flatten: startDim 1 comes after endDim 0/,
      },
      {
        call: () => flatten(zeros([2, 3]), 2),
        error: IndexError,
        message: /flatten: axis 2 is out of range/,
      },
    ],
  },
  {
    op: 'unflatten',
    large: {
      inputs: x(1024, 1024),
      ours: (a) => unflatten(a, 1, [32, 32]),
      torch: 'x0.unflatten(1, (32, 32))',
    },
    samples: [
      { inputs: x(2, 6), ours: (a) => unflatten(a, 1, [2, 3]), torch: 'x0.unflatten(1, (2, 3))' },
      { inputs: x(6, 2), ours: (a) => unflatten(a, -2, [-1, 2, 1]), torch: 'x0.unflatten(-2, (-1, 2, 1))' },
    ],
    errors: [
      {
        call: () => unflatten(zeros([2, 6]), 1, [4, 2]),
        error: ShapeError,
        message: /unflatten: 6 elements don't fit/,
      },
    ],
  },
  {
    op: 'transpose',
    gradgrad: true,
    samples: [
      { inputs: x(2, 3, 4), ours: (a) => transpose(a, 0, -1), torch: 'x0.transpose(0, -1)' },
      { inputs: x(3, 2), ours: (a) => a.T, torch: 'x0.T' },
      { inputs: x(2, 3, 2), ours: (a) => a.mT, torch: 'x0.mT' },
      { inputs: x(), ours: (a) => transpose(a, 0, -1), torch: 'x0.transpose(0, -1)' },
    ],
    errors: [
      {
        call: () => transpose(zeros([2, 3]), 0, 2),
        error: IndexError,
        message: /transpose: axis 2 is out of range for a tensor of 2 axes/,
      },
      { call: () => zeros([3]).mT, error: ShapeError, message: /mT: needs at least two axes/ },
    ],
  },
  {
    op: 'swapaxes',
    samples: [{ inputs: x(2, 3, 4), ours: (a) => swapaxes(a, 1, 2), torch: 'x0.swapaxes(1, 2)' }],
  },
  {
    op: 'swapdims',
    samples: [{ inputs: x(2, 3, 4), ours: (a) => swapdims(a, 0, 1), torch: 'x0.swapdims(0, 1)' }],
  },
  {
    op: 't',
    samples: [
      { inputs: x(2, 3), ours: (a) => t(a), torch: 'x0.t()' },
      { inputs: x(3), ours: (a) => t(a).mul(1), torch: 'x0.t()' },
    ],
    errors: [{ call: () => t(zeros([1, 2, 3])), error: ShapeError, message: /t: needs at most two axes/ }],
  },
  {
    op: 'permute',
    gradgrad: true,
    samples: [
      { inputs: x(2, 3, 4), ours: (a) => permute(a, [2, 0, 1]), torch: 'x0.permute(2, 0, 1)' },
      { inputs: x(2, 3, 4, 2), ours: (a) => permute(a, [0, -1, 1, 2]), torch: 'x0.permute(0, -1, 1, 2)' },
      { inputs: x(0, 3), ours: (a) => permute(a, [1, 0]), torch: 'x0.permute(1, 0)' },
      { inputs: x(), ours: (a) => permute(a, []), torch: 'x0.permute(())' },
    ],
    errors: [
      {
        call: () => permute(zeros([2, 3]), [0]),
        error: ShapeError,
        message: /permute: \[0\] names 1 axes, x has 2/,
      },
      {
        call: () => permute(zeros([2, 3]), [0, 0]),
        error: ArgumentError,
        message: /permute: an axis is named twice in \[0, 0\]/,
      },
    ],
  },
  {
    op: 'movedim',
    samples: [
      { inputs: x(2, 3, 4), ours: (a) => movedim(a, 0, -1), torch: 'x0.movedim(0, -1)' },
      { inputs: x(2, 3, 4, 5), ours: (a) => movedim(a, [3, 0], [0, 2]), torch: 'x0.movedim((3, 0), (0, 2))' },
    ],
    errors: [
      {
        call: () => movedim(zeros([2, 3]), [0, 1], 0),
        error: ArgumentError,
        message: /movedim: 2 axes to move, but 1 places/,
      },
    ],
  },
  {
    op: 'moveaxis',
    samples: [{ inputs: x(2, 3, 4), ours: (a) => moveaxis(a, 2, 0), torch: 'x0.moveaxis(2, 0)' }],
  },
  {
    op: 'squeeze',
    samples: [
      { inputs: x(1, 3, 1, 2), ours: (a) => squeeze(a), torch: 'x0.squeeze()' },
      { inputs: x(1, 3, 1, 2), ours: (a) => squeeze(a, 2), torch: 'x0.squeeze(2)' },
      { inputs: x(1, 3, 1, 2), ours: (a) => squeeze(a, 1), torch: 'x0.squeeze(1)' },
      { inputs: x(1, 3, 1, 2), ours: (a) => squeeze(a, [0, -2]), torch: 'x0.squeeze(-2).squeeze(0)' },
      { inputs: x(1), ours: (a) => squeeze(a), torch: 'x0.squeeze()' },
    ],
    errors: [{ call: () => squeeze(zeros([1, 2]), 2), error: IndexError, message: /squeeze: axis 2/ }],
  },
  {
    op: 'unsqueeze',
    samples: [
      { inputs: x(2, 3), ours: (a) => unsqueeze(a, 1), torch: 'x0.unsqueeze(1)' },
      { inputs: x(2, 3), ours: (a) => unsqueeze(a, -1), torch: 'x0.unsqueeze(-1)' },
      { inputs: x(), ours: (a) => unsqueeze(a, 0), torch: 'x0.unsqueeze(0)' },
    ],
    errors: [{ call: () => unsqueeze(zeros([2]), 2), error: IndexError, message: /unsqueeze: axis 2/ }],
  },
  {
    op: 'expand',
    gradgrad: true,
    samples: [
      { inputs: x(3, 1), ours: (a) => a.expand([2, -1, 4]), torch: 'x0.expand(2, -1, 4)' },
      { inputs: x(), ours: (a) => a.expand([2, 2]), torch: 'x0.expand(2, 2)' },
      { inputs: x(1, 2), ours: (a) => a.expand([0, 2]), torch: 'x0.expand(0, 2)' },
      {
        inputs: [normal([1, 3]), normal([2, 3])],
        ours: (a, b) => a.expandAs(b).mul(b),
        torch: 'x0.expand_as(x1) * x1',
      },
    ],
    errors: [
      {
        call: () => zeros([2, 3]).expand([4, 3]),
        error: ShapeError,
        message: /expand: axis 0 can't grow from 2 to 4[\s\S]*hint/,
      },
      { call: () => zeros([2, 3]).expand([3]), error: ShapeError, message: /2 axes don't fit in 1/ },
      { call: () => zeros([3]).expand([-1, 3]), error: ShapeError, message: /the new axis 0 needs a length/ },
    ],
  },
  {
    op: 'broadcastTo',
    large: {
      inputs: x(1024, 1),
      ours: (a) => broadcastTo(a, [2, 1024, 512]),
      torch: 'x0.broadcast_to((2, 1024, 512))',
    },
    samples: [
      { inputs: x(3, 1), ours: (a) => broadcastTo(a, [2, 3, 2]), torch: 'x0.broadcast_to((2, 3, 2))' },
    ],
    errors: [
      {
        call: () => broadcastTo(zeros([2]), [3]),
        error: ShapeError,
        message: /broadcastTo: axis 0 can't grow from 2 to 3/,
      },
    ],
  },
  {
    op: 'broadcastTensors',
    samples: [
      {
        inputs: [normal([3, 1]), normal([2, 1, 4])],
        ours: (a, b) => broadcastTensors(a, b),
        torch: 'torch.broadcast_tensors(x0, x1)',
      },
    ],
    errors: [
      {
        call: () => broadcastTensors(zeros([2]), zeros([3])),
        error: ShapeError,
        message: /broadcastTensors: shapes don't broadcast/,
      },
    ],
  },
  {
    op: 'ravel',
    gradgrad: true,
    samples: [
      { inputs: [normal([3, 4])], ours: (x) => x.ravel(), torch: 'x0.ravel()' },
      { inputs: [normal([3, 4])], ours: (x) => x.t().ravel(), torch: 'x0.t().ravel()' },
      { inputs: [normal([])], ours: (x) => ravel(x), torch: 'x0.ravel()' },
    ],
  },
];
