import { ArgumentError } from '../../core/errors.js';
import { cat, maximum, minimum, type Tensor, where } from '../../index.js';
import { checkColors, column, onBatch, type PerImage, perImage } from './images.js';

/** The hue in turns, the saturation, and the value of each pixel, each (N, 1, H, W). */
function hsvOf(images: Tensor): { hue: Tensor; saturation: Tensor; value: Tensor } {
  const [r, g, b] = [0, 1, 2].map((channel) => images.narrow(1, channel, 1)) as [Tensor, Tensor, Tensor];
  const value = maximum(maximum(r, g), b);
  const chroma = value.sub(minimum(minimum(r, g), b));
  // Gray has no hue or saturation; dividing by 1 avoids NaN.
  const gray = chroma.eq(0);
  const divisor = where(gray, 1, chroma);
  const fromRed = g.sub(b).div(divisor);
  const fromGreen = b.sub(r).div(divisor).add(2);
  const fromBlue = r.sub(g).div(divisor).add(4);
  const sextant = where(value.eq(r), fromRed, where(value.eq(g), fromGreen, fromBlue));
  return {
    hue: sextant.div(6).add(1).fmod(1),
    saturation: chroma.div(where(gray, 1, value)),
    value,
  };
}

/**
 * One channel of an RGB image: V·(1 − S·max(0, min(k, 4 − k, 1))), k = (n + 6·hue) mod 6, where n is 5 for
 * red, 3 for green, and 1 for blue.
 */
function channelOf(n: number, hue: Tensor, saturation: Tensor, value: Tensor): Tensor {
  const k = hue.mul(6).add(n).remainder(6);
  const share = minimum(k, k.neg().add(4)).clamp(0, 1);
  return value.mul(saturation.mul(share).neg().add(1)).clamp(0, 1);
}

/**
 * Turns the hue of each pixel.
 *
 * @param factor one number in turns, or one for each image, from −0.5 to 0.5; ±0.5 gives complementary colors
 * @throws ArgumentError for other factors; ShapeError unless the images are gray or RGB
 * @source Smith 1978, doi:10.1145/965139.807361 (hue, saturation, value)
 */
export function adjustHue(images: Tensor, factor: PerImage): Tensor {
  return onBatch('adjustHue', images, (x) => {
    checkColors('adjustHue', x);
    const factors = perImage('adjustHue', 'factor', factor, x);
    const wrong = factors.find((f) => !(f >= -0.5 && f <= 0.5));
    if (wrong !== undefined)
      throw new ArgumentError('adjustHue', `the factor must be in [-0.5, 0.5], got ${wrong}`);
    if (x.shape[1] === 1) return x;
    const rgb = x.dtype === 'uint8' ? x.to('float32').div(255) : x;
    const { hue, saturation, value } = hsvOf(rgb);
    const turned = hue.add(column(factors, rgb)).remainder(1);
    const adjusted = cat(
      [5, 3, 1].map((n) => channelOf(n, turned, saturation, value)),
      1,
    );
    return x.dtype === 'uint8' ? adjusted.mul(255).to('uint8') : adjusted;
  });
}
