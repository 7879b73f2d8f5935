import { requireNumbers } from '../../core/arguments.js';
import { ArgumentError, ShapeError } from '../../core/errors.js';
import { defineOptions, instance, listOf, text } from '../../core/options.js';
import { counts } from '../../core/sizes.js';
import { type Tensor, tensor } from '../../index.js';
import { checkTensors } from '../../tensor/argument.js';
import { Dataset, place } from '../dataset.js';

/** Changes an image (C, H, W), or of a batch (N, C, H, W): what `vision.transforms` are. */
export interface ImageTransform {
  forward(images: Tensor): Tensor;
}

export interface ImageDatasetOptions {
  /** Names of the classes (default: their numbers). */
  readonly classes?: readonly string[] | undefined;
  /** Applied to each image, or to each batch at once (default: none; images are uint8). */
  readonly transform?: ImageTransform | undefined;
}

/** Anything with a `forward` that turns images into images. */
export const transformOption = instance(
  'a transform',
  (value): value is ImageTransform => typeof (value as ImageTransform | null)?.forward === 'function',
);

/** The options of an `ImageDataset`. */
export const imageDatasetSpec = {
  transform: transformOption,
  classes: listOf(text(''), undefined),
};
const imageDatasetOptions = defineOptions(imageDatasetSpec);

/**
 * Images of one size in memory, each with a class. Example i is `[image (C, H, W), label]`; a
 * `DataLoader` gets batches `[images (N, C, H, W), labels (N)]`, each transformed at once.
 *
 * @shape images (N, C, H, W) uint8, labels (N) int32
 * @throws ShapeError if the images aren't a batch, or don't have one label each
 * @throws ArgumentError for a label without a class
 * @example
 * const images = randint(0, 256, [6, 3, 8, 8], { dtype: 'uint8' });
 * const pictures = new vision.ImageDataset(images, [0, 1, 0, 1, 0, 1], { classes: ['cat', 'dog'] });
 * for await (const [images, labels] of new data.DataLoader(pictures, { batchSize: 3 }))
 *   console.log(images.shape, labels.shape);
 */
export class ImageDataset extends Dataset<[image: Tensor, label: number]> {
  readonly labels: Tensor;
  readonly classes: readonly string[];
  readonly transform: ImageTransform | undefined;
  readonly #labels: Int32Array;

  constructor(
    readonly images: Tensor,
    labels: ArrayLike<number>,
    options?: ImageDatasetOptions,
  ) {
    super();
    checkTensors('ImageDataset', { images });
    requireNumbers('ImageDataset', 'labels', labels);
    const { classes, transform } = imageDatasetOptions(new.target.name, options);
    this.#labels = Int32Array.from(labels);
    if (images.ndim !== 4 || images.shape[0] !== labels.length)
      throw new ShapeError(
        'ImageDataset',
        images.ndim === 4 ? 'there must be one label for each image' : 'images have four axes',
        [
          { name: 'images', axes: '(N, C, H, W)', shape: images.shape },
          { name: 'labels', axes: '(N)', shape: [labels.length] },
        ],
      );
    const count = classes?.length ?? this.#labels.reduce((most, label) => Math.max(most, label + 1), 0);
    const wrong = this.#labels.findIndex((label) => label < 0 || label >= count);
    if (wrong >= 0)
      throw new ArgumentError(
        'ImageDataset',
        `label ${this.#labels[wrong]} of image ${wrong} isn't one of 0 to ${count - 1}`,
      );
    this.labels = tensor(this.#labels, [labels.length]);
    this.classes = classes ?? Array.from({ length: count }, (_, label) => String(label));
    this.transform = transform;
  }

  override get length(): number {
    return this.#labels.length;
  }

  override get(index: number): [image: Tensor, label: number] {
    const at = place('ImageDataset', index, this.length);
    const image = this.images.select(0, at);
    return [this.transform?.forward(image) ?? image, this.#labels[at]!];
  }

  override batch(indices: readonly number[]): [images: Tensor, labels: Tensor] {
    const rows = tensor([...counts('ImageDataset', 'indices', indices)], { dtype: 'int32' });
    const images = this.images.indexSelect(0, rows);
    return [this.transform?.forward(images) ?? images, this.labels.indexSelect(0, rows)];
  }
}
