import { requireText } from '../../core/arguments.js';
import { describe, slip } from '../../core/describe.js';
import { ArgumentError, FileFormatError } from '../../core/errors.js';
import { defineOptions, number, type Resolved, text } from '../../core/options.js';
import { requireFiles } from '../../host/require.js';
import { type Tensor, tensor } from '../../index.js';
import { otherKind } from '../../io/file-kind.js';
import { type CheckSize, isBmp, readBmp } from './bmp.js';
import { type ImageMode, modeOption, planesOf, type Raster, toPlanes } from './channels.js';
import { isNetpbm, readNetpbm } from './netpbm.js';
import { loadSharp } from './sharp.js';

export interface ReadImageOptions {
  /** Channels of the tensor (default `'RGB'`). */
  readonly mode?: ImageMode | undefined;
  /** The most pixels that an image may have, checked before it's unpacked (default 2²⁷, such as 16,384 × 8,192). */
  readonly maxPixels?: number | undefined;
  /** Most bytes of memory that unpacking an image may take (default 2³⁰). */
  readonly maxBytes?: number | undefined;
}

export interface DecodeImageOptions extends ReadImageOptions {
  /** What errors call the image (default `'bytes'`). */
  readonly name?: string | undefined;
}

/** The options of `ReadImageOptions`. */
export const readImageSpec = {
  mode: modeOption,
  maxPixels: number(2 ** 27, { above: 0, infinite: true }),
  maxBytes: number(2 ** 30, { above: 0, infinite: true }),
};
const readOptions = defineOptions(readImageSpec);
const decodeOptions = defineOptions({ ...readImageSpec, name: text('bytes') });

/** Pixel formats; sharp also reads drawings, which have no size. */
const formats: readonly string[] = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'heif'];

type FailImage = (offset: number, problem: string, cause?: unknown) => never;

const refusal =
  (operation: string, name: string): FailImage =>
  (offset, problem, cause) => {
    const error = new FileFormatError(operation, name, offset, problem);
    error.cause = cause;
    throw error;
  };

const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;

/** Refuses an image that would take too much memory. */
function sizeCheck(mode: ImageMode, maxPixels: number, maxBytes: number, fail: FailImage): CheckSize {
  return (width, height, channels, bytesPerChannel) => {
    if (width * height > maxPixels)
      fail(
        0,
        `${width} × ${height} pixels are more than the ${maxPixels} allowed; increase maxPixels to read it`,
      );
    // As the decoder holds it, as 8-bit pixels, as planes, and as a tensor.
    const perPixel = channels * bytesPerChannel + Math.max(3, channels) + 2 * planesOf(mode, channels);
    const needed = width * height * perPixel;
    if (needed > maxBytes)
      fail(
        0,
        `${width} × ${height} pixels take ${megabytes(needed)} to unpack, more than the ${megabytes(maxBytes)} allowed; increase maxBytes to read it`,
      );
  };
}

const bytesOfDepth: Readonly<Record<string, number>> = { uchar: 1, char: 1, ushort: 2, short: 2 };

async function decodeBySharp(
  operation: string,
  bytes: Uint8Array,
  checkSize: CheckSize,
  fail: FailImage,
): Promise<Raster> {
  const undecoded = (cause: unknown): never => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    if (/unsupported image format/.test(reason))
      return fail(
        0,
        otherKind(bytes, 'an image') ??
          "isn't an image, or its format isn't supported (PNG, JPEG, WebP, GIF, TIFF, AVIF, BMP, and Netpbm are)",
      );
    if (/end of stream|premature end/.test(reason)) return fail(bytes.length, 'the image ends early', cause);
    return fail(0, `the image is damaged: ${reason.replace('Input buffer has corrupt header: ', '')}`, cause);
  };
  const sharp = await loadSharp(
    operation,
    'a browser decodes images itself: draw this one on a canvas and call getImageData()',
  );
  // The stored numbers, whatever color profile goes with them, because networks are trained on those.
  const source = sharp(bytes, { limitInputPixels: false, ignoreIcc: true });
  const found = await source.metadata().catch(undecoded);
  if (!formats.includes(found.format)) fail(0, `can't read images of the format ${found.format}`);
  checkSize(found.width, found.height, found.channels, bytesOfDepth[found.depth] ?? 4);
  const { data, info } = await source
    .autoOrient()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch(undecoded);
  const gray = found.space === 'b-w' || found.space === 'grey16';
  return { width: info.width, height: info.height, pixels: data, channels: info.channels, gray };
}

async function decode(
  operation: string,
  bytes: Uint8Array,
  { mode, maxPixels, maxBytes }: Resolved<typeof readImageSpec>,
  name: string,
): Promise<Tensor> {
  if (!(bytes instanceof Uint8Array))
    throw new ArgumentError(operation, `needs the bytes of an image, got ${describe(bytes)}${slip(bytes)}`);
  const fail = refusal(operation, name);
  if (bytes.length === 0) fail(0, 'is empty');
  const checkSize = sizeCheck(mode, maxPixels, maxBytes, fail);
  const raster = isBmp(bytes)
    ? readBmp(bytes, checkSize, fail)
    : isNetpbm(bytes)
      ? readNetpbm(bytes, checkSize, fail)
      : await decodeBySharp(operation, bytes, checkSize, fail);
  const { planes, channels } = toPlanes(raster, mode);
  return tensor(planes, [channels, raster.height, raster.width], { dtype: 'uint8' });
}

/**
 * An image from the bytes of a PNG, JPEG, WebP, GIF (its first frame), TIFF, AVIF, BMP, or Netpbm (PPM, PGM, PBM)
 * file, like `readImage`.
 *
 * @shape (C, H, W) uint8
 * @throws FileFormatError for bytes that aren't an image, are damaged or cut off, or would take too much memory
 * @example
 * const bytes = await vision.encodeImage(zeros([3, 4, 6]), 'png');
 * (await vision.decodeImage(bytes)).shape; // [3, 4, 6]
 */
export async function decodeImage(bytes: Uint8Array, options?: DecodeImageOptions): Promise<Tensor> {
  const { name, ...read } = decodeOptions('decodeImage', options);
  return decode('decodeImage', bytes, read, name);
}

/**
 * Reads an image. The content, not the name, determines the format.
 *
 * - The orientation that a camera noted (EXIF) is applied, so up is up.
 * - Palettes are looked up, CMYK becomes RGB, and of 16 bits the upper 8 are kept. Color profiles are ignored.
 * - `'L'` of a colored image is 0.299 R + 0.587 G + 0.114 B; `'RGB'` of a gray one has it three times.
 * - `'RGB'` and `'L'` blend an image that has opacity with white; `'RGBA'` and `'unchanged'` keep the opacity.
 *
 * @differs from torchvision's read_image: RGB is the default, and transparent images are blended with white instead of dropping opacity
 * @shape (C, H, W) uint8, 0 to 255
 * @throws FileError if the file can't be read
 * @throws FileFormatError naming the file, if it isn't an image, is damaged or cut off, or would take too much memory
 * @example
 * await vision.writeImage('gray.png', full([1, 2, 3], 0.5));
 * (await vision.readImage('gray.png')).shape; // [3, 2, 3]
 * (await vision.readImage('gray.png', { mode: 'L' })).shape; // [1, 2, 3]
 */
export async function readImage(path: string, options?: ReadImageOptions): Promise<Tensor> {
  const files = requireFiles('readImage', 'use vision.decodeImage(bytes)');
  requireText('readImage', 'path', path);
  const read = readOptions('readImage', options);
  const bytes = await files.readLater('readImage', path);
  return decode('readImage', bytes, read, path);
}
