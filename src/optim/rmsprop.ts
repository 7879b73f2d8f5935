import { checkOptions, defineOptions, flag, number } from '../core/options.js';
import type { OptimizerEngine } from '../engine/optimizer.js';
import { atLeastZero, common } from './check.js';
import { decayed, ElementwiseOptimizer, follow, type StateTensor, type StepOf } from './elementwise.js';
import type { Params } from './optimizer.js';

export interface RMSpropOptions {
  /** Learning rate (default 1e-2). */
  lr: number;
  /** Decay rate of the mean of g² (default 0.99). */
  alpha: number;
  /** Added to the denominator (default 1e-8). */
  eps: number;
  /** L2 penalty (default 0). */
  weightDecay: number;
  /** How much of the last step to keep (default 0: none). */
  momentum: number;
  /** Whether to divide by the standard deviation of g instead of its size (default false). */
  centered: boolean;
  /** Maximizes instead of minimizing (default false). */
  maximize: boolean;
}

const spec = {
  lr: atLeastZero(1e-2),
  alpha: number(0.99, { least: 0, most: 1 }),
  eps: atLeastZero(1e-8),
  momentum: atLeastZero(0),
  centered: flag(false),
  ...common,
};
const rmspropOptions = defineOptions(spec);

/**
 * Divides by the square root of the running mean of squared gradients:
 *
 * s ← αs + (1 − α)g²; θ ← θ − γ g/(√s + ε), with momentum b ← μb + g/(√s + ε); θ ← θ − γb
 *
 * @source Hinton, lecture 6e of "Neural networks for machine learning"; centered: Graves 2013, arXiv:1308.0850
 */
export class RMSprop extends ElementwiseOptimizer<RMSpropOptions> {
  constructor(params: Params<RMSpropOptions>, options?: Partial<RMSpropOptions>) {
    super(params, rmspropOptions(new.target.name, options));
  }

  protected override check(options: RMSpropOptions): void {
    checkOptions(this.name, spec, options);
  }

  protected override stateTensors({ momentum, centered }: RMSpropOptions): readonly StateTensor[] {
    return [
      { name: 'square_avg', positive: true },
      ...(momentum > 0 ? [{ name: 'momentum_buffer' }] : []),
      ...(centered ? [{ name: 'grad_avg' }] : []),
    ];
  }

  protected override change(
    row: StepOf,
    { lr, alpha, eps, weightDecay, momentum, centered }: RMSpropOptions,
  ): void {
    const { parameter, state } = row;
    const g = decayed(row, weightDecay);
    const squares = follow(state[0]!, g.square(), alpha);
    const spread = centered ? squares.sub(follow(state.at(-1)!, g, alpha).square()) : squares;
    const move = g.div(spread.sqrt().add_(eps));
    parameter.sub_((momentum > 0 ? state[1]!.mul_(momentum).add_(move) : move).mul(lr));
  }

  protected override fused(kernels: OptimizerEngine, rows: readonly StepOf[], options: RMSpropOptions): void {
    kernels.rmspropStep(rows, options);
  }
}
