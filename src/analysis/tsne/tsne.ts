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
  /** Dimensions of the embedding, 2 (default) or 3. */
  readonly nComponents?: 2 | 3;
  /**
   * About how many neighbors of a point count, less than the number of points; larger sets want more
   * (default 30, usual 5 to 50).
   */
  readonly perplexity?: number;
  /** Factor of the probabilities in the first 250 iterations, which draws clusters together (default 12). */
  readonly earlyExaggeration?: number;
  /** Default 'auto': N / earlyExaggeration / 4, at least 50. */
  readonly learningRate?: number | 'auto';
  /** Iterations at most, at least 250 (default 1000). */
  readonly nIter?: number;
  /** It stops after so many iterations without progress, looked at every 50 (default 300). */
  readonly nIterWithoutProgress?: number;
  /** It stops when the gradient is no longer than this (default 1e-7). */
  readonly minGradNorm?: number;
  /**
   * Where points start: along their principal axes (default), which keeps the large structure; drawn around
   * the origin; or an embedding (N, nComponents) of your own.
   */
  readonly init?: 'pca' | 'random' | Tensor;
  /**
   * A cell of points that looks smaller than this from a point, in radians, counts as one: 0 is exact and
   * slow, 1 fast and coarse (default 0.5).
   */
  readonly angle?: number;
  /** Seed of `init: 'random'` (default: it is drawn from the generator that `manualSeed` seeds). */
  readonly seed?: number;
  /** Is told every 50 iterations how far it is; what it returns is awaited. */
  readonly onProgress?: (progress: TsneProgress) => void | Promise<void>;
}

/** What `tsne` found. */
export interface Tsne {
  /** @shape (N, nComponents), float32 */
  readonly embedding: Tensor;
  /** The Kullback–Leibler divergence of the embedding's neighborhoods from those of the data. */
  readonly klDivergence: number;
  /** Iterations that were done. */
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

/** Deviation of the first coordinate of an embedding that begins. */
const startDeviation = 1e-4;

async function alongPrincipalAxes(rows: Tensor, dims: number): Promise<Tensor> {
  if (rows.shape[1]! < dims)
    throw new ArgumentError(
      'tsne',
      `x has ${rows.shape[1]} feature, init 'pca' needs ${dims}; use init: 'random'`,
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
 * t-distributed stochastic neighbor embedding: points in the plane or in space, placed so that neighbors
 * in x are neighbors there.
 *
 * Gradient descent on KL(P ‖ Q) = Σ p_ij log(p_ij / q_ij), where p_ij is how likely two rows of x are
 * neighbors (Gaussian, its width such that every point has about `perplexity` neighbors), and
 * q_ij ∝ 1 / (1 + ‖y_i − y_j‖²). Neighborhoods can be trusted (see `trustworthiness`); sizes of
 * clusters and distances between them mean little. Time grows as N log N, memory as N · perplexity. The same seed
 * gives the same picture, whatever the number of threads. Reduce x of many features by `pca` to about 50 first.
 *
 * @shape x (N, D)
 * @throws ShapeError unless x has two axes and is not empty, or for `init` of another shape
 * @throws NonFiniteError if x or `init` has NaN or infinity, or the embedding diverges
 * @throws ArgumentError for options that make no sense, and where all rows of x are the same and init is 'pca'
 * @differs scikit-learn bounds the cells of the tree by a grid, this by the points in them
 * @source van der Maaten 2014, Accelerating t-SNE using tree-based algorithms, jmlr.org/papers/v15/vandermaaten14a;
 *   defaults as scikit-learn's TSNE
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
  if (n < 2) throw new ArgumentError('tsne', 'x has one row, there is nothing to place beside it');
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
