import { checkOption, positiveWhole } from '../check.js';
import { type LastEpoch, LRScheduler } from './lr-scheduler.js';
import type { Schedulable } from './schedule.js';

export interface CosineOptions extends LastEpoch {
  /** The smallest rate (default 0). */
  readonly etaMin?: number;
}

interface CosineSettings {
  readonly tMax: number;
  readonly etaMin: number;
}

/** Half a wave of the cosine, from `base` at 0 to `etaMin` at `period`. */
const wave = (t: number, period: number, base: number, etaMin: number): number =>
  etaMin + ((base - etaMin) * (1 + Math.cos((Math.PI * t) / period))) / 2;

/**
 * The rate falls from its start to `etaMin` in `tMax` steps along half a wave of the cosine, and
 * rises again in the next `tMax`:
 *
 * η = ηmin + (η₀ − ηmin)(1 + cos(π t/T))/2
 *
 * @source Loshchilov and Hutter 2016, arXiv:1608.03983
 * @example
 * new optim.lrScheduler.CosineAnnealingLR(opt, 10 * batches.length, { etaMin: 1e-5 });
 */
export class CosineAnnealingLR extends LRScheduler<CosineSettings> {
  constructor(optimizer: Schedulable, tMax: number, { etaMin = 0, ...options }: CosineOptions = {}) {
    super(optimizer, { tMax, etaMin }, options);
  }

  protected override check({ tMax, etaMin }: CosineSettings): void {
    positiveWhole(this.name, { tMax });
    checkOption(this.name, 'etaMin', etaMin, Number.isFinite(etaMin), 'a number');
  }

  // From step to step as PyTorch computes it, so that a rate changed in between is gone on from.
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
  /** Factor by which a period is longer than the one before (default 1). */
  readonly tMult?: number;
}

interface WarmRestartsSettings {
  readonly t0: number;
  readonly tMult: number;
  readonly etaMin: number;
  /** Length of the period that is under way. */
  tI: number;
  /** Steps since it began. */
  tCur: number;
}

/** In which period an epoch lies: its length, and the steps since it began. */
function placeOf(epoch: number, { t0, tMult }: WarmRestartsSettings): { tI: number; tCur: number } {
  if (tMult === 1) return { tI: t0, tCur: epoch % t0 };
  const before = Math.floor(Math.log((epoch / t0) * (tMult - 1) + 1) / Math.log(tMult));
  return { tI: t0 * tMult ** before, tCur: epoch - (t0 * (tMult ** before - 1)) / (tMult - 1) };
}

/**
 * The rate falls along half a wave of the cosine, and jumps back at the end of each period: the first
 * has `t0` steps, each other `tMult` times those of the one before.
 *
 * η = ηmin + (η₀ − ηmin)(1 + cos(π Tcur/Ti))/2
 *
 * @source Loshchilov and Hutter 2016, arXiv:1608.03983
 */
export class CosineAnnealingWarmRestarts extends LRScheduler<WarmRestartsSettings> {
  constructor(
    optimizer: Schedulable,
    t0: number,
    { tMult = 1, etaMin = 0, lastEpoch = -1 }: WarmRestartsOptions = {},
  ) {
    super(optimizer, { t0, tMult, etaMin, tI: t0, tCur: lastEpoch }, { lastEpoch });
  }

  protected override check({ t0, tMult, etaMin, tI }: WarmRestartsSettings): void {
    positiveWhole(this.name, { t0, tMult });
    checkOption(this.name, 'tI', tI, tI > 0, 'positive');
    checkOption(this.name, 'etaMin', etaMin, Number.isFinite(etaMin), 'a number');
  }

  /** @param epoch where to go instead of to the next; may lie between two: `epoch + i / batches.length` */
  override step(epoch?: number): void {
    const { settings } = this;
    if (epoch !== undefined || this.lastEpoch < 0) {
      const to = epoch ?? 0;
      checkOption(this.name, 'epoch', to, to >= 0, '0 or more');
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
