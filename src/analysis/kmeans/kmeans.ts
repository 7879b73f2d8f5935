import { ShapeError } from '../../core/errors.js';
import { defineOptions, either, number, whole, word } from '../../core/options.js';
import { defaultGenerator, Generator } from '../../core/random.js';
import { randperm, type Tensor, tidy } from '../../index.js';
import { checkTensors } from '../../tensor/argument.js';
import { tensorOption } from '../../tensor/option.js';
import { checkNumber, finiteRows, floatingRows } from '../rows.js';
import { assign, type Clustering, lloyd } from './lloyd.js';
import { plusPlus } from './seeding.js';

export interface KMeansOptions {
  /**
   * Initial centers: far-apart rows drawn by k-means++ (default), rows drawn uniformly, or your own centers (k, D).
   */
  readonly init?: 'k-means++' | 'random' | Tensor;
  /** How many runs to start from newly drawn centers; the one with the lowest inertia is kept (default 10). */
  readonly nInit?: number;
  /** Maximum number of iterations per run (default 300). */
  readonly maxIter?: number;
  /** A run ends once the centers move by less than this fraction of the data's variance (default 1e-4). */
  readonly tol?: number;
  /** Seed for the draws (default: drawn from the generator that `manualSeed` seeds). */
  readonly seed?: number;
}

const kMeansOptions = defineOptions({
  init: either(word(['k-means++', 'random'], 'k-means++'), tensorOption),
  nInit: whole(10, { least: 1 }),
  maxIter: whole(300, { least: 1 }),
  tol: number(1e-4, { least: 0 }),
  seed: whole(undefined),
});

/** The result of `kMeans`. */
export class KMeans {
  constructor(
    /** @shape (k, D) */
    readonly centers: Tensor,
    /** The cluster of each row, from 0. @shape (N), int32 */
    readonly labels: Tensor,
    /** Sum of the squared distances between rows and their centers. */
    readonly inertia: number,
    /** Number of iterations in the run that was kept. */
    readonly nIter: number,
  ) {}

  /**
   * The cluster whose center is nearest to each row; ties go to the first.
   *
   * @shape x (N, D) → (N), int32
   * @throws ShapeError if x has a different number of features
   */
  predict(x: Tensor): Tensor {
    const rows = floatingRows('KMeans.predict', x);
    const width = this.centers.shape[1]!;
    if (rows.shape[1] !== width)
      throw new ShapeError('KMeans.predict', `x has ${rows.shape[1]} features, but ${width} were fitted`, [
        { name: 'x', shape: rows.shape },
      ]);
    return tidy(() => assign(rows, this.centers.to(rows.dtype)).labels);
  }
}

/** The initial centers of a run. */
function starts(rows: Tensor, k: number, how: 'k-means++' | 'random', generator: Generator): Promise<Tensor> {
  if (how === 'k-means++') return plusPlus(rows, k, generator);
  const order = randperm(rows.shape[0]!, { generator });
  return Promise.resolve(rows.indexSelect(0, order.narrow(0, 0, k)));
}

/** Centers passed by the caller, converted to match the rows. */
async function givenCenters(rows: Tensor, k: number, init: Tensor): Promise<Tensor> {
  const centers = await finiteRows('kMeans', init, 'init');
  if (centers.shape[0] !== k || centers.shape[1] !== rows.shape[1])
    throw new ShapeError('kMeans', `init must be ${k} centers of ${rows.shape[1]} features`, [
      { name: 'init', shape: init.shape, axes: '(k, D)' },
    ]);
  return centers.to(rows.dtype);
}

/**
 * Groups rows into k clusters so that the sum of squared distances to the cluster means is small.
 *
 * inertia = Σ_i min_c ‖x_i − center_c‖²
 *
 * Lloyd's iteration only finds a local minimum, so it runs several times. A cluster that loses all its rows restarts
 * from the row farthest from its center. Scale the features first, or the ones with large values dominate.
 *
 * @param k number of clusters
 * @shape x (N, D)
 * @throws ShapeError unless x has two axes and isn't empty, or if `init` has the wrong shape
 * @throws NonFiniteError if x or `init` contains NaN or infinity
 * @throws ArgumentError for more clusters than rows, or for invalid options
 * @source notes 1.3 (clustering); MacQueen 1967; Lloyd 1982, doi:10.1109/TIT.1982.1056489
 * @example
 * const { x: points } = data.blobs({ n: 60, centers: [[0, 0], [9, 9]], seed: 1 });
 * const { labels, centers, inertia } = await metrics.kMeans(points, 2, { seed: 0 });
 */
export async function kMeans(x: Tensor, k: number, options?: KMeansOptions): Promise<KMeans> {
  checkTensors('kMeans', { x });
  const { init, nInit, maxIter, tol, seed } = kMeansOptions('kMeans', options);
  const input = await finiteRows('kMeans', x);
  checkNumber('kMeans', 'k', k, input.shape[0]!, 'the number of rows');

  // Centering makes distances more accurate.
  const mean = input.mean(0);
  const rows = input.sub(mean);
  const tolerance = tol * (await rows.square().mean().item());
  const given = typeof init === 'string' ? null : (await givenCenters(rows, k, init)).sub(mean);
  const generator = seed === undefined ? defaultGenerator : new Generator(seed);
  let best: Clustering | null = null;
  for (let run = 0; run < (given ? 1 : nInit); run++) {
    const first = given ?? (await starts(rows, k, init as 'k-means++' | 'random', generator));
    const found = await lloyd(rows, first, { maxIter, tolerance });
    if (best === null || found.inertia < best.inertia) best = found;
  }
  const { centers, labels, inertia, nIter } = best!;
  return new KMeans(centers.add(mean), labels, inertia, nIter);
}
