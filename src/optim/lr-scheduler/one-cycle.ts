import { ArgumentError } from '../../core/errors.js';
import { checkOptions, defineOptions, flag, number, type Resolved, whole, word } from '../../core/options.js';
import { atLeastZero } from '../check.js';
import { type LastEpoch, LRScheduler, lastEpochSpec } from './lr-scheduler.js';
import { momenta, momentumOption, setMomentum } from './momentum.js';
import { extended, perGroup, type Schedulable, type SchedulableGroup } from './schedule.js';

const anneal = {
  cos: (from: number, to: number, part: number) => to + ((from - to) / 2) * (1 + Math.cos(Math.PI * part)),
  linear: (from: number, to: number, part: number) => (to - from) * part + from,
};

interface OneCycleSettings {
  readonly totalSteps: number;
  readonly pctStart: number;
  readonly annealStrategy: keyof typeof anneal;
  readonly cycleMomentum: boolean;
  readonly threePhase: boolean;
}

export interface OneCycleLROptions extends LastEpoch {
  /** Total number of steps; or pass `epochs` and `stepsPerEpoch`. */
  readonly totalSteps?: number;
  readonly epochs?: number;
  readonly stepsPerEpoch?: number;
  /** Fraction of the steps while the rate rises (default 0.3). */
  readonly pctStart?: number;
  /** Whether to follow half a cosine wave or straight lines (default 'cos'). */
  readonly annealStrategy?: 'cos' | 'linear';
  /** Whether momentum, or β₁, falls while the rate rises and vice versa (default true). */
  readonly cycleMomentum?: boolean;
  /** Momentum at the largest rate (default 0.85). */
  readonly baseMomentum?: number | readonly number[];
  /** Momentum at the smallest rate (default 0.95). */
  readonly maxMomentum?: number | readonly number[];
  /** The first rate is `maxLr` divided by this (default 25). */
  readonly divFactor?: number;
  /** The last rate is the first divided by this (default 1e4). */
  readonly finalDivFactor?: number;
  /** Whether the rate first falls as steeply as it rose, and then on to the last rate (default false). */
  readonly threePhase?: boolean;
}

const steps = whole(undefined, { least: 1 });
const spec = {
  totalSteps: steps,
  pctStart: number(0.3, { least: 0, most: 1 }),
  annealStrategy: word(['cos', 'linear'], 'cos'),
};
const oneCycleSpec = {
  ...spec,
  epochs: steps,
  stepsPerEpoch: steps,
  cycleMomentum: flag(true),
  baseMomentum: momentumOption(0.85),
  maxMomentum: momentumOption(0.95),
  divFactor: number(25, { above: 0 }),
  finalDivFactor: number(1e4, { above: 0 }),
  threePhase: flag(false),
  ...lastEpochSpec,
};
const oneCycleOptions = defineOptions(oneCycleSpec);

/** A phase of the cycle: its last step, and the group's values that it moves between. */
interface Phase {
  readonly end: number;
  readonly lr: readonly [from: 'initialLr' | 'maxLr', to: 'initialLr' | 'maxLr' | 'minLr'];
  readonly momentum: readonly [from: Momentum, to: Momentum];
}

type Momentum = 'maxMomentum' | 'baseMomentum';

function phasesOf({ totalSteps, pctStart, threePhase }: OneCycleSettings): readonly Phase[] {
  const rise: Phase = {
    end: pctStart * totalSteps - 1,
    lr: ['initialLr', 'maxLr'],
    momentum: ['maxMomentum', 'baseMomentum'],
  };
  const end = totalSteps - 1;
  if (!threePhase) return [rise, { end, lr: ['maxLr', 'minLr'], momentum: ['baseMomentum', 'maxMomentum'] }];
  return [
    rise,
    {
      end: 2 * pctStart * totalSteps - 2,
      lr: ['maxLr', 'initialLr'],
      momentum: ['baseMomentum', 'maxMomentum'],
    },
    { end, lr: ['initialLr', 'minLr'], momentum: ['maxMomentum', 'maxMomentum'] },
  ];
}

/**
 * One cycle for an entire training: the rate rises to `maxLr` and falls to almost zero, while momentum moves the
 * other way. Step it after every batch, at most `totalSteps` times; it ignores the optimizer's own rate and momentum.
 *
 * The cycle ends at step `totalSteps` − 1. As in PyTorch, one more step is allowed so that a loop can step after its
 * last batch, but it isn't meaningful.
 *
 * @param maxLr the largest rate: one value, or one for each parameter group
 * @throws ArgumentError if the number of steps isn't given, or if it's exceeded
 * @source Smith and Topin 2017, arXiv:1708.07120
 * @example
 * new optim.lrScheduler.OneCycleLR(opt, 0.1, { epochs: 10, stepsPerEpoch: batches.length });
 */
export class OneCycleLR extends LRScheduler<OneCycleSettings> {
  constructor(optimizer: Schedulable, maxLr: number | readonly number[], options: OneCycleLROptions) {
    const owner = new.target.name;
    const read = oneCycleOptions(owner, options);
    const { pctStart, annealStrategy, cycleMomentum, threePhase, divFactor, finalDivFactor, lastEpoch } =
      read;
    const { baseMomentum, maxMomentum } = read;
    const totalSteps = stepsOf(owner, read);
    const maxLrs = perGroup(owner, 'maxLr', optimizer, maxLr, atLeastZero(0));
    const most = cycleMomentum ? momenta(owner, 'maxMomentum', optimizer, maxMomentum) : [];
    const least = cycleMomentum ? momenta(owner, 'baseMomentum', optimizer, baseMomentum) : [];
    if (lastEpoch === -1)
      optimizer.paramGroups.forEach((group, i) => {
        group.initialLr = maxLrs[i]! / divFactor;
        group.maxLr = maxLrs[i]!;
        group.minLr = group.initialLr / finalDivFactor;
        if (!cycleMomentum) return;
        group.maxMomentum = most[i]!;
        group.baseMomentum = least[i]!;
      });
    super(optimizer, { totalSteps, pctStart, annealStrategy, cycleMomentum, threePhase }, { lastEpoch });
  }

  protected override check(settings: OneCycleSettings): void {
    checkOptions(this.name, spec, settings);
  }

  protected override get optionalSettings(): readonly string[] {
    return ['pctStart', 'annealStrategy', 'threePhase'];
  }

  override step(): void {
    const { totalSteps } = this.settings;
    if (this.lastEpoch >= totalSteps)
      throw new ArgumentError(
        this.name,
        `the cycle of ${totalSteps} steps is over; totalSteps must be the number of batches in all epochs`,
      );
    super.step();
  }

  protected override adopt(group: SchedulableGroup): number {
    const scheduled = this.optimizer.paramGroups.slice(0, this.baseLrs.length);
    for (const key of ['initialLr', 'maxLr', 'minLr', 'maxMomentum', 'baseMomentum'] as const) {
      const values = scheduled.map((other) => other[key]);
      if (group[key] !== undefined || values[0] === undefined) continue;
      group[key] = extended(this.name, key, values)[0]!;
    }
    return super.adopt(group);
  }

  protected override rate(_before: number, _base: number, group: SchedulableGroup): number {
    const { annealStrategy, cycleMomentum } = this.settings;
    const phases = phasesOf(this.settings);
    const at = phases.findIndex(({ end }, i) => this.lastEpoch <= end || i === phases.length - 1);
    const { end, lr, momentum } = phases[at]!;
    const start = phases[at - 1]?.end ?? 0;
    const part = (this.lastEpoch - start) / (end - start);
    const between = ([from, to]: readonly [keyof SchedulableGroup, keyof SchedulableGroup]): number =>
      anneal[annealStrategy](group[from] as number, group[to] as number, part);
    if (cycleMomentum) setMomentum(group, between(momentum));
    return between(lr);
  }
}

function stepsOf(
  owner: string,
  { totalSteps, epochs, stepsPerEpoch }: Resolved<typeof oneCycleSpec>,
): number {
  if (totalSteps !== undefined) return totalSteps;
  if (epochs === undefined || stepsPerEpoch === undefined)
    throw new ArgumentError(owner, 'needs the number of steps: totalSteps, or epochs and stepsPerEpoch');
  return epochs * stepsPerEpoch;
}
