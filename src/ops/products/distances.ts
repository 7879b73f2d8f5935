import { defineFused } from '../../autograd/fused.js';
import { isFloat } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { named } from '../../core/exact.js';
import { defineOptions, number, whole } from '../../core/options.js';
import { broadcastShapes, sameShape } from '../../core/shape.js';
import { checkTensors } from '../../tensor/argument.js';
import { dense } from '../../tensor/dense.js';
import { empty, type Tensor } from '../../tensor/tensor.js';
import { keepdimOptions, zerosOf } from '../axes.js';
import { triuIndices } from '../creation/triangle-indices.js';

export interface CosineSimilarityOptions {
  /** The axis of the vectors (default 1). */
  readonly dim?: number;
  /** The smallest length to divide by (default 1e-8). */
  readonly eps?: number;
}

const readCosine = defineOptions({ dim: whole(1), eps: number(1e-8, { least: 0 }) });

/** x1·x2 / (max(‖x1‖, eps) · max(‖x2‖, eps)) along an axis; x1 and x2 broadcast. @source notes 5.3 */
export const cosineSimilarity = named(
  'cosineSimilarity',
  (x1: Tensor, x2: Tensor, options?: CosineSimilarityOptions): Tensor => {
    checkTensors('cosineSimilarity', { x1, x2 });
    const { dim, eps } = readCosine('cosineSimilarity', options);
    const product = x1.mul(x2);
    const shape = product.shape;
    const length = (x: Tensor): Tensor => x.expand(shape).norm(2, dim).clamp(eps);
    return product.sum(dim).div(length(x1).mul(length(x2)));
  },
);

/** g/d, and 0 where the distance is 0. */
const slopeOf = (g: Tensor, distance: Tensor): Tensor => g.div(distance).where(distance.ne(0), 0);

/** ‖a − b + eps‖₂ over the last axis, for tensors of the same shape. */
const rowDistancesOp = defineFused<'distance', [Tensor, Tensor], { eps: number }>({
  name: 'pairwiseDistance',
  family: 'distance',
  composition: ([a, b], { eps }) => a.sub(b).add(eps).norm(2, -1),
  forward(kernels, ctx, [a, b], { eps }) {
    const out = empty(a.shape.slice(0, -1), a.dtype, a.engine);
    kernels.rowDistances(out, dense(a), dense(b), a.shape.at(-1)!, eps);
    ctx.save(a, b, out);
    return out;
  },
  backward(kernels, { saved, attrs: { eps }, needs }, g) {
    const [a, b, distances] = saved as [Tensor, Tensor, Tensor];
    const result = (wanted: boolean): Tensor | null => (wanted ? empty(a.shape, a.dtype, a.engine) : null);
    const found = [result(needs[0]!), result(needs[1]!)] as const;
    kernels.rowDistancesBackward(found, dense(g), dense(a), dense(b), distances, a.shape.at(-1)!, eps);
    return found;
  },
  gradient({ saved, attrs: { eps }, needs }, g) {
    const [a, b, distances] = saved as [Tensor, Tensor, Tensor];
    const da = a.sub(b).add(eps).mul(slopeOf(g, distances).unsqueeze(-1));
    return [needs[0] ? da : null, needs[1] ? da.neg() : null];
  },
});

export interface PairwiseDistanceOptions {
  /** Order of the norm (default 2). */
  readonly p?: number;
  /** Added to differences (default 1e-6). */
  readonly eps?: number;
  /** Whether to keep the last axis, with length 1 (default false). */
  readonly keepdim?: boolean;
}

const readPairwise = defineOptions({
  p: number(2, { infinite: true }),
  eps: number(1e-6),
  ...keepdimOptions,
});

/** ‖x1 − x2 + eps‖ₚ over the last axis. */
export const pairwiseDistance = named(
  'pairwiseDistance',
  (x1: Tensor, x2: Tensor, options?: PairwiseDistanceOptions): Tensor => {
    checkTensors('pairwiseDistance', { x1, x2 });
    const { p, eps, keepdim } = readPairwise('pairwiseDistance', options);
    if (p !== 2 || x1.dtype !== x2.dtype || !isFloat(x1.dtype) || x1.ndim * x2.ndim === 0)
      return x1.sub(x2).add(eps).norm(p, -1, { keepdim });
    const shape = broadcastShapes('pairwiseDistance', x1.shape, x2.shape);
    const spread = (x: Tensor): Tensor => (sameShape(x.shape, shape) ? x : x.expand(shape));
    const distances = rowDistancesOp([spread(x1), spread(x2)], { eps });
    return keepdim ? distances.unsqueeze(-1) : distances;
  },
);

export interface CdistOptions {
  /** Order of the norm (default 2). */
  readonly p?: number;
}

const readCdist = defineOptions({ p: number(2, { least: 0, infinite: true }) });

const pairsOf = (rows: number): [first: Tensor, second: Tensor] =>
  triuIndices(rows, rows, { offset: 1 }).unbind(0) as [Tensor, Tensor];

/** x[i] − x[j] for i < j. */
function differences(x: Tensor): Tensor {
  const [first, second] = pairsOf(x.shape[0]!);
  return x.indexSelect(0, first).sub(x.indexSelect(0, second));
}

const pairDistancesOp = defineFused<'distance', [Tensor]>({
  name: 'pdist',
  family: 'distance',
  composition: ([x]) => differences(x).norm(2, -1),
  forward(kernels, ctx, [x]) {
    const rows = x.shape[0]!;
    const out = empty([rows < 2 ? 0 : (rows * (rows - 1)) / 2], x.dtype, x.engine);
    kernels.pairDistances(out, dense(x));
    ctx.save(x, out);
    return out;
  },
  backward(kernels, { saved }, g) {
    const [x, distances] = saved as [Tensor, Tensor];
    const dx = empty(x.shape, x.dtype, x.engine);
    kernels.pairDistancesBackward(dx, dense(g), dense(x), distances);
    return [dx];
  },
  gradient({ saved }, g) {
    const [x, distances] = saved as [Tensor, Tensor];
    const [first, second] = pairsOf(x.shape[0]!);
    const pull = differences(x).mul(slopeOf(g, distances).unsqueeze(-1));
    return [zerosOf(x.shape, x).indexAdd(0, first, pull).indexAdd(0, second, pull.neg())];
  },
});

/**
 * Distances between all pairs of different rows: ‖x[i] − x[j]‖ₚ for i < j, pair by pair.
 *
 * @shape x (N, M) → (N·(N − 1) / 2)
 * @throws ShapeError unless x is a matrix
 */
export const pdist = named('pdist', (x: Tensor, options?: CdistOptions): Tensor => {
  checkTensors('pdist', { x });
  const { p } = readCdist('pdist', options);
  if (x.ndim !== 2)
    throw new ShapeError('pdist', 'needs rows', [{ name: 'x', shape: x.shape, axes: '(N, M)' }]);
  if (p === 2 && isFloat(x.dtype)) return pairDistancesOp([x]);
  return differences(x).norm(p, -1);
});

/** When to compute squared Euclidean distances with a matrix product. */
const productFrom = 25;

/**
 * Distances between all pairs of rows: d[i, j] = ‖x1[i] − x2[j]‖ₚ.
 *
 * With more than 25 rows and p = 2 it uses |a|² + |b|² − 2ab, as PyTorch does: fast, but inexact for
 * points that are close together.
 *
 * @shape x1 (…, P, M), x2 (…, R, M) → (…, P, R)
 * @throws ShapeError if the rows differ in length
 * @source notes 5.3
 */
export const cdist = named('cdist', (x1: Tensor, x2: Tensor, options?: CdistOptions): Tensor => {
  checkTensors('cdist', { x1, x2 });
  const { p } = readCdist('cdist', options);
  if (x1.ndim < 2 || x2.ndim < 2 || x1.shape.at(-1) !== x2.shape.at(-1))
    throw new ShapeError('cdist', 'needs rows of the same length', [
      { name: 'x1', shape: x1.shape, axes: '(…, P, M)' },
      { name: 'x2', shape: x2.shape, axes: '(…, R, M)' },
    ]);
  if (p !== 2 || (x1.shape.at(-2)! <= productFrom && x2.shape.at(-2)! <= productFrom))
    return x1.unsqueeze(-2).sub(x2.unsqueeze(-3)).norm(p, -1);
  const squares = (x: Tensor): Tensor => x.square().sum(-1, { keepdim: true });
  const products = x1.matmul(x2.transpose(-2, -1)).mul(2);
  return squares(x1).add(squares(x2).transpose(-2, -1)).sub(products).clamp(1e-30).sqrt();
});
