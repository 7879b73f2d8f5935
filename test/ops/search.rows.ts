import { ArgumentError, DTypeError, IndexError, ShapeError } from '../../src/core/errors.js';
import {
  argwhere,
  argwhereAsync,
  bincount,
  bincountAsync,
  bucketize,
  isin,
  nonzero,
  nonzeroAsync,
  searchsorted,
  tensor,
  unique,
  uniqueAsync,
  uniqueConsecutive,
  uniqueConsecutiveAsync,
  zeros,
} from '../../src/index.js';
import { integers, mask, normal, type OpRow, uniform, values } from './table.js';

const int = (data: number[]) => tensor(data, { dtype: 'int32' });
const few = (shape: number[]) => integers(shape, 0, 4);
const ascending = (n: number) =>
  values(
    [n],
    Array.from({ length: n }, (_, i) => i * 0.5 - 1),
    { grad: false },
  );
const numbers = ['int32', 'uint8', 'float32'] as const;

export const rows: OpRow[] = [
  {
    op: 'unique',
    grad: false,
    samples: [
      {
        inputs: [few([3, 4])],
        ours: (x) => unique(x),
        later: (x) => uniqueAsync(x),
        torch: 'x0.unique()',
        dtypes: ['int32'],
      },
      {
        inputs: [few([3, 4])],
        ours: (x) => unique(x, { returnInverse: true, returnCounts: true }),
        later: (x) => uniqueAsync(x, { returnInverse: true, returnCounts: true }),
        torch: 'x0.unique(return_inverse=True, return_counts=True)',
        dtypes: ['int32'],
      },
      {
        inputs: [few([9])],
        ours: (x) => unique(x, { returnCounts: true }),
        later: (x) => uniqueAsync(x, { returnCounts: true }),
        torch: 'torch.unique(x0, return_counts=True)',
        dtypes: ['int32'],
      },
      {
        inputs: [integers([8, 2], 0, 2)],
        ours: (x) => unique(x, { returnInverse: true, returnCounts: true, dim: 0 }),
        later: (x) => uniqueAsync(x, { returnInverse: true, returnCounts: true, dim: 0 }),
        torch: 'torch.unique(x0, return_inverse=True, return_counts=True, dim=0)',
        dtypes: ['int32'],
      },
      {
        inputs: [integers([2, 8], 0, 2)],
        ours: (x) => unique(x, { returnInverse: true, dim: 1 }),
        later: (x) => uniqueAsync(x, { returnInverse: true, dim: 1 }),
        torch: 'torch.unique(x0, return_inverse=True, dim=1)',
        dtypes: ['int32'],
      },
      {
        inputs: [normal([3, 4])],
        ours: (x) => unique(x),
        later: (x) => uniqueAsync(x),
        torch: 'x0.unique()',
        dtypes: ['float32', 'float64', 'int32', 'uint8', 'bool'],
      },
      { inputs: [normal([0])], ours: (x) => unique(x), later: (x) => uniqueAsync(x), torch: 'x0.unique()' },
      {
        inputs: [normal([])],
        ours: (x) => unique(x, { returnInverse: true }),
        later: (x) => uniqueAsync(x, { returnInverse: true }),
        torch: 'x0.unique(return_inverse=True)',
      },
      {
        inputs: [few([1000])],
        ours: (x) => unique(x, { returnInverse: true }),
        later: (x) => uniqueAsync(x, { returnInverse: true }),
        torch: 'x0.unique(return_inverse=True)',
        dtypes: ['int32'],
      },
    ],
    errors: [{ call: () => unique(zeros([2]), { dim: 1 }), error: IndexError, message: /unique: axis 1/ }],
  },
  {
    op: 'uniqueConsecutive',
    grad: false,
    samples: [
      {
        inputs: [integers([12], 0, 2)],
        ours: (x) => uniqueConsecutive(x, { returnInverse: true, returnCounts: true }),
        later: (x) => uniqueConsecutiveAsync(x, { returnInverse: true, returnCounts: true }),
        torch: 'x0.unique_consecutive(return_inverse=True, return_counts=True)',
        dtypes: ['int32'],
      },
      {
        inputs: [integers([9, 1], 0, 2)],
        ours: (x) => uniqueConsecutive(x, { dim: 0 }),
        later: (x) => uniqueConsecutiveAsync(x, { dim: 0 }),
        torch: 'x0.unique_consecutive(dim=0)',
        dtypes: ['int32'],
      },
    ],
    errors: [
      {
        call: () => uniqueConsecutive(zeros([2]), { dim: 1 }),
        error: IndexError,
        message: /uniqueConsecutive: axis 1/,
      },
    ],
  },
  {
    op: 'nonzero',
    grad: false,
    samples: [
      {
        inputs: [integers([3, 4], 0, 2)],
        ours: (x) => nonzero(x),
        later: (x) => nonzeroAsync(x),
        torch: 'x0.nonzero()',
        dtypes: ['int32'],
      },
      {
        inputs: [mask([2, 3, 4])],
        ours: (x) => nonzero(x),
        later: (x) => nonzeroAsync(x),
        torch: 'x0.nonzero()',
        dtypes: ['bool'],
      },
      {
        inputs: [mask([3, 4])],
        ours: (x) => nonzero(x, { asTuple: true }),
        later: (x) => nonzeroAsync(x, { asTuple: true }),
        torch: 'x0.nonzero(as_tuple=True)',
        dtypes: ['bool'],
      },
      { inputs: [normal([])], ours: (x) => nonzero(x), later: (x) => nonzeroAsync(x), torch: 'x0.nonzero()' },
      {
        inputs: [normal([])],
        ours: (x) => nonzero(x, { asTuple: true }),
        later: (x) => nonzeroAsync(x, { asTuple: true }),
        torch: 'x0.nonzero(as_tuple=True)',
      },
      {
        inputs: [normal([0, 3])],
        ours: (x) => nonzero(x),
        later: (x) => nonzeroAsync(x),
        torch: 'x0.nonzero()',
      },
      {
        inputs: [values([3], [0, Number.NaN, -0])],
        ours: (x) => nonzero(x),
        later: (x) => nonzeroAsync(x),
        torch: 'x0.nonzero()',
      },
    ],
  },
  {
    op: 'argwhere',
    grad: false,
    samples: [
      {
        inputs: [mask([3, 4])],
        ours: (x) => argwhere(x),
        later: (x) => argwhereAsync(x),
        torch: 'x0.argwhere()',
        dtypes: ['bool'],
      },
    ],
  },
  {
    op: 'bincount',
    grad: false,
    samples: [
      {
        inputs: [few([20])],
        ours: (x) => bincount(x),
        later: (x) => bincountAsync(x),
        torch: 'x0.bincount()',
        dtypes: ['int32'],
      },
      {
        inputs: [integers([20], 0, 4, 'uint8')],
        ours: (x) => bincount(x, { minlength: 9 }),
        later: (x) => bincountAsync(x, { minlength: 9 }),
        torch: 'x0.bincount(minlength=9)',
        dtypes: ['uint8'],
      },
      {
        inputs: [few([20]), normal([20])],
        ours: (x, w) => bincount(x, { weights: w }),
        later: (x, w) => bincountAsync(x, { weights: w }),
        torch: 'x0.bincount(x1)',
        dtypes: ['float32', 'float64'],
      },
      {
        inputs: [few([0])],
        ours: (x) => bincount(x),
        later: (x) => bincountAsync(x),
        torch: 'x0.bincount()',
        dtypes: ['int32'],
      },
    ],
    errors: [
      {
        call: () => bincount(int([1, -2])),
        error: IndexError,
        message: /bincount: x\[1\] is -2, but only numbers that are 0 or more are counted/,
      },
      {
        call: () => bincount(zeros([2])),
        error: DTypeError,
        message: /bincount: counts integers, got float32/,
      },
      {
        call: () => bincount(int([1]).reshape([1, 1])),
        error: ShapeError,
        message: /bincount: needs a list/,
      },
      {
        call: () => bincount(int([1]), { weights: zeros([2]) }),
        error: ShapeError,
        message: /one weight for each element/,
      },
      {
        call: () => bincount(int([1]), { minlength: -1 }),
        error: ArgumentError,
        message: /minlength must be a whole number of at least 0, got -1/,
      },
    ],
  },
  {
    op: 'searchsorted',
    grad: false,
    samples: [
      {
        inputs: [ascending(8), uniform([3, 4], -2, 4)],
        ours: (s, x) => searchsorted(s, x),
        torch: 'torch.searchsorted(x0, x1)',
      },
      {
        inputs: [ascending(8), values([4], [-1, 0.5, 2.5, Number.NaN])],
        ours: (s, x) => [
          searchsorted(s, x),
          searchsorted(s, x, { right: true }),
          searchsorted(s, x, { side: 'right' }),
        ],
        torch:
          "[torch.searchsorted(x0, x1), torch.searchsorted(x0, x1, right=True), torch.searchsorted(x0, x1, side='right')]",
      },
      {
        inputs: [values([2, 3], [1, 3, 5, 2, 4, 6]), values([2, 2], [3, 6, 1, 4])],
        ours: (s, x) => searchsorted(s, x),
        torch: 'torch.searchsorted(x0, x1)',
        dtypes: numbers,
      },
      { inputs: [ascending(5)], ours: (s) => searchsorted(s, 0.5), torch: 'torch.searchsorted(x0, 0.5)' },
      {
        inputs: [
          values([4], [3, 1, 2, 0]),
          values([4], [3, 1, 2, 0], { dtype: 'int32', grad: false }),
          values([2], [1.5, 2]),
        ],
        ours: (s, sorter, x) => searchsorted(s, x!, { sorter: sorter! }),
        torch: 'torch.searchsorted(x0, x2, sorter=x1.long())',
      },
      {
        inputs: [normal([0]), normal([3])],
        ours: (s, x) => searchsorted(s, x),
        torch: 'torch.searchsorted(x0, x1)',
      },
    ],
    errors: [
      {
        call: () => searchsorted(zeros([3]), int([1])),
        error: DTypeError,
        message: /searchsorted: the sequence is float32, the values are int32/,
      },
      {
        call: () => searchsorted(zeros([2, 3]), zeros([3, 1])),
        error: ShapeError,
        message: /must be a list, or match the values/,
      },
      {
        call: () => searchsorted(zeros([2]), 1, { right: true, side: 'left' }),
        error: ArgumentError,
        message: /'left' contradicts right: true/,
      },
    ],
  },
  {
    op: 'bucketize',
    grad: false,
    samples: [
      {
        inputs: [uniform([2, 5], -2, 4), ascending(8)],
        ours: (x, b) => bucketize(x, b),
        torch: 'torch.bucketize(x0, x1)',
      },
      {
        inputs: [values([3], [-1, 0.5, 9]), ascending(8)],
        ours: (x, b) => bucketize(x, b, { right: true }),
        torch: 'torch.bucketize(x0, x1, right=True)',
      },
      { inputs: [ascending(8)], ours: (b) => bucketize(0.25, b), torch: 'torch.bucketize(0.25, x0)' },
    ],
    errors: [
      {
        call: () => bucketize(zeros([1]), zeros([1, 1])),
        error: ShapeError,
        message: /bucketize: the boundaries must be a list/,
      },
    ],
  },
  {
    op: 'isin',
    grad: false,
    samples: [
      {
        inputs: [few([3, 4]), few([2])],
        ours: (x, set) => isin(x, set!),
        torch: 'torch.isin(x0, x1)',
        dtypes: ['int32'],
      },
      {
        inputs: [values([4], [1, 2.5, Number.NaN, -1]), values([3], [Number.NaN, 2.5, -1])],
        ours: (x, set) => isin(x, set!, { invert: true }),
        torch: 'torch.isin(x0, x1, invert=True)',
      },
      { inputs: [few([9])], ours: (x) => isin(x, 2), torch: 'torch.isin(x0, 2)', dtypes: ['int32'] },
      { inputs: [few([9])], ours: (x) => isin(3, x), torch: 'torch.isin(3, x0)', dtypes: ['int32'] },
      {
        inputs: [few([3]), few([0])],
        ours: (x, set) => isin(x, set!),
        torch: 'torch.isin(x0, x1)',
        dtypes: ['int32'],
      },
      {
        inputs: [few([0]), few([2])],
        ours: (x, set) => isin(x, set!),
        torch: 'torch.isin(x0, x1)',
        dtypes: ['int32'],
      },
      {
        inputs: [few([5]), normal([3])],
        ours: (x, set) => isin(x, set!),
        torch: 'torch.isin(x0, x1)',
        dtypes: ['float32'],
      },
    ],
    errors: [
      {
        call: () => isin(1, 2),
        error: ArgumentError,
        message: /^isin: needs a tensor, but both are numbers$/,
      },
    ],
  },
];
