import { ArgumentError, ShapeError } from '../../core/errors.js';
import { defineOptions, flag } from '../../core/options.js';
import { type Tensor, tensor, tidy } from '../../index.js';
import { checkTensors } from '../../tensor/argument.js';
import { checkNumber, finiteRows, floatingRows } from '../rows.js';
import { principalAxes } from './axes.js';

export interface PcaOptions {
  /** Whether to scale every component to variance 1 (default false). */
  readonly whiten?: boolean;
}

const pcaOptions = defineOptions({ whiten: flag(false) });

/** The result of `pca`. All statistics are float64. */
export class Pca {
  constructor(
    /** The directions of largest variance, as unit vectors. @shape (k, D) */
    readonly components: Tensor,
    /** Mean of the features. @shape (D) */
    readonly mean: Tensor,
    /** Variance along each component, over N − 1. @shape (k) */
    readonly explainedVariance: Tensor,
    /** The same, as a fraction of the total variance of the features. @shape (k) */
    readonly explainedVarianceRatio: Tensor,
    /** Square roots of explainedVariance · (N − 1). @shape (k) */
    readonly singularValues: Tensor,
    readonly whiten: boolean,
  ) {}

  /**
   * z = (x − mean) · componentsᵀ, divided by √explainedVariance if whitening.
   *
   * @shape x (N, D) → (N, k), float64 if x is float64, otherwise float32
   * @throws ShapeError if x has a different number of features
   */
  transform(x: Tensor): Tensor {
    const rows = floatingRows('Pca.transform', x);
    this.#checkWidth('Pca.transform', 'x', 'features', rows, this.components.shape[1]!);
    return tidy(() => {
      const z = rows.to('float64').sub(this.mean).matmul(this.components.t());
      return (this.whiten ? z.div(this.explainedVariance.sqrt()) : z).to(rows.dtype);
    });
  }

  /**
   * x = z · components + mean: the points in the span of the components that `transform` maps to z.
   *
   * @shape z (N, k) → (N, D)
   * @throws ShapeError if z has a different number of components
   */
  inverseTransform(z: Tensor): Tensor {
    const rows = floatingRows('Pca.inverseTransform', z, 'z');
    this.#checkWidth('Pca.inverseTransform', 'z', 'components', rows, this.components.shape[0]!);
    return tidy(() => {
      const scores = rows.to('float64');
      const lengths = this.whiten ? scores.mul(this.explainedVariance.sqrt()) : scores;
      return lengths.matmul(this.components).add(this.mean).to(rows.dtype);
    });
  }

  #checkWidth(operation: string, name: string, what: string, rows: Tensor, width: number): void {
    if (rows.shape[1] !== width)
      throw new ShapeError(operation, `${name} has ${rows.shape[1]} ${what}, but ${width} were fitted`, [
        { name, shape: rows.shape },
      ]);
  }
}

/**
 * Principal component analysis: the orthogonal directions along which the data varies the most.
 *
 * If X is the data minus its mean, the components are the eigenvectors of XᵀX / (N − 1) and the variances are its
 * eigenvalues. Each component's sign is chosen so that its entry with the largest absolute value is positive, as in
 * scikit-learn since 1.5.
 *
 * @param nComponents how many to keep (default: all, min(N, D))
 * @shape x (N, D)
 * @throws ShapeError unless x has two axes and isn't empty
 * @throws NonFiniteError if x contains NaN or infinity
 * @throws ArgumentError for more components than exist, for rows that are all the same, or when whitening a component
 *   with no variance
 * @differs scikit-learn uses the singular values of X; this uses the eigenvalues of a product, so variances below
 *   10⁻¹⁵ of the largest are lost to rounding
 * @source Jolliffe 2002, Principal Component Analysis, doi:10.1007/b98835
 * @example
 * const points = randn([100, 2]).matmul(tensor([[3, 1], [0, 0.1]]));
 * const found = await metrics.pca(points, 1);
 * const line = found.transform(points); // (100, 1)
 * const flat = found.inverseTransform(line); // (100, 2), on one line
 */
export async function pca(x: Tensor, nComponents?: number, options?: PcaOptions): Promise<Pca> {
  checkTensors('pca', { x });
  const { whiten } = pcaOptions('pca', options);
  const rows = await finiteRows('pca', x);
  const [n, width] = rows.shape as [number, number];
  const most = Math.min(n, width);
  if (nComponents !== undefined)
    checkNumber('pca', 'nComponents', nComponents, most, `the smaller of ${n} rows and ${width} features`);
  const k = nComponents ?? most;
  const { axes, squares, total, mean } = await principalAxes(rows, k);
  if (total === 0)
    throw new ArgumentError('pca', 'all rows of x are the same, so no direction has any variance');
  const rank = squares.findIndex((square) => square <= Number.EPSILON * Math.max(n, width) * squares[0]!);
  if (whiten && rank >= 0)
    throw new ArgumentError(
      'pca',
      `component ${rank} has no variance to whiten; use nComponents ≤ ${rank} or whiten: false`,
    );
  const divisor = Math.max(1, n - 1);
  return new Pca(
    axes,
    mean,
    tensor(squares.map((square) => square / divisor)),
    tensor(squares.map((square) => square / total)),
    tensor(squares.map(Math.sqrt)),
    whiten,
  );
}
