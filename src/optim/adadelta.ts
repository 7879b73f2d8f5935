import { checkOptions, defineOptions, number } from '../core/options.js';
import type { OptimizerEngine } from '../engine/optimizer.js';
import type { Tensor } from '../tensor/tensor.js';
import { atLeastZero, common } from './check.js';
import { decayed, ElementwiseOptimizer, follow, type StateTensor, type StepOf } from './elementwise.js';
import type { Params } from './optimizer.js';

export interface AdadeltaOptions {
  /** Factor applied to the step (default 1). */
  lr: number;
  /** Decay rate of the running means (default 0.9). */
  rho: number;
  /** Added under the square roots (default 1e-6). */
  eps: number;
  /** L2 penalty (default 0). */
  weightDecay: number;
  /** Maximizes instead of minimizing (default false). */
  maximize: boolean;
}

const spec = {
  lr: atLeastZero(1),
  rho: number(0.9, { least: 0, most: 1 }),
  eps: atLeastZero(1e-6),
  ...common,
};
const adadeltaOptions = defineOptions(spec);

/**
 * Scales steps by the sizes of previous steps:
 *
 * s ← ρs + (1 − ρ)g²; Δ = √(a + ε)/√(s + ε) · g; a ← ρa + (1 − ρ)Δ²; θ ← θ − γΔ
 *
 * @source Zeiler 2012, arXiv:1212.5701
 */
export class Adadelta extends ElementwiseOptimizer<AdadeltaOptions> {
  constructor(params: Params<AdadeltaOptions>, options?: Partial<AdadeltaOptions>) {
    super(params, adadeltaOptions(new.target.name, options));
  }

  protected override check(options: AdadeltaOptions): void {
    checkOptions(this.name, spec, options);
  }

  protected override stateTensors(): readonly StateTensor[] {
    return [
      { name: 'square_avg', positive: true },
      { name: 'acc_delta', positive: true },
    ];
  }

  protected override change(row: StepOf, { lr, rho, eps, weightDecay }: AdadeltaOptions): void {
    const [squares, changes] = row.state as [Tensor, Tensor];
    const g = decayed(row, weightDecay);
    follow(squares, g.square(), rho);
    const delta = changes.add(eps).sqrt().div_(squares.add(eps).sqrt()).mul_(g);
    follow(changes, delta.square(), rho);
    row.parameter.sub_(delta.mul(lr));
  }

  protected override fused(
    kernels: OptimizerEngine,
    rows: readonly StepOf[],
    options: AdadeltaOptions,
  ): void {
    kernels.adadeltaStep(rows, options);
  }
}
