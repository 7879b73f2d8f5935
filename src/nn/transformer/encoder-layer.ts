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

/** Options of a call. */
export interface EncoderLayerCall {
  /** Which positions a position may see: true hides one; numbers are added to the scores. @shape (T, T) or (N · nhead, T, T) */
  readonly srcMask?: Tensor | null;
  /** Positions that nobody may see, such as padding: true hides one. @shape (N, T), or (T) without a batch */
  readonly srcKeyPaddingMask?: Tensor | null;
  /** Whether a position may see only itself and earlier ones (default false). */
  readonly isCausal?: boolean;
}

const readOptions = defineOptions(layerSpec);
const readCall = defineOptions({
  srcMask: nullable(tensorOption, null),
  srcKeyPaddingMask: nullable(tensorOption, null),
  isCausal: flag(false),
});

/**
 * A layer of a transformer's encoder: self-attention, then two linear layers at each position, each with a residual
 * connection around it:
 *
 *     x = LayerNorm(x + dropout(attention(x)))
 *     x = LayerNorm(x + dropout(W₂ dropout(activation(W₁ x + b₁)) + b₂))
 *
 * With `normFirst`, x + dropout(attention(LayerNorm(x))), and the same with the linear layers: deep stacks are easier to train
 * that way.
 *
 * @shape src (T, N, E) → (T, N, E), E = dModel; with `batchFirst`, N comes first; a single sequence is (T, E)
 * @differs from PyTorch: `isCausal` hides later positions by itself, where PyTorch wants the mask, too
 * @source notes 7.3; Vaswani et al. 2017, arXiv:1706.03762; `normFirst`: Xiong et al. 2020, arXiv:2002.04745
 * @example
 * const layer = new nn.TransformerEncoderLayer(8, 2, { dimFeedforward: 16, batchFirst: true });
 * layer.forward(randn([3, 5, 8])).shape; // [3, 5, 8]
 */
export class TransformerEncoderLayer extends Module {
  readonly normFirst: boolean;
  selfAttn: MultiheadAttention;
  linear1: Linear;
  dropout: Dropout;
  linear2: Linear;
  norm1: LayerNorm;
  norm2: LayerNorm;
  dropout1: Dropout;
  dropout2: Dropout;
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
    this.linear1 = new Linear(dModel, dimFeedforward, { bias, dtype });
    this.dropout = new Dropout(dropout);
    this.linear2 = new Linear(dimFeedforward, dModel, { bias, dtype });
    this.norm1 = new LayerNorm(dModel, { eps, bias, dtype });
    this.norm2 = new LayerNorm(dModel, { eps, bias, dtype });
    this.dropout1 = new Dropout(dropout);
    this.dropout2 = new Dropout(dropout);
    this.activation = read.activation;
  }

  /** @throws ShapeError, DTypeError if src or a mask doesn't fit */
  override forward(src: Tensor, options?: EncoderLayerCall): Tensor {
    const call = readCall(this.constructor.name, options);
    this.check(src, call);
    const { normFirst, norm1, norm2 } = this;
    if (normFirst) {
      const x = src.add(this.attend(norm1.forward(src), call));
      return x.add(this.think(norm2.forward(x)));
    }
    const x = norm1.forward(src.add(this.attend(src, call)));
    return norm2.forward(x.add(this.think(x)));
  }

  private check(src: Tensor, { srcMask, srcKeyPaddingMask }: Required<EncoderLayerCall>): void {
    const { dModel, nhead } = this;
    const { name } = this.constructor;
    const sizes = checkSequences(name, this.selfAttn.batchFirst, { name: 'src', x: src, features: dModel });
    checkMasks(
      name,
      { attnMask: ['srcMask', srcMask], keyPaddingMask: ['srcKeyPaddingMask', srcKeyPaddingMask] },
      src,
      sizes,
      nhead,
    );
  }

  private attend(x: Tensor, { srcMask, srcKeyPaddingMask, isCausal }: Required<EncoderLayerCall>): Tensor {
    const [y] = this.selfAttn.forward(x, x, x, {
      attnMask: srcMask,
      keyPaddingMask: srcKeyPaddingMask,
      isCausal,
      needWeights: false,
    });
    return this.dropout1.forward(y);
  }

  private think(x: Tensor): Tensor {
    return this.dropout2.forward(feedForward(this, x));
  }

  protected override describe(): string {
    return describeLayer(this);
  }
}
