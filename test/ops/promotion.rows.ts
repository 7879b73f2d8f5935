import type { DType } from '../../src/core/dtype.js';
import { DTypeError, mul, promoteTypes, resultType, tensor, zeros } from '../../src/index.js';
import type { Operand } from '../../src/ops/promotion.js';
import { type Input, type OpRow, type Sample, values } from './table.js';

const dtypes: readonly DType[] = ['bool', 'uint8', 'int32', 'float32', 'float64'];
const ranks = [[1], []] as const;

const operand = (dtype: DType, shape: readonly number[]): Input => values(shape, [1], { dtype, grad: false });

/** Every dtype with every dtype, with axes and without. */
const pairs = dtypes.flatMap((a) =>
  dtypes.flatMap((b) => ranks.flatMap((m) => ranks.map((n) => [operand(a, m), operand(b, n)]))),
);

const once = { dtypes: ['float32'], grad: false } as const;

const numbers: readonly (readonly [number | boolean, string])[] = [
  [2, '2'],
  [0.5, '0.5'],
  [true, 'True'],
];
const withNumbers = dtypes.flatMap((a) =>
  ranks.flatMap((shape) => numbers.map((n) => [operand(a, shape), n] as const)),
);

/** An empty tensor that tells the dtype of its operands' results. */
const witness = (...operands: Operand[]) => zeros([0], { dtype: resultType(...operands) });

export const rows: readonly OpRow[] = [
  {
    op: 'resultType',
    large: null,
    grad: false,
    samples: [
      ...pairs.map(
        (inputs): Sample => ({
          ...once,
          inputs,
          ours: (a, b) => [witness(a!, b!), mul(a!, b!)],
          torch: '[torch.zeros([0], dtype=torch.result_type(x0, x1)), x0 * x1]',
        }),
      ),
      ...withNumbers.map(
        ([input, [number, python]]): Sample => ({
          ...once,
          inputs: [input],
          ours: (a) => [witness(a!, number), mul(a!, number)],
          torch: `[torch.zeros([0], dtype=torch.result_type(x0, ${python})), x0 * ${python}]`,
        }),
      ),
    ],
  },
  {
    op: 'promoteTypes',
    large: null,
    grad: false,
    samples: pairs.map(
      (inputs): Sample => ({
        ...once,
        inputs,
        ours: (a, b) => zeros([0], { dtype: promoteTypes(a!.dtype, b!.dtype) }),
        torch: 'torch.zeros([0], dtype=torch.promote_types(x0.dtype, x1.dtype))',
      }),
    ),
    errors: [
      {
        call: () => tensor([true]).mul_(2),
        error: DTypeError,
        message: /mul_: the result is int32, which a tensor of bool can't hold/,
      },
    ],
  },
];
