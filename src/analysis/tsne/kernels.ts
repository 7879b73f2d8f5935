/** What t-SNE computes in each iteration, using a tree on CPU engines; all float32 unless noted otherwise. */
import { pointer } from '../../engine/cpu/context.js';
import { extension } from '../../engine/cpu/extension.js';
import { arange, full, searchsorted, type Tensor, zerosLike } from '../../index.js';
import { emptyLike } from '../../tensor/tensor.js';

const kernelsOf = extension(({ abi }) => abi);

/** A sparse square matrix: row i has the elements rowStarts[i] … rowStarts[i + 1] − 1. */
export interface SparseRows {
  /** (N + 1), int32 */
  readonly rowStarts: Tensor;
  /** int32 */
  readonly columns: Tensor;
  readonly values: Tensor;
}

export interface GradientOptions {
  /** A cell smaller than this times its distance is treated as a single point. */
  readonly angle: number;
  /** Factor applied to the probabilities. */
  readonly exaggeration: number;
  /** Where to write the divergence, a float64 tensor with one element; null skips computing it. */
  readonly divergence: Tensor | null;
}

const searchSteps = 100;
const entropyTolerance = 1e-5;

/** `neighborProbabilities`, composed of operations: a bisection search for β in all rows at once. */
export function composedProbabilities(squaredDistances: Tensor, perplexity: number): Tensor {
  const wide = squaredDistances.to('float64');
  const d = wide.sub(wide.amin(1, { keepdim: true }));
  const infinity = Number.POSITIVE_INFINITY;
  const everywhere = (value: number): Tensor => full([d.shape[0]!, 1], value, { dtype: 'float64' });
  let [beta, low, high] = [everywhere(1), everywhere(-infinity), everywhere(infinity)];
  const weights = (): Tensor => d.mul(beta).neg().exp();
  for (let step = 1; step < searchSteps; step++) {
    const e = weights();
    const sum = e.sum(1, { keepdim: true });
    const entropy = sum.log().add(beta.mul(e.mul(d).sum(1, { keepdim: true })).div(sum));
    const excess = entropy.sub(Math.log(perplexity));
    const rises = excess.gt(entropyTolerance);
    const falls = excess.lt(-entropyTolerance);
    low = beta.where(rises, low);
    high = beta.where(falls, high);
    const up = beta.mul(2).where(high.eq(infinity), beta.add(high).div(2));
    const down = beta.div(2).where(low.eq(-infinity), beta.add(low).div(2));
    beta = up.where(rises, down.where(falls, beta));
  }
  const e = weights();
  return e.div(e.sum(1, { keepdim: true })).to('float32');
}

/** p (N, k): in each row, e^(−β·d) over its sum, with the β that gives the row the perplexity. */
export function neighborProbabilities(squaredDistances: Tensor, perplexity: number): Tensor {
  const kernels = kernelsOf(squaredDistances.engine);
  if (kernels === null) return composedProbabilities(squaredDistances, perplexity);
  const p = emptyLike(squaredDistances);
  const [n, k] = p.shape as [number, number];
  kernels.tsne_probabilities(pointer(squaredDistances), pointer(p), n, k, perplexity);
  return p;
}

/** `divergenceGradient`, composed of operations, with all pairs of points in memory and no approximation. */
export function composedGradient(
  gradient: Tensor,
  y: Tensor,
  { rowStarts, columns, values }: SparseRows,
  { exaggeration, divergence }: GradientOptions,
): void {
  const places = arange(columns.count, { dtype: 'int32' });
  const rows = searchsorted(rowStarts, places, { right: true }).sub(1); // the row of each element
  const apart = y.unsqueeze(1).sub(y.unsqueeze(0)); // (N, N, D)
  const q = apart.square().sum(2).add(1).reciprocal();
  const z = q.sum().sub(y.shape[0]!); // excluding each point paired with itself
  const repulsion = q.square().div(z).unsqueeze(2).mul(apart).sum(1);
  const near = y.indexSelect(0, rows).sub(y.indexSelect(0, columns));
  const nearQ = near.square().sum(1).add(1).reciprocal();
  const p = values.mul(exaggeration);
  const pull = p.mul(nearQ).unsqueeze(1).mul(near);
  const attraction = zerosLike(y).indexAdd(0, rows, pull);
  gradient.copy_(attraction.sub(repulsion).mul(4));
  divergence?.copy_(
    p
      .mul(p.mul(z).div(nearQ).log().where(p.gt(0), 0))
      .sum()
      .reshape([1]),
  );
}

/**
 * Writes the gradient (N, 2 or 3) of the Kullback–Leibler divergence at the embedding y, using Barnes–Hut. `order`
 * (N), int32, holds the points in any order; it's left in tree order, which makes the next call cheaper.
 */
export function divergenceGradient(
  gradient: Tensor,
  y: Tensor,
  order: Tensor,
  p: SparseRows,
  options: GradientOptions,
): void {
  const kernels = kernelsOf(y.engine);
  if (kernels === null) {
    composedGradient(gradient, y, p, options);
    return;
  }
  const { angle, exaggeration, divergence } = options;
  kernels.tsne_gradient(
    y.shape[1]!,
    y.shape[0]!,
    pointer(y),
    pointer(order),
    pointer(p.rowStarts),
    pointer(p.columns),
    pointer(p.values),
    angle,
    exaggeration,
    pointer(gradient),
    divergence ? pointer(divergence) : 0,
  );
}

export interface StepOptions {
  readonly momentum: number;
  readonly learningRate: number;
}

/** `step`, composed of operations. */
export function composedStep(
  y: Tensor,
  gradient: Tensor,
  velocity: Tensor,
  gains: Tensor,
  { momentum, learningRate }: StepOptions,
): void {
  const turns = velocity.mul(gradient).lt(0);
  gains.copy_(gains.add(0.2).where(turns, gains.mul(0.8)).clamp(0.01));
  gradient.mul_(gains);
  velocity.mul_(momentum).sub_(gradient.mul(learningRate));
  y.add_(velocity);
}

/** Steps y with momentum and gains, updating both; the gradient is multiplied by the gains. */
export function step(
  y: Tensor,
  gradient: Tensor,
  velocity: Tensor,
  gains: Tensor,
  options: StepOptions,
): void {
  const kernels = kernelsOf(y.engine);
  if (kernels === null) {
    composedStep(y, gradient, velocity, gains, options);
    return;
  }
  kernels.tsne_step(
    y.count,
    pointer(y),
    pointer(gradient),
    pointer(velocity),
    pointer(gains),
    options.momentum,
    options.learningRate,
  );
}
