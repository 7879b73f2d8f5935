import type { Triple } from './conv.js';
import type { View } from './storage.js';

/** Windows that slide over the last three axes; with 1 (padding: 0) in front for missing axes. */
export interface PoolWindow {
  readonly input: Triple;
  readonly output: Triple;
  readonly kernel: Triple;
  readonly stride: Triple;
  readonly padding: Triple;
  readonly dilation: Triple;
}

/** Windows that split an input evenly. */
export interface AdaptiveWindow {
  readonly input: Triple;
  readonly output: Triple;
}

export interface AverageOptions {
  /** Whether padding counts. */
  readonly countPadding: boolean;
  /** What to divide sums by; null means the number of elements that count. */
  readonly divisor: number | null;
}

/**
 * Pooling: x (…, D, H, W) → y (…, D', H', W'), all contiguous, float32 or float64. Indices are int32
 * and count the elements of one input plane (D, H, W).
 */
export interface PoolEngine {
  /** y = the largest element of each window; indices, if requested, where it is. */
  maxPool(y: View, indices: View | null, x: View, window: PoolWindow): void;
  averagePool(y: View, x: View, window: PoolWindow, options: AverageOptions): void;
  averagePoolBackward(dx: View, dy: View, window: PoolWindow, options: AverageOptions): void;
  adaptiveMaxPool(y: View, indices: View | null, x: View, window: AdaptiveWindow): void;
  adaptiveAveragePool(y: View, x: View, window: AdaptiveWindow): void;
  adaptiveAveragePoolBackward(dx: View, dy: View, window: AdaptiveWindow): void;
}

/** Elements of planes by their position in the plane; all views are dense, and indices are int32 and in range. */
export interface PlaneEngine {
  /** y[p, indices[p, i]] = x[p, i], or += with `accumulate`; zero elsewhere. */
  planeScatter(y: View, x: View, indices: View, planes: number, accumulate: boolean): void;
  /** y[p, i] = x[p, indices[p, i]] */
  planeGather(y: View, x: View, indices: View, planes: number): void;
}
