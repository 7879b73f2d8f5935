import { ArgumentError, DTypeError, IndexError, ShapeError } from '../../../src/core/errors.js';
import {
  gather,
  type ScatterReduction,
  scatter,
  scatterAdd,
  scatterReduce,
  takeAlongDim,
  tensor,
  zeros,
} from '../../../src/index.js';
import { distinct, integers, normal, type OpRow, type Sample, values } from '../table.js';

const index = (shape: number[], below: number) => integers(shape, 0, below);
const int = (data: number[]) => tensor(data, { dtype: 'int32' });

const scattered = (ours: Sample['ours'], torch: (index: string) => string): Sample => ({
  inputs: [normal([3, 5]), index([2, 4], 5), normal([2, 4])],
  ours,
  torch: torch('x1.long()'),
});

/** Samples of one reduction, with indices that leave elements out and meet in others. */
const reduced = (reduce: ScatterReduction): Sample[] =>
  [true, false].flatMap((includeSelf) => {
    const options = `'${reduce}', include_self=${includeSelf ? 'True' : 'False'}`;
    return [
      {
        inputs: [normal([4, 3]), index([5, 3], 4), distinct([5, 3])],
        ours: (x, i, s) => scatterReduce(x, 0, i!, s!, reduce, { includeSelf }),
        torch: `x0.scatter_reduce(0, x1.long(), x2, ${options})`,
      },
      {
        inputs: [normal([2, 4]), index([2, 6], 3), distinct([2, 6])],
        ours: (x, i, s) => scatterReduce(x, 1, i!, s!, reduce, { includeSelf }),
        torch: `x0.scatter_reduce(1, x1.long(), x2, ${options})`,
      },
      {
        inputs: [normal([5]), index([9], 4), normal([9])],
        ours: (x, i, s) => scatterReduce(x, 0, i!, s!, reduce, { includeSelf }),
        torch: `x0.scatter_reduce(0, x1.long(), x2, ${options})`,
        dtypes: ['int32', 'uint8'],
      },
    ] satisfies Sample[];
  });

export const rows: OpRow[] = [
  {
    op: 'gather',
    gradgrad: true,
    samples: [
      {
        inputs: [normal([3, 5]), index([3, 4], 5)],
        ours: (x, i) => gather(x, 1, i),
        torch: 'x0.gather(1, x1.long())',
      },
      {
        inputs: [normal([3, 5]), index([7, 4], 3)],
        ours: (x, i) => gather(x, 0, i),
        torch: 'x0.gather(0, x1.long())',
      },
      {
        inputs: [normal([2, 3, 4]), index([2, 5, 3], 3)],
        ours: (x, i) => gather(x, -2, i),
        torch: 'x0.gather(-2, x1.long())',
      },
      {
        inputs: [normal([4]), index([6], 4)],
        ours: (x, i) => gather(x, 0, i),
        torch: 'x0.gather(0, x1.long())',
      },
      {
        inputs: [normal([]), index([3], 1)],
        ours: (x, i) => gather(x, 0, i),
        torch: 'x0.gather(0, x1.long())',
      },
      {
        inputs: [normal([]), index([], 1)],
        ours: (x, i) => gather(x, 0, i),
        torch: 'x0.gather(0, x1.long())',
      },
      {
        inputs: [normal([3, 4]), index([0, 4], 3)],
        ours: (x, i) => gather(x, 0, i),
        torch: 'x0.gather(0, x1.long())',
        grad: false,
      },
      {
        inputs: [normal([3, 5]), index([3, 4], 5)],
        ours: (x, i) => gather(x, 1, i),
        torch: 'x0.gather(1, x1.long())',
        dtypes: ['int32', 'uint8', 'bool'],
      },
    ],
    errors: [
      {
        call: () => gather(zeros([2, 3]), 1, tensor([[0, 3]], { dtype: 'int32' })),
        error: IndexError,
        message: /gather: index\[0, 1\] is 3, out of range for axis 1 of length 3/,
      },
      {
        call: () => gather(zeros([3]), 0, int([-1])),
        error: IndexError,
        message: /index\[0\] is -1[\s\S]*hint: negative indices don't count from the end here/,
      },
      {
        call: () => gather(zeros([3]), 0, tensor([1])),
        error: DTypeError,
        message: /gather: indices must be int32, got float32[\s\S]*hint/,
      },
      {
        call: () => gather(zeros([2, 3]), 1, int([0])),
        error: ShapeError,
        message: /gather: the index must have as many axes as x and not be longer, except along axis 1/,
      },
      { call: () => gather(zeros([2, 3]), 2, int([0])), error: IndexError, message: /gather: axis 2/ },
    ],
  },
  {
    op: 'scatter',
    gradgrad: true,
    samples: [
      {
        inputs: [
          normal([3, 5]),
          values([2, 3], [0, 2, 1, 4, 0, 3], { dtype: 'int32', grad: false }),
          normal([2, 3]),
        ],
        ours: (x, i, s) => scatter(x, 1, i, s),
        torch: 'x0.scatter(1, x1.long(), x2)',
      },
      scattered(
        (x, i) => scatter(x, 1, i!, 2.5),
        (i) => `x0.scatter(1, ${i}, 2.5)`,
      ),
      {
        inputs: [
          normal([5, 3]),
          values([2, 2], [0, 4, 1, 2], { dtype: 'int32', grad: false }),
          normal([2, 2]),
        ],
        ours: (x, i, s) => x.clone().scatter_(0, i!, s!),
        torch: 'x0.clone().scatter_(0, x1.long(), x2)',
      },
      {
        inputs: [normal([5, 3]), index([2, 2], 5)],
        ours: (x, i) => x.clone().scatter_(0, i!, 7),
        torch: 'x0.clone().scatter_(0, x1.long(), 7)',
        dtypes: ['float32', 'int32', 'uint8'],
      },
      {
        inputs: [normal([4]), index([0], 4), normal([0])],
        ours: (x, i, s) => scatter(x, 0, i!, s!),
        torch: 'x0.scatter(0, x1.long(), x2)',
        grad: false,
      },
    ],
    errors: [
      {
        call: () => scatter(zeros([3]), 0, int([3]), 1),
        error: IndexError,
        message: /scatter: index\[0\] is 3, out of range/,
      },
      {
        call: () => zeros([3]).scatter_(0, int([-1]), 1),
        error: IndexError,
        message: /scatter_: index\[0\] is -1/,
      },
      {
        call: () => scatter(zeros([3]), 0, int([0, 1]), zeros([1])),
        error: ShapeError,
        message: /scatter: the index must[\s\S]*source +\[1\] +not shorter than the index/,
      },
      {
        call: () => scatter(zeros([3]), 0, int([0]), int([1])),
        error: DTypeError,
        message: /scatter: source is int32, x is float32/,
      },
    ],
  },
  {
    op: 'scatterAdd',
    gradgrad: true,
    samples: [
      {
        inputs: [normal([3, 5]), index([3, 7], 5), normal([3, 7])],
        ours: (x, i, s) => scatterAdd(x, 1, i!, s!),
        torch: 'x0.scatter_add(1, x1.long(), x2)',
      },
      {
        inputs: [normal([3, 5]), index([9, 4], 3), normal([9, 4])],
        ours: (x, i, s) => scatterAdd(x, 0, i!, s!),
        torch: 'x0.scatter_add(0, x1.long(), x2)',
      },
      {
        inputs: [normal([4]), index([6], 3), normal([8])],
        ours: (x, i, s) => x.clone().scatterAdd_(0, i!, s!),
        torch: 'x0.clone().scatter_add_(0, x1.long(), x2[:6])',
      },
      {
        inputs: [normal([4]), index([6], 3), normal([6])],
        ours: (x, i, s) => scatterAdd(x, 0, i!, s!),
        torch: 'x0.scatter_add(0, x1.long(), x2)',
        dtypes: ['int32', 'uint8'],
      },
    ],
    errors: [
      {
        call: () => scatterAdd(zeros([3]), 0, int([5]), zeros([1])),
        error: IndexError,
        message: /scatterAdd: index\[0\] is 5/,
      },
      {
        call: () => zeros([3]).scatterAdd_(0, int([5]), zeros([1])),
        error: IndexError,
        message: /scatterAdd_: index\[0\] is 5/,
      },
    ],
  },
  {
    op: 'scatterReduce',
    gradgrad: true,
    samples: [
      ...reduced('sum'),
      ...reduced('mean'),
      ...reduced('amax'),
      ...reduced('amin'),
      ...reduced('prod'),
      {
        inputs: [
          values([2], [0, 2]),
          values([4], [0, 0, 1, 1], { dtype: 'int32', grad: false }),
          values([4], [3, 0, 0, 0]),
        ],
        ours: (x, i, s) => scatterReduce(x, 0, i!, s!, 'prod', { includeSelf: false }),
        torch: "x0.scatter_reduce(0, x1.long(), x2, 'prod', include_self=False)",
        dtypes: ['float32'],
      },
    ],
    errors: [
      {
        call: () => scatterReduce(zeros([3]), 0, int([0]), zeros([1]), 'max' as ScatterReduction),
        error: ArgumentError,
        message: /scatterReduce: reduce must be 'sum', 'mean', 'amax', 'amin' or 'prod', got 'max'/,
      },
      {
        call: () => scatterReduce(zeros([3]), 0, int([3]), zeros([1]), 'sum'),
        error: IndexError,
        message: /scatterReduce: index\[0\] is 3/,
      },
    ],
  },
  {
    op: 'scatterReduce (ties)',
    gradcheck: false,
    why: 'equal extremes share the gradient, where finite differences see a kink',
    samples: (['amax', 'amin'] as const).map((reduce) => ({
      inputs: [
        values([2], [1, 2]),
        values([4], [0, 0, 1, 1], { dtype: 'int32', grad: false }),
        values([4], [1, 1, 2, 0]),
      ],
      ours: (x, i, s) => scatterReduce(x, 0, i!, s!, reduce),
      torch: `x0.scatter_reduce(0, x1.long(), x2, '${reduce}')`,
    })),
  },
  {
    op: 'takeAlongDim',
    samples: [
      {
        inputs: [normal([3, 4]), index([3, 2], 4)],
        ours: (x, i) => takeAlongDim(x, i, 1),
        torch: 'x0.take_along_dim(x1.long(), 1)',
      },
      {
        inputs: [normal([3, 1]), index([1, 5], 3)],
        ours: (x, i) => takeAlongDim(x, i, 0),
        torch: 'x0.take_along_dim(x1.long(), 0)',
      },
      {
        inputs: [normal([3, 4]), index([2, 2], 12)],
        ours: (x, i) => takeAlongDim(x, i),
        torch: 'x0.take_along_dim(x1.long())',
      },
    ],
    errors: [
      {
        call: () => takeAlongDim(zeros([2, 2]), int([0]), 0),
        error: ShapeError,
        message: /takeAlongDim: the index must have as many axes/,
      },
    ],
  },
];
