import { ArgumentError } from '../../core/errors.js';
import { number, required } from '../../core/options.js';
import { perAxis, type Size } from '../../core/sizes.js';
import * as F from '../../functional.js';
import { ShapeError, stack, type Tensor } from '../../index.js';
import { roundHalfEven } from './checks.js';
import { onBatch } from './images.js';
import { FixedTransform, type ImageSize } from './transform.js';

/** A part of an image, in pixels. */
export interface Box {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

const extent = required(number(0));
/** The options of a `Box`. */
export const boxSpec = { top: extent, left: extent, height: extent, width: extent };

/** A crop's size as [height, width]. */
export const cropSize = (operation: string, size: Size): readonly [number, number] => {
  const [height, width] = perAxis(operation, 'size', size, 2, 1);
  return [height!, width!];
};

/** The part of an image (C, H, W) in a box within it. */
export const cut = (image: Tensor, { top, left, height, width }: Box): Tensor =>
  image.narrow(1, top, height).narrow(2, left, width);

/** Each image's box (N, C, H, W); the boxes have the same size and are within. */
export function cropEach(images: Tensor, boxes: readonly Box[]): Tensor {
  return stack(boxes.map((box, n) => cut(images.select(0, n), box)));
}

/**
 * The part of the images in a box, 0 where the box is outside them.
 *
 * @throws ArgumentError if the box has no pixel of the images
 */
export function crop(images: Tensor, top: number, left: number, height: number, width: number): Tensor {
  return onBatch('crop', images, (x) => {
    const [h, w] = [x.shape[2]!, x.shape[3]!];
    perAxis('crop', 'height and width', [height, width], 2, 1);
    if (!(top < h && left < w && top + height > 0 && left + width > 0))
      throw new ArgumentError(
        'crop',
        `the box of ${height} × ${width} pixels at (${top}, ${left}) is outside an image of ${h} × ${w}`,
      );
    const [bottom, right] = [top + height - h, left + width - w];
    return top >= 0 && left >= 0 && bottom <= 0 && right <= 0
      ? x.narrow(2, top, height).narrow(3, left, width)
      : F.pad(x, [-left, right, -top, bottom]);
  });
}

/** Where an axis is cut in the middle; a short axis gets a border first, with the larger half at the end. */
const middle = (length: number, wanted: number): number =>
  wanted > length ? -Math.floor((wanted - length) / 2) : roundHalfEven((length - wanted) / 2);

/** The middle of the images; see `CenterCrop`. */
export function centerCrop(images: Tensor, size: Size): Tensor {
  const [height, width] = cropSize('centerCrop', size);
  return onBatch('centerCrop', images, (x) =>
    crop(x, middle(x.shape[2]!, height), middle(x.shape[3]!, width), height, width),
  );
}

/**
 * The middle of the images; smaller ones have a border of 0.
 *
 * @param size pixels, one number or [height, width]
 * @shape (N, C, H, W) → (N, C, height, width)
 * @throws ArgumentError
 */
export class CenterCrop extends FixedTransform {
  readonly size: readonly [height: number, width: number];

  constructor(size: Size) {
    super();
    this.size = cropSize('CenterCrop', size);
  }

  override sizeAfter({ channels }: ImageSize): ImageSize {
    return { channels, height: this.size[0], width: this.size[1] };
  }

  override apply(images: Tensor): Tensor {
    return centerCrop(images, this.size);
  }

  protected override describe(): string {
    return `size=[${this.size.join(', ')}]`;
  }
}

/** @throws ShapeError if a crop is larger than the image */
export function checkCrop(
  operation: string,
  { channels, height, width }: ImageSize,
  size: readonly [number, number],
): void {
  if (height < size[0] || width < size[1])
    throw new ShapeError(
      operation,
      `a crop of ${size[0]} × ${size[1]} pixels is larger than the image of ${height} × ${width}`,
      [{ name: 'image', axes: '(C, H, W)', shape: [channels, height, width] }],
      'use padIfNeeded: true to pad smaller images',
    );
}
