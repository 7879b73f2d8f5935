import { parse } from 'node:path';
import { type Tensor, tidy } from '../index.js';
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

/** Share of the shorter side that is border. */
const BORDER = 1 / 14;

/** Whether an image's border is lighter than what it encloses. @shape (1, C, H, W) uint8 */
function isDarkOnLight(image: Tensor): boolean {
  const [height, width] = image.shape.slice(2) as [number, number];
  const border = Math.max(1, Math.round(BORDER * Math.min(height, width)));
  const [h, w] = [height - 2 * border, width - 2 * border];
  return tidy(() => {
    const pixels = image.to('float32').mean([0, 1]);
    const inside = pixels.narrow(0, border, h).narrow(1, border, w);
    const around = pixels
      .sum()
      .sub(inside.sum())
      .div(height * width - h * w);
    return around.itemSync() > inside.mean().itemSync();
  });
}

/** Says so of a file's image that is dark on light where the network knows light ones on dark. */
function warnOfGround({ lightOnDark }: ImageNetwork, image: Tensor, of: string, invert: boolean): void {
  if (!lightOnDark || !isDarkOnLight(image)) return;
  const [state, advice] = invert
    ? ['dark on light once inverted', 'leave --invert away']
    : ['dark on light', '--invert turns it'];
  console.error(`warning: ${of} is ${state}, the training images are light on dark: ${advice}`);
}

/** The image that a word of the command line names: a file, or `test:17`; inverted if asked for. */
export async function chooseImage(network: ImageNetwork, of: string, invert: boolean): Promise<Chosen> {
  const isTest = of.startsWith('test:');
  const chosen = await (isTest ? testImage(network, of.slice('test:'.length)) : fileImage(network, of));
  // Of a byte these are 255 less its value.
  const image = invert ? chosen.image.bitwiseNot() : chosen.image;
  if (!isTest) warnOfGround(network, image, of, invert);
  return { ...chosen, image };
}
