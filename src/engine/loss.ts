import type { OutOfRange } from './fault.js';
import type { View } from './storage.js';

/** How a batch's losses are reduced to one number. */
export type Reduction = 'none' | 'mean' | 'sum';

export interface CrossEntropyParameters {
  /** The target that doesn't count. */
  readonly ignoreIndex: number;
  readonly labelSmoothing: number;
  readonly reduction: Reduction;
}

export type NllParameters = Omit<CrossEntropyParameters, 'labelSmoothing'>;

export interface MultiMarginParameters {
  /** The exponent of each violation. */
  readonly p: number;
  readonly margin: number;
  readonly reduction: Reduction;
}

export interface CtcParameters {
  readonly blank: number;
  readonly zeroInfinity: boolean;
}

/** Losses that look at one element of each operand. */
export const pointwiseLosses = [
  ...(['squared', 'absolute', 'bent', 'crossEntropy', 'logitCrossEntropy'] as const),
  ...(['weightedLogitCrossEntropy', 'divergence', 'logDivergence', 'gaussian'] as const),
  ...(['poisson', 'poissonRate', 'hinge', 'ranking', 'logistic'] as const),
] as const;

export type PointwiseLoss = (typeof pointwiseLosses)[number];

/** Dense elements, repeated until there are enough. */
export type Repeated = View;

export interface PointwiseOperands {
  readonly x: Repeated;
  readonly target: Repeated;
  /** The third operand of losses that have one. */
  readonly third: Repeated | null;
  /** Multiplies the losses. */
  readonly weight: Repeated | null;
}

export interface PointwiseParameters {
  /** The number of losses. */
  readonly count: number;
  /** What to divide their sum by, or null to keep them separate. */
  readonly divisor: number | null;
  readonly p: number;
  readonly q: number;
}

/** Losses with fused kernels; all views are dense. `fault` is the error for the first target that isn't a class. */
export interface LossEngine {
  /**
   * Cross-entropy of logits (N, C, …) and int32 targets (N, …). `stats` has 2 · targets + 1 elements and
   * is for the backward pass.
   */
  crossEntropy(
    out: View,
    stats: View,
    logits: View,
    target: View,
    weight: View | null,
    parameters: CrossEntropyParameters,
    fault: OutOfRange,
  ): void;

  crossEntropyBackward(
    dx: View,
    grad: View,
    stats: View,
    logits: View,
    target: View,
    weight: View | null,
    parameters: CrossEntropyParameters,
  ): void;

  /** Losses that look at one element of each operand; out: all of them, or a number. */
  pointwiseLoss(
    loss: PointwiseLoss,
    out: View,
    operands: PointwiseOperands,
    parameters: PointwiseParameters,
  ): void;

  /** The gradients of x, target, and third, null if not needed; one element for each loss. */
  pointwiseLossBackward(
    loss: PointwiseLoss,
    gradients: readonly [View | null, View | null, View | null],
    grad: Repeated,
    operands: PointwiseOperands,
    parameters: PointwiseParameters,
  ): void;

  /** For log-probabilities (N, C, …) and int32 targets (N, …); `divisor`, one number, is for the backward pass. */
  nll(
    out: View,
    divisor: View,
    x: View,
    target: View,
    weight: View | null,
    parameters: NllParameters,
    fault: OutOfRange,
  ): void;

  nllBackward(
    dx: View,
    grad: View,
    divisor: View,
    target: View,
    weight: View | null,
    parameters: NllParameters,
  ): void;

  /** For scores (N, C) and int32 targets (N). */
  multiMargin(
    out: View,
    x: View,
    target: View,
    weight: View | null,
    parameters: MultiMarginParameters,
    fault: OutOfRange,
  ): void;

  multiMarginBackward(
    dx: View,
    grad: View,
    x: View,
    target: View,
    weight: View | null,
    parameters: MultiMarginParameters,
  ): void;

  /** For scores (N, C) and int32 lists of classes (N, C), each up to its first −1. */
  multilabelMargin(out: View, x: View, target: View, reduction: Reduction, fault: OutOfRange): void;

  multilabelMarginBackward(dx: View, grad: View, x: View, target: View, reduction: Reduction): void;

  /**
   * losses (N) of log-probabilities x (T, N, C). labels has those of all targets, lengths (3, N) has steps, labels, and
   * where the labels begin; both are int32. `alphas` (N, T, places) is for the backward pass.
   */
  ctc(losses: View, alphas: View, x: View, labels: View, lengths: View, parameters: CtcParameters): void;

  /** grad has one element for each loss. */
  ctcBackward(
    dx: View,
    grad: View,
    losses: View,
    alphas: View,
    x: View,
    labels: View,
    lengths: View,
    parameters: CtcParameters,
  ): void;
}
