import type { View } from './storage.js';

/** Depth, height, width; with 1 in front for missing axes. */
export type Triple = readonly [depth: number, height: number, width: number];

/** A convolution from `input` to `output`, whichever one is being computed. */
export interface ConvGeometry {
  readonly batch: number;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly groups: number;
  readonly input: Triple;
  readonly output: Triple;
  readonly kernel: Triple;
  readonly stride: Triple;
  /** Zeros before each axis; after it, there are as many as the output needs. */
  readonly padding: Triple;
  readonly dilation: Triple;
}

/** Functions that a convolution can end with. */
export const convActivations = ['none', 'relu'] as const;
export type ConvActivation = (typeof convActivations)[number];

/**
 * Convolutions: x (N, Cin, …), w (Cout, Cin / groups, …), y (N, Cout, …), all contiguous and of the
 * same dtype, float32 or float64.
 */
export interface ConvEngine {
  /** y = activation(bias + x ⋆ w); the default activation is `none` */
  convForward(
    y: View,
    x: View,
    w: View,
    bias: View | null,
    geometry: ConvGeometry,
    activation?: ConvActivation,
  ): void;
  /** dx = activation(bias + the gradient of x ⋆ w with respect to x, given dy): a transposed convolution. */
  convInputGradient(
    dx: View,
    dy: View,
    w: View,
    bias: View | null,
    geometry: ConvGeometry,
    activation?: ConvActivation,
  ): void;
  /** dw and dbias: the gradients of `convForward` with respect to w and, if requested, the bias. */
  convWeightGradient(dw: View, dbias: View | null, x: View, dy: View, geometry: ConvGeometry): void;
}
