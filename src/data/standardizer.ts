import { requireBatches, requireFunction, requireRecord } from '../core/arguments.js';
import { ArgumentError } from '../core/errors.js';
import { defineOptions, required, whole } from '../core/options.js';
import { noGrad, type Tensor, tidy, zeros } from '../index.js';
import { tensorOption } from '../tensor/option.js';
import { alongAxis, type ByAxisOptions, blocksByAxis, byAxisSpec, floating } from './by-axis.js';

/** What a `Standardizer` knows, for saving with a model. */
export interface StandardizerState {
  readonly axis: number | null;
  /** Number of values seen at each place. */
  readonly count: number;
  /** @shape (places), float64 */
  readonly mean: Tensor;
  /** Sum of the squared deviations from the mean. @shape (places), float64 */
  readonly squares: Tensor;
}

const standardizerOptions = defineOptions(byAxisSpec);

const stateSpec = {
  ...byAxisSpec,
  count: required(whole(undefined, { least: 0 })),
  mean: required(tensorOption),
  squares: required(tensorOption),
};

/**
 * Subtracts the mean from each feature (or channel) and divides by the standard deviation:
 * z = (x − mean) / std, with the divisor n, like scikit-learn's `StandardScaler`. Fit it on the training
 * set alone and transform every other set with it: fitting on test data would leak information.
 * A constant feature has std 1, so it becomes 0.
 *
 * @source notes 2.10; batches are combined as in Chan, Golub, LeVeque 1983, doi:10.1080/00031305.1983.10483115
 * @example
 * const scaler = data.Standardizer.fit(x);
 * const scaled = scaler.transform(x);
 */
export class Standardizer {
  readonly axis: number | null;
  #count = 0;
  #mean: Tensor | undefined;
  #squares: Tensor | undefined;

  constructor(options?: ByAxisOptions) {
    this.axis = standardizerOptions(new.target.name, options).axis;
  }

  /** The standardizer of a training set. @throws ShapeError if x is empty or lacks the axis */
  static fit(x: Tensor, options?: ByAxisOptions): Standardizer {
    return new Standardizer(options).update(x);
  }

  /** The standardizer of a training set that comes in batches; `pick` extracts the values from each. */
  static async fitBatches<B>(
    batches: AsyncIterable<B> | Iterable<B>,
    pick: (batch: B) => Tensor,
    options?: ByAxisOptions,
  ): Promise<Standardizer> {
    requireBatches('Standardizer', 'batches', batches);
    requireFunction('Standardizer', 'pick', pick);
    const out = new Standardizer(options);
    for await (const batch of batches) out.update(pick(batch));
    out.#fitted();
    return out;
  }

  /** Resumes from a state. @throws ArgumentError if it isn't a Standardizer's */
  static fromState(state: StandardizerState): Standardizer {
    requireRecord('Standardizer', 'the state', state, stateSpec);
    const { axis, count, mean, squares } = state;
    const out = new Standardizer({ axis });
    out.#count = count;
    out.#mean = mean;
    out.#squares = squares;
    return out;
  }

  /**
   * Adds more of the training set.
   *
   * @throws ShapeError if x is empty, lacks the axis, or has a different number of features than before
   */
  update(x: Tensor): this {
    noGrad(() => {
      for (const block of blocksByAxis('Standardizer', x, this.axis, this.#mean?.shape[0])) this.#add(block);
    });
    return this;
  }

  /** Combines the statistics with those of a block (values, places). */
  #add(block: Tensor): void {
    const [n, places] = block.shape as [number, number];
    const total = this.#count + n;
    [this.#mean, this.#squares] = tidy((): [Tensor, Tensor] => {
      const mean = this.#mean ?? zeros([places], { dtype: 'float64' });
      const squares = this.#squares ?? zeros([places], { dtype: 'float64' });
      const shift = block.mean(0).sub(mean);
      const own = block.var(0, { correction: 0 }).mul(n);
      return [
        mean.add(shift.mul(n / total)),
        squares.add(own).add(shift.square().mul((this.#count * n) / total)),
      ];
    });
    this.#count = total;
  }

  #fitted(): { mean: Tensor; squares: Tensor } {
    if (this.#mean === undefined || this.#squares === undefined)
      throw new ArgumentError('Standardizer', 'nothing has been fitted yet; call update with training data');
    return { mean: this.#mean, squares: this.#squares };
  }

  /** Mean of each feature. @shape (places), float64 */
  get mean(): Tensor {
    return this.#fitted().mean;
  }

  /** Standard deviation of each feature, 1 if it's constant. @shape (places), float64 */
  get std(): Tensor {
    const { mean, squares } = this.#fitted();
    return noGrad(() => {
      const variance = squares.div(this.#count);
      // scikit-learn's bound on the variance that rounding alone gives a constant.
      const eps = 2 ** -52;
      const rounding = variance.mul(this.#count * eps).add(mean.mul(this.#count * eps).square());
      return variance.sqrt().where(variance.gt(rounding), 1);
    });
  }

  /**
   * (x − mean) / std
   *
   * @shape same as x; integers become float32
   * @throws ShapeError if x has another number of features
   */
  transform(x: Tensor): Tensor {
    const along = (statistics: Tensor): Tensor => alongAxis('Standardizer', x, this.axis, statistics);
    return floating('Standardizer', x).sub(along(this.mean)).div(along(this.std));
  }

  /** z · std + mean: undoes `transform`. */
  inverse(z: Tensor): Tensor {
    const along = (statistics: Tensor): Tensor => alongAxis('Standardizer', z, this.axis, statistics);
    return floating('Standardizer', z).mul(along(this.std)).add(along(this.mean));
  }

  /** What a checkpoint stores; pass it to `Standardizer.fromState`. */
  state(): StandardizerState {
    return { axis: this.axis, count: this.#count, ...this.#fitted() };
  }
}
