import { ArgumentError } from '../../core/errors.js';
import { number } from '../../core/options.js';
import { oneOrEach, perGroup, type Schedulable, type SchedulableGroup } from './schedule.js';

/** Sets a group's momentum, which is β₁ for optimizers like Adam. */
export function setMomentum(group: SchedulableGroup, momentum: number): void {
  if (group.betas === undefined) group.momentum = momentum;
  else group.betas = [momentum, group.betas[1]];
}

export const momentum = number(0, { least: 0, below: 1 });

/** A momentum for all parameter groups, or one for each. */
export const momentumOption = (defaultValue: number) => oneOrEach({ ...momentum, default: defaultValue });

/** A momentum for each group. @throws ArgumentError if the optimizer has no momentum */
export function momenta(
  owner: string,
  name: string,
  optimizer: Schedulable,
  value: number | readonly number[],
): number[] {
  if (!optimizer.paramGroups.every((group) => 'momentum' in group || 'betas' in group))
    throw new ArgumentError(owner, 'the optimizer has no momentum to cycle; pass cycleMomentum: false');
  return perGroup(owner, name, optimizer, value, momentum);
}
