import { ArgumentError } from '../../core/errors.js';
import { checkOptions, defineOptions, listOf, number, whole, word } from '../../core/options.js';
import { elementsNow } from '../../tensor/inspect.js';
import { Tensor } from '../../tensor/tensor.js';
import { atLeastZero } from '../check.js';
import { oneOrEach, perGroup, type Schedulable, Schedule } from './schedule.js';

interface PlateauSettings {
  readonly mode: 'min' | 'max';
  readonly factor: number;
  readonly patience: number;
  readonly threshold: number;
  readonly thresholdMode: 'rel' | 'abs';
  readonly cooldown: number;
  readonly minLrs: readonly number[];
  readonly eps: number;
  best: number;
  numBadEpochs: number;
  cooldownCounter: number;
}

export interface ReduceLROnPlateauOptions {
  /** Whether a smaller or a larger number is better (default 'min'). */
  readonly mode?: 'min' | 'max';
  /** Factor that reduces the rates (default 0.1). */
  readonly factor?: number;
  /** How many steps without improvement to wait (default 10). */
  readonly patience?: number;
  /** How large a change counts as an improvement (default 1e-4). */
  readonly threshold?: number;
  /** Whether the threshold is relative to the best number or an absolute difference (default 'rel'). */
  readonly thresholdMode?: 'rel' | 'abs';
  /** How many steps after a reduction to ignore (default 0). */
  readonly cooldown?: number;
  /** The smallest rate: one value, or one for each parameter group (default 0). */
  readonly minLr?: number | readonly number[];
  /** Skips reductions smaller than this (default 1e-8). */
  readonly eps?: number;
}

const spec = {
  mode: word(['min', 'max'], 'min'),
  factor: number(0.1, { least: 0, below: 1 }),
  patience: whole(10, { least: 0 }),
  threshold: atLeastZero(1e-4),
  thresholdMode: word(['rel', 'abs'], 'rel'),
  cooldown: whole(0, { least: 0 }),
  eps: atLeastZero(1e-8),
};
const minLrOption = atLeastZero(0);
const settingsSpec = {
  ...spec,
  minLrs: listOf(minLrOption, undefined),
  best: number(0, { infinite: true }),
  numBadEpochs: whole(0, { least: 0 }),
  cooldownCounter: whole(0, { least: 0 }),
};
const plateauOptions = defineOptions({ ...spec, minLr: oneOrEach(minLrOption) });

/**
 * Reduces the rates when a number, such as the loss on validation data, no longer improves. NaN doesn't count as an
 * improvement.
 *
 * @example
 * const scheduler = new optim.lrScheduler.ReduceLROnPlateau(opt, { patience: 1 });
 * for (const loss of [1, 1, 1]) scheduler.step(loss);
 * Math.round(1000 * scheduler.getLastLr()[0]); // 10
 */
export class ReduceLROnPlateau extends Schedule<PlateauSettings> {
  /** Tells a training loop to pass the monitored number to `step`. */
  readonly needsMetric = true;

  constructor(optimizer: Schedulable, options?: ReduceLROnPlateauOptions) {
    const owner = new.target.name;
    const { minLr, ...settings } = plateauOptions(owner, options);
    super(
      optimizer,
      {
        ...settings,
        minLrs: perGroup(owner, 'minLr', optimizer, minLr, minLrOption),
        best: settings.mode === 'min' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY,
        numBadEpochs: 0,
        cooldownCounter: 0,
      },
      0,
    );
  }

  /** Whether a smaller or a larger number is better. */
  get mode(): 'min' | 'max' {
    return this.settings.mode;
  }

  protected override check(settings: PlateauSettings): void {
    checkOptions(this.name, settingsSpec, settings);
  }

  /** @param metric the number for this epoch */
  step(metric: number | Tensor): void {
    const value = metric instanceof Tensor ? this.#numberOf(metric) : metric;
    if (typeof value !== 'number')
      throw new ArgumentError(this.name, 'step needs the monitored number: scheduler.step(loss)');
    const { settings } = this;
    this.lastEpoch++;
    if (this.#isBetter(value)) {
      settings.best = value;
      settings.numBadEpochs = 0;
    } else settings.numBadEpochs++;
    if (settings.cooldownCounter > 0) {
      settings.cooldownCounter--;
      settings.numBadEpochs = 0;
    }
    if (settings.numBadEpochs > settings.patience) {
      this.#reduce();
      settings.cooldownCounter = settings.cooldown;
      settings.numBadEpochs = 0;
    }
  }

  #numberOf(metric: Tensor): number {
    if (metric.count !== 1) return metric.itemSync();
    return elementsNow(this.name, metric, 'scheduler.step(await loss.item())')[0]!;
  }

  #isBetter(value: number): boolean {
    const { mode, threshold, thresholdMode, best } = this.settings;
    const sign = mode === 'min' ? -1 : 1;
    const bound = thresholdMode === 'rel' ? best * (1 + sign * threshold) : best + sign * threshold;
    return mode === 'min' ? value < bound : value > bound;
  }

  #reduce(): void {
    const { factor, minLrs, eps } = this.settings;
    this.optimizer.paramGroups.forEach((group, i) => {
      const lr = Math.max(group.lr * factor, minLrs[i] ?? 0);
      if (group.lr - lr > eps) group.lr = lr;
    });
  }
}
