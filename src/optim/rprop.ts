import { ArgumentError } from '../core/errors.js';
import { checkOptions, defineOptions, flag, number, pairOf } from '../core/options.js';
import type { OptimizerEngine } from '../engine/optimizer.js';
import type { Tensor } from '../tensor/tensor.js';
import { atLeastZero } from './check.js';
import { ElementwiseOptimizer, type StateTensor, type StepOf } from './elementwise.js';
import type { Params } from './optimizer.js';

export interface RpropOptions {
  /** Size of the first step (default 1e-2). */
  lr: number;
  /** Factors by which a step shrinks and grows (default [0.5, 1.2]). */
  etas: readonly [number, number];
  /** Smallest and largest step (default [1e-6, 50]). */
  stepSizes: readonly [number, number];
  /** Climbs instead of descending (default false). */
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
 * Steps by the sign of the gradient alone; a step grows while the sign holds and shrinks where it
 * turns. For whole data sets, not for batches.
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
      throw new ArgumentError(this.name, `etas must be below and above 1, got [${shrink}, ${grow}]`);
    if (most < least)
      throw new ArgumentError(
        this.name,
        `stepSizes must be the smallest and the largest, got [${least}, ${most}]`,
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
