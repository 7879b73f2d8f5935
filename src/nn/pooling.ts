import { ShapeError } from '../core/errors.js';
import { noMore } from '../core/exact.js';
import { checkOption, defineOptions, flag, size } from '../core/options.js';
import type { Shape } from '../core/shape.js';
import * as F from '../functional.js';
import { adaptiveSizes } from '../ops/pool/adaptive-pooling.js';
import { checkPadding } from '../ops/pool/geometry.js';
import { normTypeOption } from '../ops/pool/pooling.js';
import { checkTensors } from '../tensor/argument.js';
import type { Tensor } from '../tensor/tensor.js';
import { Module } from './module/module.js';
import { perAxis, type Size, show } from './sizes.js';

export interface MaxPoolOptions {
  /** Stride between windows (default: the window's size). */
  readonly stride?: Size;
  /** Elements of −∞ added on each side (default 0). */
  readonly padding?: Size;
  /** Distance between neighboring elements of a window (default 1). */
  readonly dilation?: Size;
  /** Whether the last window may extend beyond the edge (default false). */
  readonly ceilMode?: boolean;
}

export interface AvgPoolOptions {
  /** Stride between windows (default: the window's size). */
  readonly stride?: Size;
  /** Zeros added on each side (default 0). */
  readonly padding?: Size;
  /** Whether the last window may extend beyond the edge (default false). */
  readonly ceilMode?: boolean;
  /** Whether the average includes the added zeros (default true). */
  readonly countIncludePad?: boolean;
}

const window = { stride: size(undefined, 1), ceilMode: flag(false) };
const lpPoolOptions = defineOptions(window);
const maxPoolOptions = defineOptions({ ...window, padding: size(0, 0), dilation: size(1, 1) });
const avgPoolOptions = defineOptions({ ...window, padding: size(0, 0), countIncludePad: flag(true) });

abstract class MaxPool extends Module {
  readonly kernelSize: readonly number[];
  protected readonly options: Required<MaxPoolOptions>;

  /** @param kernelSize size of the window */
  constructor(rank: number, kernelSize: Size, options: MaxPoolOptions | undefined) {
    super();
    const name = new.target.name;
    this.kernelSize = perAxis(name, 'kernelSize', kernelSize, rank, 1);
    const { stride = kernelSize, padding, dilation, ceilMode } = maxPoolOptions(name, options);
    const paddings = perAxis(name, 'padding', padding, rank, 0);
    checkPadding(name, this.kernelSize, paddings);
    this.options = {
      stride: perAxis(name, 'stride', stride, rank, 1),
      padding: paddings,
      dilation: perAxis(name, 'dilation', dilation, rank, 1),
      ceilMode,
    };
  }

  protected override describe(): string {
    return show({ kernelSize: this.kernelSize, ...this.options });
  }
}

/** The largest element of each window. @shape (N, C, L) → (N, C, L'), L' = ⌊(L + 2p − d(k−1) − 1)/s⌋ + 1 */
export class MaxPool1d extends MaxPool {
  constructor(kernelSize: Size, options?: MaxPoolOptions) {
    super(1, kernelSize, options);
  }

  override forward(x: Tensor): Tensor {
    return F.maxPool1d(x, this.kernelSize, this.options);
  }
}

/**
 * The largest element of each window.
 *
 * @shape (N, C, H, W) → (N, C, H', W'), H' = ⌊(H + 2p − d(k−1) − 1)/s⌋ + 1
 * @source notes 3.6
 */
export class MaxPool2d extends MaxPool {
  constructor(kernelSize: Size, options?: MaxPoolOptions) {
    super(2, kernelSize, options);
  }

  override forward(x: Tensor): Tensor {
    return F.maxPool2d(x, this.kernelSize, this.options);
  }
}

/** The largest element of each window. @shape (N, C, D, H, W) → (N, C, D', H', W') */
export class MaxPool3d extends MaxPool {
  constructor(kernelSize: Size, options?: MaxPoolOptions) {
    super(3, kernelSize, options);
  }

  override forward(x: Tensor): Tensor {
    return F.maxPool3d(x, this.kernelSize, this.options);
  }
}

abstract class AvgPool extends Module {
  readonly kernelSize: readonly number[];
  protected readonly options: Required<AvgPoolOptions>;

  constructor(rank: number, kernelSize: Size, options: AvgPoolOptions | undefined) {
    super();
    const name = new.target.name;
    this.kernelSize = perAxis(name, 'kernelSize', kernelSize, rank, 1);
    const { stride = kernelSize, padding, ceilMode, countIncludePad } = avgPoolOptions(name, options);
    const paddings = perAxis(name, 'padding', padding, rank, 0);
    checkPadding(name, this.kernelSize, paddings);
    this.options = {
      stride: perAxis(name, 'stride', stride, rank, 1),
      padding: paddings,
      ceilMode,
      countIncludePad,
    };
  }

  protected override describe(): string {
    return show({ kernelSize: this.kernelSize, ...this.options });
  }
}

/** The mean of each window. @shape (N, C, L) → (N, C, L') */
export class AvgPool1d extends AvgPool {
  constructor(kernelSize: Size, options?: AvgPoolOptions) {
    super(1, kernelSize, options);
  }

  override forward(x: Tensor): Tensor {
    return F.avgPool1d(x, this.kernelSize, this.options);
  }
}

/** The mean of each window. @shape (N, C, H, W) → (N, C, H', W'), H' = ⌊(H + 2p − k)/s⌋ + 1 @source notes 3.6 */
export class AvgPool2d extends AvgPool {
  constructor(kernelSize: Size, options?: AvgPoolOptions) {
    super(2, kernelSize, options);
  }

  override forward(x: Tensor): Tensor {
    return F.avgPool2d(x, this.kernelSize, this.options);
  }
}

/** The mean of each window. @shape (N, C, D, H, W) → (N, C, D', H', W') */
export class AvgPool3d extends AvgPool {
  constructor(kernelSize: Size, options?: AvgPoolOptions) {
    super(3, kernelSize, options);
  }

  override forward(x: Tensor): Tensor {
    return F.avgPool3d(x, this.kernelSize, this.options);
  }
}

abstract class LPPool extends Module {
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly ceilMode: boolean;

  constructor(
    rank: number,
    /** Order of the norm. */
    readonly normType: number,
    kernelSize: Size,
    options: F.LpPoolOptions | undefined,
  ) {
    super();
    const name = new.target.name;
    const { stride = kernelSize, ceilMode } = lpPoolOptions(name, options);
    checkOption(name, 'normType', normTypeOption, normType);
    this.kernelSize = perAxis(name, 'kernelSize', kernelSize, rank, 1);
    this.stride = perAxis(name, 'stride', stride, rank, 1);
    this.ceilMode = ceilMode;
  }

  protected override describe(): string {
    const { normType, kernelSize, stride, ceilMode } = this;
    return show({ normType, kernelSize, stride, ceilMode });
  }
}

/** The p-norm of each window, (Σ xᵖ)^(1/p). @shape (N, C, L) → (N, C, L') */
export class LPPool1d extends LPPool {
  constructor(normType: number, kernelSize: Size, options?: F.LpPoolOptions) {
    super(1, normType, kernelSize, options);
  }

  override forward(x: Tensor): Tensor {
    const { normType, kernelSize, stride, ceilMode } = this;
    return F.lpPool1d(x, normType, kernelSize, { stride, ceilMode });
  }
}

/** The p-norm of each window, (Σ xᵖ)^(1/p). @shape (N, C, H, W) → (N, C, H', W') */
export class LPPool2d extends LPPool {
  constructor(normType: number, kernelSize: Size, options?: F.LpPoolOptions) {
    super(2, normType, kernelSize, options);
  }

  override forward(x: Tensor): Tensor {
    const { normType, kernelSize, stride, ceilMode } = this;
    return F.lpPool2d(x, normType, kernelSize, { stride, ceilMode });
  }
}

/** The length of each output axis; null keeps the input's. */
export type AdaptiveSize = number | null | readonly (number | null)[];

abstract class Adaptive extends Module {
  readonly outputSize: readonly (number | null)[];

  constructor(
    protected readonly rank: number,
    outputSize: AdaptiveSize,
    surplus: readonly never[],
  ) {
    super();
    const name = new.target.name;
    noMore(`${name}(outputSize)`, [outputSize], surplus);
    this.outputSize = adaptiveSizes(name, outputSize, rank);
  }

  /** The output's spatial shape for this input. */
  protected sizeFor(x: Tensor): Shape {
    checkTensors(this.constructor.name, { x });
    if (x.ndim < this.rank)
      throw new ShapeError(this.constructor.name, `needs at least ${this.rank} axes`, [
        { name: 'x', shape: x.shape },
      ]);
    return this.outputSize.map((n, axis) => n ?? x.shape[x.ndim - this.rank + axis]!);
  }

  protected override describe(): string {
    return `[${this.outputSize.join(', ')}]`;
  }
}

/** The largest element of each of `outputSize` windows that divide the input evenly. @shape (N, C, L) → (N, C, L') */
export class AdaptiveMaxPool1d extends Adaptive {
  constructor(outputSize: AdaptiveSize, ...surplus: readonly never[]) {
    super(1, outputSize, surplus);
  }

  override forward(x: Tensor): Tensor {
    return F.adaptiveMaxPool1d(x, this.sizeFor(x));
  }
}

/** Like `AdaptiveMaxPool1d` over two axes. @shape (N, C, H, W) → (N, C, H', W') */
export class AdaptiveMaxPool2d extends Adaptive {
  constructor(outputSize: AdaptiveSize, ...surplus: readonly never[]) {
    super(2, outputSize, surplus);
  }

  override forward(x: Tensor): Tensor {
    return F.adaptiveMaxPool2d(x, this.sizeFor(x));
  }
}

/** Like `AdaptiveMaxPool1d` over three axes. @shape (N, C, D, H, W) → (N, C, D', H', W') */
export class AdaptiveMaxPool3d extends Adaptive {
  constructor(outputSize: AdaptiveSize, ...surplus: readonly never[]) {
    super(3, outputSize, surplus);
  }

  override forward(x: Tensor): Tensor {
    return F.adaptiveMaxPool3d(x, this.sizeFor(x));
  }
}

/** The mean of each of `outputSize` windows that divide the input evenly. @shape (N, C, L) → (N, C, L') */
export class AdaptiveAvgPool1d extends Adaptive {
  constructor(outputSize: AdaptiveSize, ...surplus: readonly never[]) {
    super(1, outputSize, surplus);
  }

  override forward(x: Tensor): Tensor {
    return F.adaptiveAvgPool1d(x, this.sizeFor(x));
  }
}

/**
 * Like `AdaptiveAvgPool1d` over two axes; output size 1 is global average pooling.
 *
 * @shape (N, C, H, W) → (N, C, H', W')
 */
export class AdaptiveAvgPool2d extends Adaptive {
  constructor(outputSize: AdaptiveSize, ...surplus: readonly never[]) {
    super(2, outputSize, surplus);
  }

  override forward(x: Tensor): Tensor {
    return F.adaptiveAvgPool2d(x, this.sizeFor(x));
  }
}

/** Like `AdaptiveAvgPool1d` over three axes. @shape (N, C, D, H, W) → (N, C, D', H', W') */
export class AdaptiveAvgPool3d extends Adaptive {
  constructor(outputSize: AdaptiveSize, ...surplus: readonly never[]) {
    super(3, outputSize, surplus);
  }

  override forward(x: Tensor): Tensor {
    return F.adaptiveAvgPool3d(x, this.sizeFor(x));
  }
}
