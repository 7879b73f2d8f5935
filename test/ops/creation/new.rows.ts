import { ArgumentError } from '../../../src/core/errors.js';
import { asTensor, isTensor, ones, tensor, trilIndices, triuIndices } from '../../../src/index.js';
import { normal, type OpRow } from '../table.js';

const once = ['float32'] as const;

export const rows: OpRow[] = [
  {
    op: 'trilIndices',
    large: {
      inputs: [],
      ours: () => trilIndices(1000, 1000),
      torch: 'torch.tril_indices(1000, 1000)',
      dtypes: once,
    },
    grad: false,
    samples: [
      { inputs: [], ours: () => trilIndices(3, 4), torch: 'torch.tril_indices(3, 4)', dtypes: once },
      {
        inputs: [],
        ours: () => trilIndices(4, 3, { offset: 1 }),
        torch: 'torch.tril_indices(4, 3, 1)',
        dtypes: once,
      },
      {
        inputs: [],
        ours: () => trilIndices(3, 3, { offset: -3 }),
        torch: 'torch.tril_indices(3, 3, -3)',
        dtypes: once,
      },
    ],
    errors: [
      {
        call: () => trilIndices(-1, 2),
        error: ArgumentError,
        message: /^trilIndices: rows must be a whole number of at least 0, got -1$/,
      },
      {
        call: () => trilIndices(1e9, 1e9),
        error: ArgumentError,
        message: /more indices than a tensor can hold/,
      },
    ],
  },
  {
    op: 'triuIndices',
    large: {
      inputs: [],
      ours: () => triuIndices(1000, 1000),
      torch: 'torch.triu_indices(1000, 1000)',
      dtypes: once,
    },
    grad: false,
    samples: [
      { inputs: [], ours: () => triuIndices(3, 4), torch: 'torch.triu_indices(3, 4)', dtypes: once },
      {
        inputs: [],
        ours: () => triuIndices(4, 3, { offset: -1 }),
        torch: 'torch.triu_indices(4, 3, -1)',
        dtypes: once,
      },
      { inputs: [], ours: () => triuIndices(0, 3), torch: 'torch.triu_indices(0, 3)', dtypes: once },
    ],
    errors: [
      {
        call: () => triuIndices(2, 1.5),
        error: ArgumentError,
        message: /^triuIndices: columns must be a whole number of at least 0, got 1.5$/,
      },
    ],
  },
  {
    op: 'asTensor',
    gradgrad: true,
    samples: [
      { inputs: [normal([2])], ours: (x) => asTensor(x), torch: 'torch.as_tensor(x0)' },
      {
        inputs: [],
        ours: () => asTensor([[1, 2]], { dtype: 'int32' }),
        torch: 'torch.as_tensor([[1, 2]])',
        dtypes: once,
        grad: false,
      },
      {
        inputs: [normal([2])],
        ours: (x) => asTensor(x, { dtype: 'float64' }),
        torch: 'torch.as_tensor(x0, dtype=torch.float64)',
      },
    ],
  },
  {
    op: 'isTensor',
    grad: false,
    samples: [
      {
        inputs: [normal([2])],
        ours: (x) => tensor([isTensor(x), isTensor([1]), isTensor(null)]),
        torch: 'torch.tensor([torch.is_tensor(x0), torch.is_tensor([1]), torch.is_tensor(None)])',
        dtypes: once,
      },
    ],
  },
  {
    op: 'newZeros',
    large: {
      inputs: [normal([1])],
      ours: (x) => x.newZeros([1024, 1024]),
      torch: 'x0.new_zeros(1024, 1024)',
    },
    grad: false,
    samples: [
      { inputs: [normal([1])], ours: (x) => x.newZeros([2, 3]), torch: 'x0.new_zeros(2, 3)' },
      { inputs: [normal([1])], ours: (x) => x.newOnes([2]), torch: 'x0.new_ones(2)' },
      { inputs: [normal([1])], ours: (x) => x.newFull([2], 3), torch: 'x0.new_full((2,), 3)' },
      { inputs: [normal([1])], ours: (x) => x.newTensor([1, 2]), torch: 'x0.new_tensor([1, 2])' },
      { inputs: [normal([1])], ours: (x) => x.newEmpty([0, 2]), torch: 'x0.new_empty(0, 2)' },
      {
        inputs: [normal([1])],
        ours: (x) => x.newZeros([2], { dtype: 'int32' }),
        torch: 'x0.new_zeros(2, dtype=torch.int32)',
      },
    ],
    errors: [{ call: () => ones([1]).newZeros([-1]), error: Error, message: /-1/ }],
  },
];
