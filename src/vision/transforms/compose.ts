import { requireList } from '../../core/arguments.js';
import { checkOption, instance } from '../../core/options.js';
import { cat, type Tensor } from '../../index.js';
import type { Draws } from './draws.js';
import { type ImageSize, imageSize, Transform } from './transform.js';

const anyTransform = instance('a Transform', (value): value is Transform => value instanceof Transform);

/**
 * One transform after the other. If one gives the images of a batch different sizes and a later one makes them equal
 * again, the images go through one by one.
 *
 * @example
 * const augment = new vision.transforms.Compose([
 *   new vision.transforms.RandomCrop(32, { padding: 4 }),
 *   new vision.transforms.RandomHorizontalFlip(),
 *   new vision.transforms.Normalize([0.49, 0.48, 0.45], [0.25, 0.24, 0.26]),
 * ]);
 * augment.forward(rand([8, 3, 32, 32])).shape; // [8, 3, 32, 32]
 */
export class Compose extends Transform<readonly unknown[]> {
  constructor(readonly transforms: readonly Transform[]) {
    super();
    requireList('Compose', 'transforms', transforms);
    for (const [i, transform] of transforms.entries())
      checkOption('Compose', `transforms[${i}]`, anyTransform, transform);
  }

  override draw(size: ImageSize, draws: Draws): readonly unknown[] {
    let before = size;
    return this.transforms.map((transform) => {
      const drawn = transform.draw(before, draws);
      before = transform.sizeAfter(before, drawn);
      return drawn;
    });
  }

  override sizeAfter(size: ImageSize, drawn: readonly unknown[]): ImageSize {
    return this.transforms.reduce((before, transform, i) => transform.sizeAfter(before, drawn[i]), size);
  }

  override apply(images: Tensor, drawn: readonly (readonly unknown[])[]): Tensor {
    if (this.#keepOneSize(imageSize(images), drawn)) return this.#applyAll(images, drawn);
    return cat(drawn.map((each, n) => this.#applyAll(images.narrow(0, n, 1), [each])));
  }

  /** Whether the images have the same size after every step. */
  #keepOneSize(size: ImageSize, drawn: readonly (readonly unknown[])[]): boolean {
    let sizes = drawn.map(() => size);
    return this.transforms.every((transform, i) => {
      sizes = sizes.map((before, n) => transform.sizeAfter(before, drawn[n]![i]));
      return sizes.every(({ height, width }) => height === sizes[0]!.height && width === sizes[0]!.width);
    });
  }

  #applyAll(images: Tensor, drawn: readonly (readonly unknown[])[]): Tensor {
    return this.transforms.reduce(
      (before, transform, i) =>
        transform.apply(
          before,
          drawn.map((each) => each[i]),
        ),
      images,
    );
  }

  protected override describe(): string {
    return `\n${this.transforms.map((transform) => `  ${transform}`.replaceAll('\n', '\n  ')).join('\n')}\n`;
  }
}
