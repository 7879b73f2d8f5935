import { callback, checkOptions, defineOptions, flag, listOf, number, word } from '../../core/options.js';
import { atLeastZero } from '../check.js';
import { resultOf } from './lambda.js';
import { type LastEpoch, LRScheduler, lastEpochSpec } from './lr-scheduler.js';
import { momenta, momentum, momentumOption, setMomentum } from './momentum.js';
import { extended, perGroup, type Schedulable, type SchedulableGroup } from './schedule.js';

const modes = ['triangular', 'triangular2', 'exp_range'] as const;
const scaleModes = ['cycle', 'iterations'] as const;

interface CyclicSettings {
  readonly maxLrs: readonly number[];
  readonly totalSize: number;
  readonly stepRatio: number;
  readonly mode: (typeof modes)[number];
  readonly gamma: number;
  readonly scaleMode: (typeof scaleModes)[number];
  readonly scaleFn?: (x: number) => number;
  readonly cycleMomentum: boolean;
  readonly baseMomentums: readonly number[];
  readonly maxMomentums: readonly number[];
}

/** Scale of the height at a cycle or step. */
function scaleOf(owner: string, { scaleFn, mode, gamma }: CyclicSettings, x: number): number {
  if (scaleFn !== undefined) return resultOf(owner, 'scaleFn', scaleFn, x, number(0));
  if (mode === 'triangular') return 1;
  return mode === 'triangular2' ? 1 / 2 ** (x - 1) : gamma ** x;
}

export interface CyclicLROptions extends LastEpoch {
  /** Steps while the rate rises (default 2000). */
  readonly stepSizeUp?: number;
  /** Steps while it falls (default `stepSizeUp`). */
  readonly stepSizeDown?: number;
  /**
   * How the height of a cycle changes: not at all, halving with each cycle, or multiplied by `gamma` at each step
   * (default 'triangular').
   */
  readonly mode?: 'triangular' | 'triangular2' | 'exp_range';
  /** Factor per step in 'exp_range' (default 1). */
  readonly gamma?: number;
  /** The scale of the height as a function, instead of `mode`. */
  readonly scaleFn?: (x: number) => number;
  /** What `scaleFn` receives: the number of the cycle, from 1, or of the step (default 'cycle'). */
  readonly scaleMode?: 'cycle' | 'iterations';
  /** Whether momentum, or β₁, falls while the rate rises and vice versa (default true). */
  readonly cycleMomentum?: boolean;
  /** Momentum at the largest rate (default 0.8). */
  readonly baseMomentum?: number | readonly number[];
  /** Momentum at the smallest rate (default 0.9). */
  readonly maxMomentum?: number | readonly number[];
}

const spec = {
  mode: word(modes, 'triangular'),
  gamma: number(1, { above: 0 }),
  scaleMode: word(scaleModes, 'cycle'),
};
const rates = listOf(atLeastZero(0), undefined);
const momentums = listOf(momentum, undefined);
const settingsSpec = {
  ...spec,
  maxLrs: rates,
  totalSize: number(1, { above: 0 }),
  stepRatio: number(0.5, { above: 0, below: 1 }),
  baseMomentums: momentums,
  maxMomentums: momentums,
};
const cyclicOptions = defineOptions({
  stepSizeUp: number(2000, { above: 0 }),
  stepSizeDown: number(undefined, { above: 0 }),
  ...spec,
  scaleFn: callback<(x: number) => number>(),
  cycleMomentum: flag(true),
  baseMomentum: momentumOption(0.8),
  maxMomentum: momentumOption(0.9),
  ...lastEpochSpec,
});

/**
 * The rate goes up and down between two bounds in straight lines. Step it after every batch.
 *
 * @param baseLr the smallest rate: one value, or one for each parameter group
 * @param maxLr the largest rate of the first cycle: one value, or one for each parameter group
 * @source Smith 2015, arXiv:1506.01186
 * @example
 * new optim.lrScheduler.CyclicLR(opt, 0.01, 0.1, { stepSizeUp: 5, mode: 'triangular2' });
 */
export class CyclicLR extends LRScheduler<CyclicSettings> {
  constructor(
    optimizer: Schedulable,
    baseLr: number | readonly number[],
    maxLr: number | readonly number[],
    options?: CyclicLROptions,
  ) {
    const owner = new.target.name;
    const read = cyclicOptions(owner, options);
    const { stepSizeUp, stepSizeDown = stepSizeUp, mode, gamma, scaleFn, scaleMode } = read;
    const { cycleMomentum, baseMomentum, maxMomentum, lastEpoch } = read;
    const baseLrs = perGroup(owner, 'baseLr', optimizer, baseLr, atLeastZero(0));
    const totalSize = stepSizeUp + stepSizeDown;
    const settings = {
      maxLrs: perGroup(owner, 'maxLr', optimizer, maxLr, atLeastZero(0)),
      totalSize,
      stepRatio: stepSizeUp / totalSize,
      mode,
      gamma,
      scaleMode: scaleFn === undefined ? (mode === 'exp_range' ? 'iterations' : 'cycle') : scaleMode,
      ...(scaleFn === undefined ? {} : { scaleFn }),
      cycleMomentum,
      baseMomentums: cycleMomentum ? momenta(owner, 'baseMomentum', optimizer, baseMomentum) : [],
      maxMomentums: cycleMomentum ? momenta(owner, 'maxMomentum', optimizer, maxMomentum) : [],
    } as const;
    if (lastEpoch === -1)
      optimizer.paramGroups.forEach((group, i) => {
        group.lr = baseLrs[i]!;
      });
    super(optimizer, settings, { lastEpoch });
    // The bounds, regardless of any earlier schedule.
    this.baseLrs = baseLrs;
    this.setRates(({ lr }) => lr);
  }

  protected override check(settings: CyclicSettings): void {
    checkOptions(this.name, settingsSpec, settings);
  }

  /** Absent if momentum isn't cycled. */
  protected override get optionalSettings(): readonly string[] {
    return ['baseMomentums', 'maxMomentums'];
  }

  protected override adopt(group: SchedulableGroup): number {
    const { maxLrs, cycleMomentum, baseMomentums, maxMomentums } = this.settings;
    const more = (name: string, values: readonly number[]): readonly number[] =>
      extended(this.name, name, values);
    const base = more('baseLr', this.baseLrs).at(-1)!;
    Object.assign(this.settings, {
      maxLrs: more('maxLr', maxLrs),
      baseMomentums: cycleMomentum ? more('baseMomentum', baseMomentums) : [],
      maxMomentums: cycleMomentum ? more('maxMomentum', maxMomentums) : [],
    });
    super.adopt(group);
    return base;
  }

  protected override rate(_before: number, base: number, group: SchedulableGroup, index: number): number {
    const { settings, lastEpoch } = this;
    const { totalSize, stepRatio } = settings;
    const cycle = Math.floor(1 + lastEpoch / totalSize);
    const x = 1 + lastEpoch / totalSize - cycle;
    const height = x <= stepRatio ? x / stepRatio : (x - 1) / (stepRatio - 1);
    const scale = scaleOf(this.name, settings, settings.scaleMode === 'cycle' ? cycle : lastEpoch);
    if (settings.cycleMomentum) {
      const [least, most] = [settings.baseMomentums[index]!, settings.maxMomentums[index]!];
      setMomentum(group, most - (most - least) * height * scale);
    }
    return base + (settings.maxLrs[index]! - base) * height * scale;
  }
}
