import { type Tensor, tensor } from '../../index.js';
import { nearest } from '../neighbor-kernels.js';
import { neighborProbabilities, type SparseRows } from './kernels.js';

/** Conditional probabilities of each point's k nearest neighbors. */
interface Neighbors {
  readonly k: number;
  /** (N · k) */
  readonly indices: ArrayLike<number>;
  readonly probabilities: ArrayLike<number>;
}

/** For each point j, the places in `indices` that hold it: `places` from `starts[j]` on. */
function transpose({ k, indices }: Neighbors, n: number): { starts: Int32Array; places: Int32Array } {
  const starts = new Int32Array(n + 1);
  for (let place = 0; place < n * k; place++) starts[indices[place]! + 1]! += 1;
  for (let j = 0; j < n; j++) starts[j + 1]! += starts[j]!;
  const next = starts.slice(0, n);
  const places = new Int32Array(n * k);
  for (let place = 0; place < n * k; place++) {
    const j = indices[place]!;
    places[next[j]!] = place;
    next[j]! += 1;
  }
  return { starts, places };
}

/** (P + Pᵀ) / Σ(P + Pᵀ) as a sparse matrix. */
function symmetrize(neighbors: Neighbors, n: number): SparseRows {
  const { k, indices, probabilities } = neighbors;
  const { starts, places } = transpose(neighbors, n);
  let total = 0;
  for (let place = 0; place < n * k; place++) total += 2 * probabilities[place]!;
  const rowStarts = new Int32Array(n + 1);
  const columns = new Int32Array(2 * n * k);
  const values = new Float32Array(2 * n * k);
  /** Where a column is in the current row. */
  const found = new Int32Array(n).fill(-1);
  let end = 0;
  for (let i = 0; i < n; i++) {
    const begin = end;
    for (let place = i * k; place < (i + 1) * k; place++) {
      found[indices[place]!] = end;
      columns[end] = indices[place]!;
      values[end++] = probabilities[place]! / total;
    }
    for (let at = starts[i]!; at < starts[i + 1]!; at++) {
      const place = places[at]!;
      const owner = Math.floor(place / k);
      const value = probabilities[place]! / total;
      const known = found[owner]!;
      if (known >= begin) values[known]! += value;
      else {
        columns[end] = owner;
        values[end++] = value;
      }
    }
    rowStarts[i + 1] = end;
  }
  return {
    rowStarts: tensor(rowStarts),
    columns: tensor(columns.slice(0, end)),
    values: tensor(values.slice(0, end)),
  };
}

/**
 * The probabilities p_ij that points are neighbors, summing to 1. Each point has a distribution of the given
 * perplexity over its ⌊3·perplexity⌋ + 1 nearest neighbors; p_ij is the mean of both directions.
 */
export async function jointProbabilities(rows: Tensor, perplexity: number): Promise<SparseRows> {
  const n = rows.shape[0]!;
  const k = Math.min(n - 1, Math.floor(3 * perplexity + 1));
  const { indices, squaredDistances } = nearest(rows, rows, k, true);
  const probabilities = neighborProbabilities(squaredDistances.to('float32'), perplexity);
  return symmetrize({ k, indices: await indices.data(), probabilities: await probabilities.data() }, n);
}
