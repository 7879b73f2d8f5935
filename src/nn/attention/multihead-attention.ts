import { requireList } from '../../core/arguments.js';
import type { DType } from '../../core/dtype.js';
import { defineOptions, dtype, flag, nullable, number, whole } from '../../core/options.js';
import * as F from '../../functional.js';
import { attend } from '../../ops/attention/attend.js';
import { attentionWeights } from '../../ops/attention/composed.js';
import { cat } from '../../ops/shape/join.js';
import { tensorOption } from '../../tensor/option.js';
import type { Tensor } from '../../tensor/tensor.js';
import { constant_, xavierNormal_, xavierUniform_ } from '../init/index.js';
import { Linear } from '../linear.js';
import { requireDTypeOf } from '../module/argument.js';
import { Module } from '../module/module.js';
import { newParameter, type Parameter } from '../module/parameter.js';
import { count, show } from '../sizes.js';
import { type AttentionSizes, checkHeads, checkMasks, checkSequences } from './check.js';
import { combinedMask, type Masks } from './masks.js';

export interface MultiheadAttentionOptions {
  /** The probability that a weight is dropped in training (default 0). */
  readonly dropout?: number;
  /** Whether projections add a bias (default true). */
  readonly bias?: boolean;
  /** Whether to add a learned key and value at the end of each sequence (default false). */
  readonly addBiasKv?: boolean;
  /** Whether to add a key and value of zeros at the end of each sequence (default false). */
  readonly addZeroAttn?: boolean;
  /** Features of the keys; null for embedDim (default null). */
  readonly kdim?: number | null;
  /** Features of the values; null for embedDim (default null). */
  readonly vdim?: number | null;
  /** Whether batches are (N, L, E) instead of (L, N, E) (default false). */
  readonly batchFirst?: boolean;
  /** Default float32. */
  readonly dtype?: DType;
}

const readOptions = defineOptions({
  dropout: number(0, { least: 0, most: 1 }),
  bias: flag(true),
  addBiasKv: flag(false),
  addZeroAttn: flag(false),
  kdim: nullable(whole(undefined, { least: 1 }), null),
  vdim: nullable(whole(undefined, { least: 1 }), null),
  batchFirst: flag(false),
  dtype: dtype('float32'),
});

/** Options of a call. */
export interface MultiheadAttentionCall {
  /**
   * Keys that nobody may see, such as padding: true hides one; numbers are added to its scores (default null).
   *
   * @shape (N, S), or (S) without a batch
   */
  readonly keyPaddingMask?: Tensor | null;
  /** Whether to return the weights, which takes L · S numbers for each head (default true). */
  readonly needWeights?: boolean;
  /**
   * Which keys a query may see: true hides one; numbers are added to the scores (default null).
   *
   * @shape (L, S), or (N · numHeads, L, S)
   */
  readonly attnMask?: Tensor | null;
  /** Whether to average the weights over the heads (default true). */
  readonly averageAttnWeights?: boolean;
  /** Whether query i may see keys 0 to i only (default false). */
  readonly isCausal?: boolean;
}

const readCall = defineOptions({
  keyPaddingMask: nullable(tensorOption, null),
  needWeights: flag(true),
  attnMask: nullable(tensorOption, null),
  averageAttnWeights: flag(true),
  isCausal: flag(false),
});

/**
 * Attention with several heads, each of which looks things up in its own way:
 *
 *     head_h = softmax(q_h k_hᵀ / √d + mask) v_h, d = embedDim / numHeads
 *     output = [head_1, …, head_H] W_outᵀ + b_out
 *
 * where q = query W_qᵀ + b_q, k = key W_kᵀ + b_k, and v = value W_vᵀ + b_v, each split into heads. Pass a sequence three
 * times for self-attention; pass other keys and values for cross-attention.
 *
 * Weights start from Xavier's uniform distribution, biases from zeros. If keys and values have embedDim features, one
 * weight, `inProjWeight`, has the rows of W_q, W_k, and W_v.
 *
 * @shape query (L, N, E), key (S, N, kdim), value (S, N, vdim) → output (L, N, E), weights (N, L, S); with
 *   `batchFirst`, N comes first; a single sequence has no N
 * @differs from PyTorch: a query that may see no key gets zeros from its heads instead of NaN; `isCausal` hides later
 *   keys by itself, where PyTorch wants the mask, too
 * @source notes 7.3; Vaswani et al. 2017, arXiv:1706.03762
 * @example
 * const attention = new nn.MultiheadAttention(8, 2, { batchFirst: true });
 * const words = randn([3, 5, 8]);
 * const [output, weights] = attention.forward(words, words, words);
 * output.shape; // [3, 5, 8]
 * weights.shape; // [3, 5, 5]
 */
export class MultiheadAttention extends Module {
  readonly dropout: number;
  readonly addZeroAttn: boolean;
  readonly kdim: number;
  readonly vdim: number;
  readonly batchFirst: boolean;
  readonly headDim: number;

  /** Null if keys or values have other features than queries. @shape (3 · E, E) */
  inProjWeight: Parameter | null = null;
  /** Null if `inProjWeight` has its rows. @shape (E, E) */
  qProjWeight: Parameter | null = null;
  /** @shape (E, kdim) */
  kProjWeight: Parameter | null = null;
  /** @shape (E, vdim) */
  vProjWeight: Parameter | null = null;
  /** @shape (3 · E) */
  inProjBias: Parameter | null;
  /** @shape (1, 1, E) */
  biasK: Parameter | null;
  /** @shape (1, 1, E) */
  biasV: Parameter | null;
  outProj: Linear;

  constructor(
    readonly embedDim: number,
    readonly numHeads: number,
    options?: MultiheadAttentionOptions,
  ) {
    super();
    const { name } = new.target;
    const { bias, addBiasKv, kdim, vdim, dtype, ...kept } = readOptions(name, options);
    count(name, 'embedDim', embedDim, 1);
    count(name, 'numHeads', numHeads, 1);
    checkHeads(name, ['embedDim', embedDim], ['numHeads', numHeads]);
    this.dropout = kept.dropout;
    this.addZeroAttn = kept.addZeroAttn;
    this.batchFirst = kept.batchFirst;
    this.kdim = kdim ?? embedDim;
    this.vdim = vdim ?? embedDim;
    this.headDim = embedDim / numHeads;
    const make = (...shape: number[]): Parameter => newParameter(name, shape, dtype);
    if (this.kdim === embedDim && this.vdim === embedDim) this.inProjWeight = make(3 * embedDim, embedDim);
    else {
      this.qProjWeight = make(embedDim, embedDim);
      this.kProjWeight = make(embedDim, this.kdim);
      this.vProjWeight = make(embedDim, this.vdim);
    }
    this.inProjBias = bias ? make(3 * embedDim) : null;
    this.biasK = addBiasKv ? make(1, 1, embedDim) : null;
    this.biasV = addBiasKv ? make(1, 1, embedDim) : null;
    this.outProj = new Linear(embedDim, embedDim, { bias, dtype });
    this.resetParameters();
  }

  resetParameters(): void {
    const { inProjWeight, qProjWeight, kProjWeight, vProjWeight } = this;
    for (const weight of [inProjWeight, qProjWeight, kProjWeight, vProjWeight])
      if (weight) xavierUniform_(weight);
    for (const bias of [this.inProjBias, this.outProj.bias]) if (bias) constant_(bias, 0);
    for (const bias of [this.biasK, this.biasV]) if (bias) xavierNormal_(bias);
  }

  /**
   * @returns the output, and the weights, or null without `needWeights`: averaged over the heads, or
   *   (N, numHeads, L, S) without `averageAttnWeights`. In training, they're the weights after dropout.
   * @throws ShapeError, DTypeError if an operand or a mask doesn't fit
   */
  override forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    options?: MultiheadAttentionCall & { readonly needWeights?: true },
  ): [output: Tensor, weights: Tensor];
  override forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    options: MultiheadAttentionCall & { readonly needWeights: false },
  ): [output: Tensor, weights: null];
  override forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    options?: MultiheadAttentionCall,
  ): [output: Tensor, weights: Tensor | null];
  override forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    options?: MultiheadAttentionCall,
  ): [output: Tensor, weights: Tensor | null] {
    const { needWeights, averageAttnWeights, ...masks } = readCall(this.constructor.name, options);
    const sizes = this.check(query, key, value, masks);
    const { batched } = sizes;
    const [q, k, v] = this.project(query, key, value);
    const queries = this.headsOf(q, batched);
    const keys = this.headsOf(this.extended(k, this.biasK, batched), batched);
    const values = this.headsOf(this.extended(v, this.biasV, batched), batched);
    const extra = keys.shape[2]! - sizes.sources;
    // Keys at the end that everyone sees don't come later.
    const causal = masks.isCausal && extra === 0;
    const isCausal = masks.isCausal && !causal;
    const mask = combinedMask(query, { ...masks, isCausal }, sizes, this.numHeads, extra);
    const inputs = { query: queries, key: keys, value: values, mask };
    const plan = { scale: 1 / Math.sqrt(this.headDim), causal };
    const p = this.training ? this.dropout : 0;
    if (!needWeights) return [this.joined(attend(inputs, plan, { p, generator: undefined }), batched), null];
    const weights = F.dropout(attentionWeights(inputs, plan), p);
    const shown = averageAttnWeights ? weights.mean(1) : weights;
    return [this.joined(weights.matmul(values), batched), batched ? shown : shown.squeeze(0)];
  }

  /** Queries, keys, and values, before they are split into heads: in one product as far as they're made of the same. */
  private project(query: Tensor, key: Tensor, value: Tensor): readonly [q: Tensor, k: Tensor, v: Tensor] {
    const { embedDim, inProjWeight, inProjBias } = this;
    if (inProjWeight !== null && key === value) {
      if (query === key)
        return F.linear(query, inProjWeight, inProjBias).chunk(3, -1) as [Tensor, Tensor, Tensor];
      const sizes = [embedDim, 2 * embedDim];
      const [qWeight, kvWeight] = inProjWeight.split(sizes) as [Tensor, Tensor];
      const [qBias = null, kvBias = null] = inProjBias?.split(sizes) ?? [];
      const kv = F.linear(key, kvWeight, kvBias).chunk(2, -1) as [Tensor, Tensor];
      return [F.linear(query, qWeight, qBias), ...kv];
    }
    const weights = inProjWeight?.chunk(3) ?? [this.qProjWeight!, this.kProjWeight!, this.vProjWeight!];
    const biases = inProjBias?.chunk(3) ?? [];
    return [query, key, value].map((x, i) => F.linear(x, weights[i]!, biases[i] ?? null)) as [
      Tensor,
      Tensor,
      Tensor,
    ];
  }

  /** Whether the axis of sequences comes first; a single sequence gets it there. */
  private leads(batched: boolean): boolean {
    return this.batchFirst || !batched;
  }

  /** Keys or values, and those that `addBiasKv` and `addZeroAttn` add at the end. */
  private extended(x: Tensor, bias: Tensor | null, batched: boolean): Tensor {
    const axis = batched && !this.batchFirst ? 0 : x.ndim - 2;
    const one = x.shape.with(axis, 1);
    const added: Tensor[] = [];
    if (bias) added.push(bias.reshape([this.embedDim]).expand(one));
    if (this.addZeroAttn) added.push(x.newZeros(one));
    return added.length === 0 ? x : cat([x, ...added], axis);
  }

  /** (N, L, E), (L, N, E), or (L, E) → (N, H, L, D) */
  private headsOf(x: Tensor, batched: boolean): Tensor {
    const rows = batched ? x : x.unsqueeze(0);
    const [a, b] = rows.shape as [number, number, number];
    const split = rows.reshape([a, b, this.numHeads, this.headDim]);
    return split.permute(this.leads(batched) ? [0, 2, 1, 3] : [1, 2, 0, 3]);
  }

  /** What the heads found, side by side and projected: (N, H, L, D) → (N, L, E), (L, N, E), or (L, E) */
  private joined(heads: Tensor, batched: boolean): Tensor {
    const rows = heads.permute(this.leads(batched) ? [0, 2, 1, 3] : [2, 0, 1, 3]).flatten(2);
    return this.outProj.forward(batched ? rows : rows.squeeze(0));
  }

  private check(query: Tensor, key: Tensor, value: Tensor, masks: Masks): AttentionSizes {
    const { embedDim, numHeads, kdim, vdim, batchFirst } = this;
    const { name } = this.constructor;
    const sizes = checkSequences(
      name,
      batchFirst,
      { name: 'query', x: query, features: embedDim },
      { name: 'key', x: key, features: kdim },
      { name: 'value', x: value, features: vdim },
    );
    requireDTypeOf(name, this.outProj.weight, { query, key, value });
    const { attnMask, keyPaddingMask } = masks;
    checkMasks(
      name,
      { attnMask: ['attnMask', attnMask], keyPaddingMask: ['keyPaddingMask', keyPaddingMask] },
      query,
      sizes,
      numHeads,
    );
    return sizes;
  }

  /** The projections' products and the attention's; `outProj` counts its own. */
  override multiplyAdds(inputs: readonly unknown[]): number {
    const { name } = this.constructor;
    requireList(name, 'inputs', inputs);
    const [query, key, value, options] = inputs as [Tensor, Tensor, Tensor, MultiheadAttentionCall?];
    const { embedDim, kdim, vdim } = this;
    const { batch, targets, sources } = this.check(query, key, value, readCall(name, options));
    const seen = sources + (this.biasK ? 1 : 0) + (this.addZeroAttn ? 1 : 0);
    return batch * embedDim * (targets * embedDim + sources * (kdim + vdim) + 2 * targets * seen);
  }

  protected override describe(): string {
    const { embedDim, numHeads, dropout, kdim, vdim, addZeroAttn, batchFirst } = this;
    return show({
      embedDim,
      numHeads,
      ...(dropout > 0 && { dropout }),
      ...(this.inProjBias === null && { bias: false }),
      ...(this.biasK !== null && { addBiasKv: true }),
      ...(addZeroAttn && { addZeroAttn }),
      ...(kdim !== embedDim && { kdim }),
      ...(vdim !== embedDim && { vdim }),
      ...(batchFirst && { batchFirst }),
    });
  }
}
