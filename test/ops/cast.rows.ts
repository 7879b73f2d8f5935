import type { DType } from '../../src/core/dtype.js';
import { ArgumentError, clone, ShapeError, zeros } from '../../src/index.js';
import { integers, normal, type OpRow, type Sample, uniform } from './table.js';

const dtypes: readonly DType[] = ['float32', 'float64', 'int32', 'uint8', 'bool'];

const conversion = (to: DType): Sample => ({
  inputs: [uniform([5, 9], 0, 60)],
  ours: (x) => x.to(to),
  torch: `x0.to(torch.${to})`,
  dtypes,
  grad: false,
});

/** Copies and conversions are methods; their row carries the name of the function that is one. */
export const rows: readonly OpRow[] = [
  {
    op: 'clone',
    gradgrad: true,
    samples: [
      { inputs: [normal([3, 4, 5])], ours: clone, torch: 'x0.clone()', dtypes },
      { inputs: [normal([40, 37])], ours: (x) => x.t().clone(), torch: 'x0.t().clone()', dtypes },
      {
        inputs: [normal([2, 5, 6, 7])],
        ours: (x) => x.permute([0, 2, 3, 1]).clone(),
        torch: 'x0.permute(0, 2, 3, 1).clone()',
        dtypes,
      },
      {
        inputs: [normal([2, 5, 6, 7])],
        ours: (x) => x.permute([3, 1, 0, 2]).clone(),
        torch: 'x0.permute(3, 1, 0, 2).clone()',
      },
      { inputs: [normal([0, 3])], ours: clone, torch: 'x0.clone()' },
      { inputs: [normal([])], ours: clone, torch: 'x0.clone()' },
      ...dtypes.map(conversion),
      {
        inputs: [uniform([9], -60, 60)],
        ours: (x) => x.to('int32'),
        torch: 'x0.to(torch.int32)',
        grad: false,
      },
      {
        inputs: [normal([4])],
        ours: (x) => x.to('float64').to('float32'),
        torch: 'x0.to(torch.float64).to(torch.float32)',
        dtypes: ['float32'],
      },
      {
        inputs: [normal([3, 4]), integers([4], -9, 9)],
        ours: (x, y) => x.clone().copy_(y),
        torch: 'x0.clone().copy_(x1)',
      },
      {
        inputs: [normal([3, 4]), normal([4])],
        ours: (x, y) => x.clone().copy_(y),
        torch: 'x0.clone().copy_(x1)',
      },
      {
        inputs: [normal([3, 4])],
        ours: (x) => x.clone().fill_(2.5),
        torch: 'x0.clone().fill_(2.5)',
        dtypes,
        grad: false,
      },
      { inputs: [normal([3, 4])], ours: (x) => x.mul(2).fill_(2.5), torch: '(x0 * 2).fill_(2.5)' },
      {
        inputs: [normal([3, 4])],
        ours: (x) => x.clone().zero_(),
        torch: 'x0.clone().zero_()',
        dtypes,
        grad: false,
      },
    ],
    errors: [
      {
        call: () => zeros([2]).to('float16' as 'float32'),
        error: ArgumentError,
        message:
          /to: the target must be 'float32', .* or 'native', 'wasm' or 'reference', got 'float16'; did you mean 'float32'\?/,
      },
      {
        call: () => zeros([3]).copy_(zeros([2, 3])),
        error: ShapeError,
        message: /copy_: the result doesn't fit in the tensor/,
      },
      {
        call: () => zeros([3]).fill_(zeros([3])),
        error: ArgumentError,
        message: /fill_: the value has 1 axes, but can't have any/,
      },
    ],
  },
];
