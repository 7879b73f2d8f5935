import type { View } from './storage.js';

/** A sparse square matrix: row i has the elements rowStarts[i] … rowStarts[i + 1] − 1. */
export interface SparseRows {
  /** (N + 1), int32 */
  readonly rowStarts: View;
  /** int32 */
  readonly columns: View;
  /** float32 */
  readonly values: View;
}

export interface TsneGradientOptions {
  /** A cell smaller than this times its distance counts as one point. */
  readonly angle: number;
  /** Factor of the probabilities. */
  readonly exaggeration: number;
  /** Where the divergence is written, float64 of one element; null: it is not computed. */
  readonly divergence: View | null;
}

/** t-distributed stochastic neighbor embedding. All views lie dense, float32 unless said otherwise. */
export interface TsneEngine {
  /** p (N, k): in each row e^(−β·d) over its sum, with the β that gives the row the perplexity. */
  tsneProbabilities(p: View, squaredDistances: View, perplexity: number): void;

  /**
   * The gradient (N, 2 or 3) of the Kullback–Leibler divergence at the embedding y, by Barnes and Hut. `order` (N),
   * int32, holds the points in any order and afterwards in that of the tree, which makes the next call cheaper.
   */
  tsneGradient(gradient: View, y: View, order: View, p: SparseRows, options: TsneGradientOptions): void;

  /** A step of y with momentum and gains, both updated; the gradient is multiplied by the gains. */
  tsneStep(
    y: View,
    gradient: View,
    velocity: View,
    gains: View,
    options: { readonly momentum: number; readonly learningRate: number },
  ): void;
}
