import { checkOptions, defineOptions, number } from '../core/options.js';
import { known } from '../tensor/inspect.js';
import { atLeastZero, common } from './check.js';
import { decayed, ElementwiseOptimizer, type StateTensor, type StepOf } from './elementwise.js';
import type { Params } from './optimizer.js';

export interface ASGDOptions {
  /** Initial learning rate (default 1e-2). */
  lr: number;
  /** How fast the rate and the parameters decay (default 1e-4). */
  lambd: number;
  /** Exponent of the rate's decay (default 0.75). */
  alpha: number;
  /** The step at which averaging of the parameters starts (default 1e6). */
  t0: number;
  /** L2 penalty (default 0). */
  weightDecay: number;
  /** Maximizes instead of minimizing (default false). */
  maximize: boolean;
}

const spec = {
  lr: atLeastZero(1e-2),
  lambd: number(1e-4),
  alpha: number(0.75),
  t0: atLeastZero(1e6),
  ...common,
};
const asgdOptions = defineOptions(spec);

/**
 * Averaged stochastic gradient descent; the state holds the average of the parameters as `ax`.
 *
 * θ ← (1 − λη)θ − ηg; ā ← ā + μ(θ − ā); η ← γ/(1 + λγt)^α; μ ← 1/max(1, t − t₀)
 *
 * @source Polyak and Juditsky 1992, doi:10.1137/0330046
 * @example
 * new optim.ASGD(model.parameters(), { lr: 0.1, t0: 100 });
 */
export class ASGD extends ElementwiseOptimizer<ASGDOptions> {
  constructor(params: Params<ASGDOptions>, options?: Partial<ASGDOptions>) {
    super(params, asgdOptions(new.target.name, options));
  }

  protected override check(options: ASGDOptions): void {
    checkOptions(this.name, spec, options);
  }

  protected override stateTensors({ lr }: ASGDOptions): readonly StateTensor[] {
    return [{ name: 'eta', start: lr, shape: [] }, { name: 'mu', start: 1, shape: [] }, { name: 'ax' }];
  }

  protected override change(row: StepOf, { lr, lambd, alpha, t0, weightDecay }: ASGDOptions): void {
    const { parameter, state, step } = row;
    const [eta, mu, average] = state as [StepOf['parameter'], StepOf['parameter'], StepOf['parameter']];
    const slope = decayed(row, weightDecay);
    const [rate, share] = [known(eta)?.[0] ?? eta, known(mu)?.[0] ?? mu];
    parameter
      .mul_(typeof rate === 'number' ? 1 - lambd * rate : rate.mul(-lambd).add(1))
      .sub_(slope.mul(rate));
    average.add_(parameter.sub(average).mul_(share));
    eta.fill_(lr / (1 + lambd * lr * step) ** alpha);
    mu.fill_(1 / Math.max(1, step - t0));
  }
}
