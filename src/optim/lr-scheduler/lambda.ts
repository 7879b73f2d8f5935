import { ArgumentError } from '../../core/errors.js';
import { callback, checkOption, type Option } from '../../core/options.js';
import { atLeastZero } from '../check.js';
import { type LastEpoch, LRScheduler } from './lr-scheduler.js';
import {
  extended,
  oneOrEach,
  requireOptimizer,
  type Schedulable,
  type SchedulableGroup,
} from './schedule.js';

/** A factor that depends on the step. */
export type LrLambda = (epoch: number) => number;

interface Lambdas {
  readonly lrLambdas: readonly LrLambda[];
}

/** A function's value at a step. @throws ArgumentError unless the option accepts it */
export function resultOf(
  owner: string,
  name: string,
  f: (x: number) => unknown,
  x: number,
  option: Option<number>,
): number {
  const value = f(x);
  checkOption(owner, `the value of ${name} at ${x}`, option, value);
  return value as number;
}

abstract class ByFunction extends LRScheduler<Lambdas> {
  constructor(optimizer: Schedulable, lrLambda: LrLambda | readonly LrLambda[], options?: LastEpoch) {
    requireOptimizer(new.target.name, optimizer);
    checkOption(new.target.name, 'lrLambda', oneOrEach(callback()), lrLambda);
    const count = optimizer.paramGroups.length;
    super(
      optimizer,
      { lrLambdas: typeof lrLambda === 'function' ? Array(count).fill(lrLambda) : lrLambda },
      options,
    );
  }

  protected override check({ lrLambdas }: Lambdas): void {
    const count = this.optimizer.paramGroups.length;
    if (lrLambdas.length !== count)
      throw new ArgumentError(
        this.name,
        `got ${lrLambdas.length} functions, but the optimizer has ${count} parameter groups`,
      );
  }

  protected override adopt(group: SchedulableGroup): number {
    Object.assign(this.settings, { lrLambdas: extended(this.name, 'lrLambda', this.settings.lrLambdas) });
    return super.adopt(group);
  }

  protected factor(index: number): number {
    return resultOf(this.name, 'lrLambda', this.settings.lrLambdas[index]!, this.lastEpoch, atLeastZero(0));
  }
}

/**
 * The initial rate times a function of the step: η = η₀ · f(t). Functions aren't part of the state.
 *
 * @param lrLambda one function, or one for each parameter group
 * @example
 * new optim.lrScheduler.LambdaLR(opt, (epoch) => 0.95 ** epoch);
 */
export class LambdaLR extends ByFunction {
  protected override rate(_before: number, base: number, _group: unknown, index: number): number {
    return base * this.factor(index);
  }
}

/**
 * The previous rate times a function of the step: η ← η · f(t). Functions aren't part of the state.
 *
 * Inside a `SequentialLR` it continues from the current rate, as PyTorch's does.
 *
 * @param lrLambda one function, or one for each parameter group
 */
export class MultiplicativeLR extends ByFunction {
  protected override get restartsFromBase(): boolean {
    return false;
  }

  protected override rate(before: number, _base: number, _group: unknown, index: number): number {
    return this.lastEpoch > 0 ? before * this.factor(index) : before;
  }
}
