import { requireRecord } from '../../core/arguments.js';
import { defineOptions } from '../../core/options.js';
import type { Size } from '../../core/sizes.js';
import { stack, type Tensor } from '../../index.js';
import { rangeOption, roundHalfEven } from './checks.js';
import { type Box, boxSpec, crop, cropSize, cut } from './crop.js';
import type { Draws } from './draws.js';
import { onBatch } from './images.js';
import { type BoxRanges, boxAttempts, checkBoxRanges, drawSides } from './random-box.js';
import { qualitySpec, type ResizeQuality, resize } from './resize.js';
import { type ImageSize, Transform } from './transform.js';

/** The part of an image in a box, resized. */
export const resizedCrop = (images: Tensor, box: Box, size: Size, quality?: ResizeQuality): Tensor => {
  requireRecord('resizedCrop', 'the box', box, boxSpec);
  const { top, left, height, width } = box;
  return onBatch('resizedCrop', images, (x) =>
    resize(crop(x, top, left, height, width), cropSize('resizedCrop', size), quality),
  );
};

export interface RandomResizedCropOptions extends ResizeQuality, Partial<BoxRanges> {}

const cropOptions = defineOptions({
  ...qualitySpec,
  scale: rangeOption([0.08, 1]),
  ratio: rangeOption([3 / 4, 4 / 3]),
});

/** The largest centered box whose width over height is within the range. */
function middleBox({ height, width }: ImageSize, [narrowest, widest]: readonly [number, number]): Box {
  const ratio = width / height;
  const h = ratio < narrowest ? roundHalfEven(width / narrowest) : height;
  const w = ratio > widest ? roundHalfEven(height * widest) : width;
  return { top: Math.floor((height - h) / 2), left: Math.floor((width - w) / 2), height: h, width: w };
}

/**
 * A part of the image, of random area (`scale`, default from 0.08 to 1 of it) and shape (`ratio` of
 * width to height, default from 3/4 to 4/3), resized. Ten boxes are tried; if none fits, it's the center.
 *
 * @param size pixels, one number or [height, width]
 * @shape (N, C, H, W) → (N, C, height, width)
 * @throws ArgumentError
 * @source Szegedy et al. 2015, arXiv:1409.4842
 */
export class RandomResizedCrop extends Transform<Box> {
  readonly size: readonly [height: number, width: number];
  readonly ranges: BoxRanges;
  readonly quality: Required<ResizeQuality>;

  constructor(size: Size, options?: RandomResizedCropOptions) {
    super();
    const name = new.target.name;
    const { scale, ratio, ...quality } = cropOptions(name, options);
    this.size = cropSize(name, size);
    this.ranges = { scale, ratio };
    this.quality = quality;
    checkBoxRanges(name, this.ranges);
  }

  override draw(size: ImageSize, draws: Draws): Box {
    for (let attempt = 0; attempt < boxAttempts; attempt++) {
      const [width, height] = drawSides(size.height * size.width, this.ranges, draws);
      if (width < 1 || width > size.width || height < 1 || height > size.height) continue;
      const top = draws.below(size.height - height + 1);
      return { top, left: draws.below(size.width - width + 1), height, width };
    }
    return middleBox(size, this.ranges.ratio);
  }

  override sizeAfter({ channels }: ImageSize): ImageSize {
    return { channels, height: this.size[0], width: this.size[1] };
  }

  override apply(images: Tensor, boxes: readonly Box[]): Tensor {
    return stack(boxes.map((box, n) => resize(cut(images.select(0, n), box), this.size, this.quality)));
  }

  protected override describe(): string {
    const { scale, ratio } = this.ranges;
    const round = (range: readonly number[]): string => range.map((x) => Number(x.toFixed(4))).join(', ');
    const { interpolation, antialias } = this.quality;
    return `size=[${this.size.join(', ')}], scale=[${round(scale)}], ratio=[${round(ratio)}], interpolation=${interpolation}, antialias=${antialias}`;
  }
}
