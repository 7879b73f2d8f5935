import { DTypeError, IndexError, ShapeError } from '../../../src/core/errors.js';
import { indexAdd, indexCopy, indexFill, indexSelect, take, tensor, zeros } from '../../../src/index.js';
import { integers, normal, type OpRow, values } from '../table.js';

const index = (n: number, below: number) => integers([n], 0, below);
const distinctIndex = (...elements: number[]) =>
  values([elements.length], elements, { dtype: 'int32', grad: false });
const int = (data: number[]) => tensor(data, { dtype: 'int32' });

export const rows: OpRow[] = [
  {
    op: 'indexSelect',
    gradgrad: true,
    samples: [
      {
        inputs: [normal([4, 3]), index(6, 4)],
        ours: (x, i) => indexSelect(x, 0, i),
        torch: 'x0.index_select(0, x1)',
      },
      {
        inputs: [normal([2, 5, 3]), index(2, 5)],
        ours: (x, i) => indexSelect(x, -2, i),
        torch: 'x0.index_select(-2, x1)',
      },
      {
        inputs: [normal([2, 5]), index(0, 5)],
        ours: (x, i) => indexSelect(x, 1, i),
        torch: 'x0.index_select(1, x1)',
      },
      {
        inputs: [normal([5]), integers([], 0, 5)],
        ours: (x, i) => indexSelect(x, 0, i),
        torch: 'x0.index_select(0, x1)',
      },
      {
        inputs: [normal([]), index(1, 1)],
        ours: (x, i) => indexSelect(x, 0, i),
        torch: 'x0.index_select(0, x1)',
      },
      {
        inputs: [normal([4, 3]), index(6, 3)],
        ours: (x, i) => indexSelect(x, 1, i),
        torch: 'x0.index_select(1, x1)',
        dtypes: ['int32', 'uint8', 'bool'],
      },
    ],
    errors: [
      {
        call: () => indexSelect(zeros([3]), 0, int([0, 3])),
        error: IndexError,
        message: /indexSelect: index\[1\] is 3, out of range for axis 0 of length 3/,
      },
      {
        call: () => indexSelect(zeros([3]), 0, int([-1])),
        error: IndexError,
        message: /hint: negative indices/,
      },
      {
        call: () => indexSelect(zeros([3]), 0, tensor([[0]], { dtype: 'int32' })),
        error: ShapeError,
        message: /the index must have one axis/,
      },
      {
        call: () => indexSelect(zeros([3]), 0, tensor([true])),
        error: DTypeError,
        message: /indices must be int32, got bool/,
      },
    ],
  },
  {
    op: 'indexAdd',
    gradgrad: true,
    samples: [
      {
        inputs: [normal([4, 3]), index(6, 4), normal([6, 3])],
        ours: (x, i, s) => indexAdd(x, 0, i, s),
        torch: 'x0.index_add(0, x1, x2)',
      },
      {
        inputs: [normal([2, 4, 3]), index(5, 4), normal([2, 5, 3])],
        ours: (x, i, s) => indexAdd(x, 1, i, s, { alpha: -2 }),
        torch: 'x0.index_add(1, x1, x2, alpha=-2)',
      },
      {
        inputs: [normal([4, 3]), index(2, 3), normal([4, 2])],
        ours: (x, i, s) => x.clone().indexAdd_(1, i, s, { alpha: 0.5 }),
        torch: 'x0.clone().index_add_(1, x1, x2, alpha=0.5)',
      },
      {
        inputs: [normal([4, 3]), index(6, 4), normal([6, 3])],
        ours: (x, i, s) => indexAdd(x, 0, i, s),
        torch: 'x0.index_add(0, x1, x2)',
        dtypes: ['int32', 'uint8'],
      },
    ],
    errors: [
      {
        call: () => indexAdd(zeros([3]), 0, int([3]), zeros([1])),
        error: IndexError,
        message: /indexAdd: index\[0\] is 3/,
      },
      {
        call: () => zeros([3]).indexAdd_(0, int([3]), zeros([1])),
        error: IndexError,
        message: /indexAdd_: index\[0\] is 3/,
      },
      {
        call: () => indexAdd(zeros([3, 2]), 0, int([0]), zeros([2, 2])),
        error: ShapeError,
        message: /indexAdd: the source doesn't fit[\s\S]*source +\[2, 2\] +expected \[1, 2\]/,
      },
      {
        call: () => indexAdd(zeros([3]), 0, int([0]), int([1])),
        error: DTypeError,
        message: /indexAdd: source is int32, x is float32/,
      },
    ],
  },
  {
    op: 'indexCopy',
    gradgrad: true,
    samples: [
      {
        inputs: [normal([4, 3]), distinctIndex(2, 0), normal([2, 3])],
        ours: (x, i, s) => indexCopy(x, 0, i, s),
        torch: 'x0.index_copy(0, x1.long(), x2)',
      },
      {
        inputs: [normal([4, 3]), distinctIndex(2, 0), normal([4, 2])],
        ours: (x, i, s) => x.clone().indexCopy_(1, i, s),
        torch: 'x0.clone().index_copy_(1, x1.long(), x2)',
      },
    ],
    errors: [
      {
        call: () => indexCopy(zeros([3]), 0, int([3]), zeros([1])),
        error: IndexError,
        message: /indexCopy: index\[0\] is 3/,
      },
      {
        call: () => zeros([3]).indexCopy_(0, int([-4]), zeros([1])),
        error: IndexError,
        message: /indexCopy_: index\[0\] is -4/,
      },
    ],
  },
  {
    op: 'indexFill',
    samples: [
      {
        inputs: [normal([4, 3]), distinctIndex(2, 0)],
        ours: (x, i) => indexFill(x, 0, i, 1.5),
        torch: 'x0.index_fill(0, x1.long(), 1.5)',
      },
      {
        inputs: [normal([4, 3]), distinctIndex(2, 0)],
        ours: (x, i) => x.clone().indexFill_(1, i, -1),
        torch: 'x0.clone().index_fill_(1, x1.long(), -1)',
      },
    ],
    errors: [
      {
        call: () => indexFill(zeros([3]), 0, tensor([0]), 1),
        error: DTypeError,
        message: /indexFill: indices must be int32/,
      },
    ],
  },
  {
    op: 'take',
    gradgrad: true,
    samples: [
      {
        inputs: [normal([3, 4]), integers([2, 3], -12, 12)],
        ours: (x, i) => take(x, i),
        torch: 'x0.take(x1.long())',
      },
      { inputs: [normal([]), integers([], 0, 1)], ours: (x, i) => take(x, i), torch: 'x0.take(x1.long())' },
    ],
    errors: [
      {
        call: () => take(zeros([2, 2]), int([4])),
        error: IndexError,
        message: /take: index\[0\] is 4, out of range for axis 0 of length 4/,
      },
      {
        call: () => take(zeros([2]), tensor([0])),
        error: DTypeError,
        message: /take: indices must be int32/,
      },
    ],
  },
];
