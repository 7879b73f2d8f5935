import type { View } from './storage.js';

/** How the losses of a batch become one number. */
export type Reduction = 'none' | 'mean' | 'sum';

export interface CrossEntropyParameters {
  /** The target that does not count. */
  readonly ignoreIndex: number;
  readonly labelSmoothing: number;
  readonly reduction: Reduction;
}

/** Losses with fused kernels; all views are dense. */
export interface LossEngine {
  /**
   * Cross-entropy of logits (N, C, …) and int32 targets (N, …). `stats` has 2 · targets + 1 elements and
   * is for the backward pass. Returns the position of the first target that is out of range, or −1; an
   * engine whose results arrive later returns −1 and reports the error with them.
   */
  crossEntropy(
    out: View,
    stats: View,
    logits: View,
    target: View,
    weight: View | null,
    parameters: CrossEntropyParameters,
  ): number;

  crossEntropyBackward(
    dx: View,
    grad: View,
    stats: View,
    logits: View,
    target: View,
    weight: View | null,
    parameters: CrossEntropyParameters,
  ): void;
}
