import { parse } from 'node:path';
import type { Tensor } from '../index.js';
import type { ImageNetwork } from '../recipes/index.js';
import { readImage, transforms } from '../vision/index.js';
import { UsageError } from './failure.js';

/** An image as the recipe's data have them. */
export interface Chosen {
  /** @shape (1, C, H, W) uint8 */
  readonly image: Tensor;
  /** What a picture of it is called. */
  readonly name: string;
  /** Its class, where that is known. */
  readonly label?: number;
}

/** Number n of the recipe's test images. */
async function testImage({ test }: ImageNetwork, text: string): Promise<Chosen> {
  const index = Number(text);
  if (text === '' || !Number.isInteger(index) || index < 0 || index >= test.length)
    throw new UsageError(
      `test:${text} is not an image of the test data; they are test:0 to test:${test.length - 1}`,
    );
  const [image, label] = await test.get(index);
  return { image: image.unsqueeze(0), name: `test-${index}`, label };
}

/** The middle of a file's image, in the size of the recipe's. */
async function fileImage({ shape }: ImageNetwork, path: string): Promise<Chosen> {
  const [channels, height, width] = shape;
  const image = await readImage(path, { mode: channels === 1 ? 'L' : 'RGB' });
  const [h, w] = image.shape.slice(1) as [number, number];
  const scale = Math.max(height / h, width / w);
  const size = [Math.max(height, Math.round(h * scale)), Math.max(width, Math.round(w * scale))];
  const middle = transforms.centerCrop(transforms.resize(image, size), [height, width]);
  return { image: middle.unsqueeze(0), name: parse(path).name };
}

/** The image that a word of the command line names: a file, or `test:17`. */
export const chooseImage = (network: ImageNetwork, of: string): Promise<Chosen> =>
  of.startsWith('test:') ? testImage(network, of.slice('test:'.length)) : fileImage(network, of);
