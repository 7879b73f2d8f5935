import { defineOptions, whole } from '../../core/options.js';
import { Generator } from '../../index.js';
import type { DigitImages, LabeledImages } from '../images/labeled-images.js';
import { drawDigits, SIDE } from './digit.js';
import { uniform } from './uniform.js';

export interface DrawnDigitsOptions {
  /** Images to train on (default 20,000). */
  readonly train?: number;
  /** Images to test on (default 4,000). */
  readonly test?: number;
  /** Seed of the drawing (default 0). */
  readonly seed?: number;
}

const drawnOptions = defineOptions({
  train: whole(20_000, { least: 0 }),
  test: whole(4_000, { least: 0 }),
  seed: whole(0),
});

/**
 * MNIST-like digits that Myelin draws itself, with strokes that waver, slant, and bend like
 * handwriting: for trying things out without a network connection. Easier than MNIST.
 *
 * @shape images (count, 28, 28), 0 paper to 255 ink
 */
export function drawnDigits(options?: DrawnDigitsOptions): DigitImages {
  const { train, test, seed } = drawnOptions('drawnDigits', options);
  const random = uniform(new Generator(seed));
  const draw = (count: number): LabeledImages => ({
    ...drawDigits(count, random),
    count,
    height: SIDE,
    width: SIDE,
  });
  return { train: draw(train), test: draw(test) };
}
