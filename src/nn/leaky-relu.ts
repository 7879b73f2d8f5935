import type { DType } from '../core/dtype.js';
import { ArgumentError } from '../core/errors.js';
import { defineOptions, dtype, number, whole } from '../core/options.js';
import * as F from '../functional.js';
import type { Tensor } from '../tensor/tensor.js';
import { constant_ } from './init/index.js';
import { elementsOf, soleOption } from './module/argument.js';
import { Module } from './module/module.js';
import { newParameter, type Parameter } from './module/parameter.js';
import { show } from './sizes.js';

const readSlope = soleOption('negativeSlope', number(0.01));

/** y = x for x > 0, slope · x below. @source Maas et al. 2013 */
export class LeakyReLU extends Module {
  readonly negativeSlope: number;

  /** @param negativeSlope default 0.01 */
  constructor(negativeSlope?: number | { readonly negativeSlope?: number }, ...surplus: readonly never[]) {
    super();
    this.negativeSlope = readSlope(new.target.name, negativeSlope, surplus);
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

  override multiplyAdds(_: readonly unknown[], output: unknown): number {
    return elementsOf(this, 'output', output);
  }

  protected override describe(): string {
    return show({ numParameters: this.weight.count });
  }
}
