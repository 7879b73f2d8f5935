import { checkOptions, defineOptions } from '../core/options.js';
import type { OptimizerEngine } from '../engine/optimizer.js';
import type { Tensor } from '../tensor/tensor.js';
import { atLeastZero, betas, common } from './check.js';
import { decayed, ElementwiseOptimizer, follow, type StateTensor, type StepOf } from './elementwise.js';
import type { Params } from './optimizer.js';

export interface AdamVariantOptions {
  /** Learning rate (default 2e-3; RAdam: 1e-3). */
  lr: number;
  /** Decay rates of the two means (default [0.9, 0.999]). */
  betas: readonly [number, number];
  /** Added to the denominator (default 1e-8). */
  eps: number;
  /** L2 penalty (default 0). */
  weightDecay: number;
  /** Maximizes instead of minimizing (default false). */
  maximize: boolean;
}

export interface NAdamOptions extends AdamVariantOptions {
  /** How fast the momentum approaches β₁ (default 4e-3). */
  momentumDecay: number;
}

const spec = { lr: atLeastZero(2e-3), betas, eps: atLeastZero(1e-8), ...common };
const nadamSpec = { ...spec, momentumDecay: atLeastZero(4e-3) };
const adamaxOptions = defineOptions(spec);
const nadamOptions = defineOptions(nadamSpec);
const radamOptions = defineOptions({ ...spec, lr: atLeastZero(1e-3) });

abstract class Variant<O extends AdamVariantOptions> extends ElementwiseOptimizer<O> {
  protected override check(options: O): void {
    checkOptions(this.name, spec, options);
  }

  protected override stateTensors(_options: O): readonly StateTensor[] {
    return [{ name: 'exp_avg' }, { name: 'exp_avg_sq', positive: true }];
  }
}

/**
 * Adam with the largest gradient instead of the mean square: u ← max(β₂u, |g| + ε); θ ← θ − γ/(1 − β₁ᵗ) · m/u.
 *
 * @source Kingma and Ba 2015, arXiv:1412.6980, section 7.1
 */
export class Adamax extends Variant<AdamVariantOptions> {
  constructor(params: Params<AdamVariantOptions>, options?: Partial<AdamVariantOptions>) {
    super(params, adamaxOptions(new.target.name, options));
  }

  protected override stateTensors(): readonly StateTensor[] {
    return [{ name: 'exp_avg' }, { name: 'exp_inf', positive: true }];
  }

  protected override change(row: StepOf, { lr, betas, eps, weightDecay }: AdamVariantOptions): void {
    const [mean, largest] = row.state as [Tensor, Tensor];
    const g = decayed(row, weightDecay);
    follow(mean, g, betas[0]);
    largest.copy_(largest.mul(betas[1]).maximum(g.abs().add_(eps)));
    row.parameter.sub_(mean.mul(lr / (1 - betas[0] ** row.step)).div_(largest));
  }

  protected override fused(
    kernels: OptimizerEngine,
    rows: readonly StepOf[],
    options: AdamVariantOptions,
  ): void {
    kernels.adamaxStep(rows, options);
  }
}

/** μₜ = β₁(1 − ½·0.96^(t·momentumDecay)) */
const momentumAt = (
  step: number,
  { betas, momentumDecay }: Pick<NAdamOptions, 'betas' | 'momentumDecay'>,
): number => betas[0] * (1 - 0.5 * 0.96 ** (step * momentumDecay));

/**
 * Adam with Nesterov's momentum, μₜ = β₁(1 − ½·0.96^(t·momentumDecay)).
 *
 * @differs from PyTorch's plain loop before 2.0, which multiplied by μₜ one time too many (its `foreach` version
 *   didn't)
 * @source Dozat 2016
 */
export class NAdam extends Variant<NAdamOptions> {
  protected override readonly numberName = 'mu_product';

  constructor(params: Params<NAdamOptions>, options?: Partial<NAdamOptions>) {
    super(params, nadamOptions(new.target.name, options));
  }

  protected override check(options: NAdamOptions): void {
    checkOptions(this.name, nadamSpec, options);
  }

  protected override nextNumber(
    before: number,
    step: number,
    { betas, momentumDecay }: NAdamOptions,
  ): number {
    return before * momentumAt(step, { betas, momentumDecay });
  }

  protected override change(row: StepOf, options: NAdamOptions): void {
    const { lr, betas, eps, weightDecay } = options;
    const { parameter, state, step, number } = row;
    const [mean, squares] = state as [Tensor, Tensor];
    const g = decayed(row, weightDecay);
    follow(mean, g, betas[0]);
    follow(squares, g.square(), betas[1]);
    const [now, next] = [momentumAt(step, options), momentumAt(step + 1, options)];
    const ahead = g.mul((1 - now) / (1 - number)).add_(mean.mul(next / (1 - number * next)));
    const root = squares.div(1 - betas[1] ** step).sqrt();
    parameter.sub_(ahead.div_(root.add_(eps)).mul_(lr));
  }

  protected override fused(kernels: OptimizerEngine, rows: readonly StepOf[], options: NAdamOptions): void {
    kernels.nadamStep(rows, options);
  }
}

/**
 * Adam with a rate that corrects for the variance of the mean of g² in the first steps.
 *
 * @source Liu et al. 2020, arXiv:1908.03265
 */
export class RAdam extends Variant<AdamVariantOptions> {
  constructor(params: Params<AdamVariantOptions>, options?: Partial<AdamVariantOptions>) {
    super(params, radamOptions(new.target.name, options));
  }

  protected override change(row: StepOf, { lr, betas, eps, weightDecay }: AdamVariantOptions): void {
    const { parameter, state, step } = row;
    const [mean, squares] = state as [Tensor, Tensor];
    const g = decayed(row, weightDecay);
    follow(mean, g, betas[0]);
    follow(squares, g.square(), betas[1]);
    const correction = 1 - betas[1] ** step;
    const longest = 2 / (1 - betas[1]) - 1;
    const length = longest - (2 * step * betas[1] ** step) / correction;
    const move = mean.mul(lr / (1 - betas[0] ** step));
    if (length > 5) {
      const variance = ((length - 4) * (length - 2) * longest) / ((longest - 4) * (longest - 2) * length);
      move.mul_(Math.sqrt(correction * variance)).div_(squares.sqrt().add_(eps));
    }
    parameter.sub_(move);
  }

  protected override fused(
    kernels: OptimizerEngine,
    rows: readonly StepOf[],
    options: AdamVariantOptions,
  ): void {
    kernels.radamStep(rows, options);
  }
}
