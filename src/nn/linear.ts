import type { DType } from '../core/dtype.js';
import { defineOptions, dtype, flag } from '../core/options.js';
import * as F from '../functional.js';
import { canEndIn } from '../ops/ending.js';
import { linearEnding } from '../ops/products/linear.js';
import type { Tensor } from '../tensor/tensor.js';
import { type Following, followedBy } from './fuse.js';
import { resetWeightAndBias, uniform_ } from './init/index.js';
import { elementsOf } from './module/argument.js';
import { Module } from './module/module.js';
import { newParameter, type Parameter } from './module/parameter.js';
import { count, show } from './sizes.js';

/** y = x. Accepts any arguments, so it can replace another layer. */
export class Identity extends Module {
  constructor(..._: readonly unknown[]) {
    super();
  }

  override forward(x: Tensor): Tensor {
    return x;
  }
}

export interface LinearOptions {
  /** Whether to add b (default true). */
  readonly bias?: boolean;
  /** Default float32. */
  readonly dtype?: DType;
}

const linearOptions = defineOptions({ bias: flag(true), dtype: dtype('float32') });

/**
 * y = x Wᵀ + b, with W and b drawn from U(±1/√inFeatures).
 *
 * @shape x (…, inFeatures) → (…, outFeatures)
 * @throws ShapeError unless the last axis of x has length inFeatures
 * @source notes 2.2
 */
export class Linear extends Module {
  /** @shape (outFeatures, inFeatures) */
  weight: Parameter;
  /** @shape (outFeatures) */
  bias: Parameter | null;

  constructor(
    readonly inFeatures: number,
    readonly outFeatures: number,
    options?: LinearOptions,
  ) {
    super();
    const { bias, dtype } = linearOptions(new.target.name, options);
    count('Linear', 'inFeatures', inFeatures);
    count('Linear', 'outFeatures', outFeatures);
    this.weight = newParameter(new.target.name, [outFeatures, inFeatures], dtype);
    this.bias = bias ? newParameter(new.target.name, [outFeatures], dtype) : null;
    this.resetParameters();
  }

  resetParameters(): void {
    resetWeightAndBias(this.weight, this.bias);
  }

  override forward(x: Tensor): Tensor {
    return F.linear(x, this.weight, this.bias);
  }

  [followedBy](x: Tensor, { add, ending }: Following): Tensor | null {
    const { weight, bias } = this;
    if (add !== null || !canEndIn(ending, [x, weight, bias])) return null;
    return linearEnding(x, weight, bias, ending);
  }

  override multiplyAdds(_: readonly unknown[], output: unknown): number {
    return elementsOf(this, 'output', output) * this.inFeatures;
  }

  protected override describe(): string {
    const { inFeatures, outFeatures } = this;
    return show({ inFeatures, outFeatures, bias: this.bias !== null });
  }
}

/**
 * y[k] = x1ᵀ Aₖ x2 + b[k], with A and b drawn from U(±1/√in1Features).
 *
 * @shape x1 (…, in1Features), x2 (…, in2Features) → (…, outFeatures)
 */
export class Bilinear extends Module {
  /** @shape (outFeatures, in1Features, in2Features) */
  weight: Parameter;
  /** @shape (outFeatures) */
  bias: Parameter | null;

  constructor(
    readonly in1Features: number,
    readonly in2Features: number,
    readonly outFeatures: number,
    options?: LinearOptions,
  ) {
    super();
    const { bias, dtype } = linearOptions(new.target.name, options);
    count('Bilinear', 'in1Features', in1Features, 1);
    count('Bilinear', 'in2Features', in2Features);
    count('Bilinear', 'outFeatures', outFeatures);
    this.weight = newParameter(new.target.name, [outFeatures, in1Features, in2Features], dtype);
    this.bias = bias ? newParameter(new.target.name, [outFeatures], dtype) : null;
    const bound = 1 / Math.sqrt(in1Features);
    uniform_(this.weight, -bound, bound);
    if (this.bias) uniform_(this.bias, -bound, bound);
  }

  override forward(x1: Tensor, x2: Tensor): Tensor {
    return F.bilinear(x1, x2, this.weight, this.bias);
  }

  /** in1 · in2 for A x2, and in1 for its product with x1. */
  override multiplyAdds(_: readonly unknown[], output: unknown): number {
    return elementsOf(this, 'output', output) * this.in1Features * (this.in2Features + 1);
  }

  protected override describe(): string {
    const { in1Features, in2Features, outFeatures } = this;
    return show({ in1Features, in2Features, outFeatures, bias: this.bias !== null });
  }
}
