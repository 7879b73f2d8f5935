import { ShapeError } from '../../core/errors.js';
import type { Tensor } from '../../tensor/tensor.js';
import { pairwiseDistance } from '../distances.js';
import { type LossOptions, reduceLosses, requireFloats } from './reduction.js';

export interface HingeEmbeddingLossOptions extends LossOptions {
  /** Distance beyond which a dissimilar pair costs nothing (default 1). */
  readonly margin?: number;
}

/** x where t = 1, max(0, margin − x) where t = −1: distances of similar and dissimilar pairs. */
export function hingeEmbeddingLoss(
  x: Tensor,
  target: Tensor,
  { margin = 1, reduction = 'mean' }: HingeEmbeddingLossOptions = {},
): Tensor {
  requireFloats('hingeEmbeddingLoss', x);
  const dissimilar = x.rsub(margin).clamp(0).where(target.ne(1), 0);
  return reduceLosses('hingeEmbeddingLoss', dissimilar.add(x.where(target.ne(-1), 0)), reduction);
}

export interface CosineEmbeddingLossOptions extends LossOptions {
  /** Cosine below which a dissimilar pair costs nothing, −1 to 1 (default 0). */
  readonly margin?: number;
}

/**
 * 1 − cos where t = 1, max(0, cos − margin) where t = −1.
 *
 * @shape x1 and x2 (N, D), target (N); or (D), (D) and ()
 * @throws ShapeError for other shapes
 */
export function cosineEmbeddingLoss(
  x1: Tensor,
  x2: Tensor,
  target: Tensor,
  { margin = 0, reduction = 'mean' }: CosineEmbeddingLossOptions = {},
): Tensor {
  requireFloats('cosineEmbeddingLoss', x1, 'x1');
  if (x1.ndim !== x2.ndim || x1.ndim !== target.ndim + 1 || x1.ndim > 2)
    throw new ShapeError('cosineEmbeddingLoss', 'needs pairs of vectors and a target for each pair', [
      { name: 'x1', shape: x1.shape, axes: '(N, D)' },
      { name: 'x2', shape: x2.shape, axes: '(N, D)' },
      { name: 'target', shape: target.shape, axes: '(N)' },
    ]);
  const square = (x: Tensor): Tensor => x.square().sum(-1).add(1e-12);
  const cosine = x1
    .mul(x2)
    .sum(-1)
    .div(square(x1).mul(square(x2)).sqrt());
  const similar = cosine.rsub(1).where(target.eq(1), 0);
  const dissimilar = cosine.sub(margin).clamp(0).where(target.eq(-1), 0);
  return reduceLosses('cosineEmbeddingLoss', similar.add(dissimilar), reduction);
}

export interface TripletMarginLossOptions extends LossOptions {
  /** By how much the negative has to be farther away (default 1). */
  readonly margin?: number;
  /** Order of the norm (default 2). */
  readonly p?: number;
  /** Added to differences, against slopes at 0 (default 1e-6). */
  readonly eps?: number;
  /** Whether the positive stands in for the anchor where it lies nearer to the negative (default false). */
  readonly swap?: boolean;
}

/**
 * max(0, d(anchor, positive) − d(anchor, negative) + margin), d the p-norm of the difference.
 *
 * @shape (N, D) or (D), all three
 * @throws ShapeError unless all three have the same number of axes
 * @source Balntas et al. 2016, doi:10.5244/C.30.119
 */
export function tripletMarginLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  { p = 2, eps = 1e-6, ...options }: TripletMarginLossOptions = {},
): Tensor {
  const distanceFunction = (a: Tensor, b: Tensor): Tensor => pairwiseDistance(a, b, { p, eps });
  return triplet('tripletMarginLoss', [anchor, positive, negative], { ...options, distanceFunction });
}

export interface TripletMarginWithDistanceLossOptions extends LossOptions {
  /** The distance of pairs, not negative (default: the Euclidean one, `pairwiseDistance`). */
  readonly distanceFunction?: (a: Tensor, b: Tensor) => Tensor;
  /** By how much the negative has to be farther away (default 1). */
  readonly margin?: number;
  /** Whether the positive stands in for the anchor where it lies nearer to the negative (default false). */
  readonly swap?: boolean;
}

/** As `tripletMarginLoss`, with a distance of one's own. @shape (N, …), all three */
export const tripletMarginWithDistanceLoss = (
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options: TripletMarginWithDistanceLossOptions = {},
): Tensor => triplet('tripletMarginWithDistanceLoss', [anchor, positive, negative], options);

function triplet(
  operation: string,
  [anchor, positive, negative]: readonly [Tensor, Tensor, Tensor],
  {
    distanceFunction: distance = pairwiseDistance,
    margin = 1,
    swap = false,
    reduction = 'mean',
  }: TripletMarginWithDistanceLossOptions,
): Tensor {
  requireFloats(operation, anchor, 'anchor');
  if (anchor.ndim !== positive.ndim || anchor.ndim !== negative.ndim)
    throw new ShapeError(operation, 'the three need the same number of axes', [
      { name: 'anchor', shape: anchor.shape },
      { name: 'positive', shape: positive.shape },
      { name: 'negative', shape: negative.shape },
    ]);
  const near = distance(anchor, positive);
  const fromAnchor = distance(anchor, negative);
  const far = swap ? fromAnchor.minimum(distance(positive, negative)) : fromAnchor;
  return reduceLosses(operation, near.sub(far).add(margin).clamp(0), reduction);
}

export interface MarginRankingLossOptions extends LossOptions {
  /** By how much the first has to be ahead (default 0). */
  readonly margin?: number;
}

/** max(0, −t·(x1 − x2) + margin): t = 1 where x1 should rank higher, −1 where x2 should. */
export function marginRankingLoss(
  x1: Tensor,
  x2: Tensor,
  target: Tensor,
  { margin = 0, reduction = 'mean' }: MarginRankingLossOptions = {},
): Tensor {
  requireFloats('marginRankingLoss', x1, 'x1');
  const losses = target.neg().mul(x1.sub(x2)).add(margin).clamp(0);
  return reduceLosses('marginRankingLoss', losses, reduction);
}
