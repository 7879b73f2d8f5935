import { ArgumentError, DTypeError, ShapeError } from '../../../src/core/errors.js';
import * as F from '../../../src/functional.js';
import {
  bernoulli,
  manualSeed,
  multinomial,
  normal,
  ones,
  rand,
  randint,
  randintLike,
  randLike,
  randn,
  randnLike,
  randperm,
  type Tensor,
} from '../../../src/index.js';
import { type Input, normal as normals, type OpRow, type Sample, uniform } from '../table.js';

/** A sample that draws from the stream of seed 3. */
const seeded = (
  inputs: readonly Input[],
  ours: (...inputs: Tensor[]) => Tensor,
  torch: string,
  dtypes?: Sample['dtypes'],
): Sample => ({
  inputs,
  ours: (...xs) => {
    manualSeed(3);
    return ours(...xs);
  },
  torch: `torch.manual_seed(3) and ${torch}`,
  ...(dtypes ? { dtypes } : {}),
});

const once = ['float32'] as const;

/** What the dropout functions refuse alike. */
const refusals = (name: string, f: (x: Tensor, p: number) => Tensor): NonNullable<OpRow['errors']> => [
  {
    call: () => f(ones([2, 3, 4]), 1.5),
    error: ArgumentError,
    message: new RegExp(`^${name}: p must be a number from 0 to 1, got 1.5$`),
  },
  {
    call: () => f(ones([2, 3, 4], { dtype: 'int32' }), 0.5),
    error: DTypeError,
    message: new RegExp(`^${name}: needs float32 or float64, x is int32$`),
  },
];

export const rows: OpRow[] = [
  {
    op: 'rand',
    large: seeded([], () => rand([1024, 1024]), 'torch.rand(1024, 1024)', once),
    grad: false,
    samples: [
      seeded([], () => rand([3, 5]), 'torch.rand(3, 5)', once),
      seeded([], () => rand([], { dtype: 'float64' }), 'torch.rand((), dtype=torch.float64)', once),
    ],
    errors: [
      {
        call: () => rand([2], { dtype: 'int32' }),
        error: DTypeError,
        message: /^rand: draws floating numbers, not int32\n {2}hint: randint draws integers$/,
      },
    ],
  },
  {
    op: 'randn',
    large: seeded([], () => randn([1024, 1024]), 'torch.randn(1024, 1024)', once),
    grad: false,
    samples: [
      seeded([], () => randn([3, 7]), 'torch.randn(3, 7)', once),
      seeded([], () => randn([3]), 'torch.randn(3)', once),
      seeded([], () => randn([20], { dtype: 'float64' }), 'torch.randn(20, dtype=torch.float64)', once),
    ],
  },
  {
    op: 'randLike',
    grad: false,
    samples: [seeded([normals([2, 3])], (x) => randLike(x), 'torch.rand_like(x0)')],
  },
  {
    op: 'randnLike',
    grad: false,
    samples: [seeded([normals([4, 5])], (x) => randnLike(x), 'torch.randn_like(x0)')],
  },
  {
    op: 'randint',
    large: seeded([], () => randint(10, [1024, 1024]), 'torch.randint(10, (1024, 1024))', once),
    grad: false,
    samples: [
      seeded([], () => randint(10, [3, 4]), 'torch.randint(10, (3, 4))', once),
      seeded(
        [],
        () => randint(-5, 5, [7], { dtype: 'float32' }),
        'torch.randint(-5, 5, (7,), dtype=torch.float32)',
        once,
      ),
      seeded(
        [],
        () => randint(0, 256, [9], { dtype: 'uint8' }),
        'torch.randint(0, 256, (9,), dtype=torch.uint8)',
        once,
      ),
    ],
    errors: [
      {
        call: () => randint(5, 5, [2]),
        error: ArgumentError,
        message: /^randint: draws whole numbers from low to high - 1; low is 5, high is 5$/,
      },
    ],
  },
  {
    op: 'randintLike',
    grad: false,
    samples: [seeded([normals([2, 3])], (x) => randintLike(x, -3, 3), 'torch.randint_like(x0, -3, 3)')],
  },
  {
    op: 'randperm',
    large: seeded([], () => randperm(1 << 20), 'torch.randperm(1 << 20)', once),
    grad: false,
    samples: [seeded([], () => randperm(20), 'torch.randperm(20)', once)],
  },
  {
    op: 'normal',
    large: seeded([], () => normal(2, 0.5, [1024, 1024]), 'torch.normal(2.0, 0.5, (1024, 1024))', once),
    grad: false,
    samples: [
      seeded([], () => normal(2, 0.5, [4, 5]), 'torch.normal(2.0, 0.5, (4, 5))', once),
      seeded([normals([3, 6])], (mean) => normal(mean, 0.3), 'torch.normal(x0, 0.3)', once),
      seeded([uniform([4, 5], 0.1, 1)], (std) => normal(1, std), 'torch.normal(1.0, x0)', once),
      seeded(
        [normals([4, 1]), uniform([5], 0.1, 1)],
        (mean, std) => normal(mean, std),
        'torch.normal(x0.expand(4, 5), x1.expand(4, 5))',
        once,
      ),
    ],
    errors: [
      {
        call: () => normal(0, -1, [2]),
        error: ArgumentError,
        message: /^normal: std must be 0 or more, got -1$/,
      },
      {
        call: () => normal(0, 1),
        error: ShapeError,
        message: /^normal: needs a shape if mean and std are numbers$/,
      },
    ],
  },
  {
    op: 'bernoulli',
    grad: false,
    samples: [seeded([uniform([4, 5], 0, 1)], (p) => bernoulli(p), 'torch.bernoulli(x0)')],
    errors: [
      {
        call: () => bernoulli(ones([2], { dtype: 'int32' })),
        error: DTypeError,
        message: /^bernoulli: probabilities must be floating, got int32$/,
      },
    ],
  },
  {
    op: 'multinomial',
    grad: false,
    samples: [
      seeded([uniform([6], 0, 1)], (p) => multinomial(p, 4), 'torch.multinomial(x0, 4)'),
      seeded(
        [uniform([3, 6], 0, 1)],
        (p) => multinomial(p, 9, { replacement: true }),
        'torch.multinomial(x0, 9, True)',
      ),
      seeded([uniform([3, 6], 0, 1)], (p) => multinomial(p, 1), 'torch.multinomial(x0, 1)'),
    ],
    errors: [
      {
        call: () => multinomial(ones([3]), 4),
        error: ArgumentError,
        message: /^multinomial: can't draw 4 of 3 without replacement$/,
      },
      {
        call: () => multinomial(ones([3, 0]), 1),
        error: ShapeError,
        message: /^multinomial: needs one or two axes, and the last must not be empty/,
      },
    ],
  },
  {
    op: 'dropout',
    gradgrad: true,
    samples: [
      seeded([normals([4, 9])], (x) => F.dropout(x), 'F.dropout(x0)'),
      seeded([normals([2, 3, 5])], (x) => F.dropout(x, 0.3), 'F.dropout(x0, 0.3)'),
      seeded([normals([4])], (x) => F.dropout(x, { p: 0.3, training: false }), 'F.dropout(x0, 0.3, False)'),
      seeded([normals([4])], (x) => F.dropout(x, 1), 'F.dropout(x0, 1.0)'),
    ],
    errors: refusals('dropout', F.dropout),
  },
  {
    op: 'dropout1d',
    samples: [
      seeded([normals([3, 4, 5])], (x) => F.dropout1d(x, 0.4), 'F.dropout1d(x0, 0.4)'),
      seeded([normals([6, 5])], (x) => F.dropout1d(x, 0.4), 'F.dropout1d(x0, 0.4)'),
    ],
    errors: refusals('dropout1d', F.dropout1d),
  },
  {
    op: 'dropout2d',
    samples: [seeded([normals([3, 4, 2, 3])], (x) => F.dropout2d(x, 0.4), 'F.dropout2d(x0, 0.4)')],
  },
  {
    op: 'dropout3d',
    samples: [seeded([normals([2, 4, 2, 1, 3])], (x) => F.dropout3d(x, 0.4), 'F.dropout3d(x0, 0.4)')],
  },
  {
    op: 'alphaDropout',
    samples: [seeded([normals([4, 9])], (x) => F.alphaDropout(x, 0.4), 'F.alpha_dropout(x0, 0.4, True)')],
    errors: refusals('alphaDropout', F.alphaDropout),
  },
  {
    op: 'featureAlphaDropout',
    samples: [
      seeded(
        [normals([3, 4, 5])],
        (x) => F.featureAlphaDropout(x, 0.4),
        'F.feature_alpha_dropout(x0, 0.4, True)',
      ),
    ],
  },
  {
    op: 'rrelu',
    gradcheck: false,
    why: 'each call draws slopes of its own; the samples seed',
    samples: [
      seeded([normals([3, 40])], (x) => F.rrelu(x, { training: true }), 'F.rrelu(x0, training=True)'),
      seeded(
        [normals([2, 3, 4])],
        (x) => F.rrelu(x, { lower: -0.5, upper: 2, training: true }),
        'F.rrelu(x0, -0.5, 2.0, training=True)',
      ),
      {
        inputs: [normals([5])],
        ours: (x) => F.rrelu(x, { lower: 0.2, upper: 0.4 }),
        torch: 'F.rrelu(x0, 0.2, 0.4)',
      },
      {
        inputs: [normals([0])],
        ours: (x) => F.rrelu(x, { training: true }),
        torch: 'F.rrelu(x0, training=True)',
      },
    ],
    errors: [
      {
        call: () => F.rrelu(ones([2]), { lower: 1, upper: 0 }),
        error: ArgumentError,
        message: /^rrelu: lower 1 is larger than upper 0$/,
      },
      {
        call: () => F.rrelu(ones([2], { dtype: 'int32' })),
        error: DTypeError,
        message: /^rrelu: is defined for floating tensors, not int32$/,
      },
    ],
  },
  {
    op: 'gumbelSoftmax',
    gradcheck: false,
    why: 'each call draws anew',
    samples: [
      seeded([normals([4, 5])], (x) => F.gumbelSoftmax(x, { tau: 0.7 }), 'F.gumbel_softmax(x0, 0.7)'),
      seeded(
        [normals([4, 5])],
        (x) => F.gumbelSoftmax(x, { hard: true, dim: 0 }),
        'F.gumbel_softmax(x0, hard=True, dim=0)',
      ),
    ],
    errors: [
      {
        call: () => F.gumbelSoftmax(ones([2]), { tau: 0 }),
        error: ArgumentError,
        message: /^gumbelSoftmax: tau must be a finite number above 0, got 0$/,
      },
    ],
  },
];
