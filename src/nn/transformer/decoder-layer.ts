import { defineOptions, flag, nullable } from '../../core/options.js';
import { tensorOption } from '../../tensor/option.js';
import type { Tensor } from '../../tensor/tensor.js';
import { checkHeads, checkMasks, checkSequences } from '../attention/check.js';
import { MultiheadAttention } from '../attention/multihead-attention.js';
import { Dropout } from '../dropout.js';
import { LayerNorm } from '../layer-norm.js';
import { Linear } from '../linear.js';
import { Module } from '../module/module.js';
import { count } from '../sizes.js';
import {
  describeLayer,
  feedForward,
  layerSpec,
  type TransformerActivation,
  type TransformerLayerOptions,
} from './layer-options.js';

/** Options of a call. In masks, true hides a position, and numbers are added to the scores. */
export interface DecoderLayerCall {
  /** Which targets a target may see. @shape (T, T) or (N · nhead, T, T) */
  readonly tgtMask?: Tensor | null;
  /** Which positions of the memory a target may see. @shape (T, S) or (N · nhead, T, S) */
  readonly memoryMask?: Tensor | null;
  /** Targets that nobody may see. @shape (N, T), or (T) without a batch */
  readonly tgtKeyPaddingMask?: Tensor | null;
  /** Positions of the memory that nobody may see. @shape (N, S), or (S) without a batch */
  readonly memoryKeyPaddingMask?: Tensor | null;
  /** Whether a target may see only itself and earlier ones (default false). */
  readonly tgtIsCausal?: boolean;
  /** Whether target i may see positions 0 to i of the memory only (default false). */
  readonly memoryIsCausal?: boolean;
}

const readOptions = defineOptions(layerSpec);

export const decoderCallSpec = {
  tgtMask: nullable(tensorOption, null),
  memoryMask: nullable(tensorOption, null),
  tgtKeyPaddingMask: nullable(tensorOption, null),
  memoryKeyPaddingMask: nullable(tensorOption, null),
  tgtIsCausal: flag(false),
  memoryIsCausal: flag(false),
};

const readCall = defineOptions(decoderCallSpec);

/**
 * A layer of a transformer's decoder: self-attention among the targets, attention to the encoder's output, and two
 * linear layers at each position, each with a residual connection around it:
 *
 *     x = LayerNorm(x + dropout(attention(x)))
 *     x = LayerNorm(x + dropout(attention(x, memory, memory)))
 *     x = LayerNorm(x + dropout(W₂ dropout(activation(W₁ x + b₁)) + b₂))
 *
 * With `normFirst`, the norms come first inside each residual connection. Nothing hides later targets by itself: pass
 * `tgtIsCausal`, or a mask.
 *
 * @shape tgt (T, N, E), memory (S, N, E) → (T, N, E), E = dModel; with `batchFirst`, N comes first; single sequences
 *   are (T, E) and (S, E)
 * @differs from PyTorch: `tgtIsCausal` and `memoryIsCausal` hide by themselves, where PyTorch wants the masks, too
 * @source notes 7.3; Vaswani et al. 2017, arXiv:1706.03762; `normFirst`: Xiong et al. 2020, arXiv:2002.04745
 * @example
 * const layer = new nn.TransformerDecoderLayer(8, 2, { dimFeedforward: 16, batchFirst: true });
 * const memory = randn([3, 7, 8]);
 * layer.forward(randn([3, 5, 8]), memory, { tgtIsCausal: true }).shape; // [3, 5, 8]
 */
export class TransformerDecoderLayer extends Module {
  readonly normFirst: boolean;
  selfAttn: MultiheadAttention;
  multiheadAttn: MultiheadAttention;
  linear1: Linear;
  dropout: Dropout;
  linear2: Linear;
  norm1: LayerNorm;
  norm2: LayerNorm;
  norm3: LayerNorm;
  dropout1: Dropout;
  dropout2: Dropout;
  dropout3: Dropout;
  activation: TransformerActivation;

  constructor(
    readonly dModel: number,
    readonly nhead: number,
    options?: TransformerLayerOptions,
  ) {
    super();
    const { name } = new.target;
    const read = readOptions(name, options);
    const { dimFeedforward, dropout, layerNormEps: eps, batchFirst, bias, dtype } = read;
    count(name, 'dModel', dModel, 1);
    count(name, 'nhead', nhead, 1);
    checkHeads(name, ['dModel', dModel], ['nhead', nhead]);
    this.normFirst = read.normFirst;
    this.selfAttn = new MultiheadAttention(dModel, nhead, { dropout, bias, batchFirst, dtype });
    this.multiheadAttn = new MultiheadAttention(dModel, nhead, { dropout, bias, batchFirst, dtype });
    this.linear1 = new Linear(dModel, dimFeedforward, { bias, dtype });
    this.dropout = new Dropout(dropout);
    this.linear2 = new Linear(dimFeedforward, dModel, { bias, dtype });
    this.norm1 = new LayerNorm(dModel, { eps, bias, dtype });
    this.norm2 = new LayerNorm(dModel, { eps, bias, dtype });
    this.norm3 = new LayerNorm(dModel, { eps, bias, dtype });
    this.dropout1 = new Dropout(dropout);
    this.dropout2 = new Dropout(dropout);
    this.dropout3 = new Dropout(dropout);
    this.activation = read.activation;
  }

  /** @throws ShapeError, DTypeError if tgt, memory, or a mask doesn't fit */
  override forward(tgt: Tensor, memory: Tensor, options?: DecoderLayerCall): Tensor {
    const call = readCall(this.constructor.name, options);
    this.check(tgt, memory, call);
    const { normFirst, norm1, norm2, norm3 } = this;
    if (normFirst) {
      const seen = tgt.add(this.attend(norm1.forward(tgt), call));
      const told = seen.add(this.look(norm2.forward(seen), memory, call));
      return told.add(this.think(norm3.forward(told)));
    }
    const seen = norm1.forward(tgt.add(this.attend(tgt, call)));
    const told = norm2.forward(seen.add(this.look(seen, memory, call)));
    return norm3.forward(told.add(this.think(told)));
  }

  private check(tgt: Tensor, memory: Tensor, call: Required<DecoderLayerCall>): void {
    const { dModel: features, nhead } = this;
    const { name } = this.constructor;
    const { batchFirst } = this.selfAttn;
    const targets = { name: 'tgt', x: tgt, features };
    const own = checkSequences(name, batchFirst, targets);
    const cross = checkSequences(name, batchFirst, targets, { name: 'memory', x: memory, features });
    const { tgtMask, memoryMask, tgtKeyPaddingMask, memoryKeyPaddingMask } = call;
    checkMasks(
      name,
      { attnMask: ['tgtMask', tgtMask], keyPaddingMask: ['tgtKeyPaddingMask', tgtKeyPaddingMask] },
      tgt,
      own,
      nhead,
    );
    checkMasks(
      name,
      {
        attnMask: ['memoryMask', memoryMask],
        keyPaddingMask: ['memoryKeyPaddingMask', memoryKeyPaddingMask],
      },
      tgt,
      cross,
      nhead,
    );
  }

  /** Among the targets. */
  private attend(x: Tensor, call: Required<DecoderLayerCall>): Tensor {
    const { tgtMask: attnMask, tgtKeyPaddingMask: keyPaddingMask, tgtIsCausal: isCausal } = call;
    const options = { attnMask, keyPaddingMask, isCausal, needWeights: false } as const;
    return this.dropout1.forward(this.selfAttn.forward(x, x, x, options)[0]);
  }

  /** To the memory. */
  private look(x: Tensor, memory: Tensor, call: Required<DecoderLayerCall>): Tensor {
    const { memoryMask: attnMask, memoryKeyPaddingMask: keyPaddingMask, memoryIsCausal: isCausal } = call;
    const options = { attnMask, keyPaddingMask, isCausal, needWeights: false } as const;
    return this.dropout2.forward(this.multiheadAttn.forward(x, memory, memory, options)[0]);
  }

  private think(x: Tensor): Tensor {
    return this.dropout3.forward(feedForward(this, x));
  }

  protected override describe(): string {
    return describeLayer(this);
  }
}
