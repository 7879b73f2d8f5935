import { ArgumentError, ShapeError } from '../../../src/core/errors.js';
import { diag, diagEmbed, flip, fliplr, flipud, roll, rot90, tril, triu, zeros } from '../../../src/index.js';
import { normal, type OpRow, type Sample } from '../table.js';

const x = (...shape: number[]) => [normal(shape)];

const triangles = (f: typeof tril, name: 'tril' | 'triu'): Sample[] => [
  { inputs: x(3, 4), ours: (a) => f(a), torch: `x0.${name}()` },
  { inputs: x(4, 3), ours: (a) => f(a, 1), torch: `x0.${name}(1)` },
  { inputs: x(2, 3, 3), ours: (a) => f(a, { diagonal: -1 }), torch: `x0.${name}(-1)` },
  { inputs: x(2, 3), ours: (a) => f(a, 9), torch: `x0.${name}(9)` },
  { inputs: x(2, 3), ours: (a) => f(a, -9), torch: `x0.${name}(-9)` },
  { inputs: x(0, 3), ours: (a) => f(a), torch: `x0.${name}()` },
  {
    inputs: x(3, 3),
    ours: (a) => f(a),
    torch: `x0.${name}()`,
    dtypes: ['int32', 'uint8', 'bool'],
    grad: false,
  },
];

export const rows: OpRow[] = [
  {
    op: 'flip',
    gradgrad: true,
    samples: [
      { inputs: x(3, 4), ours: (a) => flip(a, 0), torch: 'x0.flip(0)' },
      { inputs: x(2, 3, 4), ours: (a) => flip(a, [0, -1]), torch: 'x0.flip(0, -1)' },
      { inputs: x(2, 40), ours: (a) => flip(a, [1]), torch: 'x0.flip(1)' },
      { inputs: x(0, 3), ours: (a) => flip(a, [0]), torch: 'x0.flip(0)' },
      { inputs: x(3, 2), ours: (a) => flip(a, []), torch: 'x0.flip([])' },
      {
        inputs: x(3, 5),
        ours: (a) => flip(a, [0, 1]),
        torch: 'x0.flip(0, 1)',
        dtypes: ['int32', 'uint8', 'bool'],
        grad: false,
      },
    ],
    errors: [
      {
        call: () => flip(zeros([2, 2]), [0, 0]),
        error: ArgumentError,
        message: /flip: an axis is named twice in \[0, 0\]/,
      },
    ],
  },
  {
    op: 'fliplr',
    samples: [{ inputs: x(2, 3), ours: (a) => fliplr(a), torch: 'x0.fliplr()' }],
    errors: [{ call: () => fliplr(zeros([2])), error: ShapeError, message: /fliplr: needs two axes/ }],
  },
  {
    op: 'flipud',
    samples: [{ inputs: x(2, 3), ours: (a) => flipud(a), torch: 'x0.flipud()' }],
    errors: [{ call: () => flipud(zeros([])), error: ShapeError, message: /flipud: needs an axis/ }],
  },
  {
    op: 'roll',
    gradgrad: true,
    samples: [
      { inputs: x(5), ours: (a) => roll(a, 2), torch: 'x0.roll(2)' },
      { inputs: x(3, 4), ours: (a) => roll(a, -5, 1), torch: 'x0.roll(-5, 1)' },
      { inputs: x(3, 4), ours: (a) => roll(a, [1, 2], [0, 1]), torch: 'x0.roll((1, 2), (0, 1))' },
      { inputs: x(3, 4), ours: (a) => roll(a, 3), torch: 'x0.roll(3)' },
      { inputs: x(0, 4), ours: (a) => roll(a, 1, 0), torch: 'x0.roll(1, 0)' },
      { inputs: x(3), ours: (a) => roll(a, 0, 0), torch: 'x0.roll(0, 0)' },
    ],
    errors: [
      {
        call: () => roll(zeros([2, 2]), [1, 2], [0]),
        error: ArgumentError,
        message: /roll: 2 shifts for 1 axes/,
      },
      {
        call: () => roll(zeros([2, 2]), [1, 2]),
        error: ArgumentError,
        message: /roll: 2 shifts without axes/,
      },
      {
        call: () => roll(zeros([2]), 0.5, 0),
        error: ArgumentError,
        message: /roll: shifts must be a whole number, got/,
      },
    ],
  },
  {
    op: 'rot90',
    samples: [
      { inputs: x(2, 3), ours: (a) => rot90(a), torch: 'x0.rot90()' },
      { inputs: x(2, 3), ours: (a) => rot90(a, -1), torch: 'x0.rot90(-1)' },
      { inputs: x(2, 3), ours: (a) => rot90(a, 2), torch: 'x0.rot90(2)' },
      { inputs: x(2, 3), ours: (a) => rot90(a, 4), torch: 'x0.rot90(4)' },
      { inputs: x(2, 3, 4), ours: (a) => rot90(a, 1, [2, 0]), torch: 'x0.rot90(1, (2, 0))' },
    ],
    errors: [
      {
        call: () => rot90(zeros([2, 2]), 1, [0, 0]),
        error: ArgumentError,
        message: /rot90: the two axes are the same/,
      },
      {
        call: () => rot90(zeros([2, 2]), 0.5),
        error: ArgumentError,
        message: /rot90: k must be an integer, got 0.5/,
      },
      { call: () => rot90(zeros([2])), error: ShapeError, message: /rot90: needs two axes/ },
    ],
  },
  {
    op: 'tril',
    gradgrad: true,
    samples: triangles(tril, 'tril'),
    errors: [
      { call: () => tril(zeros([3])), error: ShapeError, message: /tril: needs matrices/ },
      {
        call: () => tril(zeros([3, 3]), 0.5),
        error: ArgumentError,
        message: /tril: diagonal must be a whole number, got 0.5/,
      },
    ],
  },
  {
    op: 'triu',
    gradgrad: true,
    samples: triangles(triu, 'triu'),
    errors: [{ call: () => triu(zeros([3])), error: ShapeError, message: /triu: needs matrices/ }],
  },
  {
    op: 'diag',
    large: { inputs: x(1000), ours: (a) => diag(a), torch: 'x0.diag()' },
    samples: [
      { inputs: x(3), ours: (a) => diag(a), torch: 'x0.diag()' },
      { inputs: x(3), ours: (a) => diag(a, -2), torch: 'x0.diag(-2)' },
      { inputs: x(3, 4), ours: (a) => diag(a, 1), torch: 'x0.diag(1)' },
    ],
    errors: [
      {
        call: () => diag(zeros([2, 2, 2])),
        error: ShapeError,
        message: /diag: needs a vector or a matrix[\s\S]*diagEmbed/,
      },
    ],
  },
  {
    op: 'diagEmbed',
    large: { inputs: x(100, 100), ours: (a) => diagEmbed(a), torch: 'x0.diag_embed()' },
    gradgrad: true,
    samples: [
      { inputs: x(2, 3), ours: (a) => diagEmbed(a), torch: 'x0.diag_embed()' },
      {
        inputs: x(2, 3),
        ours: (a) => diagEmbed(a, { offset: 1, dim1: 0, dim2: 2 }),
        torch: 'x0.diag_embed(1, 0, 2)',
      },
      {
        inputs: x(2, 3),
        ours: (a) => diagEmbed(a, { offset: -1, dim1: 2, dim2: 0 }),
        torch: 'x0.diag_embed(-1, 2, 0)',
      },
    ],
    errors: [
      {
        call: () => diagEmbed(zeros([2]), { dim1: 0, dim2: 0 }),
        error: ArgumentError,
        message: /diagEmbed: dim1 and dim2/,
      },
      { call: () => diagEmbed(zeros([])), error: ShapeError, message: /diagEmbed: needs an axis/ },
    ],
  },
];
