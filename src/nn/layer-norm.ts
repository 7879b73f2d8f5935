import type { DType } from '../core/dtype.js';
import { defineOptions, dtype, flag, number } from '../core/options.js';
import type { Shape } from '../core/shape.js';
import { counts, several } from '../core/sizes.js';
import * as F from '../functional.js';
import type { Tensor } from '../tensor/tensor.js';
import { ones_, zeros_ } from './init/index.js';
import { elementsOf } from './module/argument.js';
import { Module } from './module/module.js';
import { newParameter, type Parameter } from './module/parameter.js';
import { show } from './sizes.js';

/** Multiply-adds per element: one for the variance, one for the normalization, and one for a learned scale. */
export const normalizing = (layer: Module, output: unknown, scale: Tensor | null): number =>
  elementsOf(layer, 'output', output) * (scale === null ? 2 : 3);

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

export const eps = number(1e-5, { least: 0 });

const layerNormOptions = defineOptions({
  eps,
  elementwiseAffine: flag(true),
  bias: flag(true),
  dtype: dtype('float32'),
});

export const normalizedShapeOf = (module: string, shape: number | Shape): Shape => [
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
    this.normalizedShape = normalizedShapeOf('LayerNorm', normalizedShape);
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

  override multiplyAdds(_: readonly unknown[], output: unknown): number {
    return normalizing(this, output, this.weight);
  }

  protected override describe(): string {
    return `[${this.normalizedShape.join(', ')}], ${show({ eps: this.eps, elementwiseAffine: this.weight !== null })}`;
  }
}
