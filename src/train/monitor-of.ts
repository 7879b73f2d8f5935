import { ArgumentError } from '../core/errors.js';
import { type Monitor, resolveMode } from './monitor.js';
import { monitorOptions, type SchedulerLike, type TrainerOptions } from './trainer-options.js';

/**
 * The value that says how good an epoch is: the trainer's monitor, what its early stopping watches, or the loss.
 *
 * @throws ArgumentError if a scheduler that needs the value has another direction, or isn't stepped every epoch
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
        `a scheduler has mode '${scheduler.mode}', but '${name}', the value it gets, needs mode '${mode}'`,
      );
  if (schedulerInterval !== 'epoch' && told.length > 0)
    throw new ArgumentError(
      'Trainer',
      "a scheduler that needs a value must be stepped every epoch: schedulerInterval: 'epoch'",
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
