/** What the functions of nn.utils.rnn refuse; that they are PyTorch's is recorded for parity.test.ts. */
import { expect, test } from 'vitest';
import { ArgumentError, DTypeError, ShapeError } from '../../../../src/core/errors.js';
import { setEngine, tensor, zeros } from '../../../../src/index.js';
import * as nn from '../../../../src/nn/index.js';
import { testEngines } from '../../../helpers/engines.js';

const rnn = nn.utils.rnn;
const { PackedSequence, packPaddedSequence, packSequence, padPackedSequence, padSequence } = rnn;
const wrong = (value: unknown): never => value as never;

setEngine(testEngines[0]!);
const x = zeros([5, 2, 3]);
const packed = packPaddedSequence(x, [4, 2]);

test('indices of tokens can be packed, embedded, and unpacked', () => {
  const ids = [
    [3, 1],
    [2, 2, 2],
  ].map((list) => tensor(list, { dtype: 'int32' }));
  const tokens = packSequence(ids, { enforceSorted: false });
  expect([...tokens.data.dataSync()]).toEqual([2, 3, 2, 1, 2]);
  expect(tokens.data.dtype).toBe('int32');
  const vectors = tokens.with(new nn.Embedding(4, 6).forward(tokens.data));
  const [padded, lengths] = padPackedSequence(vectors);
  expect(padded.shape).toEqual([3, 2, 6]);
  expect([...lengths.dataSync()]).toEqual([2, 3]);
  expect(rnn.unpackSequence(tokens).map((list) => [...list.dataSync()])).toEqual([
    [3, 1],
    [2, 2, 2],
  ]);
});

test("PyTorch's names of its fields answer with ours", () => {
  expect(() => Reflect.get(packed, 'batch_sizes')).toThrow(
    "batch_sizes: there's no packed.batch_sizes here\n  hint: write packed.batchSizes",
  );
});

test('sequences without steps can be padded, but not packed', () => {
  expect(padSequence([zeros([0, 3]), zeros([2, 3])]).shape).toEqual([2, 2, 3]);
  expect(padSequence([zeros([0, 3])]).shape).toEqual([0, 1, 3]);
});

test.each<[string, new (...args: never[]) => Error, () => unknown]>([
  [
    'packPaddedSequence: the longest sequence must come first, but lengths[1] is 3, after 2\n  hint: { enforceSorted: false }',
    ArgumentError,
    () => packPaddedSequence(x, [2, 3]),
  ],
  [
    'packPaddedSequence: lengths[1] must be a whole number from 1 to 5, the padded length, got 0',
    ArgumentError,
    () => packPaddedSequence(x, [5, 0]),
  ],
  [
    'packPaddedSequence: lengths has 3 numbers for 2 sequences',
    ArgumentError,
    () => packPaddedSequence(x, [5, 1, 1]),
  ],
  [
    'packPaddedSequence: lengths has 2 numbers for 5 sequences',
    ArgumentError,
    () => packPaddedSequence(x, [2, 2], { batchFirst: true }),
  ],
  [
    'packPaddedSequence: needs at least one sequence and one step\n  input  (T, N, …)  [5, 0, 3]',
    ShapeError,
    () => packPaddedSequence(zeros([5, 0, 3]), []),
  ],
  [
    'packPaddedSequence: needs at least one sequence and one step',
    ShapeError,
    () => packPaddedSequence(zeros([5]), [5]),
  ],
  [
    'packPaddedSequence: input must be a tensor, got a PackedSequence',
    ArgumentError,
    () => packPaddedSequence(wrong(packed), [4, 2]),
  ],
  [
    "packPaddedSequence: there's no option 'paddingValue'",
    ArgumentError,
    () => packPaddedSequence(x, [4, 2], wrong({ paddingValue: 1 })),
  ],
  ['packSequence: needs at least one sequence', ArgumentError, () => packSequence([])],
  [
    'packSequence: sequences must be a list of tensors, got a Tensor',
    ArgumentError,
    () => packSequence(wrong(x)),
  ],
  [
    'packSequence: every sequence needs at least one step\n  sequences[1]    [0, 3]',
    ShapeError,
    () => packSequence([zeros([2, 3]), zeros([0, 3])]),
  ],
  [
    'packSequence: the longest sequence must come first',
    ArgumentError,
    () => packSequence([zeros([2, 3]), zeros([3, 3])]),
  ],
  [
    'padSequence: sequences may differ in their first axis only\n  sequences[0]  (L, …)  [2, 3]',
    ShapeError,
    () => padSequence([zeros([2, 3]), zeros([2, 4])]),
  ],
  [
    'padSequence: every sequence needs an axis for its steps\n  sequences[0]  (L, …)  []',
    ShapeError,
    () => padSequence([zeros([])]),
  ],
  [
    'padSequence: sequences[0] is float32, sequences[1] is float64',
    DTypeError,
    () => padSequence([zeros([2]), zeros([2], { dtype: 'float64' })]),
  ],
  [
    "padSequence: NaN doesn't fit in int32",
    DTypeError,
    () => padSequence([zeros([2], { dtype: 'int32' })], { paddingValue: Number.NaN }),
  ],
  [
    "padPackedSequence: totalLength must be at least 4, the longest sequence's length, got 3",
    ArgumentError,
    () => padPackedSequence(packed, { totalLength: 3 }),
  ],
  [
    'padPackedSequence: sequence must be a PackedSequence, got a Tensor',
    ArgumentError,
    () => padPackedSequence(wrong(x)),
  ],
  [
    'padPackedSequence: a tensor [9007199254740992, 3] of float32 takes',
    Error,
    () => padPackedSequence(packed, { totalLength: 2 ** 52 }),
  ],
  [
    'unpackSequence: sequence must be a PackedSequence, got [1]',
    ArgumentError,
    () => rnn.unpackSequence(wrong([1])),
  ],
  [
    'unpadSequence: needs steps and sequences\n  padded  (T, N, …)  [3]',
    ShapeError,
    () => rnn.unpadSequence(zeros([3]), [1]),
  ],
  [
    'unpadSequence: lengths[0] must be a whole number from 1 to 5',
    ArgumentError,
    () => rnn.unpadSequence(x, [9, 1]),
  ],
  [
    'PackedSequence: data must be a tensor, got [1]',
    ArgumentError,
    () => new PackedSequence(wrong([1]), [1]),
  ],
  [
    'PackedSequence: data must have a row for each step\n  data    [5, 2, 3]  batchSizes add up to 4',
    ShapeError,
    () => new PackedSequence(x, [2, 2]),
  ],
  [
    'PackedSequence: batchSizes must have a size for each step, none larger than the one before',
    ArgumentError,
    () => new PackedSequence(x, [2, 3]),
  ],
  [
    'PackedSequence: batchSizes must have a size for each step',
    ArgumentError,
    () => new PackedSequence(x, []),
  ],
  [
    'PackedSequence: batchSizes must be a whole number of at least 1, got 0',
    ArgumentError,
    () => new PackedSequence(x, [5, 0]),
  ],
  [
    'PackedSequence: sortedIndices must have each number from 0 to 2 once',
    ArgumentError,
    () => new PackedSequence(x, [3, 2], [0, 1, 1]),
  ],
  ['PackedSequence: data must have a row for each step', ShapeError, () => packed.with(zeros([3, 3]))],
])('%s', (message, type, call) => {
  expect(call).toThrow(type);
  expect(call).toThrow(message);
});
