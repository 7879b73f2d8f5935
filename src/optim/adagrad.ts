import { checkOptions, defineOptions } from '../core/options.js';
import type { OptimizerEngine } from '../engine/optimizer.js';
import { atLeastZero, common } from './check.js';
import { decayed, ElementwiseOptimizer, type StateTensor, type StepOf } from './elementwise.js';
import type { Params } from './optimizer.js';

export interface AdagradOptions {
  /** Learning rate (default 1e-2). */
  lr: number;
  /** The rate at step t is lr/(1 + (t − 1)·lrDecay) (default 0). */
  lrDecay: number;
  /** L2 penalty (default 0). */
  weightDecay: number;
  /** Initial value of the sums of squares (default 0). */
  initialAccumulatorValue: number;
  /** Added to the denominator (default 1e-10). */
  eps: number;
  /** Maximizes instead of minimizing (default false). */
  maximize: boolean;
}

const spec = {
  lr: atLeastZero(1e-2),
  lrDecay: atLeastZero(0),
  initialAccumulatorValue: atLeastZero(0),
  eps: atLeastZero(1e-10),
  ...common,
};
const adagradOptions = defineOptions(spec);

/**
 * Divides by the square root of the sum of all squared gradients: s ← s + g²; θ ← θ − γ g/(√s + ε).
 *
 * @source Duchi, Hazan and Singer 2011
 */
export class Adagrad extends ElementwiseOptimizer<AdagradOptions> {
  constructor(params: Params<AdagradOptions>, options?: Partial<AdagradOptions>) {
    super(params, adagradOptions(new.target.name, options));
  }

  protected override check(options: AdagradOptions): void {
    checkOptions(this.name, spec, options);
  }

  protected override stateTensors({ initialAccumulatorValue }: AdagradOptions): readonly StateTensor[] {
    return [{ name: 'sum', positive: true, start: initialAccumulatorValue }];
  }

  protected override change(row: StepOf, { lr, lrDecay, eps, weightDecay }: AdagradOptions): void {
    const g = decayed(row, weightDecay);
    const sum = row.state[0]!.add_(g.square());
    row.parameter.sub_(g.mul(lr / (1 + (row.step - 1) * lrDecay)).div_(sum.sqrt().add_(eps)));
  }

  protected override fused(kernels: OptimizerEngine, rows: readonly StepOf[], options: AdagradOptions): void {
    kernels.adagradStep(rows, options);
  }
}
