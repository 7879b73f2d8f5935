import { checkInputs } from '../../autograd/op.js';
import { defineOptions, flag, generatorOption, nullable, number } from '../../core/options.js';
import type { Generator } from '../../core/random.js';
import { checkTensors } from '../../tensor/argument.js';
import { tensorOption } from '../../tensor/option.js';
import type { Tensor } from '../../tensor/tensor.js';
import { attend } from './attend.js';
import { checkAttention } from './check.js';

export interface AttentionOptions {
  /**
   * Broadcasts to (…, Hq, L, S). Bool: true where the query may see the key. Or of the query's dtype: added to the
   * scores; −∞ hides a key. Default: everything is seen.
   */
  readonly attnMask?: Tensor | null;
  /** The probability that a weight is dropped, as `dropout` does it (default 0). There's no `training` here. */
  readonly dropoutP?: number;
  /** Whether query i sees only keys 0 … i, counted from the first of each (default false). Excludes `attnMask`. */
  readonly isCausal?: boolean;
  /** Factor of the scores (default 1/√E). */
  readonly scale?: number | null;
  /** Whether there may be fewer heads of keys and values than of queries: Hq/H queries share one (default false). */
  readonly enableGqa?: boolean;
  /** Where dropout's random numbers come from (default: what `manualSeed` seeds). */
  readonly generator?: Generator;
}

const readAttention = defineOptions(
  {
    attnMask: nullable(tensorOption, null),
    dropoutP: number(0, { least: 0, most: 1 }),
    isCausal: flag(false),
    scale: nullable(number(undefined), null),
    enableGqa: flag(false),
    generator: generatorOption,
  },
  ['query', 'key', 'value'],
);

/**
 * Scaled dot-product attention: each query's mean of the values, weighted by how well their keys match it.
 *
 * out = dropout(softmax(scale · query · keyᵀ + attnMask)) · value
 *
 * The softmax is over the S keys, without those that the mask hides. With `enableGqa`, head h of the queries uses head
 * ⌊h · H / Hq⌋ of keys and values. The axes before heads broadcast.
 *
 * @shape query (…, Hq, L, E), key (…, H, S, E), value (…, H, S, Ev) → (…, Hq, L, Ev); Hq = H without `enableGqa`
 * @throws ShapeError, DTypeError if operands or the mask don't fit together, ArgumentError for a mask with `isCausal`
 * @differs a query that sees no key gets zeros, and no gradient flows through it; PyTorch gives NaN
 * @source notes 7.2–7.3; Vaswani et al. 2017, arXiv:1706.03762; Ainslie et al. 2023, arXiv:2305.13245
 * @example
 * const x = randn([2, 4, 10, 16]); // (N, H, L, E)
 * F.scaledDotProductAttention(x, x, x, { isCausal: true }).shape; // [2, 4, 10, 16]
 */
export function scaledDotProductAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options?: AttentionOptions,
): Tensor {
  checkTensors('scaledDotProductAttention', { query, key, value });
  const given = readAttention('scaledDotProductAttention', options);
  const { attnMask: mask, dropoutP: p, isCausal: causal, enableGqa, generator } = given;
  checkInputs('scaledDotProductAttention', [query, key, value, mask]);
  const plan = { scale: given.scale ?? 1 / Math.sqrt(query.shape.at(-1) ?? 1), causal };
  const inputs = checkAttention({ query, key, value, mask }, plan, enableGqa);
  return attend(inputs, plan, { p, generator });
}
