import type { DType } from '../core/dtype.js';
import { ArgumentError } from '../core/errors.js';
import { defineOptions, dtype, flag } from '../core/options.js';
import * as F from '../functional.js';
import type { Tensor } from '../tensor/tensor.js';
import { ones_, zeros_ } from './init/index.js';
import { eps, normalizing } from './layer-norm.js';
import { Module } from './module/module.js';
import { newParameter, type Parameter } from './module/parameter.js';
import { count, show } from './sizes.js';

export interface GroupNormOptions {
  /** Added to the variance (default 1e-5). */
  readonly eps?: number;
  /** Whether to learn a scale and shift for each channel (default true). */
  readonly affine?: boolean;
  /** Default float32. */
  readonly dtype?: DType;
}

const groupNormOptions = defineOptions({ eps, affine: flag(true), dtype: dtype('float32') });

/**
 * y = γ (x − mean)/√(var + ε) + β, with the mean and variance over groups of channels of each example.
 *
 * @shape (N, C, …); the output has the same shape
 * @source Wu and He 2018, arXiv:1803.08494
 */
export class GroupNorm extends Module {
  readonly eps: number;
  weight: Parameter | null;
  bias: Parameter | null;

  constructor(
    readonly numGroups: number,
    readonly numChannels: number,
    options?: GroupNormOptions,
  ) {
    super();
    const { eps, affine, dtype } = groupNormOptions(new.target.name, options);
    count('GroupNorm', 'numGroups', numGroups, 1);
    if (count('GroupNorm', 'numChannels', numChannels, 1) % numGroups !== 0)
      throw new ArgumentError('GroupNorm', `${numChannels} channels can't be split into ${numGroups} groups`);
    this.eps = eps;
    this.weight = affine ? ones_(newParameter(new.target.name, [numChannels], dtype)) : null;
    this.bias = affine ? zeros_(newParameter(new.target.name, [numChannels], dtype)) : null;
  }

  override forward(x: Tensor): Tensor {
    const { weight, bias, eps } = this;
    return F.groupNorm(x, this.numGroups, { weight, bias, eps });
  }

  override multiplyAdds(_: readonly unknown[], output: unknown): number {
    return normalizing(this, output, this.weight);
  }

  protected override describe(): string {
    return `${this.numGroups}, ${this.numChannels}, ${show({ eps: this.eps, affine: this.weight !== null })}`;
  }
}
