import { defineOptions, size } from '../core/options.js';
import * as F from '../functional.js';
import type { Tensor } from '../tensor/tensor.js';
import { Module } from './module/module.js';
import { poolWindow, windowSpec } from './pool-window.js';
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

const maxPoolOptions = defineOptions({ ...windowSpec, padding: size(0, 0), dilation: size(1, 1) });

abstract class MaxPool extends Module {
  readonly kernelSize: readonly number[];
  protected readonly options: Required<MaxPoolOptions>;

  /** @param kernelSize size of the window */
  constructor(rank: number, kernelSize: Size, options: MaxPoolOptions | undefined) {
    super();
    const name = new.target.name;
    const { dilation, ceilMode, ...given } = maxPoolOptions(name, options);
    const { kernelSize: kernel, stride, padding } = poolWindow(name, rank, kernelSize, given);
    this.kernelSize = kernel;
    this.options = { stride, padding, dilation: perAxis(name, 'dilation', dilation, rank, 1), ceilMode };
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
