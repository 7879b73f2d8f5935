import * as m from '../../../src/index.js';
import { DTypeError, tensor, zeros } from '../../../src/index.js';
import { integers, mask, type OpRow } from '../table.js';

const functions = {
  bitwiseAnd: m.bitwiseAnd,
  bitwiseOr: m.bitwiseOr,
  bitwiseXor: m.bitwiseXor,
  bitwiseLeftShift: m.bitwiseLeftShift,
  bitwiseRightShift: m.bitwiseRightShift,
};

const integral = ['int32'] as const;

const binary = (op: 'bitwiseAnd' | 'bitwiseOr' | 'bitwiseXor', torch: string): OpRow => ({
  op,
  grad: false,
  samples: [
    {
      inputs: [integers([40], -99, 99), integers([40], -99, 99)],
      ours: functions[op],
      torch: `torch.${torch}(x0, x1)`,
      dtypes: integral,
    },
    {
      inputs: [integers([3, 4], 0, 255, 'uint8'), integers([4], 0, 255, 'uint8')],
      ours: functions[op],
      torch: `torch.${torch}(x0, x1)`,
      dtypes: ['uint8'],
    },
    {
      inputs: [integers([9], -99, 99)],
      ours: (x) => functions[op](x, 6),
      torch: `torch.${torch}(x0, 6)`,
      dtypes: integral,
    },
    {
      inputs: [mask([9]), mask([9])],
      ours: functions[op],
      torch: `torch.${torch}(x0, x1)`,
      dtypes: ['bool'],
    },
  ],
  errors: [
    {
      call: () => functions[op](zeros([2]), 1),
      error: DTypeError,
      message: new RegExp(`${op}: is defined for integers and bool, not float32`),
    },
  ],
});

const shift = (op: 'bitwiseLeftShift' | 'bitwiseRightShift', torch: string): OpRow => ({
  op,
  grad: false,
  samples: [
    {
      inputs: [integers([40], -99, 99), integers([40], 0, 9)],
      ours: functions[op],
      torch: `torch.${torch}(x0, x1)`,
      dtypes: integral,
    },
    {
      inputs: [integers([40], 0, 255, 'uint8'), integers([40], 0, 7, 'uint8')],
      ours: functions[op],
      torch: `torch.${torch}(x0, x1)`,
      dtypes: ['uint8'],
    },
  ],
  errors: [
    {
      call: () => functions[op](tensor([1.5]), 1),
      error: DTypeError,
      message: new RegExp(`${op}: is defined for integers, not float32`),
    },
    {
      call: () => functions[op](tensor([true]), true),
      error: DTypeError,
      message: new RegExp(`${op}: isn't defined for bool`),
    },
  ],
});

export const rows: readonly OpRow[] = [
  binary('bitwiseAnd', 'bitwise_and'),
  binary('bitwiseOr', 'bitwise_or'),
  binary('bitwiseXor', 'bitwise_xor'),
  shift('bitwiseLeftShift', 'bitwise_left_shift'),
  shift('bitwiseRightShift', 'bitwise_right_shift'),
  {
    op: 'bitwiseNot',
    grad: false,
    samples: [
      {
        inputs: [integers([40], -99, 99)],
        ours: m.bitwiseNot,
        torch: 'torch.bitwise_not(x0)',
        dtypes: integral,
      },
      { inputs: [mask([9])], ours: m.bitwiseNot, torch: 'torch.bitwise_not(x0)', dtypes: ['bool'] },
    ],
    errors: [
      {
        call: () => m.bitwiseNot(zeros([2])),
        error: DTypeError,
        message: /bitwiseNot: is defined for integers and bool, not float32/,
      },
    ],
  },
];
