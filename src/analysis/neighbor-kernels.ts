import { codes } from '../engine/cpu/abi.js';
/** Nearest neighbors among rows, by Euclidean distance; ties go to the first row. */
import { pointer } from '../engine/cpu/context.js';
import { extension } from '../engine/cpu/extension.js';
import { arange, eye, type Tensor } from '../index.js';
import { empty } from '../tensor/tensor.js';

const kernelsOf = extension(({ abi }) => abi);

/** The nearest points to each query. */
export interface Nearest {
  /** Nearest first. @shape (Q, k) int32 */
  readonly indices: Tensor;
  /** @shape (Q, k) */
  readonly squaredDistances: Tensor;
}

/** Squared distances of all pairs (Q, M); with `others`, a row is infinitely far from itself. */
function pairs(queries: Tensor, points: Tensor, others: boolean): Tensor {
  const squared = queries.unsqueeze(1).sub(points.unsqueeze(0)).square().sum(-1);
  if (!others) return squared;
  return squared.maskedFill(eye(points.shape[0]!, { dtype: 'bool' }), Number.POSITIVE_INFINITY);
}

/** `nearest`, composed of operations. */
export function composedNearest(queries: Tensor, points: Tensor, k: number, others: boolean): Nearest {
  const { values, indices } = pairs(queries, points, others).topk(k, 1, { largest: false });
  return { indices, squaredDistances: values };
}

/**
 * The k rows of `points` (M, D) nearest to each row of `queries` (Q, D). If both are the same rows, `others` leaves
 * out the row itself. Both are dense and share a floating dtype.
 */
export function nearest(queries: Tensor, points: Tensor, k: number, others: boolean): Nearest {
  const kernels = kernelsOf(points.engine);
  if (kernels === null) return composedNearest(queries, points, k, others);
  const n = queries.shape[0]!;
  const indices = empty([n, k], 'int32', points.engine);
  const squaredDistances = empty([n, k], points.dtype, points.engine);
  kernels.nearest(
    codes.dtype[points.dtype],
    pointer(queries),
    pointer(points),
    pointer(indices),
    pointer(squaredDistances),
    n,
    points.shape[0]!,
    points.shape[1]!,
    k,
    Number(others),
  );
  return { indices, squaredDistances };
}

/** `neighborRanks`, composed of operations. */
export function composedRanks(x: Tensor, neighbors: Tensor): Tensor {
  const squared = pairs(x, x, true);
  const own = squared.gather(1, neighbors).unsqueeze(2); // (N, k, 1)
  const all = squared.unsqueeze(1); // (N, 1, N)
  const before = arange(x.shape[0]!, { dtype: 'int32' }).lt(neighbors.unsqueeze(2)); // (N, k, N)
  return all.lt(own).logicalOr(all.eq(own).logicalAnd(before)).sum(2);
}

/** The number of other rows of x (N, D) that are closer to row i than row neighbors[i, j] is. @shape (N, k) int32 */
export function neighborRanks(x: Tensor, neighbors: Tensor): Tensor {
  const kernels = kernelsOf(x.engine);
  if (kernels === null) return composedRanks(x, neighbors);
  const ranks = empty(neighbors.shape, 'int32', x.engine);
  const [n, width] = x.shape as [number, number];
  kernels.neighbor_ranks(
    codes.dtype[x.dtype],
    pointer(x),
    pointer(neighbors),
    pointer(ranks),
    n,
    width,
    neighbors.shape[1]!,
  );
  return ranks;
}
