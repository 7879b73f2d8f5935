import type { DType } from '../core/dtype.js';
import { ArgumentError, ShapeError } from '../core/errors.js';
import { noMore } from '../core/exact.js';
import {
  anyNumber,
  checkOption,
  defineOptions,
  dtype,
  number,
  whole,
  withLeading,
  word,
} from '../core/options.js';
import * as F from '../functional.js';
import { checkTensors } from '../tensor/argument.js';
import type { Tensor } from '../tensor/tensor.js';
import { constant_ } from './init/index.js';
import { Module } from './module/module.js';
import { newParameter, type Parameter } from './module/parameter.js';
import { show } from './sizes.js';

// A single option can be passed directly: `new nn.LeakyReLU(0.2)` is `new nn.LeakyReLU({ negativeSlope: 0.2 })`.

const slopeOptions = defineOptions({ negativeSlope: number(0.01) });

/** y = x for x > 0, slope · x below. @source Maas et al. 2013 */
export class LeakyReLU extends Module {
  readonly negativeSlope: number;

  /** @param negativeSlope default 0.01 */
  constructor(negativeSlope?: number | { readonly negativeSlope?: number }, ...surplus: readonly never[]) {
    super();
    const name = new.target.name;
    noMore(`${name}(negativeSlope)`, [negativeSlope], surplus);
    this.negativeSlope = slopeOptions(name, withLeading(name, { negativeSlope })).negativeSlope;
  }

  override forward(x: Tensor): Tensor {
    return F.leakyRelu(x, { negativeSlope: this.negativeSlope });
  }

  protected override describe(): string {
    return show({ negativeSlope: this.negativeSlope });
  }
}

const rreluOptions = defineOptions({ lower: number(1 / 8), upper: number(1 / 3) });

/**
 * y = x for x > 0, a · x below, with a drawn from U(lower, upper) for each element in training, and their mean in
 * evaluation.
 *
 * @source Xu et al. 2015, arXiv:1505.00853
 */
export class RReLU extends Module {
  readonly lower: number;
  readonly upper: number;

  /** Defaults: lower 1/8, upper 1/3. */
  constructor(options?: { readonly lower?: number; readonly upper?: number }) {
    super();
    const { lower, upper } = rreluOptions(new.target.name, options);
    if (!(lower <= upper)) throw new ArgumentError('RReLU', `lower ${lower} is larger than upper ${upper}`);
    this.lower = lower;
    this.upper = upper;
  }

  override forward(x: Tensor): Tensor {
    const { lower, upper, training } = this;
    return F.rrelu(x, { lower, upper, training });
  }

  protected override describe(): string {
    return show({ lower: this.lower, upper: this.upper });
  }
}

const preluOptions = defineOptions({
  numParameters: whole(1, { least: 1 }),
  init: number(0.25),
  dtype: dtype('float32'),
});

/**
 * y = x for x > 0, a · x below, with a single learned a or one for each channel.
 *
 * @source He et al. 2015, arXiv:1502.01852
 */
export class PReLU extends Module {
  /** @shape (numParameters) */
  weight: Parameter;

  /** Defaults: numParameters 1, init 0.25, dtype float32. */
  constructor(options?: {
    readonly numParameters?: number;
    readonly init?: number;
    readonly dtype?: DType;
  }) {
    super();
    const { numParameters, init, dtype } = preluOptions(new.target.name, options);
    this.weight = constant_(newParameter(new.target.name, [numParameters], dtype), init);
  }

  override forward(x: Tensor): Tensor {
    return F.prelu(x, this.weight);
  }

  override multiplyAdds(_: readonly Tensor[], y: Tensor): number {
    return y.count;
  }

  protected override describe(): string {
    return show({ numParameters: this.weight.count });
  }
}

const alphaOptions = defineOptions({ alpha: number(1) });

/** y = x for x > 0, α(e^x − 1) below. @source Clevert et al. 2015, arXiv:1511.07289 */
export class ELU extends Module {
  readonly alpha: number;

  /** @param alpha default 1 */
  constructor(alpha?: number | { readonly alpha?: number }, ...surplus: readonly never[]) {
    super();
    const name = new.target.name;
    noMore(`${name}(alpha)`, [alpha], surplus);
    this.alpha = alphaOptions(name, withLeading(name, { alpha })).alpha;
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
    const name = new.target.name;
    noMore(`${name}(alpha)`, [alpha], surplus);
    this.alpha = alphaOptions(name, withLeading(name, { alpha })).alpha;
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

const softshrinkOptions = defineOptions({ lambd: number(0.5, { least: 0 }) });

/** y = x − λ for x > λ, x + λ for x < −λ, else 0. */
export class Softshrink extends Module {
  readonly lambd: number;

  /** @param lambd default 0.5 */
  constructor(lambd?: number | { readonly lambd?: number }, ...surplus: readonly never[]) {
    super();
    const name = new.target.name;
    noMore(`${name}(lambd)`, [lambd], surplus);
    this.lambd = softshrinkOptions(name, withLeading(name, { lambd })).lambd;
  }

  override forward(x: Tensor): Tensor {
    return F.softshrink(x, { lambd: this.lambd });
  }

  protected override describe(): string {
    return show({ lambd: this.lambd });
  }
}

const hardshrinkOptions = defineOptions({ lambd: number(0.5) });

/** y = x for |x| > λ, else 0. */
export class Hardshrink extends Module {
  readonly lambd: number;

  /** @param lambd default 0.5 */
  constructor(lambd?: number | { readonly lambd?: number }, ...surplus: readonly never[]) {
    super();
    const name = new.target.name;
    noMore(`${name}(lambd)`, [lambd], surplus);
    this.lambd = hardshrinkOptions(name, withLeading(name, { lambd })).lambd;
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

const axisOptions = defineOptions({ dim: whole(-1) });

abstract class AlongAxis extends Module {
  readonly dim: number;

  /** @param dim default −1; passed directly or as an option */
  constructor(dim?: number | { readonly dim?: number }, ...surplus: readonly never[]) {
    super();
    const name = new.target.name;
    noMore(`${name}(dim)`, [dim], surplus);
    this.dim = axisOptions(name, withLeading(name, { dim })).dim;
  }

  protected override describe(): string {
    return show({ dim: this.dim });
  }
}

/**
 * y[i] = e^x[i] / Σ e^x[j] along axis `dim`.
 *
 * @differs from PyTorch: the axis defaults to −1
 * @source notes 2.2
 */
export class Softmax extends AlongAxis {
  override forward(x: Tensor): Tensor {
    return F.softmax(x, this.dim);
  }
}

/** y = log(softmax(x)) along axis `dim`. */
export class LogSoftmax extends AlongAxis {
  override forward(x: Tensor): Tensor {
    return F.logSoftmax(x, this.dim);
  }
}

/** y = softmax(−x) along axis `dim`. */
export class Softmin extends AlongAxis {
  override forward(x: Tensor): Tensor {
    return F.softmin(x, this.dim);
  }
}

/** Softmax over the channels of each pixel. @shape (N, C, H, W) or (C, H, W) */
export class Softmax2d extends Module {
  override forward(x: Tensor): Tensor {
    checkTensors('Softmax2d', { x });
    if (x.ndim !== 3 && x.ndim !== 4)
      throw new ShapeError('Softmax2d', 'needs 3 or 4 axes', [{ name: 'x', shape: x.shape }]);
    return F.softmax(x, -3);
  }
}

/**
 * y = a · sigmoid(b), where a and b are the halves of x along axis `dim`.
 *
 * @source Dauphin et al. 2016, arXiv:1612.08083
 */
export class GLU extends AlongAxis {
  override forward(x: Tensor): Tensor {
    return F.glu(x, this.dim);
  }
}
