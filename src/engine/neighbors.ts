import type { View } from './storage.js';

/** Nearest neighbors among rows, by Euclidean distance; of equally distant rows the first is nearer. */
export interface NeighborEngine {
  /**
   * The k nearest rows of `points` (M, D) for each row of `queries` (N, D), from the nearest on. Where both
   * are the same rows, `others` leaves out the row itself. All views lie dense, of one floating dtype.
   *
   * indices (N, k) int32, squaredDistances (N, k)
   */
  nearest(indices: View, squaredDistances: View, queries: View, points: View, others: boolean): void;

  /** ranks[i, j] = how many other rows of x (N, D) are nearer to row i than row neighbors[i, j] (N, k) is. */
  neighborRanks(ranks: View, x: View, neighbors: View): void;
}
