import * as F from '../../functional.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { AttentionSizes } from './check.js';

/** What hides keys from queries. */
export interface Masks {
  readonly attnMask: Tensor | null;
  readonly keyPaddingMask: Tensor | null;
  readonly isCausal: boolean;
}

/** True where a query would see a later key. @shape (L, S) */
export const laterKeys = (x: Tensor, targets: number, sources: number): Tensor =>
  x.newOnes([targets, sources], { dtype: 'bool' }).triu(1);

/**
 * All masks as one, for `scaledDotProductAttention`: true where a query sees a key, or numbers to add to the scores if
 * one of the masks is numbers; null if nothing is hidden. `extra` keys at the end are seen by all.
 *
 * @shape broadcasts to (N, H, L, S + extra)
 */
export function combinedMask(
  query: Tensor,
  { attnMask, keyPaddingMask, isCausal }: Masks,
  { batch, targets, sources }: AttentionSizes,
  numHeads: number,
  extra: number,
): Tensor | null {
  const masks: Tensor[] = [];
  if (attnMask)
    masks.push(attnMask.ndim === 3 ? attnMask.reshape([batch, numHeads, targets, sources]) : attnMask);
  if (keyPaddingMask) masks.push(keyPaddingMask.reshape([batch, 1, 1, sources]));
  if (isCausal) masks.push(laterKeys(query, targets, sources));
  if (masks.length === 0) return null;
  const hiding = masks.filter(({ dtype }) => dtype === 'bool');
  const added = masks.filter(({ dtype }) => dtype !== 'bool');
  const hidden = hiding.length === 0 ? null : hiding.reduce((a, b) => a.logicalOr(b));
  const padded = (mask: Tensor): Tensor => (extra === 0 ? mask : F.pad(mask, [0, extra]));
  if (added.length === 0) return padded(hidden!).logicalNot();
  const sum = added.reduce((a, b) => a.add(b));
  return padded(hidden === null ? sum : sum.maskedFill(hidden, Number.NEGATIVE_INFINITY));
}
