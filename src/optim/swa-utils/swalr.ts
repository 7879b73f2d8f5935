import { checkOptions, defineOptions, whole, word } from '../../core/options.js';
import { atLeastZero } from '../check.js';
import { type LastEpoch, LRScheduler, lastEpochSpec } from '../lr-scheduler/lr-scheduler.js';
import { extended, perGroup, type Schedulable, type SchedulableGroup } from '../lr-scheduler/schedule.js';

const anneal = {
  cos: (t: number) => (1 - Math.cos(Math.PI * t)) / 2,
  linear: (t: number) => t,
};

interface SwaSettings {
  readonly annealEpochs: number;
  readonly annealStrategy: keyof typeof anneal;
}

export interface SWALROptions extends LastEpoch {
  /** Number of steps until the rate reaches `swaLr` (default 10). */
  readonly annealEpochs?: number;
  /** Whether to follow half a cosine wave or a straight line (default 'cos'). */
  readonly annealStrategy?: 'cos' | 'linear';
}

const spec = { annealEpochs: whole(10, { least: 0 }), annealStrategy: word(['cos', 'linear'], 'cos') };
const swaOptions = defineOptions({ ...spec, ...lastEpochSpec });

/** The progress, from 0 to 1. */
const clamped = (t: number): number => Math.max(0, Math.min(1, t));

/**
 * Moves from the current rate to a constant one, used while weights are averaged.
 *
 * @param swaLr the constant rate: one value, or one for each parameter group
 * @source Izmailov et al. 2018, arXiv:1803.05407
 * @example
 * const { SWALR } = optim.swaUtils;
 * const scheduler = new SWALR(opt, 0.05, { annealEpochs: 5 });
 */
export class SWALR extends LRScheduler<SwaSettings> {
  constructor(optimizer: Schedulable, swaLr: number | readonly number[], options?: SWALROptions) {
    const owner = new.target.name;
    const { annealEpochs, annealStrategy, lastEpoch } = swaOptions(owner, options);
    const rates = perGroup(owner, 'swaLr', optimizer, swaLr, atLeastZero(0));
    optimizer.paramGroups.forEach((group, i) => {
      group.swaLr = rates[i]!;
    });
    super(optimizer, { annealEpochs, annealStrategy }, { lastEpoch });
  }

  protected override adopt(group: SchedulableGroup): number {
    const own = this.optimizer.paramGroups.slice(0, this.baseLrs.length).map(({ swaLr }) => swaLr);
    group.swaLr ??= extended(this.name, 'swaLr', own).at(-1)!;
    return super.adopt(group);
  }

  protected override check(settings: SwaSettings): void {
    checkOptions(this.name, spec, settings);
  }

  /** PyTorch stores a function here. */
  protected override get optionalSettings(): readonly string[] {
    return ['annealStrategy'];
  }

  // Computed step by step, as in PyTorch, so a rate changed in between carries over.
  protected override rate(before: number, _base: number, group: SchedulableGroup): number {
    const { annealEpochs, annealStrategy } = this.settings;
    const swaLr = group.swaLr ?? before;
    const last = this.stepCount - 1;
    const step = annealEpochs === 0 ? Math.max(1, last) : last;
    const part = (at: number): number => anneal[annealStrategy](clamped(at / Math.max(1, annealEpochs)));
    const [was, is] = [part(step - 1), part(step)];
    const initial = was === 1 ? swaLr : (before - was * swaLr) / (1 - was);
    return swaLr * is + initial * (1 - is);
  }
}
