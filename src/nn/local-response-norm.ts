import { defineOptions, number } from '../core/options.js';
import * as F from '../functional.js';
import type { Tensor } from '../tensor/tensor.js';
import { elementsOf } from './module/argument.js';
import { Module } from './module/module.js';
import { count, show } from './sizes.js';

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
  override multiplyAdds(_: readonly unknown[], output: unknown): number {
    return 3 * elementsOf(this, 'output', output);
  }

  protected override describe(): string {
    return `${this.size}, ${show({ alpha: this.alpha, beta: this.beta, k: this.k })}`;
  }
}
