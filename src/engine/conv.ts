import type { View } from './storage.js';

/** Depth, height, width; what has fewer axes has 1 in front. */
export type Triple = readonly [depth: number, height: number, width: number];

/** A convolution of `input` to `output`, whichever of the two is being computed. */
export interface ConvGeometry {
  readonly batch: number;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly groups: number;
  readonly input: Triple;
  readonly output: Triple;
  readonly kernel: Triple;
  readonly stride: Triple;
  /** Zeros before each axis; those behind are what the output needs. */
  readonly padding: Triple;
  readonly dilation: Triple;
}

/** Functions that a convolution can end with. */
export const convActivations = ['none', 'relu'] as const;
export type ConvActivation = (typeof convActivations)[number];

/**
 * Convolutions: x (N, Cin, …), w (Cout, Cin / groups, …), y (N, Cout, …), all contiguous and of one
 * dtype, float32 or float64.
 */
export interface ConvEngine {
  /** y = activation(bias + x ⋆ w), the activation `none` unless given */
  convForward(
    y: View,
    x: View,
    w: View,
    bias: View | null,
    geometry: ConvGeometry,
    activation?: ConvActivation,
  ): void;
  /** dx = activation(bias + the gradient of x ⋆ w in x, where dy is that in y): a transposed convolution. */
  convInputGradient(
    dx: View,
    dy: View,
    w: View,
    bias: View | null,
    geometry: ConvGeometry,
    activation?: ConvActivation,
  ): void;
  /** dw and dbias: the gradients of `convForward` in w and, if wanted, in the bias. */
  convWeightGradient(dw: View, dbias: View | null, x: View, dy: View, geometry: ConvGeometry): void;
}
