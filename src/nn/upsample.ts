import { ArgumentError } from '../core/errors.js';
import { defineOptions, either, flag, listOf, number, size, word } from '../core/options.js';
import * as F from '../functional.js';
import type { Tensor } from '../tensor/tensor.js';
import { Module } from './module/module.js';
import { show } from './sizes.js';

const newSize = {
  size: size(undefined, 0),
  scaleFactor: either(number(undefined, { above: 0 }), listOf(number(1, { above: 0 }), undefined)),
};

const newSizeOptions = defineOptions(newSize);

const upsampleOptions = defineOptions({
  ...newSize,
  mode: word(['nearest', 'nearest-exact', 'linear', 'bilinear', 'bicubic', 'trilinear', 'area'], 'nearest'),
  alignCorners: flag(false),
  recomputeScaleFactor: flag(false),
});

/** Resizes by interpolation, with the options of `F.interpolate`. @shape (N, C, L), (N, C, H, W) or (N, C, D, H, W) */
export class Upsample extends Module {
  readonly options: F.InterpolateOptions;

  /** @param options `size` or `scaleFactor`, `mode` (default `nearest`), … */
  constructor(options: F.InterpolateOptions) {
    super();
    upsampleOptions(new.target.name, options ?? {});
    if ((options?.size === undefined) === (options?.scaleFactor === undefined))
      throw new ArgumentError(new.target.name, 'give either size or scaleFactor');
    this.options = { ...options };
  }

  override forward(x: Tensor): Tensor {
    return F.interpolate(x, this.options);
  }

  protected override describe(): string {
    return show({ ...this.options });
  }
}

/** The output size: one of the two. */
type NewSize = Pick<F.InterpolateOptions, 'size' | 'scaleFactor'>;

/** Enlarges images by repeating pixels. @shape (N, C, H, W) → (N, C, H', W') */
export class UpsamplingNearest2d extends Upsample {
  constructor(options: NewSize) {
    newSizeOptions(new.target.name, options);
    super({ ...options, mode: 'nearest' });
  }
}

/** Enlarges images by bilinear interpolation, keeping the corners aligned. @shape (N, C, H, W) → (N, C, H', W') */
export class UpsamplingBilinear2d extends Upsample {
  constructor(options: NewSize) {
    newSizeOptions(new.target.name, options);
    super({ ...options, mode: 'bilinear', alignCorners: true });
  }
}
