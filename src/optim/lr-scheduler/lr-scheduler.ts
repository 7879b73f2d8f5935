import { describe } from '../../core/describe.js';
import { ArgumentError } from '../../core/errors.js';
import { defineOptions, whole } from '../../core/options.js';
import { type Schedulable, type SchedulableGroup, Schedule, type Scheduler } from './schedule.js';
import { readRates, readSteps, type SchedulerState } from './state.js';

export interface LastEpoch {
  /**
   * The step to resume after, for an optimizer whose groups have an `initialLr` (default −1: start over). A state
   * dict resumes more exactly.
   */
  readonly lastEpoch?: number;
}

/** The schema of `LastEpoch`. */
export const lastEpochSpec = { lastEpoch: whole(-1, { least: -1 }) };

const lastEpochOptions = defineOptions(lastEpochSpec);

/**
 * Changes the learning rates of an optimizer with every `step`. Whether a step is a batch or an epoch is up to you. A
 * parameter group added later takes part from the next step on. The constructor takes the initial step, which sets
 * the rates of step 0; call `step` after the optimizer's. Because the initial step runs before a subclass's fields
 * exist, `rate` gets its numbers from `settings`.
 */
export abstract class LRScheduler<S extends object = object> extends Schedule<S> implements Scheduler {
  /** The rates before any schedule, one per parameter group. */
  baseLrs: readonly number[];
  /** Number of steps taken, including the initial one. */
  protected stepCount = 0;

  constructor(optimizer: Schedulable, settings: S, options?: LastEpoch) {
    const { lastEpoch } = lastEpochOptions(new.target.name, options);
    super(optimizer, settings, lastEpoch);
    this.baseLrs = optimizer.paramGroups.map((group, i) => {
      if (lastEpoch === -1) group.initialLr ??= group.lr;
      else if (group.initialLr === undefined)
        throw new ArgumentError(
          this.name,
          `can't resume after step ${lastEpoch}: parameter group ${i} has no initialLr; load the optimizer's state first`,
        );
      return group.initialLr;
    });
    this.begin();
  }

  /** The rate of a group at step `lastEpoch`, computed from the previous rate or from the group's initial one. */
  protected abstract rate(before: number, base: number, group: SchedulableGroup, index: number): number;

  /** Whether it restarts from the initial rates instead of the current ones. */
  protected get restartsFromBase(): boolean {
    return true;
  }

  /** Moves to the next rates. Call it after each epoch, or after each step if the schedule counts steps. */
  step(): void {
    this.lastEpoch++;
    this.stepCount++;
    this.setRates(({ lr }) => lr);
  }

  /** Includes a parameter group that was added to the optimizer; returns its rate before any schedule. */
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
      // Rounding may leave a value slightly below 0.
      group.lr = rate < 0 && rate > -1e-12 ? 0 : rate;
    });
  }

  /** Takes the initial step. For SequentialLR. */
  begin(): void {
    this.stepCount = 0;
    this.step();
  }

  /** Undoes the initial step, except for the rates. For SequentialLR. */
  rewind(): void {
    this.lastEpoch--;
  }

  /** Returns to its start, from the initial rates. For SequentialLR. */
  restart(): void {
    this.lastEpoch = 0;
    this.stepCount++;
    this.setRates(({ lr }, base) => (this.restartsFromBase ? base : lr));
  }

  override stateDict(): SchedulerState {
    return { ...super.stateDict(), base_lrs: [...this.baseLrs], _step_count: this.stepCount };
  }

  /** Reads a state and returns a function that applies it. For SequentialLR. */
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
