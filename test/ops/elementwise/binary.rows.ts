import type { DType } from '../../../src/core/dtype.js';
import * as m from '../../../src/index.js';
import { ArgumentError, DTypeError, ShapeError, tensor, zeros } from '../../../src/index.js';
import type { Tensor } from '../../../src/tensor/tensor.js';
import {
  distinct,
  type Input,
  integers,
  mask,
  normal,
  type OpRow,
  type Sample,
  uniform,
  values,
} from '../table.js';

const extremes = { maximum: m.maximum, minimum: m.minimum, fmax: m.fmax, fmin: m.fmin };

type Binary = (a: Tensor, b: Tensor) => Tensor;
type Make = (shape: readonly number[]) => Input;

const pairs = [
  [
    [3, 4],
    [3, 4],
  ],
  [[2, 3, 5], [5]],
  [[4, 1], [3]],
  [
    [2, 1, 3],
    [5, 1],
  ],
  [[], [2, 3]],
  [[130], []],
  [[0, 3], [3]],
] as const;

/** Two operands that broadcast in every way. */
const broadcasts = (f: Binary, torch: string, a: Make, b: Make = a): Sample[] =>
  pairs.map(([x, y]) => ({ inputs: [a(x), b(y)], ours: f, torch }));

const some: Make = (shape) => normal(shape);
const positive: Make = (shape) => uniform(shape, 0.3, 3);
const apart: Make = (shape) => uniform(shape, 0.4, 2.9);

/** dtypes that have to be promoted: values only. */
const mixed = (f: Binary, torch: string): Sample[] =>
  [
    [integers([2, 3], 1, 9), uniform([2, 3], 1, 4, { dtype: 'float32' })],
    [integers([2, 3], 1, 9), uniform([], 1, 4, { dtype: 'float64' })],
    [integers([2, 3], 1, 9, 'uint8'), integers([3], 1, 9)],
    [uniform([3], 1, 4, { dtype: 'float32' }), uniform([], 1, 4, { dtype: 'float64' })],
    [uniform([3], 1, 4, { dtype: 'float32' }), uniform([3], 1, 4, { dtype: 'float64' })],
    [integers([3], 1, 9, 'uint8'), integers([], 1, 9)],
  ].map((inputs) => ({ inputs, ours: f, torch, dtypes: ['float32'], grad: false }));

const inPlace = (f: Binary, torch: string): Sample => ({
  inputs: [uniform([3, 4], 1, 2), uniform([3, 4], 1, 2)],
  ours: f,
  torch,
});

const wholes: readonly DType[] = ['float32', 'float64', 'int32', 'uint8'];

export const rows: readonly OpRow[] = [
  {
    op: 'add',
    gradgrad: true,
    samples: [
      ...broadcasts((a, b) => a.add(b), 'x0 + x1', some),
      ...mixed((a, b) => a.add(b), 'x0 + x1'),
      { inputs: [some([2, 3])], ours: (x) => x.add(2), torch: 'x0 + 2', dtypes: [...wholes, 'bool'] },
      { inputs: [some([2, 3])], ours: (x) => x.add(0.5), torch: 'x0 + 0.5', dtypes: [...wholes, 'bool'] },
      {
        inputs: [some([2, 3]), some([3])],
        ours: (a, b) => a.add(b, { alpha: 2 }),
        torch: 'torch.add(x0, x1, alpha=2)',
        dtypes: wholes,
      },
      { inputs: [mask([5]), mask([5])], ours: (a, b) => a.add(b), torch: 'x0 + x1', dtypes: ['bool'] },
      inPlace((a, b) => a.clone().add_(b), 'x0.clone().add_(x1)'),
      inPlace((a, b) => a.clone().add_(b, { alpha: 0.5 }), 'x0.clone().add_(x1, alpha=0.5)'),
      { inputs: [some([3, 4]), some([4])], ours: (a, b) => a.clone().add_(b), torch: 'x0.clone().add_(x1)' },
    ],
    errors: [
      {
        call: () => zeros([2, 3]).add(zeros([4])),
        error: ShapeError,
        message: /add: shapes don't broadcast: axis -1 is 3 and 4/,
      },
      {
        call: () => zeros([3]).add_(zeros([2, 3])),
        error: ShapeError,
        message: /add_: the result doesn't fit in the tensor/,
      },
      {
        call: () => tensor([1, 2], { dtype: 'int32' }).add_(0.5),
        error: DTypeError,
        message: /add_: the result is float32, which a tensor of int32 can't hold/,
      },
      {
        call: () => tensor([1], { dtype: 'int32' }).add(tensor([2], { dtype: 'int32' }), { alpha: 0.5 }),
        error: ArgumentError,
        message: /add: alpha must be a whole number for integers, got 0.5/,
      },
    ],
  },
  {
    op: 'sub',
    gradgrad: true,
    samples: [
      ...broadcasts((a, b) => a.sub(b), 'x0 - x1', some),
      ...mixed((a, b) => a.sub(b), 'x0 - x1'),
      { inputs: [some([2, 3])], ours: (x) => x.sub(2), torch: 'x0 - 2', dtypes: wholes },
      {
        inputs: [some([2, 3]), some([3])],
        ours: (a, b) => a.sub(b, { alpha: 2 }),
        torch: 'torch.sub(x0, x1, alpha=2)',
      },
      inPlace((a, b) => a.clone().sub_(b), 'x0.clone().sub_(x1)'),
    ],
    errors: [
      {
        call: () => tensor([true]).sub(tensor([true])),
        error: DTypeError,
        message: /sub: isn't defined for bool/,
      },
    ],
  },
  {
    op: 'rsub',
    gradgrad: true,
    samples: [
      { inputs: [some([2, 3]), some([3])], ours: (a, b) => m.rsub(a, b), torch: 'torch.rsub(x0, x1)' },
      { inputs: [some([2, 3])], ours: (x) => m.rsub(x, 1), torch: 'torch.rsub(x0, 1)', dtypes: wholes },
      {
        inputs: [some([2, 3])],
        ours: (x) => m.rsub(x, 1, { alpha: 3 }),
        torch: 'torch.rsub(x0, 1, alpha=3)',
      },
    ],
  },
  {
    op: 'mul',
    gradgrad: true,
    samples: [
      ...broadcasts((a, b) => a.mul(b), 'x0 * x1', some),
      ...mixed((a, b) => a.mul(b), 'x0 * x1'),
      { inputs: [some([2, 3])], ours: (x) => x.mul(3), torch: 'x0 * 3', dtypes: wholes },
      { inputs: [some([2, 3])], ours: (x) => x.mul(0.5), torch: 'x0 * 0.5', dtypes: wholes },
      { inputs: [some([2, 3])], ours: (x) => x.mul(x), torch: 'x0 * x0' },
      { inputs: [mask([5]), mask([5])], ours: (a, b) => a.mul(b), torch: 'x0 * x1', dtypes: ['bool'] },
      inPlace((a, b) => a.clone().mul_(b), 'x0.clone().mul_(x1)'),
      { inputs: [some([3, 4])], ours: (a) => a.clone().mul_(2), torch: 'x0.clone().mul_(2)' },
    ],
  },
  {
    op: 'div',
    gradgrad: true,
    samples: [
      ...broadcasts((a, b) => a.div(b), 'x0 / x1', some, positive),
      ...mixed((a, b) => a.div(b), 'x0 / x1'),
      { inputs: [integers([2, 3], -9, 9)], ours: (x) => x.div(2), torch: 'x0 / 2', dtypes: ['int32'] },
      {
        inputs: [integers([40], -20, 20), integers([40], 1, 7)],
        ours: (a, b) => a.div(b, { roundingMode: 'floor' }),
        torch: "torch.div(x0, x1, rounding_mode='floor')",
        dtypes: ['int32'],
      },
      {
        inputs: [integers([40], -20, 20), integers([40], 1, 7)],
        ours: (a, b) => a.div(b, { roundingMode: 'trunc' }),
        torch: "torch.div(x0, x1, rounding_mode='trunc')",
        dtypes: ['int32'],
      },
      {
        inputs: [uniform([40], -20, 20, { grad: false }), uniform([40], 1, 7, { grad: false })],
        ours: (a, b) => a.div(b, { roundingMode: 'floor' }),
        torch: "torch.div(x0, x1, rounding_mode='floor')",
      },
      {
        inputs: [uniform([40], -20, 20), uniform([40], 1, 7)],
        ours: (a, b) => a.div(b, { roundingMode: 'trunc' }),
        torch: "torch.div(x0, x1, rounding_mode='trunc')",
      },
      inPlace((a, b) => a.clone().div_(b), 'x0.clone().div_(x1)'),
    ],
    errors: [
      {
        call: () => zeros([2]).div(2, { roundingMode: 'ceil' as 'floor' }),
        error: ArgumentError,
        message: /div: roundingMode must be 'trunc' or 'floor', or null, got 'ceil'/,
      },
    ],
  },
  {
    op: 'floorDivide',
    grad: false,
    samples: [
      {
        inputs: [uniform([40], -9, 9), apart([40])],
        ours: m.floorDivide,
        torch: 'torch.floor_divide(x0, x1)',
      },
      {
        inputs: [integers([40], -20, 20), integers([40], -7, -1)],
        ours: m.floorDivide,
        torch: 'torch.floor_divide(x0, x1)',
        dtypes: ['int32'],
      },
    ],
  },
  {
    op: 'remainder',
    samples: [
      { inputs: [uniform([40], -9, 9), apart([40])], ours: m.remainder, torch: 'torch.remainder(x0, x1)' },
      {
        inputs: [uniform([3, 4], -9, 9)],
        ours: (x) => m.remainder(x, -1.5),
        torch: 'torch.remainder(x0, -1.5)',
      },
      {
        inputs: [integers([40], -20, 20), integers([40], 1, 7)],
        ours: m.remainder,
        torch: 'torch.remainder(x0, x1)',
        dtypes: ['int32'],
      },
      inPlace((a, b) => a.clone().remainder_(b), 'x0.clone().remainder_(x1)'),
    ],
  },
  {
    op: 'fmod',
    samples: [
      { inputs: [uniform([40], -9, 9), apart([40])], ours: m.fmod, torch: 'torch.fmod(x0, x1)' },
      {
        inputs: [integers([40], -20, 20), integers([40], 1, 7)],
        ours: m.fmod,
        torch: 'torch.fmod(x0, x1)',
        dtypes: ['int32'],
      },
    ],
  },
  {
    op: 'pow',
    gradgrad: true,
    samples: [
      ...broadcasts((a, b) => a.pow(b), 'torch.pow(x0, x1)', positive, apart),
      ...[2, 3, 0.5, -1, -0.5, 1, 0, 2.5, -3].map((n) => ({
        inputs: [positive([3, 4])],
        ours: (x: Tensor) => x.pow(n),
        torch: `torch.pow(x0, ${n})`,
      })),
      { inputs: [some([7])], ours: (x) => x.pow(4), torch: 'torch.pow(x0, 4)' },
      { inputs: [some([7])], ours: (x) => m.pow(2, x), torch: 'torch.pow(2, x0)' },
      {
        inputs: [integers([12], -4, 5), integers([12], 0, 5)],
        ours: (a, b) => a.pow(b),
        torch: 'torch.pow(x0, x1)',
        dtypes: ['int32'],
      },
      { inputs: [integers([12], -4, 5)], ours: (x) => x.pow(2), torch: 'x0 ** 2', dtypes: ['int32'] },
      { inputs: [integers([12], -4, 5)], ours: (x) => x.pow(0.5), torch: 'x0 ** 0.5', dtypes: ['int32'] },
      inPlace((a, b) => a.clone().pow_(b), 'x0.clone().pow_(x1)'),
    ],
    errors: [
      {
        call: () => tensor([2], { dtype: 'int32' }).pow(-2),
        error: ArgumentError,
        message: /pow: integers to the power -2 aren't integers/,
      },
    ],
  },
  ...(['maximum', 'minimum'] as const).map(
    (op): OpRow => ({
      op,
      why: 'ties share the gradient by halves, where finite differences see a kink',
      samples: [
        { inputs: [distinct([3, 4]), some([3, 4])], ours: extremes[op], torch: `torch.${op}(x0, x1)` },
        { inputs: [some([2, 3, 5]), some([5])], ours: extremes[op], torch: `torch.${op}(x0, x1)` },
        {
          inputs: [integers([9], -4, 5), integers([9], -4, 5)],
          ours: extremes[op],
          torch: `torch.${op}(x0, x1)`,
          dtypes: ['int32'],
        },
        {
          inputs: [mask([9]), mask([9])],
          ours: extremes[op],
          torch: `torch.${op}(x0, x1)`,
          dtypes: ['bool'],
        },
      ],
    }),
  ),
  ...(['fmax', 'fmin'] as const).map(
    (op): OpRow => ({
      op,
      samples: [
        { inputs: [some([3, 4]), some([4])], ours: extremes[op], torch: `torch.${op}(x0, x1)` },
        {
          inputs: [values([3], [0, 1, 2]), values([3], [0, 5, -1])],
          ours: (a, b) => extremes[op](a.div(a.mul(1)), b),
          torch: `torch.${op}(x0 / x0, x1)`,
          grad: false,
        },
      ],
    }),
  ),
  { op: 'atan2', gradgrad: true, samples: broadcasts(m.atan2, 'torch.atan2(x0, x1)', positive, apart) },
  { op: 'hypot', gradgrad: true, samples: broadcasts(m.hypot, 'torch.hypot(x0, x1)', positive, apart) },
  {
    op: 'xlogy',
    gradgrad: true,
    samples: [
      ...broadcasts(m.xlogy, 'torch.xlogy(x0, x1)', positive, apart),
      {
        inputs: [values([3], [0, 1, 2], { grad: false }), values([3], [0, 0, 3], { grad: false })],
        ours: m.xlogy,
        torch: 'torch.xlogy(x0, x1)',
      },
    ],
  },
  { op: 'logaddexp', gradgrad: true, samples: broadcasts(m.logaddexp, 'torch.logaddexp(x0, x1)', some) },
  { op: 'logaddexp2', gradgrad: true, samples: broadcasts(m.logaddexp2, 'torch.logaddexp2(x0, x1)', some) },
  {
    op: 'copysign',
    samples: [
      { inputs: [some([3, 4]), some([4])], ours: m.copysign, torch: 'torch.copysign(x0, x1)' },
      { inputs: [some([3, 4])], ours: (x) => m.copysign(x, -1), torch: 'torch.copysign(x0, -1)' },
    ],
  },
  {
    op: 'heaviside',
    grad: false,
    samples: [
      {
        inputs: [values([4], [-1, 0, 0, 2]), values([4], [5, 6, 7, 8])],
        ours: m.heaviside,
        torch: 'torch.heaviside(x0, x1)',
        dtypes: ['float32', 'float64', 'int32'],
      },
      {
        inputs: [values([4], [-1, 0, 0, 2])],
        ours: (x) => m.heaviside(x, 1),
        torch: 'torch.heaviside(x0, torch.ones((), dtype=x0.dtype))',
      },
    ],
    errors: [
      {
        call: () => m.heaviside(zeros([2]), zeros([2], { dtype: 'int32' })),
        error: DTypeError,
        message: /heaviside: both operands need the same dtype, got float32 and int32/,
      },
    ],
  },
];
