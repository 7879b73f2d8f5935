import { ArgumentError, ShapeError } from '../../../src/core/errors.js';
import { type PadMode, pad } from '../../../src/functional.js';
import { zeros } from '../../../src/index.js';
import { normal, type OpRow, type Sample } from '../table.js';

const x = (...shape: number[]) => [normal(shape)];

const bordered = (mode: PadMode): Sample[] => [
  { inputs: x(2, 3, 5), ours: (a) => pad(a, [2, 1], { mode }), torch: `F.pad(x0, (2, 1), mode='${mode}')` },
  {
    inputs: x(2, 2, 4, 5),
    ours: (a) => pad(a, [1, 2, 3, 0], { mode }),
    torch: `F.pad(x0, (1, 2, 3, 0), mode='${mode}')`,
  },
  {
    inputs: x(1, 2, 3, 3, 4),
    ours: (a) => pad(a, [1, 2, 2, 1, 1, 1], { mode }),
    torch: `F.pad(x0, (1, 2, 2, 1, 1, 1), mode='${mode}')`,
  },
];

export const rows: OpRow[] = [
  {
    op: 'pad',
    gradgrad: true,
    samples: [
      { inputs: x(2, 3), ours: (a) => pad(a, [1, 2]), torch: 'F.pad(x0, (1, 2))' },
      {
        inputs: x(2, 3),
        ours: (a) => pad(a, [1, 0, 0, 2], { value: 1.5 }),
        torch: 'F.pad(x0, (1, 0, 0, 2), value=1.5)',
      },
      { inputs: x(2, 3, 4), ours: (a) => pad(a, [-1, 2, 1, -2]), torch: 'F.pad(x0, (-1, 2, 1, -2))' },
      { inputs: x(2, 3), ours: (a) => pad(a, [-1, -2]), torch: 'F.pad(x0, (-1, -2))' },
      { inputs: x(2, 3), ours: (a) => pad(a, []), torch: 'F.pad(x0, ())' },
      { inputs: x(0, 3), ours: (a) => pad(a, [0, 0, 1, 1]), torch: 'F.pad(x0, (0, 0, 1, 1))' },
      {
        inputs: x(2, 2),
        ours: (a) => pad(a, [1, 1], { value: 1 }),
        torch: 'F.pad(x0, (1, 1), value=1)',
        dtypes: ['int32', 'uint8', 'bool'],
        grad: false,
      },
      ...bordered('reflect'),
      ...bordered('replicate'),
      ...bordered('circular'),
      ...(
        [
          [2, -1],
          [-1, 2],
          [-2, -1],
          [1, -2, -1, 1],
        ] as const
      ).map((sides) => ({
        inputs: [normal([1, 2, 5, 5])],
        ours: (x: Parameters<typeof pad>[0]) =>
          pad(x, sides.length === 2 ? [...sides, 0, 0] : sides, { mode: 'circular' }),
        torch: `F.pad(x0, (${[...sides, 0, 0].slice(0, 4).join(', ')}), mode="circular")`,
      })),
      {
        inputs: x(1, 2, 3),
        ours: (a) => pad(a, [5, 4], { mode: 'replicate' }),
        torch: "F.pad(x0, (5, 4), mode='replicate')",
      },
    ],
    errors: [
      {
        call: () => pad(zeros([2, 3]), [1]),
        error: ShapeError,
        message: /pad: \[1\] must be two integers for each/,
      },
      {
        call: () => pad(zeros([3]), [-2, -2]),
        error: ShapeError,
        message: /axis 0 of length 3 can't lose 4/,
      },
      {
        call: () => pad(zeros([1, 2, 3]), [3, 0], { mode: 'reflect' }),
        error: ShapeError,
        message: /axis 2 of length 3 can't have a reflect border of 3 and 0/,
      },
      {
        call: () => pad(zeros([1, 2, 3]), [4, 0], { mode: 'circular' }),
        error: ShapeError,
        message: /circular border of 4/,
      },
      {
        call: () => pad(zeros([3]), [1, 1], { mode: 'reflect' }),
        error: ShapeError,
        message: /pads one to three axes after the channels/,
      },
      {
        call: () => pad(zeros([3]), [1, 1], { mode: 'wrap' as PadMode }),
        error: ArgumentError,
        message: /mode must be 'constant', 'reflect', 'replicate' or 'circular', got 'wrap'/,
      },
    ],
  },
];
