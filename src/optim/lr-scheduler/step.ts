import { checkOption, checkOptions, defineOptions, listOf, whole } from '../../core/options.js';
import { atLeastZero } from '../check.js';
import { type LastEpoch, LRScheduler, lastEpochSpec } from './lr-scheduler.js';
import type { Schedulable } from './schedule.js';

const gammaSpec = { gamma: atLeastZero(0.1) };
const gammaOptions = defineOptions({ ...gammaSpec, ...lastEpochSpec });

export interface GammaOptions extends LastEpoch {
  /** Factor of each reduction (default 0.1). */
  readonly gamma?: number;
}

interface StepSettings {
  readonly stepSize: number;
  readonly gamma: number;
}

/**
 * The rate times `gamma` every `stepSize` steps: η = η₀ · γ^⌊t/s⌋
 *
 * @example
 * const scheduler = new optim.lrScheduler.StepLR(opt, 30, { gamma: 0.5 });
 * scheduler.step();
 * scheduler.getLastLr(); // [0.1]
 */
export class StepLR extends LRScheduler<StepSettings> {
  constructor(optimizer: Schedulable, stepSize: number, options?: GammaOptions) {
    const { gamma, lastEpoch } = gammaOptions(new.target.name, options);
    super(optimizer, { stepSize, gamma }, { lastEpoch });
  }

  protected override check(settings: StepSettings): void {
    checkOptions(this.name, { stepSize: whole(1, { least: 1 }), ...gammaSpec }, settings);
  }

  protected override rate(before: number): number {
    const { stepSize, gamma } = this.settings;
    return this.lastEpoch === 0 || this.lastEpoch % stepSize !== 0 ? before : before * gamma;
  }
}

interface MultiStepSettings {
  /** How many times each milestone is listed. */
  readonly milestones: Readonly<Record<number, number>>;
  readonly gamma: number;
}

const milestone = whole(0, { least: 0 });

function counted(milestones: readonly number[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const step of milestones) counts[step] = (counts[step] ?? 0) + 1;
  return counts;
}

/** The rate times `gamma` at each of the steps `milestones`. */
export class MultiStepLR extends LRScheduler<MultiStepSettings> {
  constructor(optimizer: Schedulable, milestones: readonly number[], options?: GammaOptions) {
    const { gamma, lastEpoch } = gammaOptions(new.target.name, options);
    checkOption(new.target.name, 'milestones', listOf(milestone, undefined), milestones);
    super(optimizer, { milestones: counted(milestones), gamma }, { lastEpoch });
  }

  protected override check({ milestones, gamma }: MultiStepSettings): void {
    for (const [step, times] of Object.entries(milestones)) {
      checkOption(this.name, 'a milestone', milestone, Number(step));
      checkOption(this.name, `how often milestone ${step} counts`, whole(1, { least: 1 }), times);
    }
    checkOptions(this.name, gammaSpec, { gamma });
  }

  protected override rate(before: number): number {
    const { milestones, gamma } = this.settings;
    return before * gamma ** (milestones[this.lastEpoch] ?? 0);
  }
}

interface ExponentialSettings {
  readonly gamma: number;
}

/** The rate times `gamma` at every step: η = η₀ · γᵗ */
export class ExponentialLR extends LRScheduler<ExponentialSettings> {
  constructor(optimizer: Schedulable, gamma: number, options?: LastEpoch) {
    super(optimizer, { gamma }, options);
  }

  protected override check(settings: ExponentialSettings): void {
    checkOptions(this.name, gammaSpec, settings);
  }

  protected override rate(before: number): number {
    return this.lastEpoch === 0 ? before : before * this.settings.gamma;
  }
}
