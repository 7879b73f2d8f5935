import type { DType } from '../core/dtype.js';
import { ArgumentError } from '../core/errors.js';
import { defineOptions, dtype, flag, nullable, number } from '../core/options.js';
import type { Shape } from '../core/shape.js';
import { counts, several } from '../core/sizes.js';
import * as F from '../functional.js';
import type { Tensor } from '../tensor/tensor.js';
import { ones_, zeros_ } from './init/index.js';
import { Module } from './module/module.js';
import { newParameter, type Parameter } from './module/parameter.js';
import { count, show } from './sizes.js';

/** Multiply-adds per element: one for the variance, one for the normalization, and one for a learned scale. */
const normalizing = (y: Tensor, scale: Tensor | null): number => y.count * (scale === null ? 2 : 3);

export interface LayerNormOptions {
  /** Added to the variance (default 1e-5). */
  readonly eps?: number;
  /** Whether to learn a scale and shift (default true). */
  readonly elementwiseAffine?: boolean;
  /** Whether to learn a shift along with the scale (default true). */
  readonly bias?: boolean;
  /** Default float32. */
  readonly dtype?: DType;
}

const eps = number(1e-5, { least: 0 });

const layerNormOptions = defineOptions({
  eps,
  elementwiseAffine: flag(true),
  bias: flag(true),
  dtype: dtype('float32'),
});

const shapeOf = (module: string, shape: number | Shape): Shape => [
  ...counts(module, 'normalizedShape', several(shape), 0),
];

/**
 * y = γ (x − mean)/√(var + ε) + β, with the mean and variance over the last axes of each example.
 *
 * @param normalizedShape lengths of the axes to normalize over
 * @source notes 2.10; Ba et al. 2016, arXiv:1607.06450
 */
export class LayerNorm extends Module {
  readonly normalizedShape: Shape;
  readonly eps: number;
  weight: Parameter | null;
  bias: Parameter | null;

  constructor(normalizedShape: number | Shape, options?: LayerNormOptions) {
    super();
    const { eps, elementwiseAffine, bias, dtype } = layerNormOptions(new.target.name, options);
    this.normalizedShape = shapeOf('LayerNorm', normalizedShape);
    this.eps = eps;
    this.weight = elementwiseAffine
      ? ones_(newParameter(new.target.name, this.normalizedShape, dtype))
      : null;
    this.bias =
      elementwiseAffine && bias ? zeros_(newParameter(new.target.name, this.normalizedShape, dtype)) : null;
  }

  override forward(x: Tensor): Tensor {
    const { weight, bias, eps } = this;
    return F.layerNorm(x, this.normalizedShape, { weight, bias, eps });
  }

  override multiplyAdds(_: readonly Tensor[], y: Tensor): number {
    return normalizing(y, this.weight);
  }

  protected override describe(): string {
    return `[${this.normalizedShape.join(', ')}], ${show({ eps: this.eps, elementwiseAffine: this.weight !== null })}`;
  }
}

export interface RMSNormOptions {
  /** Added to the mean square (default: the dtype's machine epsilon). */
  readonly eps?: number | null;
  /** Whether to learn a scale (default true). */
  readonly elementwiseAffine?: boolean;
  /** Default float32. */
  readonly dtype?: DType;
}

const rmsNormOptions = defineOptions({
  eps: nullable(eps, null),
  elementwiseAffine: flag(true),
  dtype: dtype('float32'),
});

/**
 * y = γ x/√(mean(x²) + ε) over the last axes of each example.
 *
 * @source Zhang and Sennrich 2019, arXiv:1910.07467
 */
export class RMSNorm extends Module {
  readonly normalizedShape: Shape;
  readonly eps: number | null;
  weight: Parameter | null;

  constructor(normalizedShape: number | Shape, options?: RMSNormOptions) {
    super();
    const { eps, elementwiseAffine, dtype } = rmsNormOptions(new.target.name, options);
    this.normalizedShape = shapeOf('RMSNorm', normalizedShape);
    this.eps = eps;
    this.weight = elementwiseAffine
      ? ones_(newParameter(new.target.name, this.normalizedShape, dtype))
      : null;
  }

  override forward(x: Tensor): Tensor {
    const { weight, eps } = this;
    return F.rmsNorm(x, this.normalizedShape, eps === null ? { weight } : { weight, eps });
  }

  override multiplyAdds(_: readonly Tensor[], y: Tensor): number {
    return normalizing(y, this.weight);
  }

  protected override describe(): string {
    return `[${this.normalizedShape.join(', ')}], ${show({ eps: this.eps, elementwiseAffine: this.weight !== null })}`;
  }
}

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

  override multiplyAdds(_: readonly Tensor[], y: Tensor): number {
    return normalizing(y, this.weight);
  }

  protected override describe(): string {
    return `${this.numGroups}, ${this.numChannels}, ${show({ eps: this.eps, affine: this.weight !== null })}`;
  }
}

const responseNormOptions = defineOptions({ alpha: number(1e-4), beta: number(0.75), k: number(1) });

/**
 * y = x/(k + α · mean of x² over `size` neighboring channels)^β.
 *
 * @shape (N, C, …); the output has the same shape
 * @source Krizhevsky et al. 2012, section 3.3
 */
export class LocalResponseNorm extends Module {
  readonly alpha: number;
  readonly beta: number;
  readonly k: number;

  /** Defaults: alpha 1e-4, beta 0.75, k 1. */
  constructor(
    readonly size: number,
    options?: F.LocalResponseNormOptions,
  ) {
    super();
    const { alpha, beta, k } = responseNormOptions(new.target.name, options);
    count('LocalResponseNorm', 'size', size, 1);
    this.alpha = alpha;
    this.beta = beta;
    this.k = k;
  }

  override forward(x: Tensor): Tensor {
    const { alpha, beta, k } = this;
    return F.localResponseNorm(x, this.size, { alpha, beta, k });
  }

  /** For each element: its square, the factor and offset of the mean, and the product with it. */
  override multiplyAdds(_: readonly Tensor[], y: Tensor): number {
    return 3 * y.count;
  }

  protected override describe(): string {
    return `${this.size}, ${show({ alpha: this.alpha, beta: this.beta, k: this.k })}`;
  }
}
