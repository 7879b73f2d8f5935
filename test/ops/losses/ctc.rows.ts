import { ArgumentError, IndexError, ShapeError } from '../../../src/core/errors.js';
import * as F from '../../../src/functional.js';
import { ones, type Tensor, zeros } from '../../../src/index.js';
import { integers, normal, type OpRow, values } from '../table.js';

const labels = (shape: number[], numbers: number[]) =>
  values(shape, numbers, { grad: false, dtype: 'int32' });
const padded = labels([3, 3], [1, 2, 2, 3, 0, 0, 4, 1, 0]);
const ours = (x: Tensor, t: Tensor, options?: F.CtcLossOptions) =>
  F.ctcLoss(x.logSoftmax(-1), t, [7, 5, 6], [3, 1, 2], options);
const torch = (options = '') =>
  `F.ctc_loss(F.log_softmax(x0, -1), x1.long(), (7, 5, 6), (3, 1, 2)${options})`;
const int = { dtype: 'int32' } as const;

export const rows: OpRow[] = [
  {
    op: 'ctcLoss',
    gradgrad: true,
    large: {
      inputs: [normal([200, 16, 40]), integers([16, 30], 1, 40)],
      ours: (x, t) =>
        F.ctcLoss(x.logSoftmax(-1), t, new Array<number>(16).fill(200), new Array<number>(16).fill(30)),
      torch: 'F.ctc_loss(F.log_softmax(x0, -1), x1.long(), (200,) * 16, (30,) * 16)',
    },
    samples: [
      ...(['mean', 'sum', 'none'] as const).map((reduction) => ({
        inputs: [normal([7, 3, 5]), padded],
        ours: (x: Tensor, t: Tensor) => ours(x, t, { reduction }),
        torch: torch(`, reduction='${reduction}'`),
      })),
      {
        inputs: [normal([7, 3, 5]), labels([6], [1, 2, 2, 3, 4, 1])],
        ours: (x, t) => ours(x, t, { blank: 0 }),
        torch: torch(', blank=0'),
      },
      {
        inputs: [normal([6, 2, 4]), integers([2, 3], 0, 3)],
        ours: (x, t) => F.ctcLoss(x.logSoftmax(-1), t, zeros([2], int).add(6), [2, 3], { blank: 3 }),
        later: (x, t) => F.ctcLossAsync(x.logSoftmax(-1), t, zeros([2], int).add(6), [2, 3], { blank: 3 }),
        torch: 'F.ctc_loss(F.log_softmax(x0, -1), x1.long(), (6, 6), (2, 3), blank=3)',
      },
      {
        inputs: [normal([6, 4]), integers([3], 1, 4)],
        ours: (x, t) => F.ctcLoss(x.logSoftmax(-1), t, 6, 3, { reduction: 'none' }),
        torch:
          "F.ctc_loss(F.log_softmax(x0, -1), x1.long(), torch.tensor(6), torch.tensor(3), reduction='none')",
      },
      {
        // The second target has no label.
        inputs: [normal([4, 2, 3]), labels([2, 1], [1, 0])],
        ours: (x, t) => F.ctcLoss(x.logSoftmax(-1), t, [4, 2], [1, 0], { reduction: 'none' }),
        torch: "F.ctc_loss(F.log_softmax(x0, -1), x1.long(), (4, 2), (1, 0), reduction='none')",
      },
      {
        // Two equal labels need three steps: no alignment fits in two.
        inputs: [normal([2, 1, 3]), labels([1, 2], [1, 1])],
        ours: (x, t) => F.ctcLoss(x.logSoftmax(-1), t, [2], [2]),
        torch: 'F.ctc_loss(F.log_softmax(x0, -1), x1.long(), (2,), (2,))',
        grad: false,
      },
      {
        inputs: [normal([3, 2, 3]), labels([2, 2], [1, 1, 2, 2])],
        ours: (x, t) => F.ctcLoss(x.logSoftmax(-1), t, [2, 3], [2, 2], { zeroInfinity: true }),
        torch: 'F.ctc_loss(F.log_softmax(x0, -1), x1.long(), (2, 3), (2, 2), zero_infinity=True)',
      },
    ],
    errors: [
      {
        call: () => F.ctcLoss(ones([3]), zeros([1], int), 1, 1),
        error: ShapeError,
        message: /^ctcLoss: logProbs needs steps, a batch, and classes/,
      },
      {
        call: () => F.ctcLoss(ones([3, 2, 4]), zeros([3, 1], int), [3, 3], [1, 1]),
        error: ShapeError,
        message: /^ctcLoss: targets need one row for each sequence(?:.|\n)*2 labels in 2 targets$/,
      },
      {
        call: () => F.ctcLoss(ones([3, 2, 4]), zeros([2, 1], int), [3], [1, 1]),
        error: ArgumentError,
        message: /^ctcLoss: inputLengths has 1 number for 2 sequences$/,
      },
      {
        call: () => F.ctcLoss(ones([3, 2, 4]), zeros([2, 1], int), [3, 4], [1, 1]),
        error: ArgumentError,
        message: /^ctcLoss: inputLengths must be whole numbers from 1 to 3, one is 4$/,
      },
      {
        call: () => F.ctcLoss(ones([3, 1, 4]), ones([1, 1], int), [3], [2]),
        error: ArgumentError,
        message: /^ctcLoss: targetLengths must be whole numbers from 0 to 1, one is 2$/,
      },
      {
        call: () => F.ctcLoss(ones([3, 1, 4]), ones([1, 1], int).mul(4), [3], [1]),
        error: IndexError,
        message: /^ctcLoss: label 4 isn't a class; there are 4 \(0 to 3\)$/,
      },
      {
        call: () => F.ctcLoss(ones([3, 1, 4]), ones([1, 1], int), [3], [1], { blank: 4 }),
        error: ArgumentError,
        message: /^ctcLoss: blank 4 isn't one of the 4 classes$/,
      },
    ],
  },
];
