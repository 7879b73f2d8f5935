import { ArgumentError } from '../core/errors.js';
import { noMore } from '../core/exact.js';
import {
  checkOption,
  defineOptions,
  either,
  flag,
  listOf,
  number,
  size,
  whole,
  word,
} from '../core/options.js';
import type { Shape } from '../core/shape.js';
import * as F from '../functional.js';
import { checkTensors } from '../tensor/argument.js';
import type { Tensor } from '../tensor/tensor.js';
import { Module } from './module/module.js';
import { count, counts, perAxis, type Size, show } from './sizes.js';

const axis = whole(0);

/** Merges the axes from `startDim` to `endDim` into one. @shape (N, C, H, W) → (N, C·H·W) by default */
export class Flatten extends Module {
  constructor(
    readonly startDim: number = 1,
    readonly endDim: number = -1,
    ...surplus: readonly never[]
  ) {
    super();
    noMore('Flatten(startDim, endDim)', [startDim, endDim], surplus);
    checkOption('Flatten', 'startDim', axis, startDim);
    checkOption('Flatten', 'endDim', axis, endDim);
  }

  override forward(x: Tensor): Tensor {
    checkTensors('Flatten', { x });
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
    ...surplus: readonly never[]
  ) {
    super();
    noMore('Unflatten(dim, unflattenedSize)', [dim, unflattenedSize], surplus);
    checkOption('Unflatten', 'dim', axis, dim);
    counts('Unflatten', 'unflattenedSize', unflattenedSize, -1);
  }

  override forward(x: Tensor): Tensor {
    checkTensors('Unflatten', { x });
    return x.unflatten(this.dim, [...this.unflattenedSize]);
  }

  protected override describe(): string {
    return show({ dim: this.dim, unflattenedSize: this.unflattenedSize });
  }
}

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

/**
 * Interleaves the channels of `groups` groups.
 *
 * @shape (N, C, …); the output has the same shape
 * @source Zhang et al. 2017, arXiv:1707.01083
 */
export class ChannelShuffle extends Module {
  constructor(
    readonly groups: number,
    ...surplus: readonly never[]
  ) {
    super();
    noMore('ChannelShuffle(groups)', [groups], surplus);
    count('ChannelShuffle', 'groups', groups, 1);
  }

  override forward(x: Tensor): Tensor {
    return F.channelShuffle(x, this.groups);
  }

  protected override describe(): string {
    return show({ groups: this.groups });
  }
}

const patchOptions = defineOptions({ stride: size(1, 1), padding: size(0, 0), dilation: size(1, 1) });

/** The patches of images, each as a column. @shape (N, C, H, W) → (N, C·kH·kW, number of patches) */
export class Unfold extends Module {
  constructor(
    readonly kernelSize: Size,
    private readonly options?: F.PatchOptions,
  ) {
    super();
    perAxis(new.target.name, 'kernelSize', kernelSize, 2, 1);
    patchOptions(new.target.name, options);
  }

  override forward(x: Tensor): Tensor {
    return F.unfold(x, this.kernelSize, this.options);
  }

  protected override describe(): string {
    return show({ kernelSize: this.kernelSize, ...this.options });
  }
}

/**
 * Assembles images from patches, which are summed where they overlap.
 *
 * @shape (N, C·kH·kW, number of patches) → (N, C, H, W)
 */
export class Fold extends Module {
  constructor(
    readonly outputSize: Size,
    readonly kernelSize: Size,
    private readonly options?: F.PatchOptions,
  ) {
    super();
    perAxis(new.target.name, 'outputSize', outputSize, 2, 1);
    perAxis(new.target.name, 'kernelSize', kernelSize, 2, 1);
    patchOptions(new.target.name, options);
  }

  override forward(x: Tensor): Tensor {
    return F.fold(x, this.outputSize, this.kernelSize, this.options);
  }

  protected override describe(): string {
    return show({ outputSize: this.outputSize, kernelSize: this.kernelSize, ...this.options });
  }
}

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
