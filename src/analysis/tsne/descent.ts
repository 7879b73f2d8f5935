import { NonFiniteError } from '../../core/errors.js';
import { arange, onesLike, type Tensor, zeros, zerosLike } from '../../index.js';
import { emptyLike } from '../../tensor/tensor.js';
import { divergenceGradient, type SparseRows, step } from './kernels.js';

/** The progress of `tsne`. */
export interface TsneProgress {
  /** Iterations completed. */
  readonly iteration: number;
  /** The divergence from the probabilities, which are exaggerated in the first 250 iterations. */
  readonly klDivergence: number;
  /** Length of the gradient, each coordinate multiplied by its gain. */
  readonly gradientNorm: number;
}

/** A range of iterations that share the same settings. */
interface Phase {
  /** The iteration at which it ends. */
  readonly until: number;
  readonly exaggeration: number;
  readonly momentum: number;
  /** Stops after this many iterations without progress. */
  readonly patience: number;
}

interface DescentOptions {
  readonly angle: number;
  readonly learningRate: number;
  readonly minGradNorm: number;
  readonly onProgress: ((progress: TsneProgress) => void | Promise<void>) | undefined;
}

/** Iterations between checks of the divergence. */
const interval = 50;

/** Moves an embedding down the gradient of the divergence, in place. */
export class Descent {
  iteration = 0;
  klDivergence = Number.NaN;
  readonly #y: Tensor;
  readonly #p: SparseRows;
  readonly #options: DescentOptions;
  readonly #order: Tensor;
  readonly #gradient: Tensor;
  readonly #divergence = zeros([1], { dtype: 'float64' });

  constructor(y: Tensor, p: SparseRows, options: DescentOptions) {
    this.#y = y;
    this.#p = p;
    this.#options = options;
    this.#order = arange(y.shape[0]!).to('int32');
    this.#gradient = emptyLike(y);
  }

  /** @throws NonFiniteError if the embedding diverges */
  async run({ until, exaggeration, momentum, patience }: Phase): Promise<void> {
    const { angle, learningRate, minGradNorm, onProgress } = this.#options;
    const velocity = zerosLike(this.#y);
    const gains = onesLike(this.#y);
    let best = Number.POSITIVE_INFINITY;
    let bestAt = this.iteration;
    while (this.iteration < until) {
      const last = this.iteration;
      this.iteration++;
      const looks = this.iteration % interval === 0;
      const divergence = looks || this.iteration === until ? this.#divergence : null;
      divergenceGradient(this.#gradient, this.#y, this.#order, this.#p, {
        angle,
        exaggeration,
        divergence,
      });
      step(this.#y, this.#gradient, velocity, gains, { momentum, learningRate });
      if (divergence) this.klDivergence = await divergence.item();
      if (divergence && !Number.isFinite(this.klDivergence))
        throw new NonFiniteError(
          'tsne',
          `the embedding has diverged by iteration ${this.iteration}; use a learningRate smaller than ${learningRate}`,
        );
      if (!looks) continue;
      const gradientNorm = await this.#gradient.norm().item();
      await onProgress?.({ iteration: this.iteration, klDivergence: this.klDivergence, gradientNorm });
      if (this.klDivergence < best) {
        best = this.klDivergence;
        bestAt = last;
      } else if (last - bestAt > patience) return;
      if (gradientNorm <= minGradNorm) return;
    }
  }
}
