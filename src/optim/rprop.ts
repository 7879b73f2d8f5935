import { ArgumentError } from '../core/errors.js';
import { checkOptions, defineOptions, flag, number, pairOf } from '../core/options.js';
import type { OptimizerEngine } from '../engine/optimizer.js';
import type { Tensor } from '../tensor/tensor.js';
import { atLeastZero } from './check.js';
import { ElementwiseOptimizer, type StateTensor, type StepOf } from './elementwise.js';
import type { Params } from './optimizer.js';

export interface RpropOptions {
  /** Initial step size (default 1e-2). */
  lr: number;
  /** Factors that shrink and grow a step (default [0.5, 1.2]). */
  etas: readonly [number, number];
  /** Smallest and largest step size (default [1e-6, 50]). */
  stepSizes: readonly [number, number];
  /** Maximizes instead of minimizing (default false). */
  maximize: boolean;
}

const spec = {
  lr: atLeastZero(1e-2),
  etas: pairOf(number(1, { above: 0 }), [0.5, 1.2] as const),
  stepSizes: pairOf(number(1, { above: 0 }), [1e-6, 50] as const),
  maximize: flag(false),
};
const rpropOptions = defineOptions(spec);

/**
 * Uses only the sign of the gradient; a step grows while the sign stays the same and shrinks when it flips. Meant for
 * full data sets, not batches.
 *
 * @source Riedmiller and Braun 1993
 */
export class Rprop extends ElementwiseOptimizer<RpropOptions> {
  constructor(params: Params<RpropOptions>, options?: Partial<RpropOptions>) {
    super(params, rpropOptions(new.target.name, options));
  }

  protected override check(options: RpropOptions): void {
    checkOptions(this.name, spec, options);
    const [shrink, grow] = options.etas;
    const [least, most] = options.stepSizes;
    if (shrink >= 1 || grow <= 1)
      throw new ArgumentError(
        this.name,
        `etas must be a number below 1 and a number above 1, got [${shrink}, ${grow}]`,
      );
    if (most < least)
      throw new ArgumentError(
        this.name,
        `stepSizes must be the smallest and the largest step, in that order, got [${least}, ${most}]`,
      );
  }

  protected override stateTensors({ lr }: RpropOptions): readonly StateTensor[] {
    return [{ name: 'prev' }, { name: 'step_size', positive: true, start: lr }];
  }

  protected override change(
    { parameter, gradient, state }: StepOf,
    { etas: [shrink, grow], stepSizes: [least, most] }: RpropOptions,
  ): void {
    const [before, size] = state as [Tensor, Tensor];
    const turn = gradient.mul(before);
    const factor = turn
      .sign()
      .clamp(0)
      .mul_(grow - 1)
      .add_(
        turn
          .sign()
          .clamp(null, 0)
          .mul_(1 - shrink),
      )
      .add_(1);
    size.copy_(size.mul(factor).clamp(least, most));
    before.copy_(gradient.where(turn.ge(0), 0));
    parameter.sub_(before.sign().mul_(size));
  }

  protected override fused(kernels: OptimizerEngine, rows: readonly StepOf[], options: RpropOptions): void {
    kernels.rpropStep(rows, options);
  }
}
