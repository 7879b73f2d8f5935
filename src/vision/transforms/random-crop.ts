import { defineOptions, flag, instance } from '../../core/options.js';
import type { Size } from '../../core/sizes.js';
import type { Tensor } from '../../index.js';
import { type Box, checkCrop, cropEach, cropSize } from './crop.js';
import type { Draws } from './draws.js';
import { type ImagePadOptions, type Padding, pad, paddingSides, padSpec, sizeWithBorder } from './pad.js';
import { type ImageSize, imageSize, Transform } from './transform.js';

export interface RandomCropOptions extends ImagePadOptions {
  /** A border to add first (default none). */
  readonly padding?: Padding;
  /** Whether to pad smaller images, on each side by as much as is missing in all (default false). */
  readonly padIfNeeded?: boolean;
}

const isPadding = (value: unknown): value is Padding => typeof value === 'number' || Array.isArray(value);
const randomCropOptions = defineOptions({
  padding: { ...instance('a number of pixels, or two or four', isPadding), default: 0 as Padding },
  padIfNeeded: flag(false),
  ...padSpec,
});

/**
 * A random part of the image.
 *
 * @param size pixels, one number or [height, width]
 * @shape (N, C, H, W) → (N, C, height, width)
 * @throws ArgumentError; ShapeError for a smaller image
 * @example
 * new vision.transforms.RandomCrop(24).forward(rand([3, 32, 32])).shape; // [3, 24, 24]
 */
export class RandomCrop extends Transform<Box> {
  readonly size: readonly [height: number, width: number];
  readonly padding: Padding;
  readonly padIfNeeded: boolean;
  readonly fill: number;
  readonly paddingMode: NonNullable<ImagePadOptions['paddingMode']>;

  constructor(size: Size, options?: RandomCropOptions) {
    super();
    const name = new.target.name;
    const { padding, padIfNeeded, fill, paddingMode } = randomCropOptions(name, options);
    this.size = cropSize(name, size);
    paddingSides(name, padding);
    this.padding = padding;
    this.padIfNeeded = padIfNeeded;
    this.fill = fill;
    this.paddingMode = paddingMode;
  }

  /** The borders of an image, one after another. */
  #borders(size: ImageSize): Padding[] {
    const borders: Padding[] = [this.padding];
    if (!this.padIfNeeded) return borders;
    const { height, width } = sizeWithBorder(size, this.padding);
    return [...borders, [Math.max(this.size[1] - width, 0), 0], [0, Math.max(this.size[0] - height, 0)]];
  }

  override draw(size: ImageSize, draws: Draws): Box {
    const padded = this.#borders(size).reduce(sizeWithBorder, size);
    checkCrop('RandomCrop', padded, this.size);
    const [height, width] = this.size;
    if (padded.height === height && padded.width === width) return { top: 0, left: 0, height, width };
    const top = draws.below(padded.height - height + 1);
    return { top, left: draws.below(padded.width - width + 1), height, width };
  }

  override sizeAfter({ channels }: ImageSize): ImageSize {
    return { channels, height: this.size[0], width: this.size[1] };
  }

  override apply(images: Tensor, boxes: readonly Box[]): Tensor {
    const { fill, paddingMode } = this;
    const padded = this.#borders(imageSize(images))
      .filter((border) => paddingSides('RandomCrop', border).some((n) => n > 0))
      .reduce((x, border) => pad(x, border, { fill, paddingMode }), images);
    return cropEach(padded, boxes);
  }

  protected override describe(): string {
    return `size=[${this.size.join(', ')}], padding=[${paddingSides('RandomCrop', this.padding).join(', ')}]`;
  }
}
