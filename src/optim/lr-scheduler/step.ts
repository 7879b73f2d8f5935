import { checkOption, positiveWhole } from '../check.js';
import { type LastEpoch, LRScheduler } from './lr-scheduler.js';
import type { Schedulable } from './schedule.js';

const checkGamma = (owner: string, gamma: number): void =>
  checkOption(owner, 'gamma', gamma, gamma >= 0 && gamma < Number.POSITIVE_INFINITY, '0 or more');

export interface GammaOptions extends LastEpoch {
  /** Factor of each decay (default 0.1). */
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
  constructor(optimizer: Schedulable, stepSize: number, { gamma = 0.1, ...options }: GammaOptions = {}) {
    super(optimizer, { stepSize, gamma }, options);
  }

  protected override check({ stepSize, gamma }: StepSettings): void {
    positiveWhole(this.name, { stepSize });
    checkGamma(this.name, gamma);
  }

  protected override rate(before: number): number {
    const { stepSize, gamma } = this.settings;
    return this.lastEpoch === 0 || this.lastEpoch % stepSize !== 0 ? before : before * gamma;
  }
}

interface MultiStepSettings {
  /** How often each milestone is given. */
  readonly milestones: Readonly<Record<number, number>>;
  readonly gamma: number;
}

function counted(milestones: readonly number[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const milestone of milestones) counts[milestone] = (counts[milestone] ?? 0) + 1;
  return counts;
}

/** The rate times `gamma` at each of the steps `milestones`. */
export class MultiStepLR extends LRScheduler<MultiStepSettings> {
  constructor(
    optimizer: Schedulable,
    milestones: readonly number[],
    { gamma = 0.1, ...options }: GammaOptions = {},
  ) {
    super(optimizer, { milestones: counted(milestones), gamma }, options);
  }

  protected override check({ milestones, gamma }: MultiStepSettings): void {
    for (const milestone of Object.keys(milestones).map(Number))
      checkOption(
        this.name,
        'a milestone',
        milestone,
        Number.isInteger(milestone) && milestone >= 0,
        'a whole number of 0 or more',
      );
    checkGamma(this.name, gamma);
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
  constructor(optimizer: Schedulable, gamma: number, options: LastEpoch = {}) {
    super(optimizer, { gamma }, options);
  }

  protected override check({ gamma }: ExponentialSettings): void {
    checkGamma(this.name, gamma);
  }

  protected override rate(before: number): number {
    return this.lastEpoch === 0 ? before : before * this.settings.gamma;
  }
}
