import { ArgumentError } from '../core/errors.js';
import { type Monitor, resolveMode } from './monitor.js';
import { monitorOptions, type SchedulerLike, type TrainerOptions } from './trainer-options.js';

/**
 * What says how good an epoch is: the monitor of a trainer, what its early stopping watches, or the loss.
 *
 * @throws ArgumentError if a scheduler that is told the value has another direction, or is not stepped every epoch
 */
export function monitorOf<B>(
  { earlyStopping, monitor = earlyStopping && watched(earlyStopping), schedulerInterval }: TrainerOptions<B>,
  schedulers: readonly SchedulerLike[],
): Required<Monitor> {
  if (monitor) monitorOptions('Trainer.monitor', monitor);
  const name = monitor?.name ?? 'loss';
  const mode = monitor ? resolveMode('Trainer', name, monitor.mode) : 'min';
  const told = schedulers.flatMap((scheduler) => (scheduler.needsMetric ? [scheduler] : []));
  for (const scheduler of told)
    if (scheduler.mode !== undefined && scheduler.mode !== mode)
      throw new ArgumentError(
        'Trainer',
        `a scheduler takes mode '${scheduler.mode}', but of '${name}', which it is told, mode '${mode}' is better`,
      );
  if (schedulerInterval !== 'epoch' && told.length > 0)
    throw new ArgumentError(
      'Trainer',
      "a scheduler that is told a value is stepped every epoch: schedulerInterval: 'epoch'",
    );
  return { name, mode };
}

const watched = ({
  monitor,
  mode,
}: {
  readonly monitor: string;
  readonly mode: Required<Monitor>['mode'];
}): Monitor => ({
  name: monitor,
  mode,
});
