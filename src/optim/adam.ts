import { checkOptions, defineOptions, flag } from '../core/options.js';
import type { OptimizerEngine } from '../engine/optimizer.js';
import type { Tensor } from '../tensor/tensor.js';
import { atLeastZero, betas, common } from './check.js';
import { decayed, ElementwiseOptimizer, follow, type StateTensor, type StepOf } from './elementwise.js';
import type { Params } from './optimizer.js';

export interface AdamOptions {
  /** Learning rate (default 1e-3). */
  lr: number;
  /** Decay rates of the means of g and g² (default [0.9, 0.999]). */
  betas: readonly [number, number];
  /** Added to the denominator (default 1e-8). */
  eps: number;
  /** Adam: L2 penalty (default 0). AdamW: decoupled weight decay (default 0.01). */
  weightDecay: number;
  /** Whether to divide by the largest mean of g² so far (default false). */
  amsgrad: boolean;
  /** Maximizes instead of minimizing (default false). */
  maximize: boolean;
}

const spec = { lr: atLeastZero(1e-3), betas, eps: atLeastZero(1e-8), amsgrad: flag(false), ...common };
const adamOptions = defineOptions(spec);
const adamWOptions = defineOptions({ ...spec, weightDecay: atLeastZero(1e-2) });

abstract class AdamLike extends ElementwiseOptimizer<AdamOptions> {
  protected abstract readonly decoupled: boolean;

  protected override check(options: AdamOptions): void {
    checkOptions(this.name, spec, options);
  }

  protected override stateTensors({ amsgrad }: AdamOptions): readonly StateTensor[] {
    const names = [{ name: 'exp_avg' }, { name: 'exp_avg_sq', positive: true }];
    return amsgrad ? [...names, { name: 'max_exp_avg_sq', positive: true }] : names;
  }

  protected override change(row: StepOf, { lr, betas, eps, weightDecay, amsgrad }: AdamOptions): void {
    const { parameter, gradient, state, step } = row;
    const [beta1, beta2] = betas;
    const [mean, squares, largest] = state as [Tensor, Tensor, Tensor?];
    if (this.decoupled) parameter.mul_(1 - lr * weightDecay);
    const g = this.decoupled ? gradient : decayed(row, weightDecay);
    follow(mean, g, beta1);
    follow(squares, g.square(), beta2);
    if (amsgrad) largest!.copy_(largest!.maximum(squares));
    const root = (largest ?? squares).sqrt().div_(Math.sqrt(1 - beta2 ** step));
    parameter.sub_(mean.div(root.add_(eps)).mul_(lr / (1 - beta1 ** step)));
  }

  protected override fused(kernels: OptimizerEngine, rows: readonly StepOf[], options: AdamOptions): void {
    kernels.adamStep(rows, { ...options, decoupled: this.decoupled });
  }
}

/**
 * Adam: takes steps of about the learning rate, regardless of the size of the gradients.
 *
 * m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; θ ← θ − γ/(1 − β₁ᵗ) · m / (√(v/(1 − β₂ᵗ)) + ε)
 *
 * @source notes 2.6; Kingma and Ba 2015, arXiv:1412.6980; amsgrad: Reddi et al. 2018, arXiv:1904.09237
 * @example
 * const opt = new optim.Adam(model.parameters(), { lr: 1e-3 });
 */
export class Adam extends AdamLike {
  protected override readonly decoupled = false;

  constructor(params: Params<AdamOptions>, options?: Partial<AdamOptions>) {
    super(params, adamOptions(new.target.name, options));
  }
}

/**
 * Adam with decoupled weight decay: θ ← (1 − γλ)θ before the step, instead of a penalty in the gradient.
 *
 * @source Loshchilov and Hutter 2019, arXiv:1711.05101
 */
export class AdamW extends AdamLike {
  protected override readonly decoupled = true;

  constructor(params: Params<AdamOptions>, options?: Partial<AdamOptions>) {
    super(params, adamWOptions(new.target.name, options));
  }
}
