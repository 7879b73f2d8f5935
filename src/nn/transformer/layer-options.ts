import type { DType } from '../../core/dtype.js';
import { callback, dtype, either, flag, number, type Option, whole, word } from '../../core/options.js';
import type { Tensor } from '../../tensor/tensor.js';
import { ReLU } from '../activation.js';
import { GELU } from '../activation-options.js';
import type { Dropout } from '../dropout.js';
import { fuse } from '../fuse.js';
import { eps } from '../layer-norm.js';
import type { Linear } from '../linear.js';
import { moduleOption } from '../module/argument.js';
import { type Layer, Module } from '../module/module.js';
import { show } from '../sizes.js';

/** What stands between the two linear layers of a feed-forward block. */
export type TransformerActivation = 'relu' | 'gelu' | ((x: Tensor) => Tensor) | Layer;

export interface TransformerLayerOptions {
  /** Features between the two linear layers (default 2048). */
  readonly dimFeedforward?: number;
  /** The probability of every dropout (default 0.1). */
  readonly dropout?: number;
  /** `relu`, `gelu`, a function of a tensor, or a layer (default `relu`). */
  readonly activation?: TransformerActivation;
  /** Added to the variance in layer norms (default 1e-5). */
  readonly layerNormEps?: number;
  /** Whether batches are (N, T, E) instead of (T, N, E) (default false). */
  readonly batchFirst?: boolean;
  /** Whether each block's input is normalized, instead of its sum with the block's output (default false). */
  readonly normFirst?: boolean;
  /** Whether linear layers and layer norms add a bias (default true). */
  readonly bias?: boolean;
  /** Default float32. */
  readonly dtype?: DType;
}

export const layerSpec = {
  dimFeedforward: whole(2048, { least: 1 }),
  dropout: number(0.1, { least: 0, most: 1 }),
  activation: either(
    word(['relu', 'gelu'], 'relu'),
    either(callback<(x: Tensor) => Tensor>(), moduleOption as Option<Layer | undefined>),
  ),
  layerNormEps: eps,
  batchFirst: flag(false),
  normFirst: flag(false),
  bias: flag(true),
  dtype: dtype('float32'),
};

/** The activations that have names. They hold nothing, so all layers share them. */
const named: Readonly<Record<'relu' | 'gelu', Layer>> = { relu: new ReLU(), gelu: new GELU() };

interface FeedForward {
  readonly linear1: Linear;
  readonly activation: TransformerActivation;
  readonly dropout: Dropout;
  readonly linear2: Linear;
}

/** W₂ dropout(activation(W₁ x + b₁)) + b₂ */
export function feedForward({ linear1, activation, dropout, linear2 }: FeedForward, x: Tensor): Tensor {
  const inner =
    typeof activation === 'function'
      ? activation(linear1.forward(x))
      : fuse(linear1, x, { activation: activation instanceof Module ? activation : named[activation] });
  return linear2.forward(dropout.forward(inner));
}

/** The options that modules inside don't show, unless they're the defaults. */
export const describeLayer = (layer: {
  readonly activation: TransformerActivation;
  readonly normFirst: boolean;
}): string => {
  const { activation, normFirst } = layer;
  return show({
    ...(typeof activation === 'string' && activation !== 'relu' && { activation }),
    ...(typeof activation === 'function' && { activation: activation.name || 'a function' }),
    ...(normFirst && { normFirst }),
  });
};
