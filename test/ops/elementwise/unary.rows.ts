import * as m from '../../../src/index.js';
import { ArgumentError, DTypeError, tensor } from '../../../src/index.js';
import type { Tensor } from '../../../src/tensor/tensor.js';
import { type Input, integers, mask, normal, type OpRow, type Sample, uniform, values } from '../table.js';

type Unary = (x: Tensor) => Tensor;

/** A function of floats, elsewhere float32: several shapes over its domain, and integers. */
function floating(op: string, f: Unary, torch: string, domain: (shape: readonly number[]) => Input): OpRow {
  const samples: Sample[] = [[2, 3, 5], [7, 4], [], [0, 3], [130]].map((shape) => ({
    inputs: [domain(shape)],
    ours: f,
    torch: `${torch}(x0)`,
  }));
  return { op, samples, gradgrad: true };
}

const wide = (shape: readonly number[]): Input => uniform(shape, -6, 6);
const between =
  (low: number, high: number) =>
  (shape: readonly number[]): Input =>
    uniform(shape, low, high);

const integral = (f: Unary, torch: string): Sample => ({
  inputs: [integers([3, 4], 1, 9)],
  ours: f,
  torch,
  dtypes: ['float32'],
  grad: false,
});

/** A function whose slope is 0 almost everywhere, and which leaves integers alone. */
const stepwise = (op: string, f: Unary): OpRow => ({
  op,
  samples: [
    { inputs: [wide([3, 4])], ours: f, torch: `torch.${op}(x0)` },
    {
      inputs: [values([6], [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5], { grad: false })],
      ours: f,
      torch: `torch.${op}(x0)`,
    },
    { inputs: [normal([5])], ours: f, torch: `torch.${op}(x0)`, dtypes: ['int32', 'uint8'] },
  ],
});

const rows: OpRow[] = [
  {
    op: 'abs',
    samples: [
      { inputs: [normal([2, 3])], ours: m.abs, torch: 'torch.abs(x0)' },
      {
        inputs: [values([3], [-1, 0, 2])],
        ours: m.abs,
        torch: 'torch.abs(x0)',
        dtypes: ['float32', 'int32'],
      },
      { inputs: [normal([4])], ours: (x) => x.clone().abs_(), torch: 'x0.clone().abs_()' },
    ],
    errors: [
      { call: () => m.abs(tensor([true])), error: DTypeError, message: /abs: isn't defined for bool/ },
    ],
  },
  {
    op: 'neg',
    gradgrad: true,
    samples: [
      {
        inputs: [normal([2, 3])],
        ours: m.neg,
        torch: 'torch.neg(x0)',
        dtypes: ['float32', 'float64', 'int32', 'uint8'],
      },
      { inputs: [normal([4])], ours: (x) => x.clone().neg_(), torch: 'x0.clone().neg_()' },
    ],
    errors: [
      { call: () => m.neg(tensor([true])), error: DTypeError, message: /neg: isn't defined for bool/ },
    ],
  },
  {
    op: 'square',
    gradgrad: true,
    samples: [
      {
        inputs: [normal([2, 3])],
        ours: m.square,
        torch: 'torch.square(x0)',
        dtypes: ['float32', 'float64', 'int32'],
      },
      { inputs: [normal([4])], ours: (x) => x.clone().square_(), torch: 'x0.clone().square_()' },
    ],
  },
  {
    op: 'sign',
    samples: [
      { inputs: [normal([2, 3])], ours: m.sign, torch: 'torch.sign(x0)' },
      {
        inputs: [values([4], [-3, 0, 2, 0.5])],
        ours: m.sign,
        torch: 'torch.sign(x0)',
        dtypes: ['float32', 'int32', 'uint8', 'bool'],
      },
    ],
  },
  stepwise('ceil', m.ceil),
  stepwise('floor', m.floor),
  stepwise('trunc', m.trunc),
  {
    op: 'round',
    samples: [
      ...stepwise('round', m.round).samples,
      {
        inputs: [wide([3, 4])],
        ours: (x) => m.round(x, { decimals: 2 }),
        torch: 'torch.round(x0, decimals=2)',
      },
      {
        inputs: [uniform([5], -600, 600)],
        ours: (x) => m.round(x, { decimals: -2 }),
        torch: 'torch.round(x0, decimals=-2)',
      },
    ],
  },
  floating('frac', m.frac, 'torch.frac', wide),
  floating('sqrt', m.sqrt, 'torch.sqrt', between(0.1, 9)),
  floating('rsqrt', m.rsqrt, 'torch.rsqrt', between(0.1, 9)),
  floating('reciprocal', m.reciprocal, 'torch.reciprocal', between(0.2, 5)),
  floating('exp', m.exp, 'torch.exp', wide),
  floating('exp2', m.exp2, 'torch.exp2', wide),
  floating('expm1', m.expm1, 'torch.expm1', between(-3, 3)),
  floating('log', m.log, 'torch.log', between(0.1, 9)),
  floating('log2', m.log2, 'torch.log2', between(0.1, 9)),
  floating('log10', m.log10, 'torch.log10', between(0.1, 9)),
  floating('log1p', m.log1p, 'torch.log1p', between(-0.8, 5)),
  floating('sin', m.sin, 'torch.sin', wide),
  floating('cos', m.cos, 'torch.cos', wide),
  floating('tan', m.tan, 'torch.tan', between(-1.2, 1.2)),
  floating('asin', m.asin, 'torch.asin', between(-0.9, 0.9)),
  floating('acos', m.acos, 'torch.acos', between(-0.9, 0.9)),
  floating('atan', m.atan, 'torch.atan', wide),
  floating('sinh', m.sinh, 'torch.sinh', between(-3, 3)),
  floating('cosh', m.cosh, 'torch.cosh', between(-3, 3)),
  floating('tanh', m.tanh, 'torch.tanh', between(-3, 3)),
  floating('asinh', m.asinh, 'torch.asinh', wide),
  floating('acosh', m.acosh, 'torch.acosh', between(1.2, 6)),
  floating('atanh', m.atanh, 'torch.atanh', between(-0.9, 0.9)),
  floating('erf', m.erf, 'torch.erf', between(-3, 3)),
  floating('erfc', m.erfc, 'torch.erfc', between(-3, 3)),
  floating('erfinv', m.erfinv, 'torch.erfinv', between(-0.9, 0.9)),
  floating('lgamma', m.lgamma, 'torch.lgamma', between(0.3, 6)),
  {
    ...floating('digamma', m.digamma, 'torch.digamma', between(0.3, 6)),
    gradgrad: false,
    why: 'polygamma has no gradient',
  },
  {
    op: 'polygamma',
    grad: false,
    why: 'no gradient of the second derivative of lgamma',
    samples: [
      { inputs: [between(0.3, 6)([2, 3])], ours: (x) => m.polygamma(0, x), torch: 'torch.polygamma(0, x0)' },
      { inputs: [between(0.3, 6)([2, 3])], ours: (x) => m.polygamma(1, x), torch: 'torch.polygamma(1, x0)' },
    ],
    errors: [
      {
        call: () => m.polygamma(2, tensor([1])),
        error: ArgumentError,
        message: /polygamma: n must be 0 or 1, got 2/,
      },
    ],
  },
  floating('deg2rad', m.deg2rad, 'torch.deg2rad', between(-180, 180)),
  floating('rad2deg', m.rad2deg, 'torch.rad2deg', wide),
  {
    op: 'logit',
    gradgrad: true,
    samples: [
      { inputs: [uniform([2, 3], 0.1, 0.9)], ours: (x) => m.logit(x), torch: 'torch.logit(x0)' },
      {
        inputs: [uniform([8], -0.2, 1.2)],
        ours: (x) => m.logit(x, { eps: 0.05 }),
        torch: 'torch.logit(x0, eps=0.05)',
      },
    ],
  },
  {
    op: 'nanToNum',
    samples: [
      { inputs: [normal([2, 3])], ours: (x) => m.nanToNum(x), torch: 'torch.nan_to_num(x0)' },
      {
        inputs: [values([4], [-1, 0, 1, 2])],
        ours: (x) => m.nanToNum(x.div(0), { nan: 7, posinf: 8, neginf: -9 }),
        torch: 'torch.nan_to_num(x0 / 0, 7.0, 8.0, -9.0)',
        grad: false,
      },
      {
        inputs: [values([4], [-1, 0, 1, 2])],
        ours: (x) => m.nanToNum(x.div(0)),
        torch: 'torch.nan_to_num(x0 / 0)',
        grad: false,
      },
    ],
  },
];

const promoted: Readonly<Record<string, Unary>> = {
  exp: m.exp,
  sqrt: m.sqrt,
  log: m.log,
  sin: m.sin,
  tanh: m.tanh,
  erf: m.erf,
};
for (const [op, f] of Object.entries(promoted)) {
  const row = rows.findIndex((r) => r.op === op);
  rows[row] = {
    ...rows[row]!,
    samples: [
      ...rows[row]!.samples,
      integral(f, `torch.${op}(x0)`),
      { inputs: [mask([4])], ours: f, torch: `torch.${op}(x0)`, dtypes: ['float32'], grad: false },
    ],
  };
}

const changed: Readonly<Record<string, Unary>> = {
  exp: (x) => x.clone().exp_(),
  log: (x) => x.clone().log_(),
  sqrt: (x) => x.clone().sqrt_(),
  rsqrt: (x) => x.clone().rsqrt_(),
  reciprocal: (x) => x.clone().reciprocal_(),
  tanh: (x) => x.clone().tanh_(),
  floor: (x) => x.clone().floor_(),
  ceil: (x) => x.clone().ceil_(),
  trunc: (x) => x.clone().trunc_(),
  round: (x) => x.clone().round_(),
};
for (const [op, ours] of Object.entries(changed)) {
  const row = rows.findIndex((r) => r.op === op);
  const sample: Sample = { inputs: [uniform([3, 5], 0.6, 0.9)], ours, torch: `x0.clone().${op}_()` };
  rows[row] = { ...rows[row]!, samples: [...rows[row]!.samples, sample] };
}

rows.push(
  {
    op: 'sgn',
    samples: [{ inputs: [normal([3, 4])], ours: (x) => x.sgn(), torch: 'x0.sgn()' }],
  },
  {
    op: 'positive',
    gradgrad: true,
    samples: [{ inputs: [normal([3, 4])], ours: (x) => m.positive(x), torch: 'torch.positive(x0)' }],
    errors: [
      {
        call: () => m.positive(m.ones([2], { dtype: 'bool' })),
        error: DTypeError,
        message: /^positive: isn't defined for bool/,
      },
    ],
  },
  {
    op: 'sinc',
    why: 'at 0 the second derivative is 0, as in PyTorch, where it should be −π²/3',
    samples: [
      {
        inputs: [normal([3, 4])],
        ours: (x) => x.sinc(),
        torch: 'x0.sinc()',
        dtypes: ['float32', 'float64', 'int32'],
      },
      { inputs: [values([3], [0, 1, -0.5])], ours: (x) => m.sinc(x), torch: 'torch.sinc(x0)' },
    ],
  },
);

export { rows };
