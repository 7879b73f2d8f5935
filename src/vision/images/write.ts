import { requireText } from '../../core/arguments.js';
import { describe } from '../../core/describe.js';
import { isFloat } from '../../core/dtype.js';
import { ArgumentError, DTypeError, NonFiniteError, ShapeError } from '../../core/errors.js';
import { defineOptions, whole } from '../../core/options.js';
import { requireFiles } from '../../host/require.js';
import type { Tensor } from '../../index.js';
import { checkTensors } from '../../tensor/argument.js';
import { toPixels } from './channels.js';
import { loadSharp } from './sharp.js';

export interface WriteImageOptions {
  /** Quality of a JPEG, from 1 (small) to 100 (like the original); default 75. PNG loses nothing. */
  readonly quality?: number | undefined;
}

/** The numbers of channels that a format takes. */
const channelsOf = { png: [1, 2, 3, 4], jpeg: [1, 3] } as const;
export type ImageFormat = keyof typeof channelsOf;

const writeOptions = defineOptions({ quality: whole(75, { least: 1, most: 100 }) });

function check(operation: string, image: Tensor, format: ImageFormat): void {
  checkTensors(operation, { image });
  const [channels, height, width] = image.shape;
  const fail = (problem: string, hint?: string): never => {
    throw new ShapeError(
      operation,
      problem,
      [{ name: 'image', axes: '(C, H, W)', shape: image.shape }],
      hint,
    );
  };
  if (image.ndim !== 3)
    fail(
      'an image has three axes',
      image.ndim === 2
        ? 'for one channel, use image.unsqueeze(0)'
        : image.ndim === 4
          ? 'for one image of a batch, use images.at(0)'
          : undefined,
    );
  if (!Object.hasOwn(channelsOf, format))
    throw new ArgumentError(operation, `format must be 'png' or 'jpeg', got ${describe(format)}`);
  if (!(channelsOf[format] as readonly number[]).includes(channels!))
    fail(
      format === 'jpeg' ? 'a JPEG has 1 channel or 3' : 'a PNG has 1 to 4 channels',
      width! <= 4 ? 'channels come first: image.permute([2, 0, 1])' : undefined,
    );
  if (height === 0 || width === 0) fail('an image has at least one pixel');
  if (image.dtype !== 'uint8' && !isFloat(image.dtype))
    throw new DTypeError(operation, `an image is uint8 or floating, not ${image.dtype}`);
}

/** Values from 0 to 255. Floating values are multiplied by 255, rounded, and clipped. */
async function bytesOf(operation: string, image: Tensor): Promise<Uint8Array> {
  const values = await image.data();
  if (image.dtype === 'uint8') return values as Uint8Array;
  const wrong = (values as Float32Array).findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) throw new NonFiniteError(operation, `value ${wrong} of the image is ${values[wrong]}`);
  return Uint8Array.from(values as Float32Array, (value) =>
    Math.floor(Math.min(Math.max(value * 255 + 0.5, 0), 255)),
  );
}

async function encode(
  operation: string,
  image: Tensor,
  format: ImageFormat,
  options: WriteImageOptions | undefined,
): Promise<Uint8Array> {
  const { quality } = writeOptions(operation, options);
  check(operation, image, format);
  const [channels, height, width] = image.shape as [1 | 2 | 3 | 4, number, number];
  const pixels = toPixels(await bytesOf(operation, image), channels);
  const sharp = await loadSharp(
    operation,
    'a browser encodes images itself: put the pixels on an OffscreenCanvas and call convertToBlob()',
  );
  const source = sharp(pixels, { raw: { width, height, channels }, limitInputPixels: false }).toColourspace(
    channels < 3 ? 'b-w' : 'srgb',
  );
  return format === 'png' ? source.png().toBuffer() : source.jpeg({ quality }).toBuffer();
}

/**
 * The bytes of an image as a file. Floating values are from 0 to 1; others are clipped.
 *
 * @shape image (C, H, W), uint8 or floating: 1 channel is gray, 2 with opacity, 3 RGB, 4 with opacity; JPEG
 * has no opacity
 * @throws ShapeError for other axes or channels
 * @throws DTypeError for whole numbers other than uint8
 * @throws NonFiniteError for NaN and infinity
 */
export const encodeImage = (
  image: Tensor,
  format: ImageFormat,
  options?: WriteImageOptions,
): Promise<Uint8Array> => encode('encodeImage', image, format, options);

/**
 * Writes an image as PNG or JPEG, by the path's extension, completely or not at all. A PNG is
 * read back bit for bit.
 *
 * @shape image as in `encodeImage`
 * @throws ArgumentError for another extension, or an invalid quality
 * @throws ShapeError for other axes or channels
 * @throws FileError if the file can't be written
 * @example
 * await vision.writeImage('noise.png', rand([3, 32, 32]));
 * await vision.writeImage('noise.jpg', rand([3, 32, 32]), { quality: 90 });
 */
export async function writeImage(path: string, image: Tensor, options?: WriteImageOptions): Promise<void> {
  const files = requireFiles('writeImage', 'use vision.encodeImage(image, format)');
  checkTensors('writeImage', { image });
  requireText('writeImage', 'path', path);
  const ending = /\.[^./\\]*$/.exec(path)?.[0].toLowerCase();
  const format = ending === '.png' ? 'png' : ending === '.jpg' || ending === '.jpeg' ? 'jpeg' : undefined;
  if (format === undefined)
    throw new ArgumentError('writeImage', `${path}: an image must be .png, .jpg, or .jpeg`);
  files.write(path, await encode('writeImage', image, format, options));
}
