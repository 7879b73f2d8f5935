import { ArgumentError } from '../core/errors.js';
import { checkOptions, defineOptions, flag, number } from '../core/options.js';
import type { OptimizerEngine } from '../engine/optimizer.js';
import { atLeastZero, common } from './check.js';
import { decayed, ElementwiseOptimizer, type StateTensor, type StepOf } from './elementwise.js';
import type { Params } from './optimizer.js';

export interface SGDOptions {
  /** Learning rate (default 1e-3). */
  lr: number;
  /** How much of the last step to keep (default 0: none). */
  momentum: number;
  /** How much to reduce the new gradient's share (default 0). */
  dampening: number;
  /** L2 penalty: this times the parameter is added to the gradient (default 0). */
  weightDecay: number;
  /** Whether to use Nesterov's momentum, which looks one step ahead (default false). */
  nesterov: boolean;
  /** Maximizes instead of minimizing (default false). */
  maximize: boolean;
}

const spec = {
  lr: atLeastZero(1e-3),
  momentum: atLeastZero(0),
  dampening: number(0),
  nesterov: flag(false),
  ...common,
};
const sgdOptions = defineOptions(spec);

/**
 * Stochastic gradient descent.
 *
 * g ← g + λθ; b ← μb + (1 − τ)g, at first b ← g; θ ← θ − γb, or with Nesterov θ ← θ − γ(g + μb)
 *
 * @throws ArgumentError for Nesterov's momentum without momentum, or with dampening
 * @source notes 2.6; Sutskever et al. 2013 (Nesterov's momentum)
 * @example
 * const opt = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
 */
export class SGD extends ElementwiseOptimizer<SGDOptions> {
  protected override readonly countsSteps = false;

  constructor(params: Params<SGDOptions>, options?: Partial<SGDOptions>) {
    super(params, sgdOptions(new.target.name, options));
  }

  protected override check(options: SGDOptions): void {
    checkOptions(this.name, spec, options);
    const { nesterov, momentum, dampening } = options;
    if (nesterov && (momentum <= 0 || dampening !== 0))
      throw new ArgumentError(this.name, "Nesterov's momentum needs a momentum, and no dampening");
  }

  protected override stateTensors({ momentum }: SGDOptions): readonly StateTensor[] {
    return momentum === 0 ? [] : [{ name: 'momentum_buffer' }];
  }

  protected override change(
    row: StepOf,
    { lr, momentum, dampening, weightDecay, nesterov }: SGDOptions,
  ): void {
    const { parameter, state, step } = row;
    const [buffer] = state;
    const g = decayed(row, weightDecay);
    if (buffer === undefined) {
      parameter.sub_(g.mul(lr));
      return;
    }
    if (step === 1) buffer.copy_(g);
    else buffer.mul_(momentum).add_(g.mul(1 - dampening));
    parameter.sub_((nesterov ? g.add(buffer.mul(momentum)) : buffer).mul(lr));
  }

  protected override fused(kernels: OptimizerEngine, rows: readonly StepOf[], options: SGDOptions): void {
    kernels.sgdStep(rows, options);
  }
}
