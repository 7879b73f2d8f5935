import { defineOptions, flag, size } from '../core/options.js';
import * as F from '../functional.js';
import type { Tensor } from '../tensor/tensor.js';
import { Module } from './module/module.js';
import { poolWindow, windowSpec } from './pool-window.js';
import { type Size, show } from './sizes.js';

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

const avgPoolOptions = defineOptions({ ...windowSpec, padding: size(0, 0), countIncludePad: flag(true) });

abstract class AvgPool extends Module {
  readonly kernelSize: readonly number[];
  protected readonly options: Required<AvgPoolOptions>;

  constructor(rank: number, kernelSize: Size, options: AvgPoolOptions | undefined) {
    super();
    const name = new.target.name;
    const { ceilMode, countIncludePad, ...given } = avgPoolOptions(name, options);
    const { kernelSize: kernel, stride, padding } = poolWindow(name, rank, kernelSize, given);
    this.kernelSize = kernel;
    this.options = { stride, padding, ceilMode, countIncludePad };
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
