import type { DType } from '../../../src/core/dtype.js';
import * as m from '../../../src/index.js';
import { DTypeError, tensor, zeros } from '../../../src/index.js';
import { integers, mask, normal, type OpRow, type Sample, values } from '../table.js';

const functions = {
  eq: m.eq,
  ne: m.ne,
  lt: m.lt,
  le: m.le,
  gt: m.gt,
  ge: m.ge,
  logicalAnd: m.logicalAnd,
  logicalOr: m.logicalOr,
  logicalXor: m.logicalXor,
  isnan: m.isnan,
  isinf: m.isinf,
  isfinite: m.isfinite,
  isposinf: m.isposinf,
  isneginf: m.isneginf,
  signbit: m.signbit,
};

const dtypes: readonly DType[] = ['float32', 'float64', 'int32', 'uint8', 'bool'];

const comparison = (op: 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge'): OpRow => ({
  op,
  grad: false,
  samples: [
    { inputs: [normal([7, 5]), normal([7, 5])], ours: functions[op], torch: `torch.${op}(x0, x1)`, dtypes },
    { inputs: [normal([2, 1, 3]), normal([5, 1])], ours: functions[op], torch: `torch.${op}(x0, x1)` },
    {
      inputs: [integers([4, 20], -2, 3), integers([20], -2, 3)],
      ours: functions[op],
      torch: `torch.${op}(x0, x1)`,
      dtypes: ['int32'],
    },
    {
      inputs: [integers([40], -2, 3)],
      ours: (x) => functions[op](x, 1),
      torch: `torch.${op}(x0, 1)`,
      dtypes: ['int32'],
    },
    {
      inputs: [integers([40], -2, 3)],
      ours: (x) => functions[op](x, 0.5),
      torch: `torch.${op}(x0, 0.5)`,
      dtypes: ['int32'],
    },
    { inputs: [normal([40])], ours: (x) => functions[op](x, 0.1), torch: `torch.${op}(x0, 0.1)` },
    {
      inputs: [values([3], [0, 1, 0]), normal([])],
      ours: (x, y) => functions[op](x.div(0), y),
      torch: `torch.${op}(x0 / 0, x1)`,
    },
  ],
});

const logical = (op: 'logicalAnd' | 'logicalOr' | 'logicalXor', torch: string): OpRow => ({
  op,
  grad: false,
  samples: [
    {
      inputs: [integers([40], -1, 2), integers([40], -1, 2)],
      ours: functions[op],
      torch: `torch.${torch}(x0, x1)`,
      dtypes: ['int32'],
    },
    {
      inputs: [mask([3, 4]), mask([4])],
      ours: functions[op],
      torch: `torch.${torch}(x0, x1)`,
      dtypes: ['bool'],
    },
    {
      inputs: [values([3], [0, 1, -2]), values([3], [0, 0, 3])],
      ours: functions[op],
      torch: `torch.${torch}(x0, x1)`,
    },
  ],
});

const property = (op: 'isnan' | 'isinf' | 'isfinite' | 'isposinf' | 'isneginf' | 'signbit'): OpRow => ({
  op,
  grad: false,
  samples: [
    {
      // The sign of 0/0 is the processor's choice.
      inputs: [values([5], [-1, op === 'signbit' ? 4 : 0, 1, 2, -3])],
      ours: (x) => functions[op](x.div(0)),
      torch: `torch.${op}(x0 / 0)`,
    },
    { inputs: [normal([3, 4])], ours: functions[op], torch: `torch.${op}(x0)`, dtypes },
  ],
});

const tolerances = [
  { inputs: [values([4], [1, 2, 3, 0]), values([4], [1.001, 2, 3.1, 0])] },
  { inputs: [normal([3, 4]), normal([3, 4])] },
] as const;

export const rows: readonly OpRow[] = [
  ...(['eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const).map(comparison),
  logical('logicalAnd', 'logical_and'),
  logical('logicalOr', 'logical_or'),
  logical('logicalXor', 'logical_xor'),
  {
    op: 'logicalNot',
    grad: false,
    samples: [
      { inputs: [normal([3, 4])], ours: m.logicalNot, torch: 'torch.logical_not(x0)', dtypes },
      {
        inputs: [mask([9])],
        ours: (x) => x.clone().logicalNot_(),
        torch: 'x0.clone().logical_not_()',
        dtypes: ['bool'],
      },
    ],
  },
  ...(['isnan', 'isinf', 'isfinite', 'isposinf', 'isneginf', 'signbit'] as const).map(property),
  {
    op: 'isclose',
    grad: false,
    samples: [
      ...tolerances.map(
        ({ inputs }): Sample => ({
          inputs,
          ours: (a, b) => m.isclose(a!, b!),
          torch: 'torch.isclose(x0, x1)',
        }),
      ),
      ...tolerances.map(
        ({ inputs }): Sample => ({
          inputs,
          ours: (a, b) => m.isclose(a!, b!, { rtol: 0.01, atol: 0.1 }),
          torch: 'torch.isclose(x0, x1, rtol=0.01, atol=0.1)',
        }),
      ),
      {
        inputs: [values([3], [-1, 0, 1])],
        ours: (x) => m.isclose(x.div(0), x.div(0), { equalNan: true }),
        torch: 'torch.isclose(x0 / 0, x0 / 0, equal_nan=True)',
      },
    ],
    errors: [
      {
        call: () => m.isclose(zeros([1]), tensor([1], { dtype: 'int32' })),
        error: DTypeError,
        message: /isclose: both operands need the same dtype, got float32 and int32/,
      },
    ],
  },
];
