import type { View } from './storage.js';

/** Products and Euclidean distances of rows. All views are dense and of the same floating dtype. */
export interface DistanceEngine {
  /** out[r] = Σ_i a[r, i]·b[r, i], for rows of that length. */
  rowProducts(out: View, a: View, b: View, width: number): void;

  /** out[r] = √Σ_i (a[r, i] − b[r, i] + eps)². */
  rowDistances(out: View, a: View, b: View, width: number, eps: number): void;

  /** The gradients of a and b, null if not needed; 0 where a distance is 0. */
  rowDistancesBackward(
    gradients: readonly [View | null, View | null],
    grad: View,
    a: View,
    b: View,
    distances: View,
    width: number,
    eps: number,
  ): void;

  /** The distances of rows i < j of x (N, M), pair by pair. out (N·(N − 1)/2) */
  pairDistances(out: View, x: View): void;

  /** The gradient of x; a pair at distance 0 adds nothing. */
  pairDistancesBackward(dx: View, grad: View, x: View, distances: View): void;
}
