import { describe } from '../../core/describe.js';
import { ArgumentError } from '../../core/errors.js';
import { defineOptions, whole } from '../../core/options.js';
import { type Schedulable, type SchedulableGroup, Schedule, type Scheduler } from './schedule.js';
import { readRates, readSteps, type SchedulerState } from './state.js';

export interface LastEpoch {
  /**
   * The step to go on after, for an optimizer whose groups have an `initialLr` (default −1: start).
   * A state dict resumes more exactly.
   */
  readonly lastEpoch?: number;
}

/** What `LastEpoch` may be. */
export const lastEpochSpec = { lastEpoch: whole(-1, { least: -1 }) };

const lastEpochOptions = defineOptions(lastEpochSpec);

/**
 * Changes the learning rates of an optimizer with every `step`. What counts as a step, a batch or an
 * epoch, is the caller's choice. A parameter group that is added later takes part from the next step
 * on. The constructor takes the initial step, which sets the rates of step 0; `step` belongs after the optimizer's. As that happens before fields of a subclass are there, `rate`
 * has its numbers from `settings`.
 */
export abstract class LRScheduler<S extends object = object> extends Schedule<S> implements Scheduler {
  /** The rates before any schedule, one a parameter group. */
  baseLrs: readonly number[];
  /** Steps taken, the initial one included. */
  protected stepCount = 0;

  constructor(optimizer: Schedulable, settings: S, options?: LastEpoch) {
    const { lastEpoch } = lastEpochOptions(new.target.name, options);
    super(optimizer, settings, lastEpoch);
    this.baseLrs = optimizer.paramGroups.map((group, i) => {
      if (lastEpoch === -1) group.initialLr ??= group.lr;
      else if (group.initialLr === undefined)
        throw new ArgumentError(
          this.name,
          `cannot go on after step ${lastEpoch}: parameter group ${i} has no initialLr; load the optimizer's state first`,
        );
      return group.initialLr;
    });
    this.begin();
  }

  /** The rate of a group at step `lastEpoch`, from the one before, or from the group's initial one. */
  protected abstract rate(before: number, base: number, group: SchedulableGroup, index: number): number;

  /** Whether it restarts from the initial rates rather than from those that it finds. */
  protected get restartsFromBase(): boolean {
    return true;
  }

  /** Moves to the next rates: after each epoch, or after each step if the schedule counts steps. */
  step(): void {
    this.lastEpoch++;
    this.stepCount++;
    this.setRates(({ lr }) => lr);
  }

  /** Takes up a parameter group that was added to the optimizer; gives its rate before any schedule. */
  protected adopt(group: SchedulableGroup): number {
    group.initialLr ??= group.lr;
    return group.initialLr;
  }

  /** Sets the rates of step `lastEpoch`. */
  protected setRates(before: (group: SchedulableGroup, base: number) => number): void {
    const { paramGroups } = this.optimizer;
    const added = paramGroups.slice(this.baseLrs.length).map((group) => this.adopt(group));
    this.baseLrs = [...this.baseLrs, ...added];
    this.baseLrs.forEach((base, i) => {
      const group = paramGroups[i]!;
      const rate = this.rate(before(group, base), base, group, i);
      if (!Number.isFinite(rate))
        throw new ArgumentError(
          this.name,
          `the rate of parameter group ${i} would be ${describe(rate)} at step ${this.lastEpoch}`,
        );
      // Rounding may leave a little less than 0.
      group.lr = rate < 0 && rate > -1e-12 ? 0 : rate;
    });
  }

  /** Takes the initial step. For SequentialLR. */
  begin(): void {
    this.stepCount = 0;
    this.step();
  }

  /** Takes the initial step back, but for the rates. For SequentialLR. */
  rewind(): void {
    this.lastEpoch--;
  }

  /** Goes to its start, from the initial rates. For SequentialLR. */
  restart(): void {
    this.lastEpoch = 0;
    this.stepCount++;
    this.setRates(({ lr }, base) => (this.restartsFromBase ? base : lr));
  }

  override stateDict(): SchedulerState {
    return { ...super.stateDict(), base_lrs: [...this.baseLrs], _step_count: this.stepCount };
  }

  /** Reads a state, and returns what takes it on. For SequentialLR. */
  override readState(where: string, state: SchedulerState, least: number): () => void {
    const take = super.readState(where, state, least);
    const baseLrs = readRates(where, 'base_lrs', state.base_lrs, this.optimizer.paramGroups.length);
    const stepCount = readSteps(where, '_step_count', state._step_count, 0);
    return () => {
      take();
      this.baseLrs = [...baseLrs];
      this.stepCount = stepCount;
    };
  }
}
