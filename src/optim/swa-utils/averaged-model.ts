import { noGrad } from '../../autograd/mode.js';
import { describe } from '../../core/describe.js';
import { ArgumentError, ShapeError } from '../../core/errors.js';
import { callback, defineOptions, flag } from '../../core/options.js';
import { sameShape } from '../../core/shape.js';
import { Module } from '../../nn/module/module.js';
import { newBuffer } from '../../nn/module/parameter.js';
import { elementsNow } from '../../tensor/inspect.js';
import type { Tensor } from '../../tensor/tensor.js';
import { tidy } from '../../tensor/tidy.js';
import { type AvgFn, getSwaMultiAvgFn, type MultiAvgFn } from './averages.js';

export interface AveragedModelOptions {
  /** How to average a parameter (default: the mean of all models). */
  readonly avgFn?: AvgFn;
  /** How to average all parameters in one call, instead of `avgFn`. */
  readonly multiAvgFn?: MultiAvgFn;
  /**
   * Whether to average buffers, such as running means of batch norms, too (default false: they're copied from the
   * model).
   */
  readonly useBuffers?: boolean;
}

const averagedOptions = defineOptions({
  avgFn: callback<AvgFn>(),
  multiAvgFn: callback<MultiAvgFn>(),
  useBuffers: flag(false),
});

/**
 * A copy of a model with averaged parameters, updated by each `updateParameters`: the mean of them all (stochastic
 * weight averaging), or the exponential moving average with `getEmaMultiAvgFn`.
 *
 * Its state has PyTorch's keys: `n_averaged`, and the model's keys prefixed with `module.`
 *
 * @throws ArgumentError for a model that `clone` can't copy
 * @source Izmailov et al. 2018, arXiv:1803.05407
 * @example
 * const ema = new optim.swaUtils.AveragedModel(model, { multiAvgFn: optim.swaUtils.getEmaMultiAvgFn(0.99) });
 * opt.step();
 * ema.updateParameters(model);
 * ema.forward(x).shape; // [3, 3]
 */
export class AveragedModel<M extends Module> extends Module {
  /** How many models have been averaged. */
  readonly nAveraged = newBuffer('AveragedModel', [], 'int32').fill_(0);
  readonly module: M;
  private readonly average: MultiAvgFn;
  private readonly useBuffers: boolean;

  constructor(model: M, options?: AveragedModelOptions) {
    super();
    const name = 'AveragedModel';
    if (!(model instanceof Module)) throw new ArgumentError(name, `takes a model, got ${describe(model)}`);
    const { avgFn, multiAvgFn, useBuffers } = averagedOptions(name, options);
    if (avgFn && multiAvgFn) throw new ArgumentError(name, 'takes either avgFn or multiAvgFn, not both');
    this.module = model.clone();
    this.useBuffers = useBuffers;
    this.average = avgFn
      ? (averaged, current, count) => {
          averaged.forEach((x, i) => {
            x.copy_(avgFn(x, current[i]!, count));
          });
        }
      : (multiAvgFn ?? getSwaMultiAvgFn());
  }

  /** The averaged model's output. */
  override forward(...inputs: Parameters<M['forward']>): ReturnType<M['forward']> {
    return this.module.forward(...inputs) as ReturnType<M['forward']>;
  }

  /**
   * Adds the model's current parameters to the average; the first call copies them.
   *
   * @throws ArgumentError, ShapeError for a model that differs from the original
   */
  updateParameters(model: M): void {
    const hint = 'await updateParametersAsync(model)';
    this.#update(model, elementsNow('updateParameters', this.nAveraged, hint)[0]!);
  }

  /** As `updateParameters`, on every engine: waits for the number of models in the average. */
  async updateParametersAsync(model: M): Promise<void> {
    this.#update(model, await this.nAveraged.item());
  }

  #update(model: M, count: number): void {
    const [parameters, sources] = [this.module.parameters(), model.parameters()];
    const [buffers, sourceBuffers] = [this.module.buffers(), model.buffers()];
    checkAlike('parameters', parameters, sources);
    checkAlike('buffers', buffers, sourceBuffers);
    const averaged: Tensor[] = this.useBuffers ? [...parameters, ...buffers] : parameters;
    const current: Tensor[] = this.useBuffers ? [...sources, ...sourceBuffers] : sources;
    tidy(() =>
      noGrad(() => {
        if (count === 0) copyAll(averaged, current);
        else this.average(averaged, current, count);
        if (!this.useBuffers) copyAll(buffers, sourceBuffers);
        this.nAveraged.add_(1);
      }),
    );
  }
}

function copyAll(to: readonly Tensor[], from: readonly Tensor[]): void {
  to.forEach((x, i) => {
    x.copy_(from[i]!);
  });
}

function checkAlike(what: string, own: readonly Tensor[], given: readonly Tensor[]): void {
  if (own.length !== given.length)
    throw new ArgumentError(
      'updateParameters',
      `the model has ${given.length} ${what}, but the averaged model has ${own.length}`,
    );
  const other = own.findIndex((x, i) => !sameShape(x.shape, given[i]!.shape));
  if (other >= 0)
    throw new ShapeError('updateParameters', `${what} number ${other} has a different shape`, [
      { name: 'average', shape: own[other]!.shape },
      { name: 'model', shape: given[other]!.shape },
    ]);
}
