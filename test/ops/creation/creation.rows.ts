import { ArgumentError, DTypeError, ShapeError } from '../../../src/core/errors.js';
import {
  arange,
  EngineError,
  empty,
  emptyLike,
  eye,
  full,
  fullLike,
  linspace,
  logspace,
  ones,
  onesLike,
  tensor,
  zeros,
  zerosLike,
} from '../../../src/index.js';
import type { NestedNumbers } from '../../../src/ops/creation/creation.js';
import { normal, type OpRow, type Sample } from '../table.js';

/** A sample without inputs; its dtype is its own. */
const made = (ours: Sample['ours'], torch: string): Sample => ({
  inputs: [],
  dtypes: ['float32'],
  ours,
  torch,
});

/** A number in arrays nested so deep. */
function nested(depth: number): NestedNumbers {
  let array: NestedNumbers = 1;
  for (let i = 0; i < depth; i++) array = [array];
  return array;
}

/** 2ⁿ numbers in n arrays, each twice in the next. */
function doubled(n: number): NestedNumbers {
  let array: NestedNumbers = 1;
  for (let i = 0; i < n; i++) array = [array, array];
  return array;
}

function holdsItself(): NestedNumbers {
  const array: NestedNumbers[] = [];
  array.push(array);
  return array;
}

export const rows: OpRow[] = [
  {
    op: 'tensor',
    large: null,
    grad: false,
    samples: [
      made(
        () =>
          tensor([
            [1, 2, 3],
            [4.5, 5, 6],
          ]),
        'torch.tensor([[1., 2, 3], [4.5, 5, 6]])',
      ),
      made(() => tensor(3.5), 'torch.tensor(3.5)'),
      made(() => tensor([true, false]), 'torch.tensor([True, False])'),
      made(() => tensor([true, 2]), 'torch.tensor([1., 2.])'),
      made(() => tensor([[], []]), 'torch.empty(2, 0)'),
      made(
        () => tensor(new Int32Array([1, 2, 3, 4]), [2, 2]),
        'torch.tensor([[1, 2], [3, 4]], dtype=torch.int32)',
      ),
      made(() => tensor(new BigInt64Array([-1n, 2n])), 'torch.tensor([-1, 2])'),
      made(() => tensor(new Float64Array([0.1, 2])), 'torch.tensor([0.1, 2], dtype=torch.float64)'),
      made(() => tensor([1.7, -1.7, 300], { dtype: 'int32' }), 'torch.tensor([1.7, -1.7, 300]).int()'),
      made(() => tensor([0, 0.5], { dtype: 'bool' }), 'torch.tensor([0, 0.5], dtype=torch.bool)'),
      made(
        () => tensor([1, 2, 3, 4], [2, 2], { dtype: 'uint8' }),
        'torch.tensor([[1, 2], [3, 4]], dtype=torch.uint8)',
      ),
    ],
    errors: [
      {
        call: () => tensor([[1, 2], [3]]),
        error: ShapeError,
        message: /^tensor: an array of axis 1 has 1 element, the first has 2$/,
      },
      {
        call: () => tensor([1, [2]]),
        error: ShapeError,
        message: /^tensor: an element at depth 1 is an array, the first is a number$/,
      },
      {
        call: () => tensor([[1], 2]),
        error: ShapeError,
        message: /^tensor: an element at depth 1 is a number, the first is an array$/,
      },
      {
        call: () => tensor([1, 2, 3], [2, 2]),
        error: ShapeError,
        message: /^tensor: 3 elements don't fill the shape\n {2}shape {4}\[2, 2\] {2}4 elements$/,
      },
      {
        call: () => tensor(['1'] as unknown as number[]),
        error: ArgumentError,
        message: /^tensor: takes numbers and booleans, got '1'$/,
      },
      ...[nested(65), nested(20_000), holdsItself()].map((deep) => ({
        call: () => tensor(deep),
        error: ArgumentError,
        message:
          /^tensor: takes arrays nested up to 64 deep\n {2}hint: look for an array that contains itself$/,
      })),
      {
        call: () => tensor(doubled(40)),
        error: EngineError,
        message: /^tensor: \[2, .*2\] has 1099511627776 elements, but at most 2147483647 fit in one tensor$/,
      },
      {
        call: () => tensor([1, nested(20_000)]),
        error: ShapeError,
        message: /^tensor: an element at depth 1 is an array, the first is a number$/,
      },
      {
        call: () => tensor(new BigInt64Array([2n ** 40n])),
        error: DTypeError,
        message:
          /^tensor: 1099511627776 doesn't fit in int32, which holds -2147483648 to 2147483647\n {2}hint: float64 holds it$/,
      },
    ],
  },
  {
    op: 'zeros',
    large: made(() => zeros([1024, 1024]), 'torch.zeros(1024, 1024)'),
    grad: false,
    samples: [
      made(() => zeros([2, 3]), 'torch.zeros(2, 3)'),
      made(() => zeros([], { dtype: 'int32' }), 'torch.zeros((), dtype=torch.int32)'),
      made(() => zeros([0, 2], { dtype: 'bool' }), 'torch.zeros(0, 2, dtype=torch.bool)'),
    ],
    errors: [
      {
        call: () => zeros([2, -1]),
        error: ShapeError,
        message: /^zeros: a shape must have whole numbers, 0 or more, not -1/,
      },
      {
        call: () => zeros([100000, 100000]),
        error: EngineError,
        message:
          /^zeros: a tensor \[100000, 100000\] of float32 takes 40000000000 bytes \(37\.25 GiB\); the \w+ engine holds at most \d+ in one$/,
      },
      {
        call: () => zeros(3 as unknown as number[]),
        error: ShapeError,
        message: /^zeros: a shape must be an array such as \[2, 3\], got 3$/,
      },
    ],
  },
  {
    op: 'ones',
    large: made(() => ones([1024, 1024]), 'torch.ones(1024, 1024)'),
    grad: false,
    samples: [
      made(() => ones([2, 3]), 'torch.ones(2, 3)'),
      made(() => ones([3], { dtype: 'uint8' }), 'torch.ones(3, dtype=torch.uint8)'),
      made(() => ones([3], { dtype: 'bool' }), 'torch.ones(3, dtype=torch.bool)'),
    ],
  },
  {
    op: 'full',
    large: made(() => full([1024, 1024], 1.5), 'torch.full((1024, 1024), 1.5)'),
    grad: false,
    samples: [
      made(() => full([2, 3], 1.5), 'torch.full((2, 3), 1.5)'),
      made(() => full([2], true), 'torch.full((2,), True)'),
      made(() => full([2], 7, { dtype: 'int32' }), 'torch.full((2,), 7)'),
    ],
  },
  {
    op: 'empty',
    large: null,
    grad: false,
    samples: [made(() => empty([2, 3]).mul(0).fill_(0), 'torch.zeros(2, 3)')],
  },
  {
    op: 'zerosLike',
    grad: false,
    samples: [{ inputs: [normal([2, 3])], ours: (x) => zerosLike(x), torch: 'torch.zeros_like(x0)' }],
  },
  {
    op: 'onesLike',
    grad: false,
    samples: [
      { inputs: [normal([2, 3])], ours: (x) => onesLike(x), torch: 'torch.ones_like(x0)' },
      {
        inputs: [normal([3])],
        ours: (x) => onesLike(x, { dtype: 'int32' }),
        torch: 'torch.ones_like(x0, dtype=torch.int32)',
      },
    ],
  },
  {
    op: 'fullLike',
    grad: false,
    samples: [{ inputs: [normal([2, 3])], ours: (x) => fullLike(x, 2.5), torch: 'torch.full_like(x0, 2.5)' }],
  },
  {
    op: 'emptyLike',
    grad: false,
    samples: [
      { inputs: [normal([2, 3])], ours: (x) => emptyLike(x).fill_(0), torch: 'torch.zeros_like(x0)' },
    ],
  },
  {
    op: 'eye',
    large: made(() => eye(1024), 'torch.eye(1024)'),
    grad: false,
    samples: [
      made(() => eye(3), 'torch.eye(3)'),
      made(() => eye(2, 4), 'torch.eye(2, 4)'),
      made(() => eye(3, 2, { dtype: 'int32' }), 'torch.eye(3, 2, dtype=torch.int32)'),
      made(() => eye(2, { dtype: 'float64' }), 'torch.eye(2, dtype=torch.float64)'),
    ],
    errors: [
      {
        call: () => eye(1e10),
        error: EngineError,
        message: /^eye: a tensor \[10000000000, 10000000000\] of float32 takes 400000000000000000000 bytes/,
      },
    ],
  },
  {
    op: 'arange',
    large: made(() => arange(1 << 20, { dtype: 'float32' }), 'torch.arange(1 << 20, dtype=torch.float32)'),
    grad: false,
    samples: [
      made(() => arange(5), 'torch.arange(5)'),
      made(() => arange(2, 5), 'torch.arange(2, 5)'),
      made(() => arange(5, 0, -2), 'torch.arange(5, 0, -2)'),
      made(() => arange(0, 1, 0.3), 'torch.arange(0, 1, 0.3)'),
      made(() => arange(3, { dtype: 'float32' }), 'torch.arange(3, dtype=torch.float32)'),
      made(() => arange(4, 4), 'torch.arange(4, 4)'),
    ],
    errors: [
      {
        call: () => arange(0, 5, -1),
        error: ArgumentError,
        message: /^arange: a step of -1 doesn't lead from 0 to 5$/,
      },
      {
        call: () => arange(Infinity),
        error: ArgumentError,
        message: /^arange: start, end, and step must be finite, got 0, Infinity, 1$/,
      },
      {
        call: () => arange(1e10),
        error: EngineError,
        message: /^arange: a tensor \[10000000000\] of int32 takes 40000000000 bytes/,
      },
    ],
  },
  {
    op: 'linspace',
    large: made(() => linspace(-1, 1, 1 << 20), 'torch.linspace(-1, 1, 1 << 20)'),
    grad: false,
    samples: [
      made(() => linspace(-1, 1, 7), 'torch.linspace(-1, 1, 7)'),
      made(() => linspace(3, 5, 1), 'torch.linspace(3, 5, 1)'),
      made(() => linspace(3, 5, 0), 'torch.linspace(3, 5, 0)'),
      made(() => linspace(3, -5, 6, { dtype: 'float64' }), 'torch.linspace(3, -5, 6, dtype=torch.float64)'),
    ],
    errors: [
      {
        call: () => linspace(0, 1, 1e10),
        error: EngineError,
        message: /^linspace: a tensor \[10000000000\] of float32 takes 40000000000 bytes/,
      },
      {
        call: () => linspace(0, 1, 2.5),
        error: ShapeError,
        message: /^linspace: a shape must have whole numbers, 0 or more, not 2\.5/,
      },
    ],
  },
  {
    op: 'logspace',
    large: made(() => logspace(-1, 2, 1 << 20), 'torch.logspace(-1, 2, 1 << 20)'),
    grad: false,
    samples: [
      made(() => logspace(-1, 2, 5), 'torch.logspace(-1, 2, 5)'),
      made(() => logspace(0, 3, 4, { base: 2 }), 'torch.logspace(0, 3, 4, base=2)'),
    ],
    errors: [
      {
        call: () => logspace(0, 1, 1e10),
        error: EngineError,
        message: /^logspace: a tensor \[10000000000\] of float32 takes 40000000000 bytes/,
      },
    ],
  },
];
