import { defineOptions, flag, nullable, type Resolved, whole } from '../../core/options.js';
import { full } from '../../ops/creation/creation.js';
import { tensorOption } from '../../tensor/option.js';
import type { Tensor } from '../../tensor/tensor.js';
import { checkSequences } from '../attention/check.js';
import { xavierUniform_ } from '../init/index.js';
import { LayerNorm } from '../layer-norm.js';
import { moduleOption } from '../module/argument.js';
import { Module } from '../module/module.js';
import { count } from '../sizes.js';
import { type DecoderLayerCall, decoderCallSpec, TransformerDecoderLayer } from './decoder-layer.js';
import { TransformerEncoderLayer } from './encoder-layer.js';
import { layerSpec, type TransformerLayerOptions } from './layer-options.js';
import { type EncoderCall, TransformerDecoder, TransformerEncoder } from './stacks.js';

/** A module with the `forward` of `TransformerEncoder`. */
export type Encoder = Module & { forward(src: Tensor, options?: EncoderCall): Tensor };

/** A module with the `forward` of `TransformerDecoder`. */
export type Decoder = Module & { forward(tgt: Tensor, memory: Tensor, options?: DecoderLayerCall): Tensor };

export interface TransformerOptions extends TransformerLayerOptions {
  /** Features of sources and targets (default 512). */
  readonly dModel?: number;
  /** Heads of each attention (default 8). */
  readonly nhead?: number;
  /** Default 6. */
  readonly numEncoderLayers?: number;
  /** Default 6. */
  readonly numDecoderLayers?: number;
  /** Replaces the encoder (default null). */
  readonly customEncoder?: Encoder | null;
  /** Replaces the decoder (default null). */
  readonly customDecoder?: Decoder | null;
}

const spec = {
  dModel: whole(512, { least: 1 }),
  nhead: whole(8, { least: 1 }),
  numEncoderLayers: whole(6, { least: 0 }),
  numDecoderLayers: whole(6, { least: 0 }),
  ...layerSpec,
  customEncoder: nullable(moduleOption, null),
  customDecoder: nullable(moduleOption, null),
};
const readOptions = defineOptions(spec);

/** Options of a call. */
export interface TransformerCall extends DecoderLayerCall {
  /** Which sources a source may see. @shape (S, S) or (N · nhead, S, S) */
  readonly srcMask?: Tensor | null;
  /** Sources that no source may see. @shape (N, S), or (S) without a batch */
  readonly srcKeyPaddingMask?: Tensor | null;
  /** Whether a source may see only itself and earlier ones (default false). */
  readonly srcIsCausal?: boolean;
}

const readCall = defineOptions({
  srcMask: nullable(tensorOption, null),
  srcKeyPaddingMask: nullable(tensorOption, null),
  srcIsCausal: flag(false),
  ...decoderCallSpec,
});

/**
 * An encoder and a decoder, each a stack of layers with a layer norm at its end. Weights of two axes start from
 * Xavier's uniform distribution.
 *
 * It knows neither words nor their order: embed the sequences and add positions before, and project the output to the
 * vocabulary after. In training, pass `tgtIsCausal`, so that no target sees those that it has to predict. Padding of
 * the sources takes two masks, `srcKeyPaddingMask` and `memoryKeyPaddingMask`.
 *
 * @shape src (S, N, E), tgt (T, N, E) → (T, N, E), E = dModel; with `batchFirst`, N comes first; single sequences are
 *   (S, E) and (T, E)
 * @differs from PyTorch: `srcIsCausal` and the like hide by themselves, where PyTorch wants the masks, too
 * @source notes 7.3; Vaswani et al. 2017, arXiv:1706.03762
 * @example
 * const sizes = { dModel: 8, nhead: 2, numEncoderLayers: 1, numDecoderLayers: 1, dimFeedforward: 16 };
 * const transformer = new nn.Transformer({ ...sizes, batchFirst: true });
 * transformer.forward(randn([3, 7, 8]), randn([3, 5, 8]), { tgtIsCausal: true }).shape; // [3, 5, 8]
 */
export class Transformer extends Module {
  readonly dModel: number;
  readonly nhead: number;
  readonly batchFirst: boolean;
  encoder: Encoder;
  decoder: Decoder;

  constructor(options?: TransformerOptions) {
    super();
    const read = readOptions(new.target.name, options);
    const { dModel, nhead, batchFirst, customEncoder, customDecoder } = read;
    this.dModel = dModel;
    this.nhead = nhead;
    this.batchFirst = batchFirst;
    this.encoder = (customEncoder as Encoder | null) ?? encoderOf(read);
    this.decoder = (customDecoder as Decoder | null) ?? decoderOf(read);
    this.resetParameters();
  }

  resetParameters(): void {
    for (const parameter of this.parameters()) if (parameter.ndim > 1) xavierUniform_(parameter);
  }

  /** @throws ShapeError, DTypeError if src, tgt, or a mask doesn't fit */
  override forward(src: Tensor, tgt: Tensor, options?: TransformerCall): Tensor {
    const { name } = this.constructor;
    const { srcMask, srcKeyPaddingMask, srcIsCausal, ...call } = readCall(name, options);
    const { dModel: features, batchFirst } = this;
    checkSequences(name, batchFirst, { name: 'tgt', x: tgt, features }, { name: 'src', x: src, features });
    const memory = this.encoder.forward(src, { mask: srcMask, srcKeyPaddingMask, isCausal: srcIsCausal });
    return this.decoder.forward(tgt, memory, call);
  }

  /**
   * A mask that hides later positions: −∞ above the diagonal, 0 elsewhere. `tgtIsCausal` does the same, faster.
   *
   * @shape (size, size)
   */
  static generateSquareSubsequentMask(size: number): Tensor {
    count('generateSquareSubsequentMask', 'size', size);
    return full([size, size], Number.NEGATIVE_INFINITY).triu(1);
  }
}

type Read = Resolved<typeof spec>;

const layerOptions = (read: Read): TransformerLayerOptions =>
  Object.fromEntries(Object.keys(layerSpec).map((name) => [name, read[name as keyof typeof layerSpec]]));

const finalNorm = ({ dModel, layerNormEps: eps, bias, dtype }: Read): LayerNorm =>
  new LayerNorm(dModel, { eps, bias, dtype });

function encoderOf(read: Read): Encoder {
  const layer = new TransformerEncoderLayer(read.dModel, read.nhead, layerOptions(read));
  return new TransformerEncoder(layer, read.numEncoderLayers, { norm: finalNorm(read) });
}

function decoderOf(read: Read): Decoder {
  const layer = new TransformerDecoderLayer(read.dModel, read.nhead, layerOptions(read));
  return new TransformerDecoder(layer, read.numDecoderLayers, { norm: finalNorm(read) });
}
