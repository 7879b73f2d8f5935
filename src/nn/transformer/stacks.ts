import { defineOptions, flag, nullable } from '../../core/options.js';
import { requireListable } from '../../core/sizes.js';
import { tensorOption } from '../../tensor/option.js';
import type { Tensor } from '../../tensor/tensor.js';
import { moduleOption, requireModule } from '../module/argument.js';
import { type Layer, Module } from '../module/module.js';
import { ModuleList } from '../module-list.js';
import { count } from '../sizes.js';
import { type DecoderLayerCall, decoderCallSpec } from './decoder-layer.js';
import type { EncoderLayerCall } from './encoder-layer.js';

/** A module with the `forward` of `TransformerEncoderLayer`. */
export type EncoderLayer = Module & { forward(src: Tensor, options?: EncoderLayerCall): Tensor };

/** A module with the `forward` of `TransformerDecoderLayer`. */
export type DecoderLayer = Module & {
  forward(tgt: Tensor, memory: Tensor, options?: DecoderLayerCall): Tensor;
};

export interface StackOptions {
  /** Runs after the last layer (default null: nothing). */
  readonly norm?: Layer | null;
}

const readStack = defineOptions({ norm: nullable(moduleOption, null) });

/** Copies of a layer, which all start with its values. */
function copies<M extends Module>(
  operation: string,
  name: string,
  layer: M,
  numLayers: number,
): ModuleList<M> {
  requireModule(operation, name, layer);
  count(operation, 'numLayers', numLayers);
  requireListable(operation, numLayers * Math.max(1, layer.parameters().length));
  return new ModuleList(Array.from({ length: numLayers }, () => layer.clone()));
}

/** Options of a call. In masks, true hides a position, and numbers are added to the scores. */
export interface EncoderCall {
  /** Which positions a position may see. @shape (T, T) or (N · nhead, T, T) */
  readonly mask?: Tensor | null;
  /** Positions that nobody may see, such as padding. @shape (N, T), or (T) without a batch */
  readonly srcKeyPaddingMask?: Tensor | null;
  /** Whether a position may see only itself and earlier ones (default false). */
  readonly isCausal?: boolean;
}

const readEncoderCall = defineOptions({
  mask: nullable(tensorOption, null),
  srcKeyPaddingMask: nullable(tensorOption, null),
  isCausal: flag(false),
});

/**
 * A stack of encoder layers: `numLayers` copies of one, which start with its values but learn on their own, and an
 * optional norm after the last. A stack with `normFirst` needs that norm.
 *
 * @shape src (T, N, E) → (T, N, E), as in the layers
 * @source notes 7.3; Vaswani et al. 2017, arXiv:1706.03762
 * @example
 * const layer = new nn.TransformerEncoderLayer(8, 2, { dimFeedforward: 16, batchFirst: true });
 * const encoder = new nn.TransformerEncoder(layer, 3, { norm: new nn.LayerNorm(8) });
 * const padding = tensor([[0, 0, 0, 1], [0, 0, 0, 0]]).to('bool');
 * encoder.forward(randn([2, 4, 8]), { srcKeyPaddingMask: padding }).shape; // [2, 4, 8]
 */
export class TransformerEncoder extends Module {
  layers: ModuleList<EncoderLayer>;
  norm: Layer | null;

  constructor(encoderLayer: EncoderLayer, numLayers: number, options?: StackOptions) {
    super();
    const { name } = new.target;
    const { norm } = readStack(name, options);
    this.layers = copies(name, 'encoderLayer', encoderLayer, numLayers);
    this.norm = norm as Layer | null;
  }

  override forward(src: Tensor, options?: EncoderCall): Tensor {
    const { mask: srcMask, ...others } = readEncoderCall(this.constructor.name, options);
    let x = src;
    for (const layer of this.layers) x = layer.forward(x, { srcMask, ...others });
    return this.norm ? this.norm.forward(x) : x;
  }
}

const readDecoderCall = defineOptions(decoderCallSpec);

/**
 * A stack of decoder layers: `numLayers` copies of one, which start with its values but learn on their own, and an
 * optional norm after the last. All of them see the same memory.
 *
 * @shape tgt (T, N, E), memory (S, N, E) → (T, N, E), as in the layers
 * @source notes 7.3; Vaswani et al. 2017, arXiv:1706.03762
 */
export class TransformerDecoder extends Module {
  layers: ModuleList<DecoderLayer>;
  norm: Layer | null;

  constructor(decoderLayer: DecoderLayer, numLayers: number, options?: StackOptions) {
    super();
    const { name } = new.target;
    const { norm } = readStack(name, options);
    this.layers = copies(name, 'decoderLayer', decoderLayer, numLayers);
    this.norm = norm as Layer | null;
  }

  override forward(tgt: Tensor, memory: Tensor, options?: DecoderLayerCall): Tensor {
    const call = readDecoderCall(this.constructor.name, options);
    let x = tgt;
    for (const layer of this.layers) x = layer.forward(x, memory, call);
    return this.norm ? this.norm.forward(x) : x;
  }
}
