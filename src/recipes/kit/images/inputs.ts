import * as F from '../../../functional.js';
import { type Tensor, tidy } from '../../../index.js';
import { transforms } from '../../../vision/index.js';
import { numbersOf } from '../read.js';
import type { ImageSet } from './sets.js';

/** Bytes (N, 1, 28, 28) to what the network sees: 0 to 1, with a border of two pixels, (N, 1, 32, 32). */
export const grayInput = (images: Tensor): Tensor => F.pad(images.to('float32').div(255), [2, 2, 2, 2]);

/** Side of the images that networks for small images take. */
const SIDE = 32;

/**
 * Brings bytes (N, C, H, W) into the form that networks for color images take: gray images as red,
 * green, and blue, a black border up to 32 × 32 pixels, each channel with mean 0 and standard deviation 1
 * over the training images.
 *
 * @shape (N, C, H, W) uint8 → (N, 3, 32, 32) float32
 */
export async function colorInput({
  train: { images },
  shape: [channels, height, width],
}: ImageSet): Promise<(images: Tensor) => Tensor> {
  const statistics = Array.from({ length: channels }, (_, c) =>
    tidy(() => {
      const pixels = transforms.toTensor(images.narrow(1, c, 1));
      return { mean: pixels.mean(), std: pixels.std() };
    }),
  );
  const normalize = new transforms.Normalize(
    await numbersOf(statistics.map(({ mean }) => mean)),
    await numbersOf(statistics.map(({ std }) => std)),
  );
  const [vertical, horizontal] = [(SIDE - height) >> 1, (SIDE - width) >> 1];
  return (bytes) => {
    const x = F.pad(transforms.toTensor(bytes), [horizontal, horizontal, vertical, vertical]);
    return normalize.forward(x).expand([-1, 3, -1, -1]);
  };
}
