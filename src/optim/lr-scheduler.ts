import { ArgumentError } from '../core/errors.js';

/** What a schedule changes: the learning rates of an optimizer's parameter groups. */
export interface Schedulable {
  readonly paramGroups: readonly { lr: number }[];
}

export interface SchedulerState {
  readonly lastEpoch: number;
  readonly baseLrs: readonly number[];
  readonly lrs: readonly number[];
}

/**
 * Changes the learning rates of an optimizer with every `step`. What counts as a step, a batch or an
 * epoch, is the caller's choice.
 */
export abstract class LRScheduler {
  /** Steps taken. */
  lastEpoch = 0;
  /** The rates before the first step. */
  baseLrs: readonly number[];

  constructor(protected readonly optimizer: Schedulable) {
    this.baseLrs = optimizer.paramGroups.map((group) => group.lr);
  }

  /** The rate of a group at step `lastEpoch`, from its rate at the step before. */
  protected abstract rate(before: number, base: number): number;

  /** The rates that hold now. */
  getLastLr(): number[] {
    return this.optimizer.paramGroups.map((group) => group.lr);
  }

  step(): void {
    this.lastEpoch++;
    this.optimizer.paramGroups.forEach((group, i) => {
      group.lr = this.rate(group.lr, this.baseLrs[i]!);
    });
  }

  stateDict(): SchedulerState {
    return { lastEpoch: this.lastEpoch, baseLrs: [...this.baseLrs], lrs: this.getLastLr() };
  }

  loadStateDict(state: SchedulerState): void {
    if (state.lrs.length !== this.optimizer.paramGroups.length)
      throw new ArgumentError(
        'loadStateDict',
        `the schedule was for ${state.lrs.length} parameter groups, the optimizer has ${this.optimizer.paramGroups.length}`,
      );
    this.lastEpoch = state.lastEpoch;
    this.baseLrs = [...state.baseLrs];
    this.optimizer.paramGroups.forEach((group, i) => {
      group.lr = state.lrs[i]!;
    });
  }
}

/**
 * The rate falls from its start to `etaMin` in `tMax` steps along half a wave of the cosine, and
 * rises again in the next `tMax`:
 *
 * η = ηmin + (η₀ − ηmin)(1 + cos(π t/T))/2
 *
 * @param options.etaMin default 0
 * @source Loshchilov and Hutter 2016, arXiv:1608.03983
 */
export class CosineAnnealingLR extends LRScheduler {
  readonly etaMin: number;

  constructor(
    optimizer: Schedulable,
    readonly tMax: number,
    { etaMin = 0 }: { readonly etaMin?: number } = {},
  ) {
    super(optimizer);
    this.etaMin = etaMin;
    if (!(Number.isInteger(tMax) && tMax > 0))
      throw new ArgumentError('CosineAnnealingLR', `tMax must be a positive whole number, not ${tMax}`);
  }

  // From step to step as PyTorch computes it, so that a rate changed in between is gone on from.
  protected override rate(before: number, base: number): number {
    const { lastEpoch, tMax, etaMin } = this;
    if ((lastEpoch - 1 - tMax) % (2 * tMax) === 0)
      return before + ((base - etaMin) * (1 - Math.cos(Math.PI / tMax))) / 2;
    const wave = (t: number): number => 1 + Math.cos((Math.PI * t) / tMax);
    return (wave(lastEpoch) / wave(lastEpoch - 1)) * (before - etaMin) + etaMin;
  }
}
