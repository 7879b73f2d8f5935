import { slip } from '../../core/describe.js';
import { ArgumentError } from '../../core/errors.js';
import { answerSnakeCase } from '../../core/foreign-names.js';
import { checkOption, instance, listOf, whole } from '../../core/options.js';
import { within } from '../within.js';
import { ratesOf, requireOptimizer, type Schedulable, type Scheduler, setRates } from './schedule.js';
import { checkLayout, readRates, readSteps, type SchedulerState } from './state.js';

const schedule = instance(
  'a schedule that steps without a metric',
  (value): value is Scheduler => typeof (value as Scheduler | null)?.begin === 'function',
);

const checkSchedulers = (owner: string, schedulers: readonly Scheduler[]): void =>
  checkOption(owner, 'schedulers', listOf(schedule, undefined), schedulers);

function checkOptimizers(owner: string, optimizer: Schedulable, schedulers: readonly Scheduler[]): void {
  requireOptimizer(owner, optimizer);
  checkSchedulers(owner, schedulers);
  const other = schedulers.findIndex((scheduler) => scheduler.optimizer !== optimizer);
  if (other >= 0)
    throw new ArgumentError(
      owner,
      `schedule ${other} is for a different optimizer; all schedules must share one`,
    );
}

/** Shared base: several schedules of one optimizer, with their states in its own. */
abstract class Combined implements Scheduler {
  protected readonly schedulers: readonly Scheduler[];

  constructor(
    readonly optimizer: Schedulable,
    schedulers: readonly Scheduler[],
  ) {
    checkOptimizers(new.target.name, optimizer, schedulers);
    this.schedulers = [...schedulers];
  }

  abstract step(): void;
  abstract begin(): void;
  abstract rewind(): void;
  abstract restart(): void;

  getLastLr(): number[] {
    return ratesOf(this.optimizer);
  }

  stateDict(): SchedulerState {
    return { _last_lr: this.getLastLr(), _schedulers: this.schedulers.map((s) => s.stateDict()) };
  }

  /** @throws ArgumentError for the state of other schedules, leaving everything unchanged */
  loadStateDict(state: SchedulerState): void {
    this.readState(`${this.constructor.name}.loadStateDict`, state, 0)();
  }

  readState(where: string, state: SchedulerState, least: number): () => void {
    checkLayout(where, state);
    const { _schedulers: states, _last_lr: lrs } = state;
    if (!Array.isArray(states) || states.length !== this.schedulers.length)
      throw new ArgumentError(
        where,
        `the state has ${Array.isArray(states) ? states.length : 'no'} schedules, expected ${this.schedulers.length}`,
      );
    const rates = readRates(where, '_last_lr', lrs, this.optimizer.paramGroups.length);
    const takes = this.schedulers.map((scheduler, i) =>
      within(where, `_schedulers[${i}]`, () =>
        scheduler.readState(where, states[i] as SchedulerState, least),
      ),
    );
    return () => {
      for (const take of takes) take();
      // Each has set the rates after its own last step; restore the saved ones.
      setRates(this.optimizer, rates);
    };
  }
}

answerSnakeCase(Combined.prototype, 'scheduler');

/**
 * Several schedules at once; each one changes the rates set by the one before it.
 *
 * @throws ArgumentError for schedules of different optimizers
 * @example
 * const { ChainedScheduler, ConstantLR, ExponentialLR } = optim.lrScheduler;
 * new ChainedScheduler([new ConstantLR(opt, { totalIters: 5 }), new ExponentialLR(opt, 0.9)]);
 */
export class ChainedScheduler extends Combined {
  constructor(schedulers: readonly Scheduler[]) {
    checkSchedulers(new.target.name, schedulers);
    if (schedulers.length === 0) throw new ArgumentError('ChainedScheduler', 'needs at least one schedule');
    super(schedulers[0]!.optimizer, schedulers);
  }

  step(): void {
    for (const scheduler of this.schedulers) scheduler.step();
  }

  begin(): void {
    for (const scheduler of this.schedulers) scheduler.begin();
  }

  rewind(): void {
    for (const scheduler of this.schedulers) scheduler.rewind();
  }

  restart(): void {
    for (const scheduler of this.schedulers) scheduler.restart();
  }
}

/**
 * One schedule after another: the second begins at step `milestones[0]`, and so on, each from the initial rates. Use
 * it for a warm-up and what follows.
 *
 * Behaves like PyTorch 1.13. Not every schedule works well here: `OneCycleLR` and `CyclicLR` change the optimizer as
 * soon as they're created, even for the first schedule in the sequence, and `MultiplicativeLR` continues from the
 * current rates instead of the initial ones.
 *
 * @differs PyTorch 1.13 doesn't accept a SequentialLR or ChainedScheduler as a part
 * @throws ArgumentError for schedules of another optimizer, or milestones that don't fit
 * @example
 * const { SequentialLR, LinearLR, CosineAnnealingLR } = optim.lrScheduler;
 * const scheduler = new SequentialLR(
 *   opt,
 *   [new LinearLR(opt, { startFactor: 0.1, totalIters: 10 }), new CosineAnnealingLR(opt, 90)],
 *   [10],
 * );
 */
export class SequentialLR extends Combined {
  /** Steps taken. */
  lastEpoch = 0;
  readonly #milestones: readonly number[];

  constructor(optimizer: Schedulable, schedulers: readonly Scheduler[], milestones: readonly number[]) {
    super(optimizer, schedulers);
    checkOption(new.target.name, 'milestones', listOf(whole(1, { least: 1 }), undefined), milestones);
    this.#milestones = [...milestones];
    if (schedulers.length === 0) throw new ArgumentError('SequentialLR', 'needs at least one schedule');
    if (milestones.length !== schedulers.length - 1)
      throw new ArgumentError(
        'SequentialLR',
        `${schedulers.length} schedules need ${schedulers.length - 1} milestones, got ${milestones.length}`,
      );
    if (milestones.some((m, i) => m < (milestones[i - 1] ?? 1)))
      throw new ArgumentError(
        'SequentialLR',
        `milestones must be in ascending order, got ${milestones.join(', ')}`,
      );
    for (const group of optimizer.paramGroups) group.lr = group.initialLr ?? group.lr;
    for (const scheduler of schedulers) scheduler.rewind();
    schedulers[0]!.begin();
  }

  step(): void {
    this.lastEpoch++;
    const passed = this.#milestones.filter((milestone) => milestone <= this.lastEpoch);
    const scheduler = this.schedulers[passed.length]!;
    if (passed.at(-1) === this.lastEpoch) scheduler.restart();
    else scheduler.step();
  }

  begin(): void {
    this.lastEpoch = 0;
    this.schedulers[0]!.begin();
  }

  rewind(): void {
    this.lastEpoch = -1;
    this.schedulers[0]!.rewind();
  }

  restart(): void {
    this.lastEpoch = 0;
    this.schedulers[0]!.restart();
  }

  override stateDict(): SchedulerState {
    return { ...super.stateDict(), _milestones: [...this.#milestones], last_epoch: this.lastEpoch };
  }

  override readState(where: string, state: SchedulerState, least: number): () => void {
    checkLayout(where, state);
    if (state.last_epoch === undefined)
      throw new ArgumentError(
        where,
        `this isn't the state of a SequentialLR: it has no last_epoch${slip(state)}`,
      );
    const lastEpoch = readSteps(where, 'last_epoch', state.last_epoch, least);
    // Parts that haven't had their turn yet are before their first step.
    const take = super.readState(where, state, -1);
    return () => {
      take();
      this.lastEpoch = lastEpoch;
    };
  }
}
