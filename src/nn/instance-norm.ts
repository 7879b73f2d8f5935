import { defineOptions, flag } from '../core/options.js';
import * as F from '../functional.js';
import { checkTensors } from '../tensor/argument.js';
import type { Tensor } from '../tensor/tensor.js';
import { RunningNorm, type RunningNormOptions, runningNormSpec } from './batch-norm.js';

const instanceNormOptions = defineOptions({
  ...runningNormSpec,
  affine: flag(false),
  trackRunningStats: flag(false),
});

abstract class InstanceNorm extends RunningNorm {
  constructor(numFeatures: number, rank: number, options: RunningNormOptions | undefined) {
    super(numFeatures, [rank - 1, rank], instanceNormOptions(new.target.name, options));
  }

  override forward(x: Tensor): Tensor {
    checkTensors(this.constructor.name, { x });
    const batched = x.ndim === this.ranks[1];
    this.check(x, batched ? 1 : 0);
    const y = this.#normalize(batched ? x : x.unsqueeze(0));
    return batched ? y : y.squeeze(0);
  }

  #normalize(x: Tensor): Tensor {
    const { runningMean, runningVar, weight, bias, eps, momentum } = this;
    const useInputStats = this.training || runningMean === null;
    return F.instanceNorm(x, {
      runningMean,
      runningVar,
      weight,
      bias,
      useInputStats,
      momentum: momentum ?? 0,
      eps,
    });
  }
}

/**
 * y = γ (x − mean)/√(var + ε) + β, with the mean and variance of each channel of each example.
 *
 * @shape (N, C, L) or (C, L); the output has the same shape
 * @source Ulyanov et al. 2016, arXiv:1607.08022
 */
export class InstanceNorm1d extends InstanceNorm {
  constructor(numFeatures: number, options?: RunningNormOptions) {
    super(numFeatures, 3, options);
  }
}

/** Like `InstanceNorm1d` for images. @shape (N, C, H, W) or (C, H, W); the output has the same shape */
export class InstanceNorm2d extends InstanceNorm {
  constructor(numFeatures: number, options?: RunningNormOptions) {
    super(numFeatures, 4, options);
  }
}

/** Like `InstanceNorm1d` for volumes. @shape (N, C, D, H, W) or (C, D, H, W); the output has the same shape */
export class InstanceNorm3d extends InstanceNorm {
  constructor(numFeatures: number, options?: RunningNormOptions) {
    super(numFeatures, 5, options);
  }
}
