import type { View } from './storage.js';

/** A parameter in an optimizer's step: all views are contiguous and of the same dtype and size. */
export interface ParameterRow {
  readonly parameter: View;
  readonly gradient: View;
  /** The optimizer's state for the parameter, in the order that the step documents. */
  readonly state: readonly View[];
  /** This parameter's steps, including this one. */
  readonly step: number;
  /** An extra number for the step (default 0). */
  readonly number?: number;
}

export interface SgdSettings {
  readonly lr: number;
  readonly momentum: number;
  readonly dampening: number;
  readonly weightDecay: number;
  readonly nesterov: boolean;
  readonly maximize: boolean;
}

export interface AdamSettings {
  readonly lr: number;
  readonly betas: readonly [number, number];
  readonly eps: number;
  readonly weightDecay: number;
  readonly maximize: boolean;
}

/**
 * Optimizer steps over many parameters in one call, in place. The formulas, which are torch.optim's, are in
 * `kernels/optimizer/optimizer.h`. All parameters of a call have the same dtype.
 */
export interface OptimizerEngine {
  /** State: the momentum buffer, if momentum isn't 0. */
  sgdStep(rows: readonly ParameterRow[], settings: SgdSettings): void;
  /** State: means of g and g², and the largest mean of g² if amsgrad. `decoupled` is AdamW's weight decay. */
  adamStep(
    rows: readonly ParameterRow[],
    settings: AdamSettings & { readonly decoupled: boolean; readonly amsgrad: boolean },
  ): void;
  /** State: the sum of g². */
  adagradStep(
    rows: readonly ParameterRow[],
    settings: {
      readonly lr: number;
      readonly lrDecay: number;
      readonly eps: number;
      readonly weightDecay: number;
      readonly maximize: boolean;
    },
  ): void;
  /** State: means of g² and of the squared changes. */
  adadeltaStep(
    rows: readonly ParameterRow[],
    settings: {
      readonly lr: number;
      readonly rho: number;
      readonly eps: number;
      readonly weightDecay: number;
      readonly maximize: boolean;
    },
  ): void;
  /** State: the mean of g², the momentum buffer if momentum isn't 0, the mean of g if centered. */
  rmspropStep(
    rows: readonly ParameterRow[],
    settings: {
      readonly lr: number;
      readonly alpha: number;
      readonly eps: number;
      readonly weightDecay: number;
      readonly momentum: number;
      readonly centered: boolean;
      readonly maximize: boolean;
    },
  ): void;
  /** State: the mean of g, the decaying largest |g|. */
  adamaxStep(rows: readonly ParameterRow[], settings: AdamSettings): void;
  /** State: means of g and g²; number: the product of the momenta so far. */
  nadamStep(rows: readonly ParameterRow[], settings: AdamSettings & { readonly momentumDecay: number }): void;
  /** State: means of g and g². */
  radamStep(rows: readonly ParameterRow[], settings: AdamSettings): void;
  /** State: the previous gradient, the step sizes. */
  rpropStep(
    rows: readonly ParameterRow[],
    settings: {
      readonly etas: readonly [number, number];
      readonly stepSizes: readonly [number, number];
      readonly maximize: boolean;
    },
  ): void;

  /**
   * norm (one element) = the p-norm of all gradients together; p may be infinite. Multiplies them by
   * maxNorm/(norm + 1e-6) if that's less than 1. All have the norm's dtype.
   */
  gradientClip(norm: View, gradients: readonly View[], maxNorm: number, p: number): void;
  /** Clamps gradients of one dtype to [-limit, limit] in place. */
  gradientClamp(gradients: readonly View[], limit: number): void;
}
