import type { DType } from '../../../src/core/dtype.js';
import { ArgumentError, DTypeError, IndexError, ShapeError } from '../../../src/core/errors.js';
import * as m from '../../../src/index.js';
import { ones, zeros } from '../../../src/index.js';
import { distinct, integers, mask, normal, type OpRow, type Sample, uniform, values } from '../table.js';

const numbers: readonly DType[] = ['float32', 'float64', 'int32', 'uint8', 'bool'];
const ordered: readonly DType[] = ['float32', 'float64', 'int32', 'uint8'];

const oneAxis = (
  dims: readonly (number | null)[],
  f: (x: m.Tensor, dim: number | null) => m.Tensor,
  torch: (dim: string) => string,
): Sample[] =>
  dims.map((dim) => ({
    inputs: [distinct([3, 4, 5])],
    ours: (x) => f(x, dim),
    torch: torch(dim === null ? '' : String(dim)),
  }));

const scalarAndEmpty = (f: (x: m.Tensor) => m.Tensor, torch: string): Sample[] => [
  { inputs: [normal([])], ours: f, torch },
  { inputs: [normal([0, 3])], ours: f, torch },
];

export const rows: OpRow[] = [
  {
    op: 'sum',
    gradgrad: true,
    samples: [
      { inputs: [normal([3, 4, 5])], ours: (x) => x.sum(), torch: 'x0.sum()', dtypes: numbers },
      { inputs: [normal([3, 4, 5])], ours: (x) => x.sum(1), torch: 'x0.sum(1)', dtypes: numbers },
      { inputs: [normal([3, 4, 5])], ours: (x) => m.sum(x, -1), torch: 'x0.sum(-1)' },
      {
        inputs: [normal([3, 4, 5])],
        ours: (x) => x.sum([0, 2], { keepdim: true }),
        torch: 'x0.sum((0, 2), keepdim=True)',
      },
      { inputs: [normal([2, 3, 4, 5])], ours: (x) => x.sum([1, 3]), torch: 'x0.sum((1, 3))' },
      { inputs: [normal([70, 33])], ours: (x) => x.sum(0), torch: 'x0.sum(0)' },
      { inputs: [normal([130, 3])], ours: (x) => x.sum(0), torch: 'x0.sum(0)' },
      { inputs: [normal([3, 140])], ours: (x) => x.sum(1), torch: 'x0.sum(1)' },
      { inputs: [normal([4, 0])], ours: (x) => x.sum(1), torch: 'x0.sum(1)' },
      {
        inputs: [integers([3, 4], -9, 9)],
        ours: (x) => x.sum({ dtype: 'float64' }),
        torch: 'x0.sum(dtype=torch.float64)',
      },
      ...scalarAndEmpty((x) => x.sum(), 'x0.sum()'),
      ...scalarAndEmpty((x) => x.sum(0), 'x0.sum(0)'),
    ],
    errors: [
      {
        call: () => ones([2, 3]).sum(2),
        error: IndexError,
        message: /^sum: axis 2 is out of range for a tensor of 2 axes \(-2 to 1\)$/,
      },
      {
        call: () => ones([2, 3]).sum([1, -1]),
        error: ArgumentError,
        message: /^sum: an axis is named twice in \[1, -1\]$/,
      },
    ],
  },
  {
    op: 'mean',
    gradgrad: true,
    samples: [
      { inputs: [normal([3, 4, 5])], ours: (x) => x.mean(), torch: 'x0.mean()' },
      { inputs: [normal([3, 4, 5])], ours: (x) => m.mean(x, [0, 2]), torch: 'x0.mean((0, 2))' },
      {
        inputs: [normal([3, 4, 5])],
        ours: (x) => x.mean(0, { keepdim: true }),
        torch: 'x0.mean(0, keepdim=True)',
      },
      {
        inputs: [integers([3, 4], -9, 9)],
        ours: (x) => x.mean({ dtype: 'float32' }),
        torch: 'x0.mean(dtype=torch.float32)',
      },
      { inputs: [normal([2, 0])], ours: (x) => x.mean(1), torch: 'x0.mean(1)' },
      ...scalarAndEmpty((x) => x.mean(), 'x0.mean()'),
    ],
    errors: [
      {
        call: () => ones([2], { dtype: 'int32' }).mean(),
        error: DTypeError,
        message: /^mean: needs a floating dtype, x is int32\n {2}hint: x\.mean\(\{ dtype: 'float32' \}\)$/,
      },
    ],
  },
  {
    op: 'prod',
    gradgrad: true,
    samples: [
      { inputs: [uniform([3, 4], 0.5, 1.5)], ours: (x) => x.prod(), torch: 'x0.prod()' },
      { inputs: [uniform([3, 4, 2], -1.5, 1.5)], ours: (x) => m.prod(x, 1), torch: 'x0.prod(1)' },
      {
        inputs: [uniform([3, 4], 0.5, 1.5)],
        ours: (x) => x.prod(0, { keepdim: true }),
        torch: 'x0.prod(0, keepdim=True)',
      },
      { inputs: [values([2, 3], [2, 0, 3, 0, 0, 5])], ours: (x) => x.prod(1), torch: 'x0.prod(1)' },
      { inputs: [values([4], [2, 0, 3, 4])], ours: (x) => x.prod(), torch: 'x0.prod()' },
      { inputs: [integers([2, 3], -4, 5)], ours: (x) => x.prod(1), torch: 'x0.prod(1)', dtypes: ['float32'] },
      ...scalarAndEmpty((x) => x.prod(), 'x0.prod()'),
    ],
  },
  {
    op: 'any',
    grad: false,
    samples: [
      { inputs: [mask([3, 4])], ours: (x) => x.any(), torch: 'x0.any()', dtypes: ['float32'] },
      { inputs: [mask([3, 4])], ours: (x) => x.any(1), torch: 'x0.any(1)', dtypes: ['float32'] },
      {
        inputs: [values([2, 3], [0, 0, 0, 0, 2, 0])],
        ours: (x) => m.any(x, 1, { keepdim: true }),
        torch: '(x0 != 0).any(1, keepdim=True)',
        dtypes: numbers,
      },
      { inputs: [normal([0, 3])], ours: (x) => x.any(0), torch: '(x0 != 0).any(0)' },
    ],
  },
  {
    op: 'all',
    grad: false,
    samples: [
      { inputs: [mask([3, 4])], ours: (x) => x.all(), torch: 'x0.all()', dtypes: ['float32'] },
      { inputs: [mask([3, 2])], ours: (x) => x.all(1), torch: 'x0.all(1)', dtypes: ['float32'] },
      {
        inputs: [values([2, 3], [1, 2, 3, 1, 0, 2])],
        ours: (x) => m.all(x, 1),
        torch: '(x0 != 0).all(1)',
        dtypes: numbers,
      },
      { inputs: [normal([0, 3])], ours: (x) => x.all(), torch: '(x0 != 0).all()' },
    ],
  },
  {
    op: 'countNonzero',
    grad: false,
    samples: [
      {
        inputs: [values([2, 3], [0, 1, -2, 0, 0, 3])],
        ours: (x) => m.countNonzero(x),
        torch: 'x0.count_nonzero()',
        dtypes: numbers,
      },
      {
        inputs: [mask([4, 5])],
        ours: (x) => x.countNonzero(0),
        torch: 'x0.count_nonzero(0)',
        dtypes: ['float32'],
      },
    ],
  },
  {
    op: 'logsumexp',
    gradgrad: true,
    samples: [
      { inputs: [normal([3, 4, 5])], ours: (x) => x.logsumexp(1), torch: 'x0.logsumexp(1)' },
      { inputs: [normal([3, 4, 5])], ours: (x) => m.logsumexp(x, [0, 2]), torch: 'x0.logsumexp((0, 2))' },
      {
        inputs: [normal([3, 40])],
        ours: (x) => x.logsumexp(-1, { keepdim: true }),
        torch: 'x0.logsumexp(-1, keepdim=True)',
      },
      { inputs: [normal([])], ours: (x) => x.logsumexp(0), torch: 'x0.logsumexp(0)' },
    ],
    errors: [
      {
        call: () => ones([2], { dtype: 'int32' }).logsumexp(0),
        error: DTypeError,
        message: /^logsumexp: needs a floating dtype, x is int32$/,
      },
    ],
  },
  {
    op: 'amax',
    gradgrad: true,
    samples: [
      ...oneAxis(
        [0, 1, -1],
        (x, dim) => x.amax(dim!),
        (dim) => `x0.amax(${dim})`,
      ),
      {
        inputs: [distinct([3, 4, 5])],
        ours: (x) => x.amax([0, 2], { keepdim: true }),
        torch: 'x0.amax((0, 2), keepdim=True)',
        dtypes: ordered,
      },
      { inputs: [distinct([])], ours: (x) => x.amax(), torch: 'x0.amax()' },
    ],
    errors: [
      {
        call: () => zeros([2, 0]).amax(1),
        error: ShapeError,
        message: /^amax: no elements to pick from\n {2}x {4}\[2, 0\] {2}axis 1 has length 0$/,
      },
    ],
  },
  {
    op: 'amin',
    gradgrad: true,
    samples: [
      ...oneAxis(
        [0, 1, -1],
        (x, dim) => x.amin(dim!),
        (dim) => `x0.amin(${dim})`,
      ),
      { inputs: [distinct([3, 4, 5])], ours: (x) => x.amin(), torch: 'x0.amin()', dtypes: ordered },
    ],
  },
  {
    op: 'max',
    gradgrad: true,
    samples: [
      { inputs: [distinct([3, 4, 5])], ours: (x) => x.max(), torch: 'x0.max()', dtypes: ordered },
      ...([0, 1, 2] as const).map((dim) => ({
        inputs: [distinct([3, 4, 5])],
        ours: (x: m.Tensor) => Object.values(x.max(dim)),
        torch: `x0.max(${dim})`,
        dtypes: ordered,
      })),
      {
        inputs: [distinct([3, 40])],
        ours: (x) => Object.values(m.max(x, -1, { keepdim: true })),
        torch: 'x0.max(-1, keepdim=True)',
      },
      { inputs: [distinct([])], ours: (x) => Object.values(x.max(0)), torch: 'x0.max(0)' },
      { inputs: [normal([3, 4]), normal([4])], ours: (x, y) => x.max(y), torch: 'torch.max(x0, x1)' },
    ],
    errors: [
      { call: () => zeros([0]).max(), error: ShapeError, message: /^max: no elements to pick from/ },
      { call: () => zeros([2]).max(1), error: IndexError, message: /^max: axis 1 is out of range/ },
    ],
  },
  {
    op: 'min',
    gradgrad: true,
    samples: [
      { inputs: [distinct([3, 4, 5])], ours: (x) => x.min(), torch: 'x0.min()', dtypes: ordered },
      {
        inputs: [distinct([3, 4, 5])],
        ours: (x) => Object.values(m.min(x, 1)),
        torch: 'x0.min(1)',
        dtypes: ordered,
      },
      { inputs: [normal([3, 4]), normal([4])], ours: (x, y) => m.min(x, y), torch: 'torch.min(x0, x1)' },
    ],
  },
  {
    op: 'argmax',
    grad: false,
    why: 'the first of equals',
    samples: [
      { inputs: [distinct([3, 4, 5])], ours: (x) => x.argmax(), torch: 'x0.argmax()', dtypes: ordered },
      { inputs: [distinct([3, 4, 5])], ours: (x) => x.argmax(1), torch: 'x0.argmax(1)', dtypes: ordered },
      {
        inputs: [values([2, 4], [1, 3, 3, 0, 2, 2, 2, 2])],
        ours: (x) => m.argmax(x, 1, { keepdim: true }),
        torch: 'x0.argmax(1, keepdim=True)',
      },
      { inputs: [normal([])], ours: (x) => x.argmax(0), torch: 'x0.argmax(0)' },
    ],
    errors: [
      { call: () => zeros([0]).argmax(), error: ShapeError, message: /^argmax: no elements to pick from/ },
    ],
  },
  {
    op: 'argmin',
    grad: false,
    samples: [
      { inputs: [distinct([3, 4, 5])], ours: (x) => x.argmin(), torch: 'x0.argmin()', dtypes: ordered },
      { inputs: [distinct([30, 4])], ours: (x) => m.argmin(x, 0), torch: 'x0.argmin(0)', dtypes: ordered },
    ],
  },
  {
    op: 'var',
    gradgrad: true,
    samples: [
      { inputs: [normal([3, 4, 5])], ours: (x) => x.var(), torch: 'x0.var()' },
      { inputs: [normal([3, 4, 5])], ours: (x) => m.var(x, 1), torch: 'x0.var(1)' },
      {
        inputs: [normal([3, 4, 5])],
        ours: (x) => x.var([0, 2], { correction: 0, keepdim: true }),
        torch: 'x0.var((0, 2), correction=0, keepdim=True)',
      },
      {
        inputs: [normal([40, 3])],
        ours: (x) => x.var(0, { unbiased: false }),
        torch: 'x0.var(0, unbiased=False)',
      },
      {
        inputs: [normal([2, 3])],
        ours: (x) => x.var({ correction: 2 }),
        torch: 'x0.var((0, 1), correction=2)',
      },
    ],
    errors: [
      {
        call: () => ones([2], { dtype: 'bool' }).var(),
        error: DTypeError,
        message: /^var: needs a floating dtype, x is bool$/,
      },
    ],
  },
  {
    op: 'std',
    gradgrad: true,
    samples: [
      { inputs: [normal([3, 4, 5])], ours: (x) => x.std(), torch: 'x0.std()' },
      {
        inputs: [normal([3, 4, 5])],
        ours: (x) => m.std(x, [1, 2], { correction: 0 }),
        torch: 'x0.std((1, 2), correction=0)',
      },
    ],
  },
  {
    op: 'varMean',
    samples: [
      { inputs: [normal([3, 4, 5])], ours: (x) => m.varMean(x), torch: 'torch.var_mean(x0)' },
      {
        inputs: [normal([3, 4, 5])],
        ours: (x) => m.varMean(x, 1, { correction: 0, keepdim: true }),
        torch: 'torch.var_mean(x0, 1, correction=0, keepdim=True)',
      },
    ],
  },
  {
    op: 'stdMean',
    samples: [
      { inputs: [normal([3, 4, 5])], ours: (x) => m.stdMean(x, [0, 1]), torch: 'torch.std_mean(x0, (0, 1))' },
    ],
  },
  {
    op: 'norm',
    gradgrad: true,
    samples: [
      { inputs: [normal([3, 4])], ours: (x) => x.norm(), torch: 'x0.norm()' },
      { inputs: [normal([3, 4])], ours: (x) => m.norm(x, 'fro', 1), torch: "x0.norm('fro', 1)" },
      { inputs: [normal([3, 4])], ours: (x) => x.norm(1, 0), torch: 'x0.norm(1, 0)' },
      {
        inputs: [normal([3, 4])],
        ours: (x) => x.norm(3, 1, { keepdim: true }),
        torch: 'x0.norm(3, 1, keepdim=True)',
      },
      { inputs: [normal([3, 4])], ours: (x) => x.norm(1.5), torch: 'x0.norm(1.5)' },
      { inputs: [distinct([3, 5])], ours: (x) => x.norm(Infinity, 1), torch: "x0.norm(float('inf'), 1)" },
      { inputs: [distinct([3, 5])], ours: (x) => x.norm(-Infinity, 1), torch: "x0.norm(float('-inf'), 1)" },
      { inputs: [values([4], [0, 1, 0, -2])], ours: (x) => x.norm(0), torch: 'x0.norm(0)', grad: false },
    ],
    errors: [
      {
        call: () => ones([2], { dtype: 'int32' }).norm(),
        error: DTypeError,
        message: /^norm: needs a floating dtype, x is int32$/,
      },
      {
        call: () => ones([2]).norm(Number.NaN),
        error: ArgumentError,
        message: /^norm: p must be a number, or 'fro', got NaN$/,
      },
    ],
  },
  {
    op: 'cumsum',
    gradgrad: true,
    samples: [
      {
        inputs: [normal([3, 4, 5])],
        ours: (x) => x.cumsum(1),
        torch: 'x0.cumsum(1)',
        dtypes: ['float32', 'float64', 'int32', 'bool'],
      },
      { inputs: [normal([3, 7])], ours: (x) => m.cumsum(x, -1), torch: 'x0.cumsum(-1)' },
      {
        inputs: [integers([6], -9, 9)],
        ours: (x) => x.cumsum(0, { dtype: 'float32' }),
        torch: 'x0.cumsum(0, dtype=torch.float32)',
      },
      ...scalarAndEmpty((x) => x.cumsum(0), 'x0.cumsum(0)'),
    ],
    errors: [
      { call: () => ones([2]).cumsum(1), error: IndexError, message: /^cumsum: axis 1 is out of range/ },
    ],
  },
  {
    op: 'cumprod',
    gradgrad: true,
    samples: [
      { inputs: [uniform([3, 4, 2], 0.5, 1.5)], ours: (x) => x.cumprod(1), torch: 'x0.cumprod(1)' },
      {
        inputs: [values([2, 5], [2, 0, 3, 0, 4, 1, 2, 0, 3, 5])],
        ours: (x) => m.cumprod(x, 1),
        torch: 'x0.cumprod(1)',
      },
      {
        inputs: [integers([2, 4], -4, 5)],
        ours: (x) => x.cumprod(1),
        torch: 'x0.cumprod(1)',
        dtypes: ['float32'],
      },
      ...scalarAndEmpty((x) => x.cumprod(0), 'x0.cumprod(0)'),
    ],
  },
  {
    op: 'cummax',
    samples: [
      {
        inputs: [distinct([3, 6])],
        ours: (x) => Object.values(m.cummax(x, 1)),
        torch: 'x0.cummax(1)',
        dtypes: ordered,
      },
      {
        inputs: [values([6], [1, 3, 3, 2, 3, 1], { grad: false })],
        ours: (x) => Object.values(x.cummax(0)),
        torch: 'x0.cummax(0)',
        grad: false,
      },
    ],
  },
  {
    op: 'cummin',
    samples: [
      {
        inputs: [distinct([4, 3])],
        ours: (x) => Object.values(m.cummin(x, 0)),
        torch: 'x0.cummin(0)',
        dtypes: ordered,
      },
    ],
  },
  {
    op: 'logcumsumexp',
    gradgrad: true,
    samples: [
      { inputs: [normal([3, 6])], ours: (x) => x.logcumsumexp(1), torch: 'x0.logcumsumexp(1)' },
      { inputs: [normal([5, 3, 2])], ours: (x) => m.logcumsumexp(x, 0), torch: 'x0.logcumsumexp(0)' },
      {
        inputs: [values([4], [-800, 3, 1000, 999])],
        ours: (x) => x.logcumsumexp(0),
        torch: 'x0.logcumsumexp(0)',
      },
      {
        inputs: [values([4], [Number.NEGATIVE_INFINITY, 1, Number.NaN, 2], { grad: false })],
        ours: (x) => x.logcumsumexp(0),
        torch: 'x0.logcumsumexp(0)',
        grad: false,
      },
      ...scalarAndEmpty((x) => x.logcumsumexp(0), 'x0.logcumsumexp(0)'),
    ],
    errors: [
      {
        call: () => ones([2], { dtype: 'int32' }).logcumsumexp(0),
        error: DTypeError,
        message: /^logcumsumexp: needs a floating dtype, x is int32$/,
      },
    ],
  },
  {
    op: 'diff',
    gradgrad: true,
    samples: [
      { inputs: [normal([3, 5])], ours: (x) => x.diff(), torch: 'x0.diff()', dtypes: numbers },
      { inputs: [normal([4, 3])], ours: (x) => m.diff(x, { n: 2, dim: 0 }), torch: 'x0.diff(2, 0)' },
      {
        inputs: [normal([2, 3]), normal([2, 1]), normal([2, 2])],
        ours: (x, a, b) => m.diff(x, { prepend: a!, append: b! }),
        torch: 'x0.diff(prepend=x1, append=x2)',
      },
      { inputs: [normal([2])], ours: (x) => m.diff(x, { n: 3 }), torch: 'x0.diff(3)' },
    ],
    errors: [
      { call: () => ones([]).diff(), error: ShapeError, message: /^diff: needs an axis/ },
      {
        call: () => m.diff(ones([2]), { n: -1 }),
        error: ArgumentError,
        message: /n must be a whole number of at least 0, got -1/,
      },
    ],
  },
];
