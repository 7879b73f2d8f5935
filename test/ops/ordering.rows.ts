import { ArgumentError, IndexError } from '../../src/core/errors.js';
import {
  argsort,
  kthvalue,
  median,
  msort,
  nanmedian,
  sort,
  topk,
  type ValuesAndIndices,
  zeros,
} from '../../src/index.js';
import { distinct, integers, normal, type OpRow, values } from './table.js';

const both = ({ values: v, indices }: ValuesAndIndices) => [v, indices];
const withNaN = [
  3,
  Number.NaN,
  -1,
  0,
  -0,
  Number.NaN,
  2,
  Number.NEGATIVE_INFINITY,
  Number.POSITIVE_INFINITY,
  0,
];
const special = () => values([2, 5], withNaN, { grad: false });
const all = ['float32', 'float64', 'int32', 'uint8'] as const;

export const rows: OpRow[] = [
  {
    op: 'sort',
    gradgrad: true,
    samples: [
      { inputs: [distinct([3, 5])], ours: (x) => both(sort(x)), torch: 'x0.sort(stable=True)' },
      {
        inputs: [distinct([4, 2, 3])],
        ours: (x) => both(sort(x, 0, { descending: true })),
        torch: 'x0.sort(dim=0, descending=True, stable=True)',
      },
      { inputs: [distinct([3, 400])], ours: (x) => both(sort(x, 1)), torch: 'x0.sort(1)', grad: false },
      { inputs: [special()], ours: (x) => both(sort(x)), torch: 'x0.sort(stable=True)' },
      {
        inputs: [special()],
        ours: (x) => both(sort(x, -1, { descending: true })),
        torch: 'x0.sort(stable=True, descending=True)',
      },
      {
        inputs: [integers([2, 500], -3, 3)],
        ours: (x) => both(sort(x, 1)),
        torch: 'x0.sort(stable=True, dim=1)',
        dtypes: ['int32'],
      },
      {
        inputs: [normal([4, 6])],
        ours: (x) => both(sort(x, 0)),
        torch: 'x0.sort(stable=True, dim=0)',
        dtypes: ['int32', 'uint8', 'bool'],
      },
      { inputs: [normal([])], ours: (x) => both(sort(x)), torch: 'x0.sort()' },
      { inputs: [normal([0, 3])], ours: (x) => both(sort(x, 0)), torch: 'x0.sort(0)' },
    ],
    errors: [{ call: () => sort(zeros([2]), 1), error: IndexError, message: /sort: axis 1 is out of range/ }],
  },
  {
    op: 'argsort',
    grad: false,
    samples: [
      { inputs: [distinct([3, 5])], ours: (x) => argsort(x), torch: 'x0.argsort()' },
      {
        inputs: [distinct([4, 3])],
        ours: (x) => argsort(x, 0, { descending: true }),
        torch: 'x0.argsort(0, True)',
      },
      { inputs: [normal([])], ours: (x) => argsort(x), torch: 'x0.argsort()' },
    ],
    errors: [{ call: () => argsort(zeros([2]), 1), error: IndexError, message: /argsort: axis 1/ }],
  },
  {
    op: 'msort',
    samples: [{ inputs: [distinct([5, 3])], ours: (x) => msort(x), torch: 'x0.msort()' }],
  },
  {
    op: 'topk',
    gradgrad: true,
    samples: [
      { inputs: [distinct([3, 7])], ours: (x) => both(topk(x, 3)), torch: 'x0.topk(3)' },
      {
        inputs: [distinct([7, 3])],
        ours: (x) => both(topk(x, 2, 0, { largest: false })),
        torch: 'x0.topk(2, 0, False)',
      },
      { inputs: [distinct([2, 300])], ours: (x) => both(topk(x, 5, 1)), torch: 'x0.topk(5, 1)', grad: false },
      { inputs: [distinct([5])], ours: (x) => both(topk(x, 0)), torch: 'x0.topk(0)', grad: false },
      { inputs: [normal([])], ours: (x) => both(topk(x, 1)), torch: 'x0.topk(1)' },
      {
        inputs: [values([4], [1, Number.NaN, 3, -2], { grad: false })],
        ours: (x) => both(topk(x, 2)),
        torch: 'x0.topk(2)',
      },
    ],
    errors: [
      {
        call: () => topk(zeros([3]), 4),
        error: ArgumentError,
        message: /topk: k must be an integer from 0 to 3, the length of the axis, got 4/,
      },
      { call: () => topk(zeros([3]), 1.5), error: ArgumentError, message: /got 1.5/ },
    ],
  },
  {
    op: 'kthvalue',
    gradgrad: true,
    samples: [
      { inputs: [distinct([3, 5])], ours: (x) => both(kthvalue(x, 2)), torch: 'x0.kthvalue(2)' },
      {
        inputs: [distinct([5, 3])],
        ours: (x) => both(kthvalue(x, 5, 0, { keepdim: true })),
        torch: 'x0.kthvalue(5, 0, True)',
      },
      { inputs: [normal([])], ours: (x) => both(kthvalue(x, 1)), torch: 'x0.kthvalue(1)' },
    ],
    errors: [
      {
        call: () => kthvalue(zeros([3]), 0),
        error: ArgumentError,
        message: /kthvalue: k must be an integer from 1 to 3/,
      },
    ],
  },
  {
    op: 'median',
    gradgrad: true,
    samples: [
      { inputs: [distinct([3, 4])], ours: (x) => median(x), torch: 'x0.median()' },
      { inputs: [distinct([3, 5])], ours: (x) => both(median(x, 1)), torch: 'x0.median(1)' },
      {
        inputs: [distinct([4, 3])],
        ours: (x) => both(median(x, 0, { keepdim: true })),
        torch: 'x0.median(0, True)',
      },
      { inputs: [special()], ours: (x) => both(median(x, 0)), torch: 'x0.median(0)' },
      { inputs: [special()], ours: (x) => median(x), torch: 'x0.median()' },
      { inputs: [normal([0])], ours: (x) => median(x), torch: 'x0.median()', grad: false },
      { inputs: [normal([])], ours: (x) => median(x), torch: 'x0.median()' },
      {
        inputs: [integers([4, 5], 0, 3)],
        ours: (x) => both(median(x, 1)),
        torch: 'x0.median(1)',
        dtypes: ['int32'],
      },
      { inputs: [normal([4, 5])], ours: (x) => median(x), torch: 'x0.median()', dtypes: all, grad: false },
    ],
    errors: [
      {
        call: () => median(zeros([0, 2]), 0),
        error: IndexError,
        message: /median: axis 0 is empty, so it has no median/,
      },
    ],
  },
  {
    op: 'median (ties)',
    gradcheck: false,
    why: 'of all elements, those equal to the median share its gradient, where finite differences see a kink',
    samples: [{ inputs: [values([5], [1, 2, 2, 2, 3])], ours: (x) => median(x), torch: 'x0.median()' }],
  },
  {
    op: 'nanmedian',
    samples: [
      { inputs: [distinct([3, 4])], ours: (x) => nanmedian(x), torch: 'x0.nanmedian()' },
      { inputs: [distinct([3, 5])], ours: (x) => both(nanmedian(x, 1)), torch: 'x0.nanmedian(1)' },
      {
        inputs: [special()],
        ours: (x) => both(nanmedian(x, 1, { keepdim: true })),
        torch: 'x0.nanmedian(1, True)',
      },
      { inputs: [special()], ours: (x) => nanmedian(x), torch: 'x0.nanmedian()' },
    ],
    errors: [
      { call: () => nanmedian(zeros([0]), 0), error: IndexError, message: /nanmedian: axis 0 is empty/ },
    ],
  },
];
