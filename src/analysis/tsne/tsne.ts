import { ArgumentError, ShapeError } from '../../core/errors.js';
import { callback, defineOptions, either, number, oneOf, whole, word } from '../../core/options.js';
import { defaultGenerator, Generator } from '../../core/random.js';
import { randn, type Tensor } from '../../index.js';
import { checkTensors } from '../../tensor/argument.js';
import { tensorOption } from '../../tensor/option.js';
import { pca } from '../pca/pca.js';
import { finiteRows } from '../rows.js';
import { jointProbabilities } from './affinities.js';
import { Descent, type TsneProgress } from './descent.js';

export interface TsneOptions {
  /** Number of dimensions of the embedding, 2 (default) or 3. */
  readonly nComponents?: 2 | 3;
  /**
   * Roughly how many neighbors of each point matter. Must be less than the number of points; larger data sets need
   * more (default 30, typically 5 to 50).
   */
  readonly perplexity?: number;
  /** Factor applied to the probabilities in the first 250 iterations, which pulls clusters together (default 12). */
  readonly earlyExaggeration?: number;
  /** Default 'auto': N / earlyExaggeration / 4, at least 50. */
  readonly learningRate?: number | 'auto';
  /** Maximum number of iterations, at least 250 (default 1000). */
  readonly nIter?: number;
  /** Stops after this many iterations without progress, checked every 50 (default 300). */
  readonly nIterWithoutProgress?: number;
  /** Stops when the norm of the gradient is at most this (default 1e-7). */
  readonly minGradNorm?: number;
  /**
   * Where points start: along their principal axes (default), which preserves the global structure; drawn around the
   * origin; or your own embedding (N, nComponents).
   */
  readonly init?: 'pca' | 'random' | Tensor;
  /**
   * A cell that looks smaller than this from a point, in radians, is treated as a single point: 0 is exact but slow,
   * 1 is fast but coarse (default 0.5).
   */
  readonly angle?: number;
  /** Seed for `init: 'random'` (default: drawn from the generator that `manualSeed` seeds). */
  readonly seed?: number;
  /** Called with the progress every 50 iterations; its return value is awaited. */
  readonly onProgress?: (progress: TsneProgress) => void | Promise<void>;
}

/** The result of `tsne`. */
export interface Tsne {
  /** @shape (N, nComponents), float32 */
  readonly embedding: Tensor;
  /** The Kullback–Leibler divergence of the embedding's neighborhoods from those of the data. */
  readonly klDivergence: number;
  /** Number of iterations run. */
  readonly nIter: number;
  readonly learningRate: number;
}

const explorationIterations = 250;

const tsneOptions = defineOptions({
  nComponents: oneOf([2, 3], 2),
  perplexity: number(30, { above: 0 }),
  earlyExaggeration: number(12, { least: 1 }),
  learningRate: either(word(['auto'], 'auto'), number(1, { above: 0 })),
  nIter: whole(1000, { least: explorationIterations }),
  nIterWithoutProgress: number(300, { least: 0, infinite: true }),
  minGradNorm: number(1e-7, { least: 0 }),
  init: either(word(['pca', 'random'], 'pca'), tensorOption),
  angle: number(0.5, { least: 0, most: 1 }),
  seed: whole(undefined),
  onProgress: callback<NonNullable<TsneOptions['onProgress']>>(),
});

/** Standard deviation of the first coordinate of the initial embedding. */
const startDeviation = 1e-4;

async function alongPrincipalAxes(rows: Tensor, dims: number): Promise<Tensor> {
  if (rows.shape[1]! < dims)
    throw new ArgumentError(
      'tsne',
      `x has ${rows.shape[1]} feature, but init 'pca' needs ${dims}; use init: 'random'`,
    );
  const scores = (await pca(rows, dims)).transform(rows).to('float64');
  const deviation = scores.select(1, 0).std(0, { correction: 0 });
  return scores.div(deviation).mul(startDeviation).to('float32');
}

async function start(
  rows: Tensor,
  dims: number,
  init: 'pca' | 'random' | Tensor,
  generator: Generator,
): Promise<Tensor> {
  const n = rows.shape[0]!;
  if (init === 'pca') return alongPrincipalAxes(rows, dims);
  if (init === 'random') return randn([n, dims], { generator }).mul(startDeviation);
  const given = await finiteRows('tsne', init, 'init');
  if (given.shape[0] !== n || given.shape[1] !== dims)
    throw new ShapeError('tsne', `init must be ${n} points of ${dims} coordinates`, [
      { name: 'init', shape: init.shape, axes: '(N, nComponents)' },
    ]);
  return given.to('float32').clone();
}

/**
 * t-distributed stochastic neighbor embedding: points in the plane or in space, placed so that neighbors in x stay
 * neighbors.
 *
 * Gradient descent on KL(P ‖ Q) = Σ p_ij log(p_ij / q_ij), where p_ij is how likely two rows of x are to be neighbors
 * (Gaussian, with a width that gives every point about `perplexity` neighbors), and q_ij ∝ 1 / (1 + ‖y_i − y_j‖²).
 * You can trust neighborhoods (see `trustworthiness`); the sizes of clusters and the distances between them mean
 * little. Time grows as N log N, memory as N · perplexity. The same seed gives the same picture for any number of
 * threads. If x has many features, reduce it to about 50 with `pca` first.
 *
 * @shape x (N, D)
 * @throws ShapeError unless x has two axes and isn't empty, or if `init` has the wrong shape
 * @throws NonFiniteError if x or `init` contains NaN or infinity, or if the embedding diverges
 * @throws ArgumentError for invalid options, or if all rows of x are the same and init is 'pca'
 * @differs scikit-learn bounds the tree's cells by a grid; this bounds them by the points they contain
 * @source van der Maaten 2014, Accelerating t-SNE using tree-based algorithms, jmlr.org/papers/v15/vandermaaten14a;
 *   same defaults as scikit-learn's TSNE
 * @example
 * const { x: points } = data.blobs({ n: 90, features: 5, seed: 1 });
 * const { embedding, klDivergence } = await metrics.tsne(points, { perplexity: 10, nIter: 250 });
 */
export async function tsne(x: Tensor, options?: TsneOptions): Promise<Tsne> {
  checkTensors('tsne', { x });
  const read = tsneOptions('tsne', options);
  const { nComponents, perplexity, earlyExaggeration, learningRate, init, seed } = read;
  const rows = await finiteRows('tsne', x);
  const n = rows.shape[0]!;
  if (n < 2) throw new ArgumentError('tsne', 'x has only one row; t-SNE needs at least two');
  if (perplexity >= n)
    throw new ArgumentError('tsne', `perplexity must be less than the ${n} rows of x, got ${perplexity}`);
  const generator = seed === undefined ? defaultGenerator : new Generator(seed);
  const y = await start(rows, nComponents, init, generator);
  const rate = learningRate === 'auto' ? Math.max(n / earlyExaggeration / 4, 50) : learningRate;
  const p = await jointProbabilities(rows, perplexity);
  const descent = new Descent(y, p, {
    angle: read.angle,
    minGradNorm: read.minGradNorm,
    learningRate: rate,
    onProgress: read.onProgress,
  });
  await descent.run({
    until: explorationIterations,
    exaggeration: earlyExaggeration,
    momentum: 0.5,
    patience: explorationIterations,
  });
  await descent.run({
    until: read.nIter,
    exaggeration: 1,
    momentum: 0.8,
    patience: read.nIterWithoutProgress,
  });
  return { embedding: y, klDivergence: descent.klDivergence, nIter: descent.iteration, learningRate: rate };
}
