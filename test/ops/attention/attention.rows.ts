import { ArgumentError, DTypeError, ShapeError } from '../../../src/core/errors.js';
import * as F from '../../../src/functional.js';
import { manualSeed, ones, zeros } from '../../../src/index.js';
import { type Input, mask, normal, type OpRow, type Sample, values } from '../table.js';

type Options = Omit<F.AttentionOptions, 'attnMask'>;

/** In Python, from scores s to the result. */
const weighed = (scores: string, value = 'x2'): string => `torch.softmax(${scores}, -1) @ ${value}`;
const scores = '(x0 @ x1.transpose(-2, -1)) * x0.shape[-1] ** -0.5';
/** Which keys are seen decides between −∞ in some columns and zeros for the row. */
const masked = (seen: string, biased = scores, value = 'x2'): string =>
  `(lambda m, s: torch.softmax(s.masked_fill(~m & m.any(-1, keepdim=True), -math.inf), -1)` +
  `.masked_fill(~m.any(-1, keepdim=True), 0) @ ${value})(${seen}, ${biased})`;

const sample = (inputs: readonly Input[], torch: string, options?: Options): Sample => ({
  inputs,
  ours: (query, key, value, attnMask) =>
    F.scaledDotProductAttention(query!, key!, value!, {
      ...options,
      ...(attnMask === undefined ? {} : { attnMask }),
    }),
  torch,
});

/** Queries, keys and values of some heads. */
const heads = (before: readonly number[], l: number, s: number, e: number, v = e): Input[] => [
  normal([...before, l, e]),
  normal([...before, s, e]),
  normal([...before, s, v]),
];

const hidden = Number.NEGATIVE_INFINITY;
const refuse = (
  shapes: readonly (readonly number[])[],
  message: RegExp,
  options: F.AttentionOptions = {},
): NonNullable<OpRow['errors']>[number] => ({
  call: () => {
    const [query, key, value] = shapes.map((shape) => ones(shape));
    return F.scaledDotProductAttention(query!, key!, value!, options);
  },
  error: ShapeError,
  message,
});

export const rows: OpRow[] = [
  {
    op: 'scaledDotProductAttention',
    gradgrad: true,
    samples: [
      sample(
        heads([2, 2], 3, 4, 5, 2),
        'F._scaled_dot_product_attention(x0, x1, x2, None, 0.0, False, False)[0]',
      ),
      sample(heads([2], 4, 4, 3), 'F._scaled_dot_product_attention(x0, x1, x2, None, 0.0, False, True)[0]', {
        isCausal: true,
      }),
      sample(heads([1, 2], 5, 3, 2), masked('torch.ones(5, 3).tril().bool()'), { isCausal: true }),
      sample(heads([], 2, 5, 3), masked('torch.ones(2, 5).tril().bool()'), { isCausal: true }),
      sample(heads([], 3, 2, 1), weighed('(x0 @ x1.T) * 0.3'), { scale: 0.3 }),
      // Masks: of queries and keys, of keys only, with a row that hides all, added, and added with −∞.
      sample([...heads([2, 2], 3, 4, 2), mask([3, 4])], masked('x3')),
      sample([...heads([2, 2], 3, 4, 2), mask([2, 1, 1, 4])], masked('x3')),
      sample(
        [...heads([2], 2, 3, 2), values([2, 2, 1], [1, 0, 0, 1], { dtype: 'bool', grad: false })],
        masked('x3.expand(2, 2, 3)'),
      ),
      sample([...heads([2, 2], 3, 4, 2), normal([2, 3, 4])], weighed(`${scores} + x3`)),
      sample(
        [...heads([2], 2, 3, 2), values([2, 3], [0.5, hidden, -1, hidden, hidden, hidden])],
        masked('x3 != -math.inf', `${scores} + x3.masked_fill(x3 == -math.inf, 0)`),
      ),
      // Grouped queries: neighbors share keys.
      sample(
        [normal([2, 4, 3, 2]), normal([2, 2, 3, 2]), normal([2, 2, 3, 2]), mask([4, 1, 3])],
        masked(
          'x3.expand(4, 3, 3)',
          scores.replace('x1', 'x1.repeat_interleave(2, 1)'),
          'x2.repeat_interleave(2, 1)',
        ),
        { enableGqa: true },
      ),
      sample(
        [normal([3, 2, 2]), normal([1, 3, 2]), normal([1, 3, 4])],
        weighed(scores.replace('x1', 'x1.expand(3, 3, 2)'), 'x2.expand(3, 3, 4)'),
        { enableGqa: true },
      ),
      // Batches broadcast, heads of keys too.
      sample([normal([2, 1, 3, 2]), normal([3, 4, 2]), normal([1, 3, 4, 2])], weighed(scores)),
      // Nothing to see, to ask, or to compare.
      sample(heads([2], 3, 0, 2), weighed(scores)),
      sample(heads([2], 0, 3, 2), weighed(scores)),
      sample(
        [normal([2, 0]), normal([3, 0]), normal([3, 2])],
        weighed('torch.zeros(2, 3, dtype=x0.dtype) + x0.sum()'),
      ),
      {
        inputs: heads([2, 2], 3, 5, 2),
        ours: (query, key, value) => {
          manualSeed(3);
          return F.scaledDotProductAttention(query!, key!, value!, { dropoutP: 0.4, isCausal: true });
        },
        torch:
          'torch.manual_seed(3) and ' +
          'F._scaled_dot_product_attention(x0, x1, x2, None, 0.4, False, True)[0]',
      },
    ],
    large: sample(heads([4, 12], 512, 512, 64), weighed(scores)),
    errors: [
      {
        call: () => F.scaledDotProductAttention(ones([2, 3], { dtype: 'int32' }), ones([2, 3]), ones([2, 3])),
        error: DTypeError,
        message: /^scaledDotProductAttention: needs float32 or float64, query is int32$/,
      },
      {
        call: () =>
          F.scaledDotProductAttention(ones([2, 3]), ones([2, 3]), ones([2, 3], { dtype: 'float64' })),
        error: DTypeError,
        message: /: value is float64, query is float32\n {2}hint: convert one with to\(\)$/,
      },
      {
        call: () =>
          F.scaledDotProductAttention(ones([2, 3]), ones([2, 3]), ones([2, 3]), {
            attnMask: zeros([2, 2], { dtype: 'int32' }),
          }),
        error: DTypeError,
        message:
          /: attnMask is int32, but must be bool or float32, like query\n {2}hint: mask\.ne\(0\) is true where/,
      },
      {
        call: () =>
          F.scaledDotProductAttention(ones([2, 3]), ones([2, 3]), ones([2, 3]), {
            attnMask: zeros([2, 2]),
            isCausal: true,
          }),
        error: ArgumentError,
        message: /: isCausal excludes attnMask\n {2}hint: join both in one mask/,
      },
      {
        call: () => F.scaledDotProductAttention(ones([2, 3]), ones([2, 3]), ones([2, 3]), { dropoutP: 1.5 }),
        error: ArgumentError,
        message: /: dropoutP must be a number from 0 to 1, got 1\.5$/,
      },
      refuse([[3], [3], [3]], /: operands need two axes at least\n {2}query +\(…, Hq, L, E\) +\[3\]/),
      refuse(
        [
          [2, 3],
          [2, 3],
          [2, 3],
        ],
        /: with enableGqa, operands need heads: three axes at least/,
        { enableGqa: true },
      ),
      refuse(
        [
          [2, 3],
          [2, 4],
          [2, 4],
        ],
        /: queries and keys differ in width\n.*\[2, 3\] +E = 3\n.*\[2, 4\] +expects E = 3/,
      ),
      refuse(
        [
          [2, 3],
          [4, 3],
          [5, 3],
        ],
        /: there isn't a value for each key\n.*\n.*S = 4\n.*expects S = 4/,
      ),
      refuse(
        [
          [2, 4, 5, 3],
          [2, 2, 5, 3],
          [2, 2, 5, 3],
        ],
        /: the batch axes don't broadcast: axis -3 is 4 and 2\n[\s\S]*hint: fewer heads of keys than of queries need enableGqa: true$/,
      ),
      refuse(
        [
          [2, 3, 4, 5, 3],
          [2, 2, 2, 5, 3],
          [2, 2, 2, 5, 3],
        ],
        /: the batch axes don't broadcast: axis -4 is 3 and 2\n/,
        {
          enableGqa: true,
        },
      ),
      refuse(
        [
          [4, 5, 3],
          [2, 5, 3],
          [4, 5, 3],
        ],
        /: keys and values differ in heads\n.*\n.*H = 2\n.*expects H = 2/,
        {
          enableGqa: true,
        },
      ),
      refuse(
        [
          [4, 5, 3],
          [3, 5, 3],
          [3, 5, 3],
        ],
        /: the queries' heads aren't a multiple of the keys'\n.*Hq = 4\n.*H = 3/,
        {
          enableGqa: true,
        },
      ),
      {
        call: () => {
          const x = ones([2, 3, 4, 5]);
          return F.scaledDotProductAttention(x, x, x, { attnMask: ones([2, 4], { dtype: 'bool' }) });
        },
        error: ShapeError,
        message:
          /: attnMask doesn't broadcast to the scores\n.*\[2, 4\]\n.*\[2, 3, 4, 4\]\n.*mask\.reshape\(\[N, 1, 1, S\]\)$/,
      },
      {
        call: () => {
          const x = ones([2, 3]);
          return F.scaledDotProductAttention(x, x, x, { attnMask: ones([1, 2, 2]) });
        },
        error: ShapeError,
        message:
          /: attnMask doesn't broadcast[\s\S]*hint: its axes, counted from the last, must equal those of the scores or be 1$/,
      },
    ],
    why: 'rows that see nothing are zeros, where PyTorch has NaN; bool masks are written out, as its private function has it',
  },
];
