import { DisposedError, DTypeError, ShapeError } from '../../../src/core/errors.js';
import {
  maskedFill,
  maskedScatter,
  maskedSelect,
  maskedSelectAsync,
  ones,
  tensor,
  zeros,
} from '../../../src/index.js';
import { mask, normal, type OpRow } from '../table.js';

const int = (data: number[]) => tensor(data, { dtype: 'int32' });

export const rows: OpRow[] = [
  {
    op: 'maskedFill',
    gradgrad: true,
    samples: [
      {
        inputs: [normal([3, 4]), mask([3, 4])],
        ours: (x, m) => maskedFill(x, m, -1.5),
        torch: 'x0.masked_fill(x1, -1.5)',
      },
      {
        inputs: [normal([2, 3, 4]), mask([3, 1])],
        ours: (x, m) => maskedFill(x, m, 2),
        torch: 'x0.masked_fill(x1, 2)',
      },
      {
        inputs: [normal([3]), mask([2, 3])],
        ours: (x, m) => maskedFill(x, m, 2),
        torch: 'x0.masked_fill(x1, 2)',
      },
      {
        inputs: [normal([3, 4]), mask([4]), normal([])],
        ours: (x, m, v) => maskedFill(x, m, v),
        torch: 'x0.masked_fill(x1, x2)',
      },
      {
        inputs: [normal([3, 4]), mask([3, 4])],
        ours: (x, m) => maskedFill(x, m, Number.NEGATIVE_INFINITY),
        torch: 'x0.masked_fill(x1, -math.inf)',
        grad: false,
      },
      {
        inputs: [normal([3, 4]), mask([3, 1])],
        ours: (x, m) => x.clone().maskedFill_(m, 7),
        torch: 'x0.clone().masked_fill_(x1, 7)',
      },
      { inputs: [normal([]), mask([])], ours: (x, m) => maskedFill(x, m, 3), torch: 'x0.masked_fill(x1, 3)' },
      {
        inputs: [normal([0, 2]), mask([2])],
        ours: (x, m) => maskedFill(x, m, 3),
        torch: 'x0.masked_fill(x1, 3)',
      },
      {
        inputs: [normal([3, 4]), mask([3, 4])],
        ours: (x, m) => maskedFill(x, m, 1),
        torch: 'x0.masked_fill(x1, 1)',
        dtypes: ['int32', 'uint8', 'bool'],
      },
    ],
    errors: [
      {
        call: () => {
          const mask = tensor([true]);
          mask.dispose();
          return zeros([1]).maskedFill_(mask, 1);
        },
        error: DisposedError,
        message: /maskedFill_: operand 2, bool \[1\], was disposed/,
      },
      {
        call: () => maskedFill(zeros([2]), int([0, 1]), 1),
        error: DTypeError,
        message: /maskedFill: the mask must be bool, got int32[\s\S]*hint/,
      },
      {
        call: () => maskedFill(zeros([2]), tensor([true, true]), zeros([1])),
        error: ShapeError,
        message: /the value must have no axes/,
      },
      {
        call: () => maskedFill(zeros([2]), tensor([true, true, false]), 0),
        error: ShapeError,
        message: /maskedFill: shapes don't broadcast/,
      },
    ],
  },
  {
    op: 'maskedSelect',
    gradgrad: true,
    samples: [
      {
        inputs: [normal([3, 4]), mask([3, 4])],
        ours: (x, m) => maskedSelect(x, m),
        later: (x, m) => maskedSelectAsync(x, m),
        torch: 'x0.masked_select(x1)',
      },
      {
        inputs: [normal([3, 4]), mask([4])],
        ours: (x, m) => maskedSelect(x, m),
        later: (x, m) => maskedSelectAsync(x, m),
        torch: 'x0.masked_select(x1)',
      },
      {
        inputs: [normal([3, 1]), mask([2, 1, 2])],
        ours: (x, m) => maskedSelect(x, m),
        later: (x, m) => maskedSelectAsync(x, m),
        torch: 'x0.masked_select(x1)',
      },
      {
        inputs: [normal([]), mask([])],
        ours: (x, m) => maskedSelect(x, m),
        later: (x, m) => maskedSelectAsync(x, m),
        torch: 'x0.masked_select(x1)',
      },
      {
        inputs: [normal([3, 4]), mask([3, 4])],
        ours: (x, m) => maskedSelect(x, m),
        later: (x, m) => maskedSelectAsync(x, m),
        torch: 'x0.masked_select(x1)',
        dtypes: ['int32', 'uint8', 'bool'],
      },
    ],
    errors: [
      {
        call: () => maskedSelect(zeros([2]), zeros([2])),
        error: DTypeError,
        message: /maskedSelect: the mask must be bool/,
      },
    ],
  },
  {
    op: 'maskedScatter',
    gradgrad: true,
    samples: [
      {
        inputs: [normal([3, 4]), mask([3, 4]), normal([4, 3])],
        ours: (x, m, s) => maskedScatter(x, m, s),
        torch: 'x0.masked_scatter(x1, x2)',
      },
      {
        inputs: [normal([3, 4]), mask([3, 1]), normal([12])],
        ours: (x, m, s) => x.clone().maskedScatter_(m, s),
        torch: 'x0.clone().masked_scatter_(x1, x2)',
      },
    ],
    errors: [
      {
        call: () => maskedScatter(zeros([2]), ones([2]).gt(0), zeros([1])),
        error: ShapeError,
        message: /maskedScatter: 2 elements are set in the mask, the source has 1/,
      },
      {
        call: () => maskedScatter(zeros([2]), ones([2]).gt(0), int([1, 2])),
        error: DTypeError,
        message: /source is int32, x is float32/,
      },
      {
        call: () => zeros([2]).maskedScatter_(zeros([2]), zeros([2])),
        error: DTypeError,
        message: /maskedScatter_: the mask must be bool/,
      },
    ],
  },
];
