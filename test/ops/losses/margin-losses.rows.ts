import { ArgumentError, DTypeError, IndexError, ShapeError } from '../../../src/core/errors.js';
import * as F from '../../../src/functional.js';
import { ones, type Tensor, zeros } from '../../../src/index.js';
import { integers, normal, type OpRow, uniform, values } from '../table.js';

const noGrad = { grad: false };
const reductions = ['mean', 'sum', 'none'] as const;
const labels = (shape: number[], numbers: number[]) =>
  values(shape, numbers, { grad: false, dtype: 'int32' });

export const rows: OpRow[] = [
  {
    op: 'multiMarginLoss',
    gradgrad: true,
    samples: [
      ...reductions.map((reduction) => ({
        inputs: [normal([4, 5]), integers([4], 0, 5)],
        ours: (x: Tensor, t: Tensor) => F.multiMarginLoss(x, t, { reduction }),
        torch: `F.multi_margin_loss(x0, x1.long(), reduction='${reduction}')`,
      })),
      {
        inputs: [normal([3, 4]), integers([3], 0, 4), uniform([4], 0.5, 2, noGrad)],
        ours: (x, t, weight) => F.multiMarginLoss(x, t, { p: 2, margin: 0.4, weight }),
        torch: 'F.multi_margin_loss(x0, x1.long(), p=2, margin=0.4, weight=x2)',
      },
      {
        inputs: [normal([5]), integers([], 0, 5)],
        ours: (x, t) => F.multiMarginLoss(x, t, { reduction: 'none' }),
        torch: "F.multi_margin_loss(x0, x1.long(), reduction='none')",
      },
    ],
    errors: [
      {
        call: () => F.multiMarginLoss(ones([2, 3]), zeros([2], { dtype: 'int32' }), { p: 3 as 1 }),
        error: ArgumentError,
        message: /^multiMarginLoss: p must be a whole number from 1 to 2, got 3$/,
      },
      {
        call: () => F.multiMarginLoss(ones([2, 3]), ones([2], { dtype: 'int32' }).mul(3)),
        error: IndexError,
        message: /^multiMarginLoss: target 3 at position 0 isn't a class; there are 3 \(0 to 2\)$/,
      },
      {
        call: () => F.multiMarginLoss(ones([2, 3, 4]), zeros([2, 4], { dtype: 'int32' })),
        error: ShapeError,
        message: /^multiMarginLoss: x needs a batch and classes, or classes alone/,
      },
      {
        call: () => F.multiMarginLoss(ones([2, 3]), zeros([3], { dtype: 'int32' })),
        error: ShapeError,
        message: /^multiMarginLoss: needs one class index for each row of x/,
      },
    ],
  },
  {
    op: 'multilabelMarginLoss',
    gradgrad: true,
    large: {
      // Three classes for each example.
      inputs: [
        normal([1024, 256]),
        labels(
          [1024, 256],
          Array.from({ length: 1024 * 256 }, (_, i) => (i % 256 < 3 ? (i % 256) * 50 + (i % 37) : -1)),
        ),
      ],
      ours: (x, t) => F.multilabelMarginLoss(x, t),
      torch: 'F.multilabel_margin_loss(x0, x1.long())',
    },
    samples: [
      ...reductions.map((reduction) => ({
        inputs: [normal([3, 4]), labels([3, 4], [3, 0, -1, 1, 2, -1, 0, 1, 0, 1, 2, 3])],
        ours: (x: Tensor, t: Tensor) => F.multilabelMarginLoss(x, t, { reduction }),
        torch: `F.multilabel_margin_loss(x0, x1.long(), reduction='${reduction}')`,
      })),
      {
        inputs: [normal([5]), labels([5], [1, 4, 4, -1, -1])],
        ours: (x, t) => F.multilabelMarginLoss(x, t),
        torch: 'F.multilabel_margin_loss(x0, x1.long())',
      },
      {
        inputs: [normal([2, 3]), labels([2, 3], [-1, 0, 1, 2, -1, -1])],
        ours: (x, t) => F.multilabelMarginLoss(x, t, { reduction: 'none' }),
        torch: "F.multilabel_margin_loss(x0, x1.long(), reduction='none')",
      },
    ],
    errors: [
      {
        call: () => F.multilabelMarginLoss(ones([2, 3]), zeros([2], { dtype: 'int32' })),
        error: ShapeError,
        message: /^multilabelMarginLoss: x and target need the same shape/,
      },
      {
        call: () => F.multilabelMarginLoss(ones([1, 3]), ones([1, 3], { dtype: 'int32' }).mul(3)),
        error: IndexError,
        message: /^multilabelMarginLoss: target 3 at position 0 isn't a class; there are 3 \(0 to 2\)$/,
      },
      {
        call: () => F.multilabelMarginLoss(ones([2, 3, 1]), zeros([2, 3, 1], { dtype: 'int32' })),
        error: ShapeError,
        message: /^multilabelMarginLoss: x needs a batch and classes, or classes alone/,
      },
    ],
  },
  {
    op: 'softMarginLoss',
    gradgrad: true,
    samples: reductions.map((reduction) => ({
      inputs: [normal([2, 3]), values([2, 3], [1, -1, -1, 1, 1, -1], noGrad)],
      ours: (x: Tensor, t: Tensor) => F.softMarginLoss(x, t, { reduction }),
      torch: `F.soft_margin_loss(x0, x1, reduction='${reduction}')`,
    })),
    errors: [
      {
        call: () => F.softMarginLoss(ones([2], { dtype: 'int32' }), ones([2])),
        error: DTypeError,
        message: /^softMarginLoss: x is int32, but must be floating/,
      },
    ],
  },
  {
    op: 'multilabelSoftMarginLoss',
    gradgrad: true,
    samples: [
      ...reductions.map((reduction) => ({
        inputs: [normal([3, 4]), uniform([3, 4], 0, 1), uniform([4], 0.5, 2, noGrad)],
        ours: (x: Tensor, t: Tensor, weight: Tensor) =>
          F.multilabelSoftMarginLoss(x, t, { weight, reduction }),
        torch: `F.multilabel_soft_margin_loss(x0, x1, x2, reduction='${reduction}')`,
      })),
      {
        inputs: [normal([5]), values([5], [1, 0, 0, 1, 1], noGrad)],
        ours: (x, t) => F.multilabelSoftMarginLoss(x, t),
        torch: 'F.multilabel_soft_margin_loss(x0, x1)',
      },
    ],
    errors: [
      {
        call: () => F.multilabelSoftMarginLoss(ones([2, 3]), ones([3])),
        error: ShapeError,
        message: /^multilabelSoftMarginLoss: x and target need the same shape, with an axis of classes/,
      },
    ],
  },
  {
    op: 'tripletMarginWithDistanceLoss',
    gradgrad: true,
    samples: [
      ...reductions.map((reduction) => ({
        inputs: [normal([4, 3]), normal([4, 3]), normal([4, 3])],
        ours: (a: Tensor, p: Tensor, n: Tensor) => F.tripletMarginWithDistanceLoss(a, p, n, { reduction }),
        torch: `F.triplet_margin_with_distance_loss(x0, x1, x2, reduction='${reduction}')`,
      })),
      {
        inputs: [normal([4, 3]), normal([4, 3]), normal([4, 3])],
        ours: (a, p, n) =>
          F.tripletMarginWithDistanceLoss(a, p, n, {
            distanceFunction: (x, y) => F.cosineSimilarity(x, y).rsub(1),
            swap: true,
            margin: 2,
          }),
        torch:
          'F.triplet_margin_with_distance_loss(x0, x1, x2, distance_function=lambda x, y: 1 - F.cosine_similarity(x, y), swap=True, margin=2.0)',
      },
    ],
    errors: [
      {
        call: () => F.tripletMarginWithDistanceLoss(ones([2, 3]), ones([3]), ones([3])),
        error: ShapeError,
        message: /^tripletMarginWithDistanceLoss: the three need the same number of axes/,
      },
    ],
  },
];
