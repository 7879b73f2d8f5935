import { parse } from 'node:path';
import { type Tensor, tidy } from '../index.js';
import type { ImageNetwork } from '../recipes/index.js';
import { readImage, transforms } from '../vision/index.js';
import { UsageError } from './failure.js';

/** An image in the format of the recipe's data. */
export interface Chosen {
  /** @shape (1, C, H, W) uint8 */
  readonly image: Tensor;
  /** Name for a picture of it. */
  readonly name: string;
  /** Its class, if known. */
  readonly label?: number;
}

/** The recipe's test image number n. */
async function testImage({ test }: ImageNetwork, text: string): Promise<Chosen> {
  const index = Number(text);
  if (text === '' || !Number.isInteger(index) || index < 0 || index >= test.length)
    throw new UsageError(
      `test:${text} isn't an image of the test data; the images are test:0 to test:${test.length - 1}`,
    );
  const [image, label] = await test.get(index);
  return { image: image.unsqueeze(0), name: `test-${index}`, label };
}

/** The middle of a file's image, at the size of the recipe's images. */
async function fileImage({ shape }: ImageNetwork, path: string): Promise<Chosen> {
  const [channels, height, width] = shape;
  const image = await readImage(path, { mode: channels === 1 ? 'L' : 'RGB' });
  const [h, w] = image.shape.slice(1) as [number, number];
  const scale = Math.max(height / h, width / w);
  const size = [Math.max(height, Math.round(h * scale)), Math.max(width, Math.round(w * scale))];
  const middle = transforms.centerCrop(transforms.resize(image, size), [height, width]);
  return { image: middle.unsqueeze(0), name: parse(path).name };
}

/** Share of the shorter side that counts as border. */
const BORDER = 1 / 14;

/** Whether an image's border is lighter than its inside. @shape (1, C, H, W) uint8 */
async function isDarkOnLight(image: Tensor): Promise<boolean> {
  const [height, width] = image.shape.slice(2) as [number, number];
  const border = Math.max(1, Math.round(BORDER * Math.min(height, width)));
  const [h, w] = [height - 2 * border, width - 2 * border];
  const lighter = tidy(() => {
    const pixels = image.to('float32').mean([0, 1]);
    const inside = pixels.narrow(0, border, h).narrow(1, border, w);
    const around = pixels
      .sum()
      .sub(inside.sum())
      .div(height * width - h * w);
    return around.sub(inside.mean());
  });
  return (await lighter.item()) > 0;
}

/** Warns if a file's image is dark on light but the network was trained on light on dark. */
async function warnOfGround(
  { lightOnDark }: ImageNetwork,
  image: Tensor,
  of: string,
  invert: boolean,
): Promise<void> {
  if (!lightOnDark || !(await isDarkOnLight(image))) return;
  const [state, advice] = invert
    ? ['dark on light once inverted', 'drop --invert']
    : ['dark on light', 'use --invert'];
  console.error(`warning: ${of} is ${state}, but the training images are light on dark: ${advice}`);
}

/** The image that a word of the command line names: a file, or `test:17`; inverted if asked for. */
export async function chooseImage(network: ImageNetwork, of: string, invert: boolean): Promise<Chosen> {
  const isTest = of.startsWith('test:');
  const chosen = await (isTest ? testImage(network, of.slice('test:'.length)) : fileImage(network, of));
  // The bitwise complement of a byte is 255 minus its value.
  const image = invert ? chosen.image.bitwiseNot() : chosen.image;
  if (!isTest) await warnOfGround(network, image, of, invert);
  return { ...chosen, image };
}
