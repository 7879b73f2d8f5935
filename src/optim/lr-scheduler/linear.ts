import { checkOptions, defineOptions, number, whole } from '../../core/options.js';
import { type LastEpoch, LRScheduler, lastEpochSpec } from './lr-scheduler.js';
import type { Schedulable } from './schedule.js';

const factor = number(1 / 3, { above: 0, most: 1 });
const totalIters = whole(5, { least: 1 });

const constantSpec = { factor, totalIters };
const constantOptions = defineOptions({ ...constantSpec, ...lastEpochSpec });

const linearSpec = { startFactor: factor, endFactor: number(1, { least: 0, most: 1 }), totalIters };
const linearOptions = defineOptions({ ...linearSpec, ...lastEpochSpec });

const polynomialSpec = { totalIters, power: number(1, { least: 0 }) };
const polynomialOptions = defineOptions({ ...polynomialSpec, ...lastEpochSpec });

interface ConstantSettings {
  readonly factor: number;
  readonly totalIters: number;
}

export interface ConstantLROptions extends LastEpoch {
  /** Factor applied to the first rates (default 1/3). */
  readonly factor?: number;
  /** How many steps the factor applies to (default 5). */
  readonly totalIters?: number;
}

/** The rate times `factor` for the first `totalIters` steps. */
export class ConstantLR extends LRScheduler<ConstantSettings> {
  constructor(optimizer: Schedulable, options?: ConstantLROptions) {
    const { lastEpoch, ...settings } = constantOptions(new.target.name, options);
    super(optimizer, settings, { lastEpoch });
  }

  protected override check(settings: ConstantSettings): void {
    checkOptions(this.name, constantSpec, settings);
  }

  protected override rate(before: number): number {
    const { factor, totalIters } = this.settings;
    if (this.lastEpoch === 0) return before * factor;
    return this.lastEpoch === totalIters ? before * (1 / factor) : before;
  }
}

interface LinearSettings {
  readonly startFactor: number;
  readonly endFactor: number;
  readonly totalIters: number;
}

export interface LinearLROptions extends LastEpoch {
  /** Factor applied to the first rate (default 1/3). */
  readonly startFactor?: number;
  /** Factor applied to the last rates (default 1). */
  readonly endFactor?: number;
  /** Number of steps from one to the other (default 5). */
  readonly totalIters?: number;
}

/**
 * The rate times a factor that changes linearly from `startFactor` to `endFactor`: a warm-up.
 *
 * η = η₀ · (a + (b − a) · min(t, T)/T)
 *
 * @source Goyal et al. 2017, arXiv:1706.02677, section 2.2
 * @example
 * new optim.lrScheduler.LinearLR(opt, { startFactor: 0.1, totalIters: 100 });
 */
export class LinearLR extends LRScheduler<LinearSettings> {
  constructor(optimizer: Schedulable, options?: LinearLROptions) {
    const { lastEpoch, ...settings } = linearOptions(new.target.name, options);
    super(optimizer, settings, { lastEpoch });
  }

  protected override check(settings: LinearSettings): void {
    checkOptions(this.name, linearSpec, settings);
  }

  // Computed step by step, as in PyTorch, so a rate changed in between carries over.
  protected override rate(before: number): number {
    const { startFactor, endFactor, totalIters } = this.settings;
    const t = this.lastEpoch;
    if (t === 0) return before * startFactor;
    if (t > totalIters) return before;
    const rise = endFactor - startFactor;
    return before * (1 + rise / (totalIters * startFactor + (t - 1) * rise));
  }
}

interface PolynomialSettings {
  readonly totalIters: number;
  readonly power: number;
}

export interface PolynomialLROptions extends LastEpoch {
  /** Number of steps until the rate reaches 0 (default 5). */
  readonly totalIters?: number;
  /** Power of the polynomial (default 1: a straight line). */
  readonly power?: number;
}

/** The rate falls to zero in `totalIters` steps: η = η₀ · (1 − min(t, T)/T)^p */
export class PolynomialLR extends LRScheduler<PolynomialSettings> {
  constructor(optimizer: Schedulable, options?: PolynomialLROptions) {
    const { lastEpoch, ...settings } = polynomialOptions(new.target.name, options);
    super(optimizer, settings, { lastEpoch });
  }

  protected override check(settings: PolynomialSettings): void {
    checkOptions(this.name, polynomialSpec, settings);
  }

  protected override rate(before: number): number {
    const { totalIters, power } = this.settings;
    const t = this.lastEpoch;
    if (t === 0 || t > totalIters) return before;
    return before * ((1 - t / totalIters) / (1 - (t - 1) / totalIters)) ** power;
  }
}
