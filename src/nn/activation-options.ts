import { ArgumentError } from '../core/errors.js';
import { noMore } from '../core/exact.js';
import { anyNumber, checkOption, defineOptions, number, word } from '../core/options.js';
import * as F from '../functional.js';
import type { Tensor } from '../tensor/tensor.js';
import { soleOption } from './module/argument.js';
import { Module } from './module/module.js';
import { show } from './sizes.js';

const readAlpha = soleOption('alpha', number(1));

/** y = x for x > 0, α(e^x − 1) below. @source Clevert et al. 2015, arXiv:1511.07289 */
export class ELU extends Module {
  readonly alpha: number;

  /** @param alpha default 1 */
  constructor(alpha?: number | { readonly alpha?: number }, ...surplus: readonly never[]) {
    super();
    this.alpha = readAlpha(new.target.name, alpha, surplus);
  }

  override forward(x: Tensor): Tensor {
    return F.elu(x, { alpha: this.alpha });
  }

  protected override describe(): string {
    return show({ alpha: this.alpha });
  }
}

/** y = max(0, x) + min(0, α(e^(x/α) − 1)). @source Barron 2017, arXiv:1704.07483 */
export class CELU extends Module {
  readonly alpha: number;

  /** @param alpha default 1 */
  constructor(alpha?: number | { readonly alpha?: number }, ...surplus: readonly never[]) {
    super();
    this.alpha = readAlpha(new.target.name, alpha, surplus);
  }

  override forward(x: Tensor): Tensor {
    return F.celu(x, { alpha: this.alpha });
  }

  protected override describe(): string {
    return show({ alpha: this.alpha });
  }
}

const geluOptions = defineOptions({ approximate: word(['none', 'tanh'], 'none') });

/**
 * y = x Φ(x), where Φ is the cumulative distribution function of N(0, 1).
 *
 * @source Hendrycks and Gimpel 2016, arXiv:1606.08415
 */
export class GELU extends Module {
  readonly approximate: 'none' | 'tanh';

  /** @param options.approximate `tanh` for the common approximation (default `none`) */
  constructor(options?: { readonly approximate?: 'none' | 'tanh' }) {
    super();
    this.approximate = geluOptions(new.target.name, options).approximate;
  }

  override forward(x: Tensor): Tensor {
    return F.gelu(x, { approximate: this.approximate });
  }

  protected override describe(): string {
    return show({ approximate: this.approximate });
  }
}

const softplusOptions = defineOptions({ beta: number(1), threshold: number(20, { infinite: true }) });

/** y = log(1 + e^(βx))/β, and x where βx > threshold. */
export class Softplus extends Module {
  readonly beta: number;
  readonly threshold: number;

  /** Defaults: beta 1, threshold 20. */
  constructor(options?: { readonly beta?: number; readonly threshold?: number }) {
    super();
    const { beta, threshold } = softplusOptions(new.target.name, options);
    this.beta = beta;
    this.threshold = threshold;
  }

  override forward(x: Tensor): Tensor {
    return F.softplus(x, { beta: this.beta, threshold: this.threshold });
  }

  protected override describe(): string {
    return show({ beta: this.beta, threshold: this.threshold });
  }
}

const readSoftLambd = soleOption('lambd', number(0.5, { least: 0 }));

/** y = x − λ for x > λ, x + λ for x < −λ, else 0. */
export class Softshrink extends Module {
  readonly lambd: number;

  /** @param lambd default 0.5 */
  constructor(lambd?: number | { readonly lambd?: number }, ...surplus: readonly never[]) {
    super();
    this.lambd = readSoftLambd(new.target.name, lambd, surplus);
  }

  override forward(x: Tensor): Tensor {
    return F.softshrink(x, { lambd: this.lambd });
  }

  protected override describe(): string {
    return show({ lambd: this.lambd });
  }
}

const readHardLambd = soleOption('lambd', number(0.5));

/** y = x for |x| > λ, else 0. */
export class Hardshrink extends Module {
  readonly lambd: number;

  /** @param lambd default 0.5 */
  constructor(lambd?: number | { readonly lambd?: number }, ...surplus: readonly never[]) {
    super();
    this.lambd = readHardLambd(new.target.name, lambd, surplus);
  }

  override forward(x: Tensor): Tensor {
    return F.hardshrink(x, { lambd: this.lambd });
  }

  protected override describe(): string {
    return show({ lambd: this.lambd });
  }
}

const hardtanhOptions = defineOptions({
  minVal: number(-1, { infinite: true }),
  maxVal: number(1, { infinite: true }),
});

/** y = min(max(x, minVal), maxVal). */
export class Hardtanh extends Module {
  readonly minVal: number;
  readonly maxVal: number;

  /** Defaults: minVal −1, maxVal 1. */
  constructor(options?: { readonly minVal?: number; readonly maxVal?: number }) {
    super();
    const { minVal, maxVal } = hardtanhOptions(new.target.name, options);
    if (!(minVal < maxVal))
      throw new ArgumentError('Hardtanh', `minVal ${minVal} must be less than maxVal ${maxVal}`);
    this.minVal = minVal;
    this.maxVal = maxVal;
  }

  override forward(x: Tensor): Tensor {
    return F.hardtanh(x, { minVal: this.minVal, maxVal: this.maxVal });
  }

  protected override describe(): string {
    return show({ minVal: this.minVal, maxVal: this.maxVal });
  }
}

/** y = x for x > threshold, else value. */
export class Threshold extends Module {
  constructor(
    readonly threshold: number,
    readonly value: number,
    ...surplus: readonly never[]
  ) {
    super();
    noMore('Threshold(threshold, value)', [threshold, value], surplus);
    checkOption('Threshold', 'threshold', anyNumber(0), threshold);
    checkOption('Threshold', 'value', anyNumber(0), value);
  }

  override forward(x: Tensor): Tensor {
    return F.threshold(x, this.threshold, this.value);
  }

  protected override describe(): string {
    return show({ threshold: this.threshold, value: this.value });
  }
}
