import type { DType } from '../core/dtype.js';
import { defineOptions, dtype, flag, nullable } from '../core/options.js';
import type { Shape } from '../core/shape.js';
import * as F from '../functional.js';
import type { Tensor } from '../tensor/tensor.js';
import { ones_ } from './init/index.js';
import { eps, normalizedShapeOf, normalizing } from './layer-norm.js';
import { Module } from './module/module.js';
import { newParameter, type Parameter } from './module/parameter.js';
import { show } from './sizes.js';

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
    this.normalizedShape = normalizedShapeOf('RMSNorm', normalizedShape);
    this.eps = eps;
    this.weight = elementwiseAffine
      ? ones_(newParameter(new.target.name, this.normalizedShape, dtype))
      : null;
  }

  override forward(x: Tensor): Tensor {
    const { weight, eps } = this;
    return F.rmsNorm(x, this.normalizedShape, eps === null ? { weight } : { weight, eps });
  }

  override multiplyAdds(_: readonly unknown[], output: unknown): number {
    return normalizing(this, output, this.weight);
  }

  protected override describe(): string {
    return `[${this.normalizedShape.join(', ')}], ${show({ eps: this.eps, elementwiseAffine: this.weight !== null })}`;
  }
}
