import { defineOptions, generatorOption } from '../../core/options.js';
import { type Generator, ShapeError, type Tensor } from '../../index.js';
import { Draws } from './draws.js';
import { onBatch } from './images.js';

export interface ImageSize {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

export interface TransformOptions {
  /** Where random numbers come from (default: the generator that `manualSeed` seeds). */
  readonly generator?: Generator;
}

/** Reads `TransformOptions`. */
export const transformOptions = defineOptions({ generator: generatorOption });

/** The size of each of the images (N, C, H, W). */
export const imageSize = ({ shape }: Tensor): ImageSize => ({
  channels: shape[1]!,
  height: shape[2]!,
  width: shape[3]!,
});

const formatSize = ({ channels, height, width }: ImageSize): string => `[${channels}, ${height}, ${width}]`;

/**
 * Turns images into other images, like torchvision's transforms of tensors.
 *
 * A batch is transformed as a whole, but each image has its own random numbers: those that torchvision draws for the
 * same seed if it gets one image after the other.
 *
 * Your own transform says what it draws for each image, and what it does to a batch with those draws.
 */
export abstract class Transform<Drawn = unknown> {
  /** What is drawn for an image. */
  abstract draw(size: ImageSize, draws: Draws): Drawn;

  /** Transforms images (N, C, H, W), each with what was drawn for it. */
  abstract apply(images: Tensor, drawn: readonly Drawn[]): Tensor;

  /** The size of an image afterward. */
  sizeAfter(size: ImageSize, _drawn: Drawn): ImageSize {
    return size;
  }

  /** What's between the parentheses of the printed form. */
  protected abstract describe(): string;

  /**
   * @param images uint8 from 0 to 255 or floats from 0 to 1
   * @shape an image (C, H, W) or a batch (N, C, H, W)
   * @throws ShapeError, DTypeError
   */
  forward(images: Tensor, options?: TransformOptions): Tensor {
    const { generator } = transformOptions(this.constructor.name, options);
    return onBatch(this.constructor.name, images, (batch) => this.#onBatch(batch, generator));
  }

  #onBatch(images: Tensor, generator: Generator | undefined): Tensor {
    const size = imageSize(images);
    const draws = new Draws(generator);
    const drawn = Array.from({ length: images.shape[0]! }, () => this.draw(size, draws));
    const sizes = new Set(drawn.map((each) => formatSize(this.sizeAfter(size, each))));
    if (sizes.size > 1)
      throw new ShapeError(
        this.constructor.name,
        `the images of a batch would have different sizes: ${[...sizes].slice(0, 3).join(', ')}`,
        [{ name: 'images', axes: '(N, C, H, W)', shape: images.shape }],
        'transform them one by one, or crop or resize them to the same size at the end',
      );
    return this.apply(images, drawn);
  }

  toString(): string {
    return `${this.constructor.name}(${this.describe()})`;
  }
}

/** A transform without randomness. */
export abstract class FixedTransform extends Transform<null> {
  override draw(): null {
    return null;
  }
}
