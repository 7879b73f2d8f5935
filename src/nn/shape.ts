import { ArgumentError } from '../core/errors.js';
import type { Shape } from '../core/shape.js';
import * as F from '../functional.js';
import type { Tensor } from '../tensor/tensor.js';
import { Module } from './module.js';
import { type Size, show } from './sizes.js';

/** Makes one axis of those from `startDim` to `endDim`. @shape (N, C, H, W) → (N, C·H·W) by default */
export class Flatten extends Module {
  constructor(
    readonly startDim: number = 1,
    readonly endDim: number = -1,
  ) {
    super();
  }

  override forward(x: Tensor): Tensor {
    return x.flatten(this.startDim, this.endDim);
  }

  protected override describe(): string {
    return show({ startDim: this.startDim, endDim: this.endDim });
  }
}

/** Splits axis `dim` into axes of the given lengths, one of which may be −1. @shape (N, C·H·W) → (N, C, H, W) */
export class Unflatten extends Module {
  constructor(
    readonly dim: number,
    readonly unflattenedSize: Shape,
  ) {
    super();
  }

  override forward(x: Tensor): Tensor {
    return x.unflatten(this.dim, [...this.unflattenedSize]);
  }

  protected override describe(): string {
    return show({ dim: this.dim, unflattenedSize: this.unflattenedSize });
  }
}

/** (N, C·r², H, W) → (N, C, r·H, r·W): channels become pixels. @source Shi et al. 2016, arXiv:1609.05158 */
export class PixelShuffle extends Module {
  constructor(readonly upscaleFactor: number) {
    super();
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
  constructor(readonly downscaleFactor: number) {
    super();
  }

  override forward(x: Tensor): Tensor {
    return F.pixelUnshuffle(x, this.downscaleFactor);
  }

  protected override describe(): string {
    return show({ downscaleFactor: this.downscaleFactor });
  }
}

export interface UpsampleOptions {
  /** Length of each axis of the output; this or `scaleFactor`. */
  readonly size?: Size;
  /** Factor by which each axis grows. */
  readonly scaleFactor?: Size;
  /** Default `nearest`. */
  readonly mode?: 'nearest' | 'bilinear' | 'bicubic';
  /** Whether corner pixels keep their values (default false). */
  readonly alignCorners?: boolean;
}

/** Enlarges images by interpolation. @shape (N, C, H, W) → (N, C, H', W') */
export class Upsample extends Module {
  readonly options: UpsampleOptions;

  constructor(options: UpsampleOptions) {
    super();
    if ((options.size === undefined) === (options.scaleFactor === undefined))
      throw new ArgumentError('Upsample', 'give either size or scaleFactor');
    this.options = { ...options };
  }

  override forward(x: Tensor): Tensor {
    return F.interpolate(x, this.options);
  }

  protected override describe(): string {
    return show({ ...this.options });
  }
}
