import { ArgumentError } from '../../core/errors.js';
import { checkOption } from '../check.js';
import { perGroup, type Schedulable, type SchedulableGroup } from './schedule.js';

/** Sets a group's momentum: β₁ for those of Adam's kind. */
export function setMomentum(group: SchedulableGroup, momentum: number): void {
  if (group.betas === undefined) group.momentum = momentum;
  else group.betas = [momentum, group.betas[1]];
}

/** A momentum for each group. @throws ArgumentError if the optimizer has none, or it is out of range */
export function momenta(
  owner: string,
  name: string,
  optimizer: Schedulable,
  value: number | readonly number[],
): number[] {
  if (!optimizer.paramGroups.every((group) => 'momentum' in group || 'betas' in group))
    throw new ArgumentError(owner, 'the optimizer has no momentum to cycle; say cycleMomentum: false');
  const values = perGroup(owner, name, optimizer, value);
  for (const momentum of values)
    checkOption(owner, name, momentum, momentum >= 0 && momentum < 1, 'from 0 to less than 1');
  return values;
}
