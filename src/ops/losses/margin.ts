import { ShapeError } from '../../core/errors.js';
import { named } from '../../core/exact.js';
import { callback, defineOptions, flag, number } from '../../core/options.js';
import { broadcastShapes } from '../../core/shape.js';
import { checkTensors } from '../../tensor/argument.js';
import type { Tensor } from '../../tensor/tensor.js';
import { cast } from '../elementwise/pointwise.js';
import { pairwiseDistance } from '../products/distances.js';
import { rowProducts } from '../products/row-products.js';
import { typeOf } from '../promotion.js';
import { defineLoss } from './pointwise.js';
import {
  type LossOptions,
  lossOptions,
  type Reduction,
  reduceLosses,
  requireFloats,
  warnOfBroadcast,
} from './reduction.js';

export interface HingeEmbeddingLossOptions extends LossOptions {
  /** The distance beyond which a dissimilar pair costs nothing (default 1). */
  readonly margin?: number;
}

export const readHinge = defineOptions({ margin: number(1), ...lossOptions });

const hingeOp = defineLoss({
  name: 'hingeEmbeddingLoss',
  kernel: 'hinge',
  value: (x, t, _, margin) =>
    x
      .rsub(margin)
      .clamp(0)
      .where(t.ne(1), 0)
      .add(x.where(t.ne(-1), 0)),
  slopes: (x, t, _, margin) => [
    t
      .ne(-1)
      .to(x.dtype)
      .sub(t.ne(1).logicalAnd(x.le(margin)).to(x.dtype)),
  ],
});

/** x where t = 1, max(0, margin − x) where t = −1: x holds the distances of similar and dissimilar pairs. */
export function hingeEmbeddingLoss(x: Tensor, target: Tensor, options?: HingeEmbeddingLossOptions): Tensor {
  checkTensors('hingeEmbeddingLoss', { x, target });
  const { margin, reduction } = readHinge('hingeEmbeddingLoss', options);
  requireFloats('hingeEmbeddingLoss', x);
  warnOfBroadcast('hingeEmbeddingLoss', x, target);
  return hingeOp(x, target.detach().to(x.dtype), { reduction, p: margin });
}

export interface CosineEmbeddingLossOptions extends LossOptions {
  /** The cosine below which a dissimilar pair costs nothing, −1 to 1 (default 0). */
  readonly margin?: number;
}

export const readCosine = defineOptions({ margin: number(0, { least: -1, most: 1 }), ...lossOptions });

/**
 * 1 − cos where t = 1, max(0, cos − margin) where t = −1.
 *
 * @shape x1 and x2 (N, D), target (N); or (D), (D) and ()
 * @throws ShapeError for other shapes
 */
export const cosineEmbeddingLoss = named(
  'cosineEmbeddingLoss',
  (x1: Tensor, x2: Tensor, target: Tensor, options?: CosineEmbeddingLossOptions): Tensor => {
    checkTensors('cosineEmbeddingLoss', { x1, x2, target });
    const { margin, reduction } = readCosine('cosineEmbeddingLoss', options);
    requireFloats('cosineEmbeddingLoss', x1, 'x1');
    if (x1.ndim !== x2.ndim || x1.ndim !== target.ndim + 1 || x1.ndim > 2)
      throw new ShapeError('cosineEmbeddingLoss', 'needs pairs of vectors and one target for each pair', [
        { name: 'x1', shape: x1.shape, axes: '(N, D)' },
        { name: 'x2', shape: x2.shape, axes: '(N, D)' },
        { name: 'target', shape: target.shape, axes: '(N)' },
      ]);
    const dtype = typeOf([x1, x2]);
    const shape = broadcastShapes('cosineEmbeddingLoss', x1.shape, x2.shape);
    const [a, b] = [x1, x2].map((x) => cast(x, dtype).expand(shape)) as [Tensor, Tensor];
    const square = (x: Tensor): Tensor => rowProducts([x, x]).add(1e-12);
    const cosine = rowProducts([a, b]).div(square(a).mul(square(b)).sqrt());
    const similar = cosine.rsub(1).where(target.eq(1), 0);
    const dissimilar = cosine.sub(margin).clamp(0).where(target.eq(-1), 0);
    return reduceLosses(similar.add(dissimilar), reduction);
  },
);

export interface TripletMarginLossOptions extends LossOptions {
  /** How much farther away the negative has to be (default 1). */
  readonly margin?: number;
  /** Order of the norm (default 2). */
  readonly p?: number;
  /** Added to differences to avoid infinite slopes at 0 (default 1e-6). */
  readonly eps?: number;
  /** Whether the positive replaces the anchor if it's nearer to the negative (default false). */
  readonly swap?: boolean;
}

const tripletOptions = { margin: number(1), ...lossOptions };
export const readTriplet = defineOptions({
  ...tripletOptions,
  p: number(2, { infinite: true }),
  eps: number(1e-6),
  swap: flag(false),
});

/**
 * max(0, d(anchor, positive) − d(anchor, negative) + margin), where d is the p-norm of the difference.
 *
 * @shape (N, D) or (D), all three
 * @throws ShapeError unless all three have the same number of axes
 * @source Balntas et al. 2016, doi:10.5244/C.30.119
 */
export const tripletMarginLoss = named(
  'tripletMarginLoss',
  (anchor: Tensor, positive: Tensor, negative: Tensor, options?: TripletMarginLossOptions): Tensor => {
    checkTensors('tripletMarginLoss', { anchor, positive, negative });
    const { p, eps, ...rest } = readTriplet('tripletMarginLoss', options);
    const distance = (a: Tensor, b: Tensor): Tensor => pairwiseDistance(a, b, { p, eps });
    return triplet('tripletMarginLoss', [anchor, positive, negative], distance, rest);
  },
);

type Distance = (a: Tensor, b: Tensor) => Tensor;

export interface TripletMarginWithDistanceLossOptions extends LossOptions {
  /** The distance between pairs, not negative (default: Euclidean, `pairwiseDistance`). */
  readonly distanceFunction?: Distance;
  /** How much farther away the negative has to be (default 1). */
  readonly margin?: number;
  /** Whether the positive replaces the anchor if it's nearer to the negative (default false). */
  readonly swap?: boolean;
}

export const readTripletWithDistance = defineOptions({
  distanceFunction: callback<Distance>(),
  ...tripletOptions,
  swap: flag(false),
});

/** Like `tripletMarginLoss`, with your own distance. @shape (N, …), all three */
export function tripletMarginWithDistanceLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options?: TripletMarginWithDistanceLossOptions,
): Tensor {
  checkTensors('tripletMarginWithDistanceLoss', { anchor, positive, negative });
  const name = 'tripletMarginWithDistanceLoss';
  const { distanceFunction, ...rest } = readTripletWithDistance(name, options);
  return triplet(name, [anchor, positive, negative], distanceFunction ?? pairwiseDistance, rest);
}

function triplet(
  operation: string,
  [anchor, positive, negative]: readonly [Tensor, Tensor, Tensor],
  distance: Distance,
  {
    margin,
    swap,
    reduction,
  }: { readonly margin: number; readonly swap: boolean; readonly reduction: Reduction },
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
  return reduceLosses(near.sub(far).add(margin).clamp(0), reduction);
}

export interface MarginRankingLossOptions extends LossOptions {
  /** By how much the first must be ahead (default 0). */
  readonly margin?: number;
}

export const readRanking = defineOptions({ margin: number(0), ...lossOptions });

const rankingOp = defineLoss({
  name: 'marginRankingLoss',
  kernel: 'ranking',
  value: (x1, t, x2, margin) => x1.sub(x2).mul(t).rsub(margin).clamp(0),
  slopes(x1, t, x2, margin) {
    const ahead = x1.sub(x2);
    const counts = t.mul(ahead).le(margin);
    return [t.neg().where(counts, 0), ahead.neg().where(counts, 0), t.where(counts, 0)];
  },
});

/**
 * max(0, −t·(x1 − x2) + margin): t = 1 where x1 should rank higher, −1 where x2 should.
 *
 * @throws ShapeError unless all three have the same number of axes
 */
export const marginRankingLoss = named(
  'marginRankingLoss',
  (x1: Tensor, x2: Tensor, target: Tensor, options?: MarginRankingLossOptions): Tensor => {
    checkTensors('marginRankingLoss', { x1, x2, target });
    const { margin, reduction } = readRanking('marginRankingLoss', options);
    requireFloats('marginRankingLoss', x1, 'x1');
    if (x1.ndim !== x2.ndim || x1.ndim !== target.ndim)
      throw new ShapeError('marginRankingLoss', 'the three need the same number of axes', [
        { name: 'x1', shape: x1.shape },
        { name: 'x2', shape: x2.shape },
        { name: 'target', shape: target.shape },
      ]);
    return rankingOp(x1, target, { reduction, third: x2, p: margin });
  },
);
