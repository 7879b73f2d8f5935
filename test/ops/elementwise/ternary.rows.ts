import * as m from '../../../src/index.js';
import { ArgumentError, DTypeError, tensor, zeros } from '../../../src/index.js';
import { integers, mask, normal, type OpRow, uniform, values } from '../table.js';

export const rows: readonly OpRow[] = [
  {
    op: 'where',
    gradgrad: true,
    samples: [
      {
        inputs: [mask([3, 4]), normal([3, 4]), normal([3, 4])],
        ours: m.where,
        torch: 'torch.where(x0, x1, x2)',
        dtypes: ['float32', 'float64', 'int32', 'uint8', 'bool'],
      },
      { inputs: [mask([2, 1]), normal([3]), normal([])], ours: m.where, torch: 'torch.where(x0, x1, x2)' },
      {
        inputs: [mask([130]), normal([2, 1]), normal([130])],
        ours: m.where,
        torch: 'torch.where(x0, x1, x2)',
      },
      {
        inputs: [normal([3, 4]), mask([3, 4]), normal([4])],
        ours: (x, c, y) => x.where(c, y),
        torch: 'x0.where(x1, x2)',
      },
      {
        inputs: [mask([3, 4]), normal([3, 4], { dtype: 'float32' })],
        ours: (c, x) => m.where(c, x, 0),
        torch: 'torch.where(x0, x1, 0.0)',
        dtypes: ['float32'],
      },
    ],
    errors: [
      {
        call: () => m.where(zeros([2]), 1, 2),
        error: DTypeError,
        message: /where: the condition is float32, but must be bool/,
      },
    ],
  },
  {
    op: 'clamp',
    samples: [
      { inputs: [normal([3, 4])], ours: (x) => m.clamp(x, -0.5, 0.7), torch: 'torch.clamp(x0, -0.5, 0.7)' },
      {
        inputs: [normal([3, 4])],
        ours: (x) => m.clamp(x, { min: -0.5 }),
        torch: 'torch.clamp(x0, min=-0.5)',
      },
      { inputs: [normal([3, 4])], ours: (x) => m.clamp(x, null, 0.5), torch: 'torch.clamp(x0, max=0.5)' },
      { inputs: [normal([5])], ours: (x) => m.clamp(x, 1, -1), torch: 'torch.clamp(x0, 1, -1)' },
      {
        inputs: [integers([9], -5, 9)],
        ours: (x) => m.clamp(x, -2, 3),
        torch: 'torch.clamp(x0, -2, 3)',
        dtypes: ['int32'],
      },
      {
        inputs: [integers([9], -5, 9)],
        ours: (x) => m.clamp(x, 0.5, 3),
        torch: 'torch.clamp(x0, 0.5, 3)',
        dtypes: ['int32'],
      },
      {
        inputs: [integers([9], 0, 200, 'uint8')],
        ours: (x) => m.clamp(x, 9, 99),
        torch: 'torch.clamp(x0, 9, 99)',
        dtypes: ['uint8'],
      },
      {
        inputs: [normal([3, 4]), uniform([4], -1, 0), uniform([4], 0, 1)],
        ours: (x, a, b) => m.clamp(x, a, b),
        torch: 'torch.clamp(x0, x1, x2)',
      },
      {
        inputs: [normal([3, 4]), normal([3, 1])],
        ours: (x, a) => m.clamp(x, a),
        torch: 'torch.clamp(x0, min=x1)',
      },
      {
        inputs: [normal([3, 4]), normal([3, 1])],
        ours: (x, b) => m.clamp(x, { max: b }),
        torch: 'torch.clamp(x0, max=x1)',
      },
      {
        inputs: [normal([3, 4])],
        ours: (x) => x.clone().clamp_(-0.5, 0.5),
        torch: 'x0.clone().clamp_(-0.5, 0.5)',
      },
    ],
    errors: [
      { call: () => m.clamp(zeros([2])), error: ArgumentError, message: /clamp: needs min, max, or both/ },
      {
        call: () => m.clamp(tensor([true]), false as never, true as never),
        error: ArgumentError,
        message: /^clamp: min must be a number, or a tensor, or null, got false$/,
      },
    ],
  },
  {
    op: 'clampMin',
    samples: [
      { inputs: [normal([3, 4])], ours: (x) => m.clampMin(x, 0.1), torch: 'torch.clamp_min(x0, 0.1)' },
      {
        inputs: [values([3], [-1, 0, 1])],
        ours: (x) => m.clampMin(x, 0),
        torch: 'torch.clamp_min(x0, 0)',
        grad: false,
      },
    ],
  },
  {
    op: 'clampMax',
    samples: [
      { inputs: [normal([3, 4])], ours: (x) => m.clampMax(x, 0.1), torch: 'torch.clamp_max(x0, 0.1)' },
    ],
  },
  {
    op: 'lerp',
    gradgrad: true,
    samples: [
      {
        inputs: [normal([3, 4]), normal([4]), uniform([3, 1], 0, 1)],
        ours: m.lerp,
        torch: 'torch.lerp(x0, x1, x2)',
      },
      {
        inputs: [normal([3, 4]), normal([3, 4])],
        ours: (a, b) => m.lerp(a, b, 0.3),
        torch: 'torch.lerp(x0, x1, 0.3)',
      },
      {
        inputs: [normal([3, 4]), normal([3, 4])],
        ours: (a, b) => m.lerp(a, b, 0.8),
        torch: 'torch.lerp(x0, x1, 0.8)',
      },
      {
        inputs: [normal([3, 4]), normal([3, 4])],
        ours: (a, b) => a.clone().lerp_(b, 0.8),
        torch: 'x0.clone().lerp_(x1, 0.8)',
      },
    ],
    errors: [
      {
        call: () => m.lerp(tensor([1], { dtype: 'int32' }), tensor([1], { dtype: 'int32' }), 1),
        error: DTypeError,
        message: /lerp: is defined for floating tensors, not int32/,
      },
    ],
  },
  {
    op: 'addcmul',
    gradgrad: true,
    samples: [
      {
        inputs: [normal([3, 4]), normal([4]), normal([3, 1])],
        ours: (x, a, b) => m.addcmul(x, a, b),
        torch: 'torch.addcmul(x0, x1, x2)',
      },
      {
        inputs: [normal([3, 4]), normal([3, 4]), normal([3, 4])],
        ours: (x, a, b) => m.addcmul(x, a, b, { value: 0.5 }),
        torch: 'torch.addcmul(x0, x1, x2, value=0.5)',
      },
      {
        inputs: [normal([3, 4]), normal([3, 4]), normal([4])],
        ours: (x, a, b) => x.clone().addcmul_(a, b, { value: 2 }),
        torch: 'x0.clone().addcmul_(x1, x2, value=2)',
      },
    ],
  },
  {
    op: 'addcdiv',
    gradgrad: true,
    samples: [
      {
        inputs: [normal([3, 4]), normal([4]), uniform([3, 1], 0.5, 2)],
        ours: (x, a, b) => m.addcdiv(x, a, b),
        torch: 'torch.addcdiv(x0, x1, x2)',
      },
      {
        inputs: [normal([3, 4]), normal([3, 4]), uniform([3, 4], 0.5, 2)],
        ours: (x, a, b) => x.clone().addcdiv_(a, b, { value: 0.5 }),
        torch: 'x0.clone().addcdiv_(x1, x2, value=0.5)',
      },
    ],
  },
  {
    op: 'clip',
    gradgrad: true,
    samples: [{ inputs: [normal([3, 4])], ours: (x) => m.clip(x, -0.5, 0.7), torch: 'x0.clip(-0.5, 0.7)' }],
  },
];
