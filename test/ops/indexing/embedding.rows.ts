import { ArgumentError, DTypeError, IndexError, ShapeError } from '../../../src/core/errors.js';
import { embedding, embeddingBag, oneHot, oneHotAsync } from '../../../src/functional.js';
import { tensor, zeros } from '../../../src/index.js';
import { integers, normal, type OpRow, type Sample, values } from '../table.js';

const int = (data: number[]) => tensor(data, { dtype: 'int32' });
const index = (shape: number[], below: number) => integers(shape, 0, below);
const list = (...elements: number[]) => values([elements.length], elements, { dtype: 'int32', grad: false });

const bags = (mode: 'sum' | 'mean' | 'max'): Sample[] => [
  {
    inputs: [index([3, 4], 5), normal([5, 3])],
    ours: (i, w) => embeddingBag(i, w!, { mode }),
    torch: `F.embedding_bag(x0, x1, mode='${mode}')`,
  },
  {
    inputs: [index([9], 5), normal([5, 3]), list(0, 2, 2, 6)],
    ours: (i, w, offsets) => embeddingBag(i, w!, { offsets: offsets!, mode }),
    torch: `F.embedding_bag(x0, x1, x2, mode='${mode}')`,
  },
  {
    inputs: [list(0, 2, 1, 2, 2, 3), normal([5, 3]), list(0, 3, 5, 6)],
    ours: (i, w, offsets) =>
      embeddingBag(i, w!, { offsets: offsets!, mode, paddingIdx: 2, includeLastOffset: true }),
    torch: `F.embedding_bag(x0, x1, x2, mode='${mode}', padding_idx=2, include_last_offset=True)`,
    grad: mode === 'sum',
  },
];

export const rows: OpRow[] = [
  {
    op: 'embedding',
    gradgrad: true,
    samples: [
      {
        inputs: [index([2, 4], 5), normal([5, 3])],
        ours: (i, w) => embedding(i, w!),
        torch: 'F.embedding(x0, x1)',
      },
      {
        inputs: [index([7], 5), normal([5, 3])],
        ours: (i, w) => embedding(i, w!, { paddingIdx: -2 }),
        torch: 'F.embedding(x0, x1, padding_idx=-2)',
        grad: false,
      },
      {
        inputs: [index([], 5), normal([5, 3])],
        ours: (i, w) => embedding(i, w!),
        torch: 'F.embedding(x0, x1)',
      },
      {
        inputs: [index([0], 5), normal([5, 3])],
        ours: (i, w) => embedding(i, w!),
        torch: 'F.embedding(x0, x1)',
      },
      {
        inputs: [index([6], 4), normal([4, 3], { grad: false })],
        ours: (i, w) => embedding(i, w!.clone(), { maxNorm: 1 }),
        torch: 'F.embedding(x0, x1.clone(), max_norm=1.0)',
      },
      {
        inputs: [index([6], 4), normal([4, 3], { grad: false })],
        ours: (i, w) => embedding(i, w!.clone(), { maxNorm: 0.5, normType: 1 }),
        torch: 'F.embedding(x0, x1.clone(), max_norm=0.5, norm_type=1.0)',
      },
    ],
    errors: [
      {
        call: () => embedding(int([0, 5]), zeros([5, 2])),
        error: IndexError,
        message: /embedding: index\[1\] is 5, out of range for axis 0 of length 5/,
      },
      {
        call: () => embedding(tensor([0]), zeros([5, 2])),
        error: DTypeError,
        message: /embedding: indices must be int32, got float32/,
      },
      {
        call: () => embedding(int([0]), zeros([5])),
        error: ShapeError,
        message: /embedding: the table must have two axes[\s\S]*\(V, D\)/,
      },
      {
        call: () => embedding(int([0]), int([5]).reshape([1, 1])),
        error: DTypeError,
        message: /the table must be floating, got int32/,
      },
      {
        call: () => embedding(int([0]), zeros([5, 2]), { paddingIdx: 5 }),
        error: IndexError,
        message: /paddingIdx 5 isn't a row of a table of 5/,
      },
    ],
  },
  {
    op: 'embedding (padding)',
    gradcheck: false,
    why: 'the padding row gets no gradient, and scaleGradByFreq divides it, though the result depends on the row',
    samples: [
      {
        inputs: [index([2, 9], 4), normal([4, 3])],
        ours: (i, w) => embedding(i, w!, { paddingIdx: 1 }),
        torch: 'F.embedding(x0, x1, padding_idx=1)',
      },
      {
        inputs: [index([9], 4), normal([4, 3])],
        ours: (i, w) => embedding(i, w!, { scaleGradByFreq: true }),
        torch: 'F.embedding(x0, x1, scale_grad_by_freq=True)',
      },
      {
        inputs: [index([600], 9), normal([9, 20])],
        ours: (i, w) => embedding(i, w!),
        torch: 'F.embedding(x0, x1)',
      },
    ],
    tolerance: { float32: { rtol: 1e-5, atol: 1e-4 } },
  },
  {
    op: 'embeddingBag',
    gradcheck: false,
    why: 'the padding row gets no gradient, though the result of mode max may depend on it',
    gradgrad: true,
    samples: [
      ...bags('sum'),
      ...bags('mean'),
      ...bags('max'),
      {
        inputs: [index([3, 4], 5), normal([5, 3]), normal([3, 4])],
        ours: (i, w, s) => embeddingBag(i, w!, { mode: 'sum', perSampleWeights: s! }),
        torch: "F.embedding_bag(x0, x1, mode='sum', per_sample_weights=x2)",
      },
    ],
    errors: [
      {
        call: () => embeddingBag(int([0]), zeros([5, 2])),
        error: ArgumentError,
        message: /embeddingBag: a list of indices needs offsets/,
      },
      {
        call: () => embeddingBag(int([0]), zeros([5, 2]), { offsets: int([1]) }),
        error: IndexError,
        message: /offsets\[0\] must be 0, got 1/,
      },
      {
        call: () => embeddingBag(int([0, 1]), zeros([5, 2]), { offsets: int([0, 2, 1]) }),
        error: IndexError,
        message: /offsets\[2\] is below the one before it or above 2/,
      },
      {
        call: () => embeddingBag(int([7]), zeros([5, 2]), { offsets: int([0]) }),
        error: IndexError,
        message: /embeddingBag: index\[0\] is 7/,
      },
      {
        call: () => embeddingBag(int([0]).reshape([1, 1]), zeros([5, 2]), { offsets: int([0]) }),
        error: ArgumentError,
        message: /a bag in each row; offsets are only for a list/,
      },
      {
        call: () =>
          embeddingBag(int([0]).reshape([1, 1]), zeros([5, 2]), { perSampleWeights: zeros([1, 1]) }),
        error: ArgumentError,
        message: /perSampleWeights need mode 'sum', not 'mean'/,
      },
      {
        call: () =>
          embeddingBag(int([0]).reshape([1, 1]), zeros([5, 2]), {
            mode: 'sum',
            perSampleWeights: zeros([2]),
          }),
        error: ShapeError,
        message: /embeddingBag: needs one weight for each index/,
      },
      {
        call: () =>
          embeddingBag(int([0]).reshape([1, 1]), zeros([5, 2]), {
            mode: 'sum',
            perSampleWeights: zeros([1, 1], { dtype: 'float64' }),
          }),
        error: DTypeError,
        message: /perSampleWeights are float64, the table is float32/,
      },
      {
        call: () => embeddingBag(int([0]).reshape([1, 1, 1]), zeros([5, 2])),
        error: ShapeError,
        message: /embeddingBag: indices must have one or two axes/,
      },
      {
        call: () => embeddingBag(int([0]), zeros([5, 2]), { offsets: int([0]).reshape([1, 1]) }),
        error: ShapeError,
        message: /embeddingBag: offsets must be a list/,
      },
      {
        call: () => embeddingBag(int([0]), zeros([5, 2]), { offsets: int([0]), mode: 'min' as 'max' }),
        error: ArgumentError,
        message: /mode must be 'sum', 'mean' or 'max', got 'min'/,
      },
    ],
  },
  {
    op: 'oneHot',
    grad: false,
    samples: [
      {
        inputs: [index([2, 3], 4)],
        ours: (x) => oneHot(x),
        later: (x) => oneHotAsync(x),
        torch: 'F.one_hot(x0.long())',
        dtypes: ['int32'],
      },
      {
        inputs: [index([5], 4)],
        ours: (x) => oneHot(x, 6),
        later: (x) => oneHotAsync(x, 6),
        torch: 'F.one_hot(x0.long(), 6)',
        dtypes: ['int32'],
      },
      {
        inputs: [index([], 4)],
        ours: (x) => oneHot(x, 4),
        later: (x) => oneHotAsync(x, 4),
        torch: 'F.one_hot(x0.long(), 4)',
        dtypes: ['int32'],
      },
      {
        inputs: [index([0], 4)],
        ours: (x) => oneHot(x, 4),
        later: (x) => oneHotAsync(x, 4),
        torch: 'F.one_hot(x0.long(), 4)',
        dtypes: ['int32'],
      },
    ],
    errors: [
      {
        call: () => oneHot(int([0, 3]), 3),
        error: IndexError,
        message: /oneHot: index\[1\] is 3, out of range for axis 1 of length 3/,
      },
      { call: () => oneHot(int([-1])), error: IndexError, message: /oneHot: index\[0\] is -1/ },
      { call: () => oneHot(zeros([2])), error: DTypeError, message: /oneHot: indices must be int32/ },
      {
        call: () => oneHot(int([])),
        error: ArgumentError,
        message: /can't tell the number of classes without elements/,
      },
      {
        call: () => oneHot(int([0]), 0),
        error: ArgumentError,
        message: /numClasses must be a positive integer or −1, got 0/,
      },
    ],
  },
];
