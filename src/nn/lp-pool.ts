import { checkOption, defineOptions } from '../core/options.js';
import * as F from '../functional.js';
import { normTypeOption } from '../ops/pool/pooling.js';
import type { Tensor } from '../tensor/tensor.js';
import { Module } from './module/module.js';
import { poolWindow, windowSpec } from './pool-window.js';
import { type Size, show } from './sizes.js';

const lpPoolOptions = defineOptions(windowSpec);

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
    const { stride: given, ceilMode } = lpPoolOptions(name, options);
    checkOption(name, 'normType', normTypeOption, normType);
    const window = poolWindow(name, rank, kernelSize, { stride: given });
    this.kernelSize = window.kernelSize;
    this.stride = window.stride;
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
