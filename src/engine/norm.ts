import type { View } from './storage.js';

/** The factor and summand of normalized values; null means 1 and 0. */
export interface Affine {
  readonly weight: View | null;
  readonly bias: View | null;
}

/** What the forward pass found: mean and 1 / √(variance + eps) of each group of elements. */
export interface Statistics {
  readonly mean: View;
  readonly rstd: View;
}

/** What follows batch normalization in the same pass over memory. */
export interface NormEnding {
  /** A tensor like x to add to the result, or null. */
  readonly residual: View | null;
  /** Whether results below 0 then become 0. */
  readonly relu: boolean;
}

/** The gradients to compute. */
export interface NormGradients {
  readonly x: View | null;
  readonly weight: View | null;
  readonly bias: View | null;
}

/**
 * Normalization, forward and backward; all views are dense and of the same floating dtype. The forward
 * pass writes statistics, and the backward pass reads them.
 */
export interface NormEngine {
  /** Over the last n elements: x is (rows, n). `mean` is null for root-mean-square normalization. */
  layerNorm(out: View, x: View, affine: Affine, mean: View | null, rstd: View, n: number, eps: number): void;
  layerNormBackward(
    gradients: NormGradients,
    grad: View,
    x: View,
    weight: View | null,
    mean: View | null,
    rstd: View,
    n: number,
  ): void;

  /** Over `groups` groups of channels of x (N, C, …); the statistics are (N, groups). */
  groupNorm(out: View, x: View, affine: Affine, statistics: Statistics, groups: number, eps: number): void;
  groupNormBackward(
    gradients: NormGradients,
    grad: View,
    x: View,
    weight: View | null,
    statistics: Statistics,
    groups: number,
  ): void;

  /**
   * Per channel of x (N, C, …); the statistics are (C). With `train`, they're those of x, and the `running`
   * ones move toward them by `momentum`; otherwise, they're taken from `running`.
   */
  batchNorm(
    out: View,
    x: View,
    affine: Affine,
    ending: NormEnding,
    statistics: Statistics,
    running: { readonly mean: View; readonly variance: View } | null,
    train: boolean,
    momentum: number,
    eps: number,
  ): void;
  /** @param grad the gradient of the result before `ending` */
  batchNormBackward(
    gradients: NormGradients,
    grad: View,
    x: View,
    weight: View | null,
    statistics: Statistics,
    train: boolean,
  ): void;
}
