import { noGrad } from '../autograd/mode.js';
import type { DType } from '../core/dtype.js';
import { ShapeError } from '../core/errors.js';
import { defineOptions, dtype, flag, nullable, number } from '../core/options.js';
import { sameShape } from '../core/shape.js';
import * as F from '../functional.js';
import { checkTensors } from '../tensor/argument.js';
import { known } from '../tensor/inspect.js';
import type { Tensor } from '../tensor/tensor.js';
import { type Following, followedBy } from './fuse.js';
import { ones_, zeros_ } from './init/index.js';
import { elementsOf } from './module/argument.js';
import { Module } from './module/module.js';
import { type Buffer, newBuffer, newParameter, type Parameter } from './module/parameter.js';
import { count, show } from './sizes.js';

export interface RunningNormOptions {
  /** Added to the variance (default 1e-5). */
  readonly eps?: number;
  /** Weight of the newest batch in the running mean and variance (default 0.1); null averages over all batches. */
  readonly momentum?: number | null;
  /** Whether to learn a scale and shift (default true; false for instance norm). */
  readonly affine?: boolean;
  /** Whether to track the mean and variance for evaluation (default true; false for instance norm). */
  readonly trackRunningStats?: boolean;
  /** Default float32. */
  readonly dtype?: DType;
}

/** The schema of `RunningNormOptions`. */
export const runningNormSpec = {
  eps: number(1e-5, { least: 0 }),
  momentum: nullable(number(0.1, { least: 0, most: 1 }), 0.1),
  affine: flag(true),
  trackRunningStats: flag(true),
  dtype: dtype('float32'),
};

const batchNormOptions = defineOptions(runningNormSpec);

/** Shared base of batch and instance norm: scale, shift, and running statistics for each channel. */
export abstract class RunningNorm extends Module {
  readonly eps: number;
  momentum: number | null;
  readonly affine: boolean;
  readonly trackRunningStats: boolean;
  /** γ @shape (C) */
  weight: Parameter | null;
  /** β @shape (C) */
  bias: Parameter | null;
  /** @shape (C) */
  runningMean: Buffer | null;
  /** @shape (C) */
  runningVar: Buffer | null;
  /** How many batches are in the running statistics; instance norm doesn't count them. */
  numBatchesTracked: Buffer | null;

  constructor(
    readonly numFeatures: number,
    /** The numbers of axes that an input may have. */
    protected readonly ranks: readonly number[],
    options: Required<RunningNormOptions>,
  ) {
    super();
    count(new.target.name, 'numFeatures', numFeatures, 1);
    const { eps, momentum, affine, trackRunningStats, dtype } = options;
    this.eps = eps;
    this.momentum = momentum;
    this.affine = affine;
    this.trackRunningStats = trackRunningStats;
    this.weight = affine ? ones_(newParameter(new.target.name, [numFeatures], dtype)) : null;
    this.bias = affine ? zeros_(newParameter(new.target.name, [numFeatures], dtype)) : null;
    this.runningMean = trackRunningStats ? zeros_(newBuffer(new.target.name, [numFeatures], dtype)) : null;
    this.runningVar = trackRunningStats ? ones_(newBuffer(new.target.name, [numFeatures], dtype)) : null;
    this.numBatchesTracked = trackRunningStats ? zeros_(newBuffer(new.target.name, [], 'int32')) : null;
  }

  /** Resets the running statistics. */
  resetRunningStats(): void {
    if (this.runningMean) zeros_(this.runningMean);
    if (this.runningVar) ones_(this.runningVar);
    if (this.numBatchesTracked) zeros_(this.numBatchesTracked);
  }

  protected check(x: Tensor, channelAxis: number): void {
    checkTensors(this.constructor.name, { x });
    if (!this.ranks.includes(x.ndim))
      throw new ShapeError(this.constructor.name, `needs ${this.ranks.join(' or ')} axes, got ${x.ndim}`, [
        { name: 'x', shape: x.shape },
      ]);
    if (x.shape[channelAxis] !== this.numFeatures)
      throw new ShapeError(this.constructor.name, 'channels disagree', [
        { name: 'x', shape: x.shape, note: `C = ${x.shape[channelAxis]}` },
        { name: 'weight', shape: [this.numFeatures], note: `expects C = ${this.numFeatures}` },
      ]);
  }

  /** With known statistics, a factor and an offset; otherwise variance, normalization, and, if learned, the scale. */
  override multiplyAdds(_: readonly unknown[], output: unknown): number {
    const count = elementsOf(this, 'output', output);
    if (!this.training && this.runningMean !== null) return count;
    return count * (this.weight === null ? 2 : 3);
  }

  protected override describe(): string {
    const { numFeatures, eps, momentum, affine, trackRunningStats } = this;
    return `${numFeatures}, ${show({ eps, momentum, affine, trackRunningStats })}`;
  }
}

export abstract class BatchNorm extends RunningNorm {
  constructor(numFeatures: number, ranks: readonly number[], options: RunningNormOptions | undefined) {
    super(numFeatures, ranks, batchNormOptions(new.target.name, options));
  }

  /** Counts a batch and returns the weight of its statistics in the running ones, a tensor if it arrives later. */
  private countBatch(): number | Tensor {
    const counter = this.numBatchesTracked;
    if (counter === null || !this.training) return this.momentum ?? 0;
    noGrad(() => counter.add_(1));
    if (this.momentum !== null) return this.momentum;
    const count = known(counter)?.[0];
    return count === undefined ? counter.to('float32').reciprocal() : 1 / count;
  }

  override forward(x: Tensor): Tensor {
    return this.normalize(x, null, false);
  }

  [followedBy](x: Tensor, { add, ending }: Following): Tensor | null {
    if (ending !== undefined && ending !== 'relu') return null;
    if (add !== null && !(sameShape(add.shape, x.shape) && add.dtype === x.dtype)) return null;
    return this.normalize(x, add, ending === 'relu');
  }

  private normalize(x: Tensor, residual: Tensor | null, relu: boolean): Tensor {
    this.check(x, 1);
    const share = this.countBatch();
    const { runningMean, runningVar, weight, bias, eps } = this;
    const training = this.training || runningMean === null;
    const options = { weight, bias, training, eps, residual, relu };
    if (typeof share === 'number')
      return F.batchNorm(x, runningMean, runningVar, { ...options, momentum: share });
    const [mean, variance] = noGrad(() => [runningMean!.clone(), runningVar!.clone()] as const);
    const y = F.batchNorm(x, mean, variance, { ...options, momentum: 1 });
    noGrad(() => {
      runningMean!.add_(mean.sub(runningMean!).mul_(share));
      runningVar!.add_(variance.sub(runningVar!).mul_(share));
    });
    return y;
  }
}

/**
 * y = γ (x − mean)/√(var + ε) + β, with the mean and variance of each feature over the batch; in evaluation, the
 * running statistics over all training batches.
 *
 * @shape (N, C) or (N, C, L); the output has the same shape
 * @source notes 2.10; Ioffe and Szegedy 2015, arXiv:1502.03167
 */
export class BatchNorm1d extends BatchNorm {
  constructor(numFeatures: number, options?: RunningNormOptions) {
    super(numFeatures, [2, 3], options);
  }
}

/**
 * Like `BatchNorm1d`, for each channel over batch, height, and width.
 *
 * @shape (N, C, H, W); the output has the same shape
 */
export class BatchNorm2d extends BatchNorm {
  constructor(numFeatures: number, options?: RunningNormOptions) {
    super(numFeatures, [4], options);
  }
}

/**
 * Like `BatchNorm1d`, for each channel over batch, depth, height, and width.
 *
 * @shape (N, C, D, H, W); the output has the same shape
 */
export class BatchNorm3d extends BatchNorm {
  constructor(numFeatures: number, options?: RunningNormOptions) {
    super(numFeatures, [5], options);
  }
}
