import type { View } from './storage.js';

/** Softmax along one axis; all views are dense and of the same floating dtype. */
export interface SoftmaxEngine {
  /** out = softmax(x), or its logarithm. */
  softmax(out: View, x: View, axis: number, log: boolean): void;
  /** out = log Σ e^x along the axis. */
  logsumexp(out: View, x: View, axis: number): void;
}
