import { ShapeError } from '../core/errors.js';
import type { Tensor } from '../index.js';
import { checkTensors } from '../tensor/argument.js';
import { nearest } from './neighbor-kernels.js';
import { checkNumber, finiteRows } from './rows.js';

/** The nearest points to each query. */
export interface Neighbors {
  /** Row numbers of the points, nearest first. @shape (Q, k) int32 */
  readonly indices: Tensor;
  /** Euclidean distances. @shape (Q, k) */
  readonly distances: Tensor;
}

/**
 * The k points nearest to each query, by Euclidean distance; ties go to the first point.
 *
 * To rank by cosine similarity, pass both through `F.normalize` first.
 *
 * @param queries null finds each point's nearest neighbors among the other points
 * @shape points (N, D), queries (Q, D) → (Q, k)
 * @throws ShapeError unless both have rows with the same number of features
 * @throws NonFiniteError if either contains NaN or infinity
 * @throws ArgumentError unless k is a whole number from 1 to the number of points
 * @source notes 3.11
 * @example
 * const points = tensor([[0, 0], [3, 4], [6, 8]]);
 * const { indices, distances } = await metrics.nearestNeighbors(points, tensor([[0, 1]]), 2);
 * indices.toArraySync(); // [[0, 1]]
 */
export async function nearestNeighbors(
  points: Tensor,
  queries: Tensor | null,
  k: number,
): Promise<Neighbors> {
  checkTensors('nearestNeighbors', { points });
  const rows = await finiteRows('nearestNeighbors', points, 'points');
  const asked =
    queries === null ? rows : (await finiteRows('nearestNeighbors', queries, 'queries')).to(rows.dtype);
  if (asked.shape[1] !== rows.shape[1])
    throw new ShapeError('nearestNeighbors', 'points and queries have different numbers of features', [
      { name: 'points', axes: '(N, D)', shape: points.shape },
      { name: 'queries', axes: '(Q, D)', shape: queries!.shape },
    ]);
  const others = queries === null;
  const limit = rows.shape[0]! - Number(others);
  checkNumber(
    'nearestNeighbors',
    'k',
    k,
    limit,
    others ? 'the number of other points' : 'the number of points',
  );
  const { indices, squaredDistances } = nearest(asked, rows, k, others);
  return { indices, distances: squaredDistances.sqrt() };
}
