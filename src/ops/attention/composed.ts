import type { Generator } from '../../core/random.js';
import type { AttentionInputs, AttentionPlan } from '../../engine/attention.js';
import { filled } from '../../tensor/filled.js';
import type { Tensor } from '../../tensor/tensor.js';
import { dropout } from '../random/dropout.js';

/** Which weights are dropped. */
export interface AttentionDropout {
  readonly p: number;
  readonly generator: Generator | undefined;
}

const noDropout: AttentionDropout = { p: 0, generator: undefined };

/** Each head Hq/H times in a row, (…, H, S, E) → (…, Hq, S, E). */
function repeatHeads(x: Tensor, heads: number): Tensor {
  const own = x.shape.at(-3);
  if (own === undefined || own === heads) return x;
  const [before, after] = [x.shape.slice(0, -3), x.shape.slice(-2)];
  return x
    .unsqueeze(-3) // (…, H, 1, S, E)
    .expand([...before, own, heads / own, ...after])
    .reshape([...before, heads, ...after]);
}

/** Where a mask lets a key be seen; null for everywhere. */
const seenIn = (mask: Tensor | null): Tensor | null =>
  mask === null || mask.dtype === 'bool' ? mask : mask.detach().ne(Number.NEGATIVE_INFINITY);

/** Which keys each query sees; null for all. */
function seenKeys({ query, key, mask }: AttentionInputs<Tensor>, causal: boolean): Tensor | null {
  const own = seenIn(mask);
  if (!causal) return own;
  const past = filled([query.shape.at(-2)!, key.shape.at(-2)!], 'bool', query.engine, 1).tril();
  return own === null ? past : past.logicalAnd(own);
}

/** softmax of the scores over the keys that are seen; zeros for a query that sees none. */
export function attentionWeights(inputs: AttentionInputs<Tensor>, { scale, causal }: AttentionPlan): Tensor {
  const { query, key, mask } = inputs;
  const scores = query.mul(scale).matmul(repeatHeads(key, query.shape.at(-3) ?? 1).transpose(-2, -1)); // (…, Hq, L, S)
  return maskedSoftmax(scores, mask, seenKeys(inputs, causal));
}

/**
 * softmax of scores and mask over the last axis; zeros where a row sees nothing. The mask is true where a key is seen, or
 * numbers to add.
 */
export function maskedSoftmax(scores: Tensor, mask: Tensor | null, seen = seenIn(mask)): Tensor {
  if (seen === null) return scores.softmax(-1);
  const hidden = seen.logicalNot();
  const blind = seen.any(-1, { keepdim: true }).logicalNot();
  // A row of only −∞ has no softmax, and its gradient would be NaN: rows that see nothing keep their finite scores.
  const biased = mask === null || mask.dtype === 'bool' ? scores : scores.add(mask.maskedFill(hidden, 0));
  return biased
    .maskedFill(hidden.logicalAnd(blind.logicalNot()), Number.NEGATIVE_INFINITY)
    .softmax(-1)
    .maskedFill(blind, 0);
}

/** Attention as its definition has it, with all L·S weights in memory. */
export function composedAttention(
  inputs: AttentionInputs<Tensor>,
  plan: AttentionPlan,
  { p, generator }: AttentionDropout = noDropout,
): Tensor {
  const { query, value } = inputs;
  const weights = dropout(attentionWeights(inputs, plan), { p, ...(generator && { generator }) });
  return weights.matmul(repeatHeads(value, query.shape.at(-3) ?? 1));
}
