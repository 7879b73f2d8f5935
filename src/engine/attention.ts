import type { View } from './storage.js';

/** What attention computes, apart from its operands. */
export interface AttentionPlan {
  /** Factor of the scores. */
  readonly scale: number;
  /** Whether query i sees only keys 0 … i. */
  readonly causal: boolean;
}

/**
 * Queries (…, Hq, L, E), keys (…, H, S, E), values (…, H, S, Ev): Hq is a multiple of H, of which Hq/H neighbors share
 * one, and the axes before are equal.
 */
export interface AttentionInputs<V = View> {
  readonly query: V;
  readonly key: V;
  readonly value: V;
  /** Broadcasts to (…, Hq, L, S): bool, true where a key is seen, or numbers that are added to the scores. */
  readonly mask: V | null;
}

/**
 * Attention without its L × S weights. All views but the mask are float32, with three axes at least and adjacent columns;
 * none is empty. Those that are written have no element twice.
 */
export interface AttentionEngine {
  /**
   * @param out (…, Hq, L, Ev)
   * @param lse (…, Hq, L), dense: the logarithms of the sums of exponentials, for the backward pass; null if there won't be one
   */
  attention(out: View, lse: View | null, inputs: AttentionInputs, plan: AttentionPlan): void;

  /** Writes the gradients of queries, keys, and values, from that of `out` and what the forward pass read and wrote. */
  attentionBackward(
    gradients: Omit<AttentionInputs, 'mask'>,
    grad: View,
    inputs: AttentionInputs,
    out: View,
    lse: View,
    plan: AttentionPlan,
  ): void;
}
