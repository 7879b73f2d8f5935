import { defineOptions, whole } from '../../core/options.js';
import { Generator, tensor } from '../../index.js';
import { ImageDataset, type ImageTransform, transformOption } from '../images/image-dataset.js';
import { drawShape, SIDE, shapeNames } from './shape.js';
import { type Uniform, uniform } from './uniform.js';

export interface DrawnShapesOptions {
  /** Images to train on (default 5,000). */
  readonly train?: number | undefined;
  /** Images to test on (default 1,000). */
  readonly test?: number | undefined;
  /** Seed of the drawing (default 0). The default generator isn't used. */
  readonly seed?: number | undefined;
  /** Applied to the images to train on (default: none; images are uint8). */
  readonly transform?: ImageTransform | undefined;
  /** Applied to the images to test on (default: none). */
  readonly testTransform?: ImageTransform | undefined;
}

const drawnOptions = defineOptions({
  train: whole(5_000, { least: 1 }),
  test: whole(1_000, { least: 1 }),
  seed: whole(0),
  transform: transformOption,
  testTransform: transformOption,
});

/** Draws images of the classes in turn. */
function draw(count: number, random: Uniform, transform: ImageTransform | undefined): ImageDataset {
  const bytes = 3 * SIDE * SIDE;
  const images = new Uint8Array(count * bytes);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % shapeNames.length);
  labels.forEach((label, i) => {
    drawShape(label, random, images.subarray(i * bytes, (i + 1) * bytes));
  });
  return new ImageDataset(tensor(images, [count, 3, SIDE, SIDE], { dtype: 'uint8' }), labels, {
    classes: shapeNames,
    transform,
  });
}

/**
 * Colored shapes in the format of CIFAR-10 that Myelin draws itself, rotated, stretched, with shades and noise:
 * for trying things out without a network connection. The classes come in turn: circle, ring, square, triangle,
 * star, plus, heart, crescent, arrow, hourglass. Much easier than CIFAR-10.
 *
 * @shape images (N, 3, 32, 32) uint8
 * @throws ArgumentError for invalid numbers of images
 * @example
 * const shapes = vision.drawnShapes({ train: 20, test: 10 });
 * shapes.train.images.shape; // [20, 3, 32, 32]
 * shapes.test.classes[4]; // 'star'
 */
export function drawnShapes(options?: DrawnShapesOptions): { train: ImageDataset; test: ImageDataset } {
  const { train, test, seed, transform, testTransform } = drawnOptions('drawnShapes', options);
  const random = uniform(new Generator(seed));
  return { train: draw(train, random, transform), test: draw(test, random, testTransform) };
}
