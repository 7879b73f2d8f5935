import type { DType } from '../core/dtype.js';
import { ArgumentError, ShapeError } from '../core/errors.js';
import * as F from '../functional.js';
import type { Tensor } from '../tensor/tensor.js';
import { constant_ } from './init.js';
import { Module } from './module.js';
import { newParameter, type Parameter } from './parameter.js';
import { count, show } from './sizes.js';

/** An option alone, or by its name: `new nn.LeakyReLU(0.2)`, `new nn.LeakyReLU({ negativeSlope: 0.2 })`. */
const option = <K extends string>(
  name: K,
  value: number | { readonly [key in K]?: number },
  fallback: number,
): number => (typeof value === 'number' ? value : (value[name] ?? fallback));

/** y = x for x > 0, slope · x below. @source Maas et al. 2013 */
export class LeakyReLU extends Module {
  readonly negativeSlope: number;

  /** @param negativeSlope default 0.01 */
  constructor(negativeSlope: number | { readonly negativeSlope?: number } = 0.01) {
    super();
    this.negativeSlope = option('negativeSlope', negativeSlope, 0.01);
  }

  override forward(x: Tensor): Tensor {
    return F.leakyRelu(x, { negativeSlope: this.negativeSlope });
  }

  protected override describe(): string {
    return show({ negativeSlope: this.negativeSlope });
  }
}

/**
 * y = x for x > 0, a · x below, with a drawn from U(lower, upper) for each element while training, and
 * their mean in evaluation.
 *
 * @source Xu et al. 2015, arXiv:1505.00853
 */
export class RReLU extends Module {
  readonly lower: number;
  readonly upper: number;

  /** Defaults: lower 1/8, upper 1/3. */
  constructor({ lower = 1 / 8, upper = 1 / 3 }: { readonly lower?: number; readonly upper?: number } = {}) {
    super();
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

/** y = x for x > 0, a · x below, with a learned for all channels or for each. @source He et al. 2015, arXiv:1502.01852 */
export class PReLU extends Module {
  /** @shape (numParameters) */
  weight: Parameter;

  constructor({ numParameters = 1, init = 0.25, dtype = 'float32' as DType } = {}) {
    super();
    count('PReLU', 'numParameters', numParameters, 1);
    this.weight = constant_(newParameter([numParameters], dtype), init);
  }

  override forward(x: Tensor): Tensor {
    return F.prelu(x, this.weight);
  }

  override multiplyAdds(_: readonly Tensor[], y: Tensor): number {
    return y.size;
  }

  protected override describe(): string {
    return show({ numParameters: this.weight.size });
  }
}

/** y = x for x > 0, α(e^x − 1) below. @source Clevert et al. 2015, arXiv:1511.07289 */
export class ELU extends Module {
  readonly alpha: number;

  /** @param alpha default 1 */
  constructor(alpha: number | { readonly alpha?: number } = 1) {
    super();
    this.alpha = option('alpha', alpha, 1);
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
  constructor(alpha: number | { readonly alpha?: number } = 1) {
    super();
    this.alpha = option('alpha', alpha, 1);
  }

  override forward(x: Tensor): Tensor {
    return F.celu(x, { alpha: this.alpha });
  }

  protected override describe(): string {
    return show({ alpha: this.alpha });
  }
}

/** y = x Φ(x), Φ the distribution function of N(0, 1). @source Hendrycks and Gimpel 2016, arXiv:1606.08415 */
export class GELU extends Module {
  readonly approximate: 'none' | 'tanh';

  /** @param options.approximate `tanh` for the usual approximation (default `none`) */
  constructor({ approximate = 'none' }: { readonly approximate?: 'none' | 'tanh' } = {}) {
    super();
    this.approximate = approximate;
  }

  override forward(x: Tensor): Tensor {
    return F.gelu(x, { approximate: this.approximate });
  }

  protected override describe(): string {
    return show({ approximate: this.approximate });
  }
}

/** y = log(1 + e^(βx))/β, and x where βx > threshold. */
export class Softplus extends Module {
  readonly beta: number;
  readonly threshold: number;

  /** Defaults: beta 1, threshold 20. */
  constructor({ beta = 1, threshold = 20 }: { readonly beta?: number; readonly threshold?: number } = {}) {
    super();
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

/** y = x − λ for x > λ, x + λ for x < −λ, else 0. */
export class Softshrink extends Module {
  readonly lambd: number;

  /** @param lambd default 0.5 */
  constructor(lambd: number | { readonly lambd?: number } = 0.5) {
    super();
    this.lambd = option('lambd', lambd, 0.5);
  }

  override forward(x: Tensor): Tensor {
    return F.softshrink(x, { lambd: this.lambd });
  }

  protected override describe(): string {
    return show({ lambd: this.lambd });
  }
}

/** y = x for |x| > λ, else 0. */
export class Hardshrink extends Module {
  readonly lambd: number;

  /** @param lambd default 0.5 */
  constructor(lambd: number | { readonly lambd?: number } = 0.5) {
    super();
    this.lambd = option('lambd', lambd, 0.5);
  }

  override forward(x: Tensor): Tensor {
    return F.hardshrink(x, { lambd: this.lambd });
  }

  protected override describe(): string {
    return show({ lambd: this.lambd });
  }
}

/** y = min(max(x, minVal), maxVal). */
export class Hardtanh extends Module {
  readonly minVal: number;
  readonly maxVal: number;

  /** Defaults: minVal −1, maxVal 1. */
  constructor({ minVal = -1, maxVal = 1 }: { readonly minVal?: number; readonly maxVal?: number } = {}) {
    super();
    if (!(minVal < maxVal))
      throw new ArgumentError('Hardtanh', `minVal ${minVal} is not below maxVal ${maxVal}`);
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
  ) {
    super();
  }

  override forward(x: Tensor): Tensor {
    return F.threshold(x, this.threshold, this.value);
  }

  protected override describe(): string {
    return show({ threshold: this.threshold, value: this.value });
  }
}

abstract class AlongAxis extends Module {
  readonly dim: number;

  constructor(dim: number | { readonly dim?: number }) {
    super();
    this.dim = option('dim', dim, -1);
  }

  protected override describe(): string {
    return show({ dim: this.dim });
  }
}

/**
 * y[i] = e^x[i] / Σ e^x[j] along axis `dim`.
 *
 * @differs from PyTorch: the axis is −1 if none is given
 * @source notes 2.2
 */
export class Softmax extends AlongAxis {
  constructor(dim: number | { readonly dim?: number } = -1) {
    super(dim);
  }

  override forward(x: Tensor): Tensor {
    return F.softmax(x, this.dim);
  }
}

/** y = log(softmax(x)) along axis `dim`. */
export class LogSoftmax extends AlongAxis {
  constructor(dim: number | { readonly dim?: number } = -1) {
    super(dim);
  }

  override forward(x: Tensor): Tensor {
    return F.logSoftmax(x, this.dim);
  }
}

/** y = softmax(−x) along axis `dim`. */
export class Softmin extends AlongAxis {
  constructor(dim: number | { readonly dim?: number } = -1) {
    super(dim);
  }

  override forward(x: Tensor): Tensor {
    return F.softmin(x, this.dim);
  }
}

/** Softmax over the channels of each pixel. @shape (N, C, H, W) or (C, H, W) */
export class Softmax2d extends Module {
  override forward(x: Tensor): Tensor {
    if (x.ndim !== 3 && x.ndim !== 4)
      throw new ShapeError('Softmax2d', 'needs 3 or 4 axes', [{ name: 'x', shape: x.shape }]);
    return F.softmax(x, -3);
  }
}

/** y = a · sigmoid(b), a and b the halves of x along axis `dim`. @source Dauphin et al. 2016, arXiv:1612.08083 */
export class GLU extends AlongAxis {
  constructor(dim: number | { readonly dim?: number } = -1) {
    super(dim);
  }

  override forward(x: Tensor): Tensor {
    return F.glu(x, this.dim);
  }
}
