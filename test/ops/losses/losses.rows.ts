import { ArgumentError, DTypeError, IndexError, ShapeError } from '../../../src/core/errors.js';
import * as F from '../../../src/functional.js';
import { ones, type Tensor, zeros } from '../../../src/index.js';
import { integers, normal, type OpRow, type Sample, uniform, values } from '../table.js';

type Loss = (x: Tensor, target: Tensor, options: { reduction?: 'none' | 'mean' | 'sum' }) => Tensor;

/** The three reductions, broadcasting, a scalar and an empty batch. */
const reductions = (f: Loss, torch: string): Sample[] => [
  ...(['mean', 'sum', 'none'] as const).map((reduction) => ({
    inputs: [normal([3, 4]), normal([3, 4])],
    ours: (x: Tensor, t: Tensor) => f(x, t, { reduction }),
    torch: `${torch}(x0, x1, reduction='${reduction}')`,
  })),
  { inputs: [normal([]), normal([])], ours: (x, t) => f(x, t, {}), torch: `${torch}(x0, x1)` },
  {
    inputs: [normal([0, 2]), normal([0, 2])],
    ours: (x, t) => f(x, t, { reduction: 'sum' }),
    torch: `${torch}(x0, x1, reduction='sum')`,
  },
];

const probability = (shape: readonly number[], grad = true) => uniform(shape, 0.05, 0.95, { grad });
const noGrad = { grad: false };

const badReduction = (f: Loss, name: string) => ({
  call: () => f(ones([2]), ones([2]), { reduction: 'average' as 'mean' }),
  error: ArgumentError,
  message: new RegExp(`^${name}: reduction must be 'mean', 'sum' or 'none', got 'average'$`),
});

const integerInput = (f: Loss, name: string) => ({
  call: () => f(ones([2], { dtype: 'int32' }), ones([2]), {}),
  error: DTypeError,
  message: new RegExp(`^${name}: x is int32, but must be floating\\n {2}hint: x\\.to\\('float32'\\)$`),
});

export const rows: OpRow[] = [
  {
    op: 'mseLoss',
    gradgrad: true,
    samples: [
      ...reductions(F.mseLoss, 'F.mse_loss'),
      {
        inputs: [normal([3, 4]), normal([4])],
        ours: (x, t) => F.mseLoss(x, t),
        torch: 'F.mse_loss(x0, x1.expand(3, 4))',
      },
    ],
    errors: [badReduction(F.mseLoss, 'mseLoss'), integerInput(F.mseLoss, 'mseLoss')],
  },
  { op: 'l1Loss', gradgrad: true, samples: reductions(F.l1Loss, 'F.l1_loss') },
  {
    op: 'smoothL1Loss',
    gradgrad: true,
    samples: [
      ...reductions(F.smoothL1Loss, 'F.smooth_l1_loss'),
      {
        inputs: [normal([3, 4]), normal([3, 4])],
        ours: (x, t) => F.smoothL1Loss(x, t, { beta: 0.3 }),
        torch: 'F.smooth_l1_loss(x0, x1, beta=0.3)',
      },
      {
        inputs: [normal([3, 4]), normal([3, 4])],
        ours: (x, t) => F.smoothL1Loss(x, t, { beta: 0 }),
        torch: 'F.smooth_l1_loss(x0, x1, beta=0.0)',
      },
    ],
    errors: [
      {
        call: () => F.smoothL1Loss(ones([2]), ones([2]), { beta: -1 }),
        error: ArgumentError,
        message: /^smoothL1Loss: beta must be a finite number of at least 0, got -1$/,
      },
    ],
  },
  {
    op: 'huberLoss',
    gradgrad: true,
    samples: [
      ...reductions(F.huberLoss, 'F.huber_loss'),
      {
        inputs: [normal([3, 4]), normal([3, 4])],
        ours: (x, t) => F.huberLoss(x, t, { delta: 0.3 }),
        torch: 'F.huber_loss(x0, x1, delta=0.3)',
      },
    ],
    errors: [
      {
        call: () => F.huberLoss(ones([2]), ones([2]), { delta: 0 }),
        error: ArgumentError,
        message: /^huberLoss: delta must be a number above 0, got 0$/,
      },
    ],
  },
  {
    op: 'crossEntropy',
    gradgrad: true,
    samples: [
      ...(['mean', 'sum', 'none'] as const).flatMap((reduction): Sample[] => [
        {
          inputs: [normal([4, 5]), integers([4], 0, 5)],
          ours: (x, t) => F.crossEntropy(x, t, { reduction }),
          torch: `F.cross_entropy(x0, x1.long(), reduction='${reduction}')`,
        },
        {
          inputs: [normal([3, 4, 2, 3]), integers([3, 2, 3], 0, 4), uniform([4], 0.5, 2, noGrad)],
          ours: (x, t, weight) => F.crossEntropy(x, t, { weight, reduction, ignoreIndex: 1 }),
          torch: `F.cross_entropy(x0, x1.long(), x2, ignore_index=1, reduction='${reduction}')`,
        },
        {
          inputs: [normal([5, 20]), integers([5], 0, 20), uniform([20], 0.5, 2, noGrad)],
          ours: (x, t, weight) => F.crossEntropy(x, t, { weight, reduction, labelSmoothing: 0.2 }),
          torch: `F.cross_entropy(x0, x1.long(), x2, label_smoothing=0.2, reduction='${reduction}')`,
        },
        {
          inputs: [normal([2, 3, 4]), probability([2, 3, 4])],
          ours: (x, t) => F.crossEntropy(x, t, { reduction, labelSmoothing: 0.1 }),
          torch: `F.cross_entropy(x0, x1, label_smoothing=0.1, reduction='${reduction}')`,
        },
      ]),
      {
        inputs: [normal([6]), integers([], 0, 6)],
        ours: (x, t) => F.crossEntropy(x, t),
        torch: 'F.cross_entropy(x0, x1.long())',
      },
      {
        inputs: [normal([6]), integers([], 0, 6)],
        ours: (x, t) => F.crossEntropy(x, t, { reduction: 'none' }),
        torch: "F.cross_entropy(x0, x1.long(), reduction='none')",
      },
      {
        inputs: [normal([4, 3]), probability([4, 3]), uniform([3], 0.5, 2, noGrad)],
        ours: (x, t, weight) => F.crossEntropy(x, t, { weight }),
        torch: 'F.cross_entropy(x0, x1, x2)',
      },
      {
        inputs: [uniform([3, 17], -500, 500), integers([3], 0, 17)],
        ours: (x, t) => F.crossEntropy(x, t),
        torch: 'F.cross_entropy(x0, x1.long())',
      },
    ],
    errors: [
      {
        call: () => F.crossEntropy(ones([3, 4]), ones([3], { dtype: 'int32' }).mul(7)),
        error: IndexError,
        message: /^crossEntropy: target 7 at position 0 isn't a class; there are 4 \(0 to 3\)$/,
      },
      {
        call: () => F.crossEntropy(ones([3, 4]), zeros([2], { dtype: 'int32' })),
        error: ShapeError,
        message:
          /^crossEntropy: needs one class index for each row of x(?:.|\n)*target {2}\(N, …\) {5}\[2\] {5}expects \[3\]$/,
      },
      {
        call: () => F.crossEntropy(ones([3, 4]), zeros([3, 4], { dtype: 'int32' })),
        error: ShapeError,
        message: /hint: class probabilities must be floating$/,
      },
      {
        call: () => F.crossEntropy(ones([3, 4]), ones([3, 3])),
        error: ShapeError,
        message: /^crossEntropy: floating targets must be probabilities of the classes/,
      },
      {
        call: () => F.crossEntropy(ones([3, 4]), zeros([3], { dtype: 'int32' }), { weight: ones([3]) }),
        error: ShapeError,
        message: /^crossEntropy: needs one weight for each class(?:.|\n)*expects \[4\]$/,
      },
      {
        call: () => F.crossEntropy(ones([3, 4]), zeros([3], { dtype: 'int32' }), { labelSmoothing: 2 }),
        error: ArgumentError,
        message: /^crossEntropy: labelSmoothing must be a number from 0 to 1, got 2$/,
      },
      {
        call: () => F.crossEntropy(ones([]), zeros([], { dtype: 'int32' })),
        error: ShapeError,
        message: /^crossEntropy: x needs an axis of classes/,
      },
    ],
  },
  {
    op: 'nllLoss',
    gradgrad: true,
    samples: [
      ...(['mean', 'sum', 'none'] as const).map((reduction) => ({
        inputs: [normal([4, 3, 2]), integers([4, 2], 0, 3), uniform([3], 0.5, 2, noGrad)],
        ours: (x: Tensor, t: Tensor, weight: Tensor) =>
          F.nllLoss(x, t, { weight, reduction, ignoreIndex: 1 }),
        torch: `F.nll_loss(x0, x1.long(), x2, ignore_index=1, reduction='${reduction}')`,
      })),
      {
        inputs: [normal([4, 3]), integers([4], 0, 3)],
        ours: (x, t) => F.nllLoss(x, t),
        torch: 'F.nll_loss(x0, x1.long())',
      },
      {
        inputs: [normal([3]), integers([], 0, 3)],
        ours: (x, t) => F.nllLoss(x, t),
        torch: 'F.nll_loss(x0, x1.long())',
      },
    ],
    errors: [
      {
        call: () => F.nllLoss(ones([2, 4]), ones([2], { dtype: 'int32' }).mul(-1)),
        error: IndexError,
        message: /^nllLoss: target -1 at position 0 isn't a class; there are 4 \(0 to 3\)$/,
      },
    ],
  },
  {
    op: 'binaryCrossEntropy',
    gradgrad: true,
    samples: [
      ...(['mean', 'sum', 'none'] as const).map((reduction) => ({
        inputs: [probability([3, 4]), probability([3, 4]), uniform([4], 0.5, 2, noGrad)],
        ours: (x: Tensor, t: Tensor, weight: Tensor) => F.binaryCrossEntropy(x, t, { weight, reduction }),
        torch: `F.binary_cross_entropy(x0, x1, x2, reduction='${reduction}')`,
      })),
      {
        inputs: [values([4], [0, 1, 1, 0.5], noGrad), values([4], [1, 0, 1, 0.25], noGrad)],
        ours: (x, t) => F.binaryCrossEntropy(x, t, { reduction: 'none' }),
        torch: "F.binary_cross_entropy(x0, x1, reduction='none')",
        grad: false,
      },
    ],
    errors: [
      {
        call: () => F.binaryCrossEntropy(ones([2, 1]), ones([2])),
        error: ShapeError,
        message: /^binaryCrossEntropy: x and target need the same shape/,
      },
    ],
  },
  {
    op: 'binaryCrossEntropyWithLogits',
    gradgrad: true,
    samples: [
      ...(['mean', 'sum', 'none'] as const).map((reduction) => ({
        inputs: [
          normal([3, 4]),
          probability([3, 4]),
          uniform([4], 0.5, 2, noGrad),
          uniform([4], 0.5, 2, noGrad),
        ],
        ours: (x: Tensor, t: Tensor, weight: Tensor, posWeight: Tensor) =>
          F.binaryCrossEntropyWithLogits(x, t, { weight, posWeight, reduction }),
        torch: `F.binary_cross_entropy_with_logits(x0, x1, x2, pos_weight=x3, reduction='${reduction}')`,
      })),
      {
        inputs: [uniform([9], -200, 200), probability([9], false)],
        ours: (x, t) => F.binaryCrossEntropyWithLogits(x, t),
        torch: 'F.binary_cross_entropy_with_logits(x0, x1)',
      },
    ],
    errors: [
      {
        call: () => F.binaryCrossEntropyWithLogits(ones([2, 1]), ones([2])),
        error: ShapeError,
        message: /^binaryCrossEntropyWithLogits: x and target need the same shape/,
      },
    ],
  },
  {
    op: 'klDiv',
    gradgrad: true,
    samples: [
      ...(['mean', 'sum', 'none', 'batchmean'] as const).map((reduction) => ({
        inputs: [normal([3, 4]), probability([3, 4])],
        ours: (x: Tensor, t: Tensor) => F.klDiv(x, t, { reduction }),
        torch: `F.kl_div(x0, x1, reduction='${reduction}')`,
      })),
      {
        inputs: [normal([3, 4]), normal([3, 4])],
        ours: (x, t) => F.klDiv(x, t, { logTarget: true, reduction: 'sum' }),
        torch: "F.kl_div(x0, x1, log_target=True, reduction='sum')",
      },
      {
        inputs: [normal([3]), values([3], [0, 0.5, 0.5], noGrad)],
        ours: (x, t) => F.klDiv(x, t, { reduction: 'sum' }),
        torch: "F.kl_div(x0, x1, reduction='sum')",
      },
    ],
  },
  {
    op: 'gaussianNllLoss',
    gradgrad: true,
    samples: [
      ...(['mean', 'sum', 'none'] as const).map((reduction) => ({
        inputs: [normal([3, 4]), normal([3, 4]), uniform([3, 4], 0.3, 2)],
        ours: (x: Tensor, t: Tensor, v: Tensor) => F.gaussianNllLoss(x, t, v, { reduction }),
        torch: `F.gaussian_nll_loss(x0, x1, x2, reduction='${reduction}')`,
      })),
      {
        inputs: [normal([3, 4]), normal([3, 4]), uniform([3], 0.3, 2)],
        ours: (x, t, v) => F.gaussianNllLoss(x, t, v, { full: true }),
        torch: 'F.gaussian_nll_loss(x0, x1, x2, full=True)',
      },
      {
        inputs: [normal([3, 4]), normal([3, 4]), uniform([3, 1], 0.3, 2)],
        ours: (x, t, v) => F.gaussianNllLoss(x, t, v),
        torch: 'F.gaussian_nll_loss(x0, x1, x2)',
      },
    ],
    errors: [
      {
        call: () => F.gaussianNllLoss(ones([3, 4]), ones([3, 4]), ones([4])),
        error: ShapeError,
        message: /^gaussianNllLoss: the variances don't fit x/,
      },
      {
        call: () => F.gaussianNllLoss(ones([3]), ones([3]), ones([3]), { eps: 0 }),
        error: ArgumentError,
        message: /^gaussianNllLoss: eps must be a finite number above 0, got 0$/,
      },
    ],
  },
  {
    op: 'poissonNllLoss',
    gradgrad: true,
    samples: [
      ...reductions(F.poissonNllLoss, 'F.poisson_nll_loss'),
      {
        inputs: [uniform([3, 4], 0.2, 3), uniform([3, 4], 0.2, 4, noGrad)],
        ours: (x, t) => F.poissonNllLoss(x, t, { logInput: false, full: true }),
        torch: 'F.poisson_nll_loss(x0, x1, log_input=False, full=True)',
      },
    ],
  },
  {
    op: 'hingeEmbeddingLoss',
    gradgrad: true,
    samples: (['mean', 'sum', 'none'] as const).map((reduction) => ({
      inputs: [normal([2, 3]), values([2, 3], [1, -1, 1, -1, -1, 1], noGrad)],
      ours: (x: Tensor, t: Tensor) => F.hingeEmbeddingLoss(x, t, { margin: 0.7, reduction }),
      torch: `F.hinge_embedding_loss(x0, x1, margin=0.7, reduction='${reduction}')`,
    })),
  },
  {
    op: 'cosineEmbeddingLoss',
    gradgrad: true,
    samples: [
      ...(['mean', 'sum', 'none'] as const).map((reduction) => ({
        inputs: [normal([4, 3]), normal([4, 3]), values([4], [1, -1, 1, -1], noGrad)],
        ours: (a: Tensor, b: Tensor, t: Tensor) =>
          F.cosineEmbeddingLoss(a, b, t, { margin: -0.9, reduction }),
        torch: `F.cosine_embedding_loss(x0, x1, x2, margin=-0.9, reduction='${reduction}')`,
      })),
      {
        inputs: [normal([5]), normal([5]), values([], [1], noGrad)],
        ours: (a, b, t) => F.cosineEmbeddingLoss(a, b, t),
        torch: 'F.cosine_embedding_loss(x0, x1, x2)',
      },
    ],
    errors: [
      {
        call: () => F.cosineEmbeddingLoss(ones([2, 3]), ones([2, 3]), ones([2, 3])),
        error: ShapeError,
        message: /^cosineEmbeddingLoss: needs pairs of vectors and one target for each pair/,
      },
    ],
  },
  {
    op: 'tripletMarginLoss',
    gradgrad: true,
    samples: [
      ...(['mean', 'sum', 'none'] as const).map((reduction) => ({
        inputs: [normal([4, 3]), normal([4, 3]), normal([4, 3])],
        ours: (a: Tensor, p: Tensor, n: Tensor) => F.tripletMarginLoss(a, p, n, { reduction }),
        torch: `F.triplet_margin_loss(x0, x1, x2, reduction='${reduction}')`,
      })),
      {
        inputs: [normal([4, 3]), normal([4, 3]), normal([4, 3])],
        ours: (a, p, n) => F.tripletMarginLoss(a, p, n, { swap: true, p: 3, margin: 2 }),
        torch: 'F.triplet_margin_loss(x0, x1, x2, swap=True, p=3, margin=2.0)',
      },
    ],
    errors: [
      {
        call: () => F.tripletMarginLoss(ones([2, 3]), ones([3]), ones([3])),
        error: ShapeError,
        message: /^tripletMarginLoss: the three need the same number of axes/,
      },
    ],
  },
  {
    op: 'marginRankingLoss',
    gradgrad: true,
    samples: (['mean', 'sum', 'none'] as const).map((reduction) => ({
      inputs: [normal([6]), normal([6]), values([6], [1, -1, 1, -1, 1, -1], noGrad)],
      ours: (a: Tensor, b: Tensor, t: Tensor) => F.marginRankingLoss(a, b, t, { margin: 0.3, reduction }),
      torch: `F.margin_ranking_loss(x0, x1, x2, margin=0.3, reduction='${reduction}')`,
    })),
  },
];
