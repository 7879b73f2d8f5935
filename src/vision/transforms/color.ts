import { describe } from '../../core/describe.js';
import { ArgumentError } from '../../core/errors.js';
import { defineOptions, oneOf } from '../../core/options.js';
import { cat, type Tensor } from '../../index.js';
import { checkColors, column, onBatch, type PerImage, perImage } from './images.js';

/** f·x + (1 − f)·y, clipped at black and white; bytes are truncated to whole numbers. */
function blend(images: Tensor, others: Tensor | null, factors: readonly number[]): Tensor {
  const x = images.dtype === 'uint8' ? images.to('float32') : images;
  const own = x.mul(column(factors, x));
  const sum =
    others === null
      ? own
      : own.add(
          others.mul(
            column(
              factors.map((factor) => 1 - factor),
              x,
            ),
          ),
        );
  return sum.clamp(0, images.dtype === 'uint8' ? 255 : 1).to(images.dtype);
}

/** How bright each pixel is: 0.2989 R + 0.587 G + 0.114 B, (N, C, H, W) → (N, 1, H, W). */
function luminance(images: Tensor): Tensor {
  if (images.shape[1] === 1) return images;
  const weighted = (channel: number, weight: number): Tensor => images.narrow(1, channel, 1).mul(weight);
  return weighted(0, 0.2989).add(weighted(1, 0.587)).add(weighted(2, 0.114)).to(images.dtype);
}

type Adjustment = (images: Tensor, factors: readonly number[]) => Tensor;

/** An adjustment as a function of your own images and factors. */
const adjuster =
  (operation: string, adjust: Adjustment) =>
  (images: Tensor, factor: PerImage): Tensor =>
    onBatch(operation, images, (x) => {
      checkColors(operation, x);
      const factors = perImage(operation, 'factor', factor, x);
      const wrong = factors.find((f) => !(typeof f === 'number' && f >= 0));
      if (wrong !== undefined)
        throw new ArgumentError(operation, `the factor must be at least 0, got ${describe(wrong)}`);
      return adjust(x, factors);
    });

/**
 * Brightness times a factor: 0 is black, 1 the image, 2 twice as bright.
 *
 * @param factor one number, or one for each image
 * @throws ArgumentError if it's negative; ShapeError unless the images are gray or RGB
 */
export const adjustBrightness = adjuster('adjustBrightness', (x, factors) => blend(x, null, factors));

/** Like `adjustBrightness`, around the mean gray of each image: 0 gives that gray alone. */
export const adjustContrast = adjuster('adjustContrast', (x, factors) => {
  const gray = luminance(x);
  const mean = (x.dtype === 'uint8' ? gray.to('float32') : gray).mean([1, 2, 3], { keepdim: true });
  return blend(x, mean, factors);
});

/** Like `adjustBrightness`, around the gray of each pixel: 0 gives a gray image. */
export const adjustSaturation = adjuster('adjustSaturation', (x, factors) => {
  if (x.shape[1] === 1) return x;
  const gray = luminance(x);
  return blend(x, x.dtype === 'uint8' ? gray.to('float32') : gray, factors);
});

export interface GrayscaleOptions {
  /** 1 or 3 equal ones (default 1). */
  readonly outputChannels?: 1 | 3;
}

const grayscaleOptions = defineOptions({ outputChannels: oneOf([1, 3], 1) });

/** Gray images: 0.2989 R + 0.587 G + 0.114 B. @throws ShapeError unless they are gray or RGB */
export const rgbToGrayscale = (images: Tensor, options?: GrayscaleOptions): Tensor => {
  const { outputChannels } = grayscaleOptions('rgbToGrayscale', options);
  return onBatch('rgbToGrayscale', images, (x) => {
    checkColors('rgbToGrayscale', x);
    const gray = luminance(x);
    return outputChannels === 1 ? gray : cat([gray, gray, gray], 1);
  });
};
