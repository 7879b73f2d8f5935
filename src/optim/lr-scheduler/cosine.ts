import { checkOption, checkOptions, defineOptions, number, whole } from '../../core/options.js';
import { atLeastZero } from '../check.js';
import { type LastEpoch, LRScheduler, lastEpochSpec } from './lr-scheduler.js';
import type { Schedulable } from './schedule.js';

export interface CosineOptions extends LastEpoch {
  /** The smallest rate (default 0). */
  readonly etaMin?: number;
}

interface CosineSettings {
  readonly tMax: number;
  readonly etaMin: number;
}

const period = whole(1, { least: 1 });
const cosineSpec = { etaMin: atLeastZero(0) };
const cosineOptions = defineOptions({ ...cosineSpec, ...lastEpochSpec });
const restartsSpec = { tMult: period, ...cosineSpec };
const restartsOptions = defineOptions({ ...restartsSpec, ...lastEpochSpec });

/** Half a cosine wave, from `base` at 0 to `etaMin` at `period`. */
const wave = (t: number, period: number, base: number, etaMin: number): number =>
  etaMin + ((base - etaMin) * (1 + Math.cos((Math.PI * t) / period))) / 2;

/**
 * The rate falls from its initial value to `etaMin` in `tMax` steps along half a cosine wave, and rises again in the
 * next `tMax`:
 *
 * η = ηmin + (η₀ − ηmin)(1 + cos(π t/T))/2
 *
 * @source Loshchilov and Hutter 2016, arXiv:1608.03983
 * @example
 * new optim.lrScheduler.CosineAnnealingLR(opt, 10 * batches.length, { etaMin: 1e-5 });
 */
export class CosineAnnealingLR extends LRScheduler<CosineSettings> {
  constructor(optimizer: Schedulable, tMax: number, options?: CosineOptions) {
    const { etaMin, lastEpoch } = cosineOptions(new.target.name, options);
    super(optimizer, { tMax, etaMin }, { lastEpoch });
  }

  protected override check(settings: CosineSettings): void {
    checkOptions(this.name, { tMax: period, ...cosineSpec }, settings);
  }

  // Computed step by step, as in PyTorch, so a rate changed in between carries over.
  protected override rate(before: number, base: number): number {
    const { tMax, etaMin } = this.settings;
    const t = this.lastEpoch;
    if (t === 0) return before;
    if (this.stepCount === 1) return wave(t, tMax, base, etaMin);
    if ((t - 1 - tMax) % (2 * tMax) === 0)
      return before + ((base - etaMin) * (1 - Math.cos(Math.PI / tMax))) / 2;
    const height = (at: number): number => 1 + Math.cos((Math.PI * at) / tMax);
    return (height(t) / height(t - 1)) * (before - etaMin) + etaMin;
  }
}

export interface WarmRestartsOptions extends CosineOptions {
  /** How many times longer each period is than the one before (default 1). */
  readonly tMult?: number;
}

interface WarmRestartsSettings {
  readonly t0: number;
  readonly tMult: number;
  readonly etaMin: number;
  /** Length of the current period. */
  tI: number;
  /** Steps since it began. */
  tCur: number;
}

/** The period that contains an epoch: its length, and the steps since it began. */
function placeOf(epoch: number, { t0, tMult }: WarmRestartsSettings): { tI: number; tCur: number } {
  if (tMult === 1) return { tI: t0, tCur: epoch % t0 };
  const before = Math.floor(Math.log((epoch / t0) * (tMult - 1) + 1) / Math.log(tMult));
  return { tI: t0 * tMult ** before, tCur: epoch - (t0 * (tMult ** before - 1)) / (tMult - 1) };
}

/**
 * The rate falls along half a cosine wave and jumps back at the end of each period. The first period has `t0` steps;
 * each later one has `tMult` times as many as the one before.
 *
 * η = ηmin + (η₀ − ηmin)(1 + cos(π Tcur/Ti))/2
 *
 * @source Loshchilov and Hutter 2016, arXiv:1608.03983
 */
export class CosineAnnealingWarmRestarts extends LRScheduler<WarmRestartsSettings> {
  constructor(optimizer: Schedulable, t0: number, options?: WarmRestartsOptions) {
    const { tMult, etaMin, lastEpoch } = restartsOptions(new.target.name, options);
    super(optimizer, { t0, tMult, etaMin, tI: t0, tCur: lastEpoch }, { lastEpoch });
  }

  protected override check(settings: WarmRestartsSettings): void {
    const { tI } = settings;
    checkOptions(this.name, { t0: period, ...restartsSpec, tI: number(1, { above: 0 }) }, settings);
    checkOption(this.name, 'tCur', number(0, { least: -1, below: tI }), settings.tCur);
  }

  /** @param epoch the epoch to go to instead of the next; may be fractional: `epoch + i / batches.length` */
  override step(epoch?: number): void {
    const { settings } = this;
    if (epoch !== undefined || this.lastEpoch < 0) {
      const to = epoch ?? 0;
      checkOption(this.name, 'epoch', number(0, { least: 0 }), to);
      this.lastEpoch = Math.floor(to);
      Object.assign(settings, placeOf(to, settings));
    } else {
      this.lastEpoch++;
      settings.tCur++;
      if (settings.tCur >= settings.tI) {
        settings.tCur -= settings.tI;
        settings.tI *= settings.tMult;
      }
    }
    this.setRates(({ lr }) => lr);
  }

  override restart(): void {
    this.step(0);
  }

  protected override rate(_before: number, base: number): number {
    const { tCur, tI, etaMin } = this.settings;
    return wave(tCur, tI, base, etaMin);
  }
}
