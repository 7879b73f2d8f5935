import { requireRecord } from '../core/arguments.js';
import { ArgumentError } from '../core/errors.js';
import { defineOptions, number, pairOf, required } from '../core/options.js';
import { maximum, minimum, noGrad, type Tensor } from '../index.js';
import { tensorOption } from '../tensor/option.js';
import { alongAxis, type ByAxisOptions, blocksByAxis, byAxisSpec, floating } from './by-axis.js';

/** What a `MinMaxScaler` knows, for saving with a model. */
export interface MinMaxScalerState {
  readonly axis: number | null;
  readonly range: readonly [number, number];
  /** @shape (places), float64 */
  readonly min: Tensor;
  /** @shape (places), float64 */
  readonly max: Tensor;
}

export interface MinMaxScalerOptions extends ByAxisOptions {
  /** What the training set's smallest and largest values map to (default 0 and 1). */
  readonly range?: readonly [low: number, high: number];
}

const scalerSpec = { ...byAxisSpec, range: pairOf(number(0), [0, 1] as const) };
const scalerOptions = defineOptions(scalerSpec);

const stateSpec = { ...scalerSpec, min: required(tensorOption), max: required(tensorOption) };

/**
 * Scales each feature (or channel) of the training set to a range:
 * z = low + (x − min) / (max − min) · (high − low). Values from other sets may fall outside. A
 * constant feature becomes `low`.
 *
 * @example
 * const scaler = data.MinMaxScaler.fit(x);
 * const scaled = scaler.transform(x);
 */
export class MinMaxScaler {
  readonly axis: number | null;
  readonly range: readonly [number, number];
  #min: Tensor | undefined;
  #max: Tensor | undefined;

  constructor(options?: MinMaxScalerOptions) {
    const name = new.target.name;
    const { axis, range } = scalerOptions(name, options);
    if (range[0] >= range[1])
      throw new ArgumentError(name, `range must go from a lower to a higher number, not [${range}]`);
    this.axis = axis;
    this.range = range;
  }

  /** The scaler of a training set. @throws ShapeError if x is empty or lacks the axis */
  static fit(x: Tensor, options?: MinMaxScalerOptions): MinMaxScaler {
    return new MinMaxScaler(options).update(x);
  }

  /** Resumes from a state. @throws ArgumentError if it isn't a MinMaxScaler's */
  static fromState(state: MinMaxScalerState): MinMaxScaler {
    requireRecord('MinMaxScaler', 'the state', state, stateSpec);
    const { axis, range, min, max } = state;
    const out = new MinMaxScaler({ axis, range });
    out.#min = min;
    out.#max = max;
    return out;
  }

  /** Adds more of the training set. @throws ShapeError like `fit`, and for another number of features */
  update(x: Tensor): this {
    noGrad(() => {
      for (const block of blocksByAxis('MinMaxScaler', x, this.axis, this.#min?.shape[0])) {
        const [low, high] = [block.amin(0), block.amax(0)];
        this.#min = this.#min ? minimum(this.#min, low) : low;
        this.#max = this.#max ? maximum(this.#max, high) : high;
      }
    });
    return this;
  }

  #fitted(): { min: Tensor; max: Tensor } {
    if (this.#min === undefined || this.#max === undefined)
      throw new ArgumentError('MinMaxScaler', 'nothing has been fitted yet; call update with training data');
    return { min: this.#min, max: this.#max };
  }

  /** Smallest value of each feature. @shape (places), float64 */
  get min(): Tensor {
    return this.#fitted().min;
  }

  /** Largest value of each feature. @shape (places), float64 */
  get max(): Tensor {
    return this.#fitted().max;
  }

  /** max − min, 1 where they are equal. */
  #span(): Tensor {
    const { min, max } = this.#fitted();
    return noGrad(() => max.sub(min).where(max.ne(min), 1));
  }

  /** @shape as x; integers become float32 @throws ShapeError if x has another number of features */
  transform(x: Tensor): Tensor {
    const [low, high] = this.range;
    const along = (statistics: Tensor): Tensor => alongAxis('MinMaxScaler', x, this.axis, statistics);
    return floating('MinMaxScaler', x)
      .sub(along(this.min))
      .div(along(this.#span()))
      .mul(high - low)
      .add(low);
  }

  /** Undoes `transform`. */
  inverse(z: Tensor): Tensor {
    const [low, high] = this.range;
    const along = (statistics: Tensor): Tensor => alongAxis('MinMaxScaler', z, this.axis, statistics);
    return floating('MinMaxScaler', z)
      .sub(low)
      .div(high - low)
      .mul(along(this.#span()))
      .add(along(this.min));
  }

  /** What a checkpoint stores; pass it to `MinMaxScaler.fromState`. */
  state(): MinMaxScalerState {
    return { axis: this.axis, range: this.range, ...this.#fitted() };
  }
}
