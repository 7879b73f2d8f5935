import { ArgumentError, DTypeError, ShapeError } from '../../../src/core/errors.js';
import * as F from '../../../src/functional.js';
import { ones } from '../../../src/index.js';
import { normal, type OpRow, uniform } from '../table.js';

const rms = (weight: string): string =>
  `(x0 * torch.rsqrt(x0.square().mean(-1, keepdim=True) + 1e-3)${weight})`;

export const rows: OpRow[] = [
  {
    op: 'layerNorm',
    large: {
      inputs: [normal([2048, 512]), normal([512]), normal([512])],
      ours: (x, weight, bias) => F.layerNorm(x, [512], { weight, bias }),
      torch: 'F.layer_norm(x0, [512], x1, x2)',
    },
    gradgrad: true,
    samples: [
      {
        inputs: [normal([3, 5]), normal([5]), normal([5])],
        ours: (x, weight, bias) => F.layerNorm(x, [5], { weight, bias }),
        torch: 'F.layer_norm(x0, [5], x1, x2)',
      },
      {
        inputs: [normal([2, 3, 4]), normal([3, 4]), normal([3, 4])],
        ours: (x, weight, bias) => F.layerNorm(x, [3, 4], { weight, bias, eps: 0.01 }),
        torch: 'F.layer_norm(x0, [3, 4], x1, x2, 0.01)',
      },
      { inputs: [normal([7, 18])], ours: (x) => F.layerNorm(x, 18), torch: 'F.layer_norm(x0, [18])' },
      {
        inputs: [normal([2, 3, 33]), normal([33])],
        ours: (x, weight) => F.layerNorm(x, [33], { weight }),
        torch: 'F.layer_norm(x0, [33], x1)',
      },
      { inputs: [normal([0, 4])], ours: (x) => F.layerNorm(x, [4]), torch: 'F.layer_norm(x0, [4])' },
    ],
    errors: [
      {
        call: () => F.layerNorm(ones([2, 3]), [4]),
        error: ShapeError,
        message:
          /^layerNorm: the trailing axes of x aren't the normalized shape\n {2}x {18}\[2, 3\]\n {2}normalizedShape {4}\[4\]$/,
      },
      {
        call: () => F.layerNorm(ones([2, 3]), [3], { weight: ones([2]) }),
        error: ShapeError,
        message: /^layerNorm: weight doesn't fit(?:.|\n)*expects \[3\], the normalized shape$/,
      },
      {
        call: () => F.layerNorm(ones([2, 3]), [3], { bias: ones([3], { dtype: 'float64' }) }),
        error: DTypeError,
        message: /^layerNorm: bias is float64, x is float32\n {2}hint: convert one with to\(\)$/,
      },
      {
        call: () => F.layerNorm(ones([2, 3], { dtype: 'int32' }), [3]),
        error: DTypeError,
        message: /^layerNorm: needs a floating dtype, x is int32$/,
      },
    ],
  },
  {
    op: 'rmsNorm',
    large: {
      inputs: [normal([2048, 512]), normal([512])],
      ours: (x, weight) => F.rmsNorm(x, [512], { weight, eps: 1e-3 }),
      torch: rms(' * x1'),
    },
    gradgrad: true,
    why: 'PyTorch 1.13 has no rms_norm; its formula is written out',
    samples: [
      {
        inputs: [normal([3, 5]), normal([5])],
        ours: (x, weight) => F.rmsNorm(x, [5], { weight, eps: 1e-3 }),
        torch: rms(' * x1'),
      },
      { inputs: [normal([2, 3, 20])], ours: (x) => F.rmsNorm(x, 20, { eps: 1e-3 }), torch: rms('') },
    ],
    errors: [
      {
        call: () => F.rmsNorm(ones([2, 3]), []),
        error: ShapeError,
        message: /^rmsNorm: the trailing axes(?:.|\n)*needs at least one axis$/,
      },
    ],
  },
  {
    op: 'groupNorm',
    gradgrad: true,
    samples: [
      {
        inputs: [normal([2, 6, 3, 2]), normal([6]), normal([6])],
        ours: (x, weight, bias) => F.groupNorm(x, 3, { weight, bias }),
        torch: 'F.group_norm(x0, 3, x1, x2)',
      },
      { inputs: [normal([3, 4, 17])], ours: (x) => F.groupNorm(x, 1), torch: 'F.group_norm(x0, 1)' },
      {
        inputs: [normal([3, 6]), normal([6]), normal([6])],
        ours: (x, weight, bias) => F.groupNorm(x, 2, { weight, bias, eps: 0.1 }),
        torch: 'F.group_norm(x0, 2, x1, x2, 0.1)',
      },
    ],
    errors: [
      {
        call: () => F.groupNorm(ones([2, 5, 3]), 2),
        error: ShapeError,
        message: /^groupNorm: 5 channels can't be split into 2 groups\n {2}x {2}\(N, C, …\) {2}\[2, 5, 3\]$/,
      },
      { call: () => F.groupNorm(ones([4]), 2), error: ShapeError, message: /x needs a batch and channels/ },
    ],
  },
  {
    op: 'batchNorm',
    gradgrad: true,
    samples: [
      {
        inputs: [normal([4, 3]), normal([3]), normal([3])],
        ours: (x, weight, bias) => F.batchNorm(x, null, null, { weight, bias, training: true }),
        torch: 'F.batch_norm(x0, None, None, x1, x2, True)',
      },
      {
        inputs: [normal([3, 2, 3, 4]), normal([2]), normal([2])],
        ours: (x, weight, bias) => F.batchNorm(x, null, null, { weight, bias, training: true, eps: 0.01 }),
        torch: 'F.batch_norm(x0, None, None, x1, x2, True, 0.1, 0.01)',
      },
      {
        inputs: [normal([2, 3, 19])],
        ours: (x) => F.batchNorm(x, null, null, { training: true }),
        torch: 'F.batch_norm(x0, None, None, training=True)',
      },
      {
        inputs: [normal([3, 2, 5]), normal([2], { grad: false }), uniform([2], 0.5, 2, { grad: false })],
        ours: (x, mean, variance) => F.batchNorm(x, mean, variance),
        torch: 'F.batch_norm(x0, x1, x2)',
      },
      {
        inputs: [
          normal([5, 2]),
          normal([2], { grad: false }),
          uniform([2], 0.5, 2, { grad: false }),
          normal([2]),
          normal([2]),
        ],
        ours: (x, mean, variance, weight, bias) => F.batchNorm(x, mean, variance, { weight, bias }),
        torch: 'F.batch_norm(x0, x1, x2, x3, x4)',
      },
      {
        inputs: [normal([3, 2, 3, 4]), normal([2]), normal([2]), normal([3, 2, 3, 4])],
        ours: (x, weight, bias, residual) =>
          F.batchNorm(x, null, null, { weight, bias, residual, relu: true, training: true }),
        torch: 'F.relu(F.batch_norm(x0, None, None, x1, x2, True) + x3)',
      },
      {
        inputs: [normal([2, 3, 19]), normal([2, 3, 19])],
        ours: (x, residual) => F.batchNorm(x, null, null, { residual, training: true }),
        torch: 'F.batch_norm(x0, None, None, training=True) + x1',
      },
      {
        inputs: [normal([2, 3, 4, 7]), normal([2, 3, 4, 7])],
        ours: (x, residual) => F.batchNorm(x, null, null, { residual, relu: true, training: true }),
        torch: 'F.relu(F.batch_norm(x0, None, None, training=True) + x1)',
      },
      {
        inputs: [normal([3, 2, 5]), normal([2], { grad: false }), uniform([2], 0.5, 2, { grad: false })],
        ours: (x, mean, variance) => F.batchNorm(x, mean, variance, { relu: true }),
        torch: 'F.relu(F.batch_norm(x0, x1, x2))',
      },
      {
        inputs: [normal([3, 2, 5]), normal([2], { grad: false }), uniform([2], 0.5, 2, { grad: false })],
        ours(x, mean, variance) {
          const [m, v] = [mean.clone(), variance.clone()];
          F.batchNorm(x, m, v, { training: true, momentum: 0.3 });
          return [m, v];
        },
        torch:
          '(lambda m, v: (F.batch_norm(x0, m, v, training=True, momentum=0.3), [m, v])[1])(x1.clone(), x2.clone())',
        grad: false,
      },
    ],
    errors: [
      {
        call: () => F.batchNorm(ones([1, 3]), null, null, { training: true }),
        error: ShapeError,
        message:
          /^batchNorm: can't train with one value per channel, which has no variance(?:.|\n)*hint: use a larger batch, or eval\(\)$/,
      },
      {
        call: () => F.batchNorm(ones([2, 3]), null, null),
        error: ArgumentError,
        message: /^batchNorm: needs \{ training: true \} if there are no running statistics$/,
      },
      {
        call: () => F.batchNorm(ones([2, 3]), ones([3]), null),
        error: ArgumentError,
        message: /^batchNorm: runningMean and runningVar must both be given, or both be null$/,
      },
      {
        call: () => F.batchNorm(ones([2, 3]), ones([2]), ones([2])),
        error: ShapeError,
        message: /^batchNorm: runningMean doesn't fit(?:.|\n)*expects \[3\], the channels of x$/,
      },
      {
        call: () => F.batchNorm(ones([2, 3]), ones([3]), ones([3]), { residual: ones([2]) }),
        error: ShapeError,
        message: /^batchNorm: residual doesn't fit(?:.|\n)*expects \[2, 3\], the shape of x$/,
      },
    ],
  },
  {
    op: 'instanceNorm',
    gradgrad: true,
    samples: [
      {
        inputs: [normal([2, 3, 4, 2]), normal([3]), normal([3])],
        ours: (x, weight, bias) => F.instanceNorm(x, { weight, bias }),
        torch: 'F.instance_norm(x0, weight=x1, bias=x2)',
      },
      { inputs: [normal([3, 2, 7])], ours: (x) => F.instanceNorm(x), torch: 'F.instance_norm(x0)' },
      {
        inputs: [normal([2, 2, 5]), normal([2], { grad: false }), uniform([2], 0.5, 2, { grad: false })],
        ours: (x, runningMean, runningVar) =>
          F.instanceNorm(x, { runningMean, runningVar, useInputStats: false }),
        torch: 'F.instance_norm(x0, x1, x2, use_input_stats=False)',
      },
      {
        inputs: [normal([3, 2, 5]), normal([2], { grad: false }), uniform([2], 0.5, 2, { grad: false })],
        ours(x, mean, variance) {
          const [runningMean, runningVar] = [mean.clone(), variance.clone()];
          F.instanceNorm(x, { runningMean, runningVar });
          return [runningMean, runningVar];
        },
        torch: '(lambda m, v: (F.instance_norm(x0, m, v), [m, v])[1])(x1.clone(), x2.clone())',
        grad: false,
      },
    ],
    errors: [
      {
        call: () => F.instanceNorm(ones([2, 3])),
        error: ShapeError,
        message: /^instanceNorm: x needs a batch, channels, and space/,
      },
      {
        call: () => F.instanceNorm(ones([2, 3, 1])),
        error: ShapeError,
        message: /^instanceNorm: needs more than one value per channel, which has no variance/,
      },
    ],
  },
  {
    op: 'normalize',
    gradgrad: true,
    samples: [
      { inputs: [normal([3, 4])], ours: (x) => F.normalize(x), torch: 'F.normalize(x0)' },
      {
        inputs: [normal([3, 4])],
        ours: (x) => F.normalize(x, { p: 1, dim: 0 }),
        torch: 'F.normalize(x0, 1, 0)',
      },
      {
        inputs: [normal([2, 3, 4])],
        ours: (x) => F.normalize(x, { dim: -1, eps: 10 }),
        torch: 'F.normalize(x0, dim=-1, eps=10)',
      },
    ],
  },
  {
    op: 'localResponseNorm',
    gradgrad: true,
    samples: [
      {
        inputs: [normal([2, 6, 3])],
        ours: (x) => F.localResponseNorm(x, 3),
        torch: 'F.local_response_norm(x0, 3)',
      },
      {
        inputs: [normal([2, 5, 2, 3])],
        ours: (x) => F.localResponseNorm(x, 4, { alpha: 0.5, beta: 0.6, k: 2 }),
        torch: 'F.local_response_norm(x0, 4, 0.5, 0.6, 2)',
      },
      {
        inputs: [normal([2, 3, 4])],
        ours: (x) => F.localResponseNorm(x, 21, { alpha: 3 }),
        torch: 'F.local_response_norm(x0, 21, 3)',
      },
    ],
    errors: [
      {
        call: () => F.localResponseNorm(ones([2, 3, 4]), 0),
        error: ArgumentError,
        message: /^localResponseNorm: size must be a whole number, 1 or more, got 0$/,
      },
      {
        call: () => F.localResponseNorm(ones([2, 3]), 2),
        error: ShapeError,
        message: /x needs a batch, channels, and space/,
      },
    ],
  },
];
