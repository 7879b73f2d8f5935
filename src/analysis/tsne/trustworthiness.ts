import { ArgumentError, ShapeError } from '../../core/errors.js';
import { defineOptions, whole } from '../../core/options.js';
import type { Tensor } from '../../index.js';
import { checkTensors } from '../../tensor/argument.js';
import { nearest, neighborRanks } from '../neighbor-kernels.js';
import { finiteRows } from '../rows.js';

export interface TrustworthinessOptions {
  /** How many neighbors of each point to consider; must be less than half the number of points (default 5). */
  readonly nNeighbors?: number;
}

const trustworthinessOptions = defineOptions({ nNeighbors: whole(5, { least: 1 }) });

/**
 * How far an embedding can be trusted, from 0 to 1: whether neighbors in the embedding are also neighbors in x.
 *
 * T = 1 − 2 / (N·k·(2N − 3k − 1)) · Σ_i Σ_j max(0, r(i, j) − k)
 *
 * where j runs over the k nearest neighbors of i in the embedding, and j is the r(i, j)-th nearest in x.
 *
 * @shape x (N, D), embedding (N, d)
 * @throws ShapeError unless both have two axes and the same number of rows
 * @throws NonFiniteError if either contains NaN or infinity
 * @throws ArgumentError unless nNeighbors is a whole number below N / 2
 * @source Venna and Kaski 2001, doi:10.1007/3-540-44668-0_68
 * @example
 * const points = randn([50, 4]);
 * await metrics.trustworthiness(points, points.mul(2)); // 1
 */
export async function trustworthiness(
  x: Tensor,
  embedding: Tensor,
  options?: TrustworthinessOptions,
): Promise<number> {
  checkTensors('trustworthiness', { x, embedding });
  const { nNeighbors: k } = trustworthinessOptions('trustworthiness', options);
  const rows = await finiteRows('trustworthiness', x);
  const embedded = await finiteRows('trustworthiness', embedding, 'embedding');
  const n = rows.shape[0]!;
  if (embedded.shape[0] !== n)
    throw new ShapeError('trustworthiness', 'needs one embedding point for each row of x', [
      { name: 'x', shape: x.shape, axes: '(N, D)' },
      { name: 'embedding', shape: embedding.shape, axes: '(N, d)' },
    ]);
  if (k >= n / 2)
    throw new ArgumentError('trustworthiness', `nNeighbors must be less than half the ${n} points, got ${k}`);
  const { indices } = nearest(embedded, embedded, k, true);
  const excess = await neighborRanks(rows, indices)
    .to('float64')
    .sub(k - 1)
    .clamp(0)
    .sum()
    .item();
  return 1 - (excess * 2) / (n * k * (2 * n - 3 * k - 1));
}
