import { ArgumentError, DTypeError, IndexError, ShapeError } from '../../../src/core/errors.js';
import {
  type Index,
  indexPut,
  indexPutAsync,
  slice,
  type Tensor,
  tensor,
  zeros,
} from '../../../src/index.js';
import { type Input, integers, mask, normal, type OpRow, type Sample, values } from '../table.js';

const int = (data: number[]) => tensor(data, { dtype: 'int32' });
const list = (...elements: number[]): Input =>
  values([elements.length], elements, { dtype: 'int32', grad: false });

/** `x.at(…)` beside what stands in Python's brackets; x1, x2 … are index tensors. */
const read = (
  shape: number[],
  indices: (...t: Tensor[]) => Index[],
  python: string,
  ...inputs: Input[]
): Sample => ({
  inputs: [normal(shape), ...inputs],
  ours: (x, ...rest) => x.at(...indices(...rest)).mul(1),
  later: async (x, ...rest) => (await x.atAsync(...indices(...rest))).mul(1),
  torch: `x0[${python}] * 1`,
});

/** A value written to a copy of x0; the value is x1, index tensors follow. */
const write = (
  shape: number[],
  value: number[],
  indices: (...t: Tensor[]) => Index[],
  python: string,
  ...inputs: Input[]
): Sample => ({
  inputs: [normal(shape), normal(value), ...inputs],
  ours: (x, v, ...rest) => x.clone().setAt(indices(...rest), v!),
  later: (x, v, ...rest) => x.clone().setAtAsync(indices(...rest), v!),
  torch: `(lambda y: (y.__setitem__((${python},), x1), y)[1])(x0.clone())`,
});

export const rows: OpRow[] = [
  {
    op: 'at',
    gradgrad: true,
    samples: [
      read([4, 3], () => [1], '1'),
      read([4, 3], () => [-1, 2], '-1, 2'),
      read([5, 6], () => [slice(1, -1), slice(null, null, 2)], '1:-1, ::2'),
      read([5, 6], () => [slice(4, 1)], '4:1'),
      read([2, 3, 4], () => ['...', 1], '..., 1'),
      read([2, 3, 4], () => [0, '...', slice(2)], '0, ..., 2:'),
      read([2, 3], () => [null, 1, null], 'None, 1, None'),
      read([2, 3], () => ['...', null], '..., None'),
      read([2, 3], () => [], '...'),
      read([], () => [null], 'None'),
      read([4, 3], () => [[0, 2, -1]], '[0, 2, -1],'),
      read([4, 3], (i) => [i!], 'x1.long()', integers([2, 3], -4, 4)),
      read([4, 5, 3], (i) => [slice(), i!], ':, x1.long()', integers([2, 2], 0, 5)),
      read(
        [4, 5, 3],
        (i, j) => [i!, j!],
        'x1.long(), x2.long()',
        integers([2, 1], 0, 4),
        integers([3], 0, 5),
      ),
      read(
        [4, 5, 3],
        (i, j) => [slice(), i!, j!],
        ':, x1.long(), x2.long()',
        integers([4], 0, 5),
        integers([4], 0, 3),
      ),
      read(
        [4, 5, 3],
        (i, j) => [i!, slice(1, 4), j!],
        'x1.long(), 1:4, x2.long()',
        integers([2], 0, 4),
        integers([2], 0, 3),
      ),
      read(
        [4, 5, 3],
        (i, j) => [i!, null, j!],
        'x1.long(), None, x2.long()',
        integers([2], 0, 4),
        integers([2], 0, 5),
      ),
      read([4, 5, 3], (i) => [1, slice(null, null, 2), i!], '1, ::2, x1.long()', integers([2], 0, 3)),
      read([4, 5, 3], (i) => [i!, '...', 0], 'x1.long(), ..., 0', integers([2, 2], 0, 4)),
      read([4, 5], (i) => [i!, 1], 'x1.long(), 1', integers([], 0, 4)),
      read([4, 5], (i) => [i!], 'x1.long()', integers([0], 0, 4)),
      read([3, 4], (m) => [m!], 'x1', mask([3, 4])),
      read([3, 4], (m) => [m!], 'x1', mask([3])),
      read([3, 4, 2], (m) => [slice(), m!], ':, x1', mask([4, 2])),
      read(
        [3, 4, 2],
        (m, i) => [m!, i!],
        'x1, x2.long()',
        values([3, 4], [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1], { dtype: 'bool', grad: false }),
        list(0, 1, 0),
      ),
      read([3, 4], (m) => [m!], 'x1', mask([])),
      {
        inputs: [normal([4, 5]), integers([3], 0, 4)],
        ours: (x, i) => x.at(i!, slice(1)),
        torch: 'x0[x1.long(), 1:]',
        dtypes: ['int32', 'uint8', 'bool'],
      },
    ],
    errors: [
      {
        call: () => zeros([2, 3]).at(0, 0, 0),
        error: IndexError,
        message: /at: 3 indices for a tensor of 2 axes, \[2, 3\]/,
      },
      {
        call: () => zeros([2, 3]).at(2),
        error: IndexError,
        message: /at: index 2 is out of range for axis 0 of length 2/,
      },
      {
        call: () => zeros([2, 3]).at('...', '...'),
        error: IndexError,
        message: /'\.\.\.' may appear only once/,
      },
      {
        call: () => zeros([2, 3]).at(0, [3]),
        error: IndexError,
        message: /at: index\[0\] is 3, out of range for axis 0 of length 3/,
      },
      {
        call: () => zeros([2, 3]).at(tensor([true, false, true])),
        error: IndexError,
        message: /a mask of shape \[3\] doesn't fit axes 0 to 0, which are \[2\]/,
      },
      {
        call: () => zeros([2, 3]).at(zeros([3, 2]).gt(0)),
        error: IndexError,
        message: /at: a mask of shape \[3, 2\] doesn't fit a tensor of shape \[2, 3\]/,
      },
      {
        call: () => zeros([3]).at(tensor([1.5])),
        error: DTypeError,
        message: /at: an index tensor must be int32 or bool, got float32/,
      },
      {
        call: () => zeros([3]).at([0, 1], [0, 1, 2]),
        error: IndexError,
        message: /2 indices for a tensor of 1 axes/,
      },
      {
        call: () => zeros([3, 3]).at([0, 1], [0, 1, 2]),
        error: ShapeError,
        message: /at: shapes don't broadcast/,
      },
      {
        call: () => zeros([3]).at(slice(0, 2, -1)),
        error: ArgumentError,
        message: /at: the step of a range must be a positive integer, got -1[\s\S]*flip/,
      },
      {
        call: () => zeros([3]).at('x' as Index),
        error: ArgumentError,
        message: /an index must be a number, slice\(\), null, '\.\.\.', a list, or a tensor, got 'x'/,
      },
    ],
  },
  {
    op: 'setAt',
    gradgrad: true,
    samples: [
      write([4, 3], [3], () => [1], '1'),
      write([4, 3], [], () => [slice(1, 3), 0], 'slice(1, 3), 0'),
      write([4, 3], [1, 1, 2, 3], () => [slice(null, null, 2)], 'slice(None, None, 2)'),
      write([2, 3, 4], [3, 1], () => [0, '...'], '0, ...'),
      write([4, 3], [2, 3], (i) => [i!], 'x2.long()', list(3, -4)),
      write([4, 5, 3], [2, 3], (i, j) => [i!, j!], 'x2.long(), x3.long()', list(3, 1), list(0, 4)),
      write(
        [4, 5, 3],
        [2, 1],
        (i, j) => [i!, slice(1, 3), j!],
        'x2.long(), slice(1, 3), x3.long()',
        list(3, 1),
        list(0, 2),
      ),
      write([4, 5, 3], [], (m) => [m!], 'x2', mask([4, 5])),
      write([3, 4], [], (m) => [m!], 'x2', mask([3, 4])),
      write([3, 4], [2], (i) => [1, i!], '1, x2.long()', list(2, 0)),
      {
        inputs: [normal([3, 4])],
        ours: (x) => x.clone().setAt([slice(1), 0], 7),
        torch: '(lambda y: (y.__setitem__((slice(1, None), 0), 7), y)[1])(x0.clone())',
        dtypes: ['float32', 'float64', 'int32', 'uint8'],
      },
    ],
    errors: [
      {
        call: () => zeros([2, 3]).setAt([0], zeros([2])),
        error: ShapeError,
        message: /setAt: the value doesn't fit[\s\S]*place +\[3\][\s\S]*value +\[2\]/,
      },
      { call: () => zeros([2, 3]).setAt([[5]], 1), error: IndexError, message: /setAt: index\[0\] is 5/ },
    ],
  },
  {
    op: 'indexPut',
    gradgrad: true,
    samples: [
      {
        inputs: [normal([4, 3]), normal([5]), integers([5], 0, 4), integers([5], 0, 3)],
        ours: (x, v, i, j) => indexPut(x, [i!, j!], v!, { accumulate: true }),
        later: (x, v, i, j) => indexPutAsync(x, [i!, j!], v!, { accumulate: true }),
        torch: 'x0.index_put((x2.long(), x3.long()), x1, accumulate=True)',
      },
      {
        inputs: [normal([4, 3]), normal([3]), integers([5], 0, 4)],
        ours: (x, v, i) => indexPut(x, [i!], v!, { accumulate: true }),
        torch: 'x0.index_put((x2.long(),), x1, accumulate=True)',
      },
      {
        inputs: [normal([4, 3]), normal([2, 3]), list(2, 0)],
        ours: (x, v, i) => indexPut(x, [i!], v!),
        torch: 'x0.index_put((x2.long(),), x1)',
      },
      {
        inputs: [normal([4, 3]), normal([3])],
        ours: (x, v) => indexPut(x, [slice(1, 3)], v!, { accumulate: true }),
        torch: 'torch.cat([x0[:1], x0[1:3] + x1, x0[3:]])',
      },
    ],
    errors: [
      {
        call: () => indexPut(zeros([3]), [int([3])], 1),
        error: IndexError,
        message: /^indexPut: index\[0\] is 3/,
      },
    ],
  },
];
