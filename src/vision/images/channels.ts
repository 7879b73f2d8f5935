import { word } from '../../core/options.js';

/**
 * What the channels of an image mean: `'L'` gray, `'RGB'`, `'RGBA'` with opacity, `'unchanged'` those that
 * the file has (1 gray, 2 gray and opacity, 3 RGB, 4 RGBA).
 */
export type ImageMode = 'RGB' | 'L' | 'RGBA' | 'unchanged';

export const modeOption = word<ImageMode, ImageMode>(['RGB', 'L', 'RGBA', 'unchanged'], 'RGB');

/** ITU-R 601 in 16 binary places, rounded: the gray that Pillow makes. Gray itself doesn't change. */
const gray = (r: number, g: number, b: number): number => (19595 * r + 38470 * g + 7471 * b + 0x8000) >> 16;

/** Blends colors with white, so the result is opaque. */
function layOnWhite(pixels: Uint8Array): void {
  for (let at = 0; at < pixels.length; at += 4) {
    const opacity = pixels[at + 3]!;
    for (let channel = at; channel < at + 3; channel++)
      pixels[channel] = Math.round((pixels[channel]! * opacity + 255 * (255 - opacity)) / 255);
  }
}

/** What pixels are made of: RGB, or RGBA if `channels` is 4, all three colors alike if `gray`. */
export interface Pixels {
  /** @shape (height, width, channels) */
  readonly pixels: Uint8Array;
  readonly channels: number;
  readonly gray: boolean;
}

/** Pixels as an image of a size. */
export interface Raster extends Pixels {
  readonly width: number;
  readonly height: number;
}

/** Where each plane comes from: a channel of the pixels, their gray, or full opacity if they don't have any. */
type Part = number | 'gray' | 'opaque';

function partsOf(mode: ImageMode, { channels, gray }: Omit<Pixels, 'pixels'>): readonly Part[] {
  const opacity = channels === 4 ? [3] : [];
  if (mode === 'L') return ['gray'];
  if (mode === 'RGB') return [0, 1, 2];
  if (mode === 'RGBA') return [0, 1, 2, ...(channels === 4 ? [3] : ['opaque' as const])];
  return gray ? [0, ...opacity] : [0, 1, 2, ...opacity];
}

/** Most planes that `toPlanes` makes. */
export const planesOf = (mode: ImageMode, channels: number): number =>
  partsOf(mode, { channels, gray: false }).length;

/**
 * Planes of the channels that a mode has. If opacity is dropped, the image is blended with white, in place.
 *
 * @returns (channels, height, width)
 */
export function toPlanes(from: Pixels, mode: ImageMode): { planes: Uint8Array; channels: number } {
  const { pixels, channels } = from;
  if (channels === 4 && (mode === 'L' || mode === 'RGB')) layOnWhite(pixels);
  const size = pixels.length / channels;
  const parts = partsOf(mode, from);
  const planes = new Uint8Array(parts.length * size);
  parts.forEach((part, i) => {
    const plane = planes.subarray(i * size, (i + 1) * size);
    if (part === 'opaque') plane.fill(255);
    else if (part === 'gray')
      for (let pixel = 0, at = 0; pixel < size; pixel++, at += channels)
        plane[pixel] = gray(pixels[at]!, pixels[at + 1]!, pixels[at + 2]!);
    else for (let pixel = 0, at = part; pixel < size; pixel++, at += channels) plane[pixel] = pixels[at]!;
  });
  return { planes, channels: parts.length };
}

/** Planes (channels, height, width) as pixels (height, width, channels). */
export function toPixels(planes: Uint8Array, channels: number): Uint8Array {
  const size = planes.length / channels;
  const pixels = new Uint8Array(planes.length);
  for (let channel = 0; channel < channels; channel++)
    for (let pixel = 0; pixel < size; pixel++)
      pixels[pixel * channels + channel] = planes[channel * size + pixel]!;
  return pixels;
}
