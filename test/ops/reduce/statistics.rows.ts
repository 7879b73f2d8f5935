import { ArgumentError, DTypeError, IndexError, ShapeError } from '../../../src/core/errors.js';
import * as m from '../../../src/index.js';
import { ones, tensor, zeros } from '../../../src/index.js';
import { distinct, integers, normal, type OpRow, uniform, values } from '../table.js';

const NaN_ = Number.NaN;
const withNaN = (grad = true) => values([2, 4], [1.5, NaN_, -0.5, 2, 0.25, 3, NaN_, NaN_], { grad });
const whole = { error: ArgumentError } as const;

export const rows: OpRow[] = [
  {
    op: 'nansum',
    gradcheck: false,
    why: 'finite differences of NaN are NaN',
    samples: [
      { inputs: [withNaN()], ours: (x) => x.nansum(), torch: 'x0.nansum()' },
      {
        inputs: [withNaN()],
        ours: (x) => m.nansum(x, 1, { keepdim: true }),
        torch: 'x0.nansum(1, keepdim=True)',
      },
      {
        inputs: [integers([3, 4], -9, 9)],
        ours: (x) => x.nansum(0),
        torch: 'x0.nansum(0)',
        dtypes: ['int32'],
      },
    ],
    errors: [{ call: () => ones([2]).nansum(1), error: IndexError, message: /axis 1 is out of range/ }],
  },
  {
    op: 'nanmean',
    gradcheck: false,
    why: 'finite differences of NaN are NaN',
    samples: [
      { inputs: [withNaN()], ours: (x) => x.nanmean(), torch: 'x0.nanmean()' },
      { inputs: [withNaN()], ours: (x) => m.nanmean(x, 0), torch: 'x0.nanmean(0)' },
      {
        inputs: [withNaN()],
        ours: (x) => x.nanmean([1], { keepdim: true }),
        torch: 'x0.nanmean((1,), keepdim=True)',
      },
    ],
    errors: [
      {
        call: () => ones([2], { dtype: 'int32' }).nanmean(),
        error: DTypeError,
        message: /^nanmean: needs a floating dtype, x is int32\n {2}hint: x\.to\('float32'\)$/,
      },
    ],
  },
  {
    op: 'aminmax',
    samples: [
      {
        inputs: [distinct([3, 4])],
        ours: (x) => Object.values(x.aminmax()),
        torch: '(x0.amin(), x0.amax())',
      },
      {
        inputs: [distinct([3, 4])],
        ours: (x) => Object.values(m.aminmax(x, { dim: 1, keepdim: true })),
        torch: '(x0.amin(1, keepdim=True), x0.amax(1, keepdim=True))',
      },
    ],
    errors: [
      {
        call: () => m.aminmax(ones([2]), { axis: 0 } as never),
        ...whole,
        message: /no option 'axis'; did you mean 'dim'\?/,
      },
    ],
  },
  {
    op: 'mode',
    samples: [
      { inputs: [distinct([3, 4])], ours: (x) => Object.values(x.mode()), torch: 'x0.mode()' },
      {
        inputs: [integers([5, 9], 0, 4)],
        ours: (x) => Object.values(m.mode(x, 1)),
        torch: 'x0.mode(1)',
        dtypes: ['int32'],
      },
      {
        inputs: [integers([9, 3], 0, 3)],
        ours: (x) => Object.values(m.mode(x, 0, { keepdim: true })),
        torch: 'x0.mode(0, keepdim=True)',
        dtypes: ['int32'],
      },
      { inputs: [normal([])], ours: (x) => Object.values(x.mode()), torch: 'x0.mode()' },
    ],
    errors: [
      { call: () => zeros([2, 0]).mode(), error: ShapeError, message: /^mode: has no elements/ },
      { call: () => zeros([2]).mode(1), error: IndexError, message: /mode: axis 1/ },
    ],
  },
  {
    op: 'histc',
    grad: false,
    samples: [
      { inputs: [uniform([40], -3, 5)], ours: (x) => x.histc(), torch: 'x0.histc()' },
      {
        inputs: [values([6], [-1, 0, 1, 2.999, 3, 4])],
        ours: (x) => m.histc(x, { bins: 3, min: 0, max: 3 }),
        torch: 'x0.histc(3, 0, 3)',
      },
      { inputs: [values([3], [2, 2, 2])], ours: (x) => m.histc(x, { bins: 4 }), torch: 'x0.histc(4)' },
      {
        inputs: [normal([0])],
        ours: (x) => m.histc(x, { bins: 2, min: 0, max: 1 }),
        torch: 'x0.histc(2, 0, 1)',
      },
    ],
    errors: [
      {
        call: () => m.histc(ones([2]), { bins: 0 }),
        ...whole,
        message: /bins must be a whole number from 1 to \d+, got 0/,
      },
      {
        call: () => m.histc(ones([2]), { min: 2, max: 1 }),
        ...whole,
        message: /max must be at least min, got 1 and 2/,
      },
      {
        call: () => m.histc(tensor([1, Number.POSITIVE_INFINITY])),
        ...whole,
        message: /the range from 1 to Infinity isn't finite\n {2}hint: pass min and max/,
      },
      {
        call: () => m.histc(ones([2], { dtype: 'int32' })),
        error: DTypeError,
        message: /histc: needs a floating dtype/,
      },
    ],
  },
  {
    op: 'cov',
    gradgrad: true,
    samples: [
      { inputs: [normal([3, 6])], ours: (x) => x.cov(), torch: 'x0.cov()' },
      { inputs: [normal([6])], ours: (x) => m.cov(x, { correction: 0 }), torch: 'x0.cov(correction=0)' },
      {
        inputs: [normal([2, 4]), integers([4], 1, 4), uniform([4], 0.5, 2, { grad: false })],
        ours: (x, f, a) => m.cov(x, { fweights: f!, aweights: a! }),
        torch: 'x0.cov(fweights=x1, aweights=x2)',
      },
      {
        inputs: [normal([2, 4]), integers([4], 1, 4)],
        ours: (x, f) => m.cov(x, { fweights: f! }),
        torch: 'x0.cov(fweights=x1)',
      },
      {
        inputs: [normal([2, 4]), uniform([4], 0.5, 2, { grad: false })],
        ours: (x, a) => m.cov(x, { aweights: a! }),
        torch: 'x0.cov(aweights=x1)',
      },
    ],
    errors: [
      { call: () => zeros([2, 2, 2]).cov(), error: ShapeError, message: /x must have at most two axes/ },
      {
        call: () => m.cov(zeros([2, 3]), { aweights: zeros([2]) }),
        error: ShapeError,
        message: /aweights needs one number for each observation/,
      },
      {
        call: () => m.cov(zeros([2, 2]), { aweights: tensor([1, -1]) }),
        ...whole,
        message: /aweights must not be negative/,
      },
      {
        call: () => m.cov(zeros([2, 2]), { fweights: ones([2]) }),
        error: DTypeError,
        message: /fweights must be integers, got float32/,
      },
    ],
  },
  {
    op: 'corrcoef',
    gradcheck: false,
    why: 'the diagonal is 1 whatever x is, where clamp has its kink',
    samples: [
      { inputs: [normal([3, 6])], ours: (x) => x.corrcoef(), torch: 'x0.corrcoef()', grad: false },
      { inputs: [normal([6])], ours: (x) => m.corrcoef(x), torch: 'x0.corrcoef()' },
    ],
    errors: [
      {
        call: () => zeros([2, 2, 2]).corrcoef(),
        error: ShapeError,
        message: /corrcoef: x must have at most two axes/,
      },
    ],
  },
  {
    op: 'quantile',
    samples: [
      { inputs: [distinct([3, 5])], ours: (x) => x.quantile(0.3), torch: 'x0.quantile(0.3)' },
      ...(['linear', 'lower', 'higher', 'midpoint', 'nearest'] as const).map((interpolation) => ({
        inputs: [distinct([3, 6]), values([3], [0, 0.3, 0.9], { grad: false })],
        ours: (x: m.Tensor, q?: m.Tensor) => x.quantile(q!, 1, { interpolation }),
        torch: `x0.quantile(x1, 1, interpolation='${interpolation}')`,
      })),
      {
        inputs: [distinct([3, 5])],
        ours: (x) => m.quantile(x, 0.5, 0, { keepdim: true }),
        torch: 'x0.quantile(0.5, 0, keepdim=True)',
      },
      {
        inputs: [distinct([4, 5])],
        ours: (x) => x.quantile(0.5, null, { keepdim: true }),
        torch: 'x0.quantile(0.5, keepdim=True)',
      },
      {
        inputs: [withNaN(false)],
        ours: (x) => x.quantile(0.5, 1),
        torch: 'x0.quantile(0.5, 1)',
        grad: false,
      },
    ],
    errors: [
      {
        call: () => ones([2]).quantile(1.5),
        ...whole,
        message: /^quantile: q must be from 0 to 1, got 1.5$/,
      },
      { call: () => zeros([0]).quantile(0.5), error: ShapeError, message: /has no elements to pick from/ },
      {
        call: () => ones([2], { dtype: 'int32' }).quantile(0.5),
        error: DTypeError,
        message: /needs a floating dtype, x is int32/,
      },
      {
        call: () => ones([2]).quantile(tensor([0.5], { dtype: 'float64' })),
        error: DTypeError,
        message: /q is float64, x is float32/,
      },
      {
        call: () => ones([2]).quantile('half' as never),
        ...whole,
        message: /q must be a number or a tensor/,
      },
    ],
  },
  {
    op: 'nanquantile',
    gradcheck: false,
    why: 'finite differences of NaN are NaN',
    samples: [
      { inputs: [withNaN()], ours: (x) => x.nanquantile(0.5), torch: 'x0.nanquantile(0.5)' },
      {
        inputs: [withNaN(), values([2], [0.25, 0.75], { grad: false })],
        ours: (x, q) => m.nanquantile(x, q!, 1),
        torch: 'x0.nanquantile(x1, 1)',
      },
      {
        inputs: [values([2, 2], [1, 2, NaN_, NaN_], { grad: false })],
        ours: (x) => x.nanquantile(0.5, 1),
        torch: 'x0.nanquantile(0.5, 1)',
        grad: false,
      },
    ],
    errors: [
      {
        call: () => ones([2]).nanquantile(-1),
        ...whole,
        message: /nanquantile: q must be from 0 to 1, got -1/,
      },
    ],
  },
];
