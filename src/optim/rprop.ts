import type { Engine } from '../engine/engine.js';
import type { ParameterRow } from '../engine/optimizer.js';
import { atLeastZero, checkOption } from './check.js';
import { ElementwiseOptimizer, type StateTensor } from './elementwise.js';
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

/**
 * Steps by the sign of the gradient alone; a step grows while the sign holds and shrinks where it
 * turns. For whole data sets, not for batches.
 *
 * @source Riedmiller and Braun 1993
 */
export class Rprop extends ElementwiseOptimizer<RpropOptions> {
  constructor(params: Params<RpropOptions>, options: Partial<RpropOptions> = {}) {
    super(params, { lr: 1e-2, etas: [0.5, 1.2], stepSizes: [1e-6, 50], maximize: false, ...options });
  }

  protected override check({ lr, etas: [shrink, grow], stepSizes: [least, most] }: RpropOptions): void {
    atLeastZero('Rprop', { lr });
    checkOption('Rprop', 'etas[0]', shrink, shrink > 0 && shrink < 1, 'between 0 and 1');
    checkOption('Rprop', 'etas[1]', grow, grow > 1, 'more than 1');
    checkOption('Rprop', 'stepSizes[0]', least, least > 0, 'more than 0');
    checkOption('Rprop', 'stepSizes[1]', most, most >= least, `${least} or more`);
  }

  protected override stateTensors({ lr }: RpropOptions): readonly StateTensor[] {
    return [{ name: 'prev' }, { name: 'step_size', start: lr }];
  }

  protected override update(engine: Engine, rows: readonly ParameterRow[], options: RpropOptions): void {
    engine.rpropStep(rows, options);
  }
}
