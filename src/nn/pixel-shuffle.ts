import { noMore } from '../core/exact.js';
import * as F from '../functional.js';
import type { Tensor } from '../tensor/tensor.js';
import { Module } from './module/module.js';
import { count, show } from './sizes.js';

/** (N, C·r², H, W) → (N, C, r·H, r·W): channels become pixels. @source Shi et al. 2016, arXiv:1609.05158 */
export class PixelShuffle extends Module {
  constructor(
    readonly upscaleFactor: number,
    ...surplus: readonly never[]
  ) {
    super();
    noMore('PixelShuffle(upscaleFactor)', [upscaleFactor], surplus);
    count('PixelShuffle', 'upscaleFactor', upscaleFactor, 1);
  }

  override forward(x: Tensor): Tensor {
    return F.pixelShuffle(x, this.upscaleFactor);
  }

  protected override describe(): string {
    return show({ upscaleFactor: this.upscaleFactor });
  }
}

/** (N, C, r·H, r·W) → (N, C·r², H, W): undoes `PixelShuffle`. */
export class PixelUnshuffle extends Module {
  constructor(
    readonly downscaleFactor: number,
    ...surplus: readonly never[]
  ) {
    super();
    noMore('PixelUnshuffle(downscaleFactor)', [downscaleFactor], surplus);
    count('PixelUnshuffle', 'downscaleFactor', downscaleFactor, 1);
  }

  override forward(x: Tensor): Tensor {
    return F.pixelUnshuffle(x, this.downscaleFactor);
  }

  protected override describe(): string {
    return show({ downscaleFactor: this.downscaleFactor });
  }
}
