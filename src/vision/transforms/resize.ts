import { ArgumentError, formatShape } from '../../core/errors.js';
import { defineOptions, flag, type Resolved, whole, word } from '../../core/options.js';
import { mostElements } from '../../core/shape.js';
import { perAxis, type Size } from '../../core/sizes.js';
import * as F from '../../functional.js';
import { type Tensor, tensor } from '../../index.js';
import { inFloats, onBatch } from './images.js';
import { FixedTransform, type ImageSize } from './transform.js';

export type Interpolation = 'nearest' | 'bilinear';

/** How to interpolate between pixels. */
export const interpolationOption = (defaultValue: Interpolation) =>
  word(['nearest', 'bilinear'], defaultValue);

export interface ResizeQuality {
  /** Default `bilinear`. */
  readonly interpolation?: Interpolation;
  /** Whether a pixel of a smaller image averages all pixels that it covers; `bilinear` only (default true). */
  readonly antialias?: boolean;
}

export interface ResizeOptions extends ResizeQuality {
  /** With one number as size: the longest that the longer side may be (default: any). */
  readonly maxSize?: number;
}

/** The options of `ResizeQuality`. */
export const qualitySpec = { interpolation: interpolationOption('bilinear'), antialias: flag(true) };
const resizeSpec = { ...qualitySpec, maxSize: whole(undefined, { least: 1 }) };
const resizeOptions = defineOptions(resizeSpec);

/** The most weights for an axis: two gigabytes. */
const mostWeights = 2 ** 28;

/**
 * Weights (L', L) that turn the pixels of an axis into those of a shorter or longer one: triangles as wide as two pixels
 * of the coarser axis.
 */
function triangles(from: number, to: number, dtype: Tensor['dtype']): Tensor {
  const scale = from / to;
  const reach = Math.max(scale, 1);
  const weights = new Float64Array(to * from);
  for (let i = 0; i < to; i++) {
    const center = scale * (i + 0.5);
    const first = Math.max(Math.floor(center - reach + 0.5), 0);
    const last = Math.min(Math.floor(center + reach + 0.5), from);
    const row = i * from;
    let sum = 0;
    for (let j = first; j < last; j++)
      sum += weights[row + j] = Math.max(0, 1 - Math.abs(j - center + 0.5) / reach);
    for (let j = first; j < last; j++) weights[row + j]! /= sum;
  }
  return tensor(weights, { dtype }).reshape([to, from]);
}

const tooLarge = (images: Tensor, height: number, width: number): ArgumentError =>
  new ArgumentError(
    'resize',
    `the size [${height}, ${width}] is too large for images of ${formatShape(images.shape)}`,
  );

/** Resizes one axis after the other, each by a matrix product. */
function antialiased(images: Tensor, height: number, width: number): Tensor {
  const [h, w] = [images.shape[2]!, images.shape[3]!];
  if ((w !== width && w * width > mostWeights) || (h !== height && h * height > mostWeights))
    throw tooLarge(images, height, width);
  const wide = w === width ? images : images.matmul(triangles(w, width, images.dtype).transpose(0, 1));
  return h === height ? wide : triangles(h, height, images.dtype).matmul(wide);
}

/** The lengths [height, width] after resizing. @throws ArgumentError */
function lengthsAfter(
  operation: string,
  height: number,
  width: number,
  size: Size,
  maxSize: number | undefined,
): readonly [number, number] {
  if (typeof size !== 'number') {
    const [h, w] = perAxis(operation, 'size', size, 2, 1);
    return [h!, w!];
  }
  const [short, long] = [Math.min(height, width), Math.max(height, width)];
  let [newShort, newLong] = [size, Math.floor((size * long) / short)];
  if (maxSize !== undefined && newLong > maxSize)
    [newShort, newLong] = [Math.floor((maxSize * newShort) / newLong), maxSize];
  return width <= height ? [newLong, newShort] : [newShort, newLong];
}

function checkResize(operation: string, size: Size, maxSize: number | undefined): void {
  perAxis(operation, 'size', size, 2, 1);
  if (maxSize === undefined) return;
  if (typeof size !== 'number')
    throw new ArgumentError(operation, 'maxSize needs one number as size, the length of the shorter side');
  if (!(maxSize > size))
    throw new ArgumentError(operation, `maxSize, ${maxSize}, must be larger than the shorter side, ${size}`);
}

/** Resized images; see `Resize`. */
export function resize(images: Tensor, size: Size, options?: ResizeOptions): Tensor {
  const { interpolation, antialias, maxSize } = resizeOptions('resize', options);
  checkResize('resize', size, maxSize);
  return onBatch('resize', images, (x) => {
    const [n, c, h, w] = x.shape as [number, number, number, number];
    const [height, width] = lengthsAfter('resize', h, w, size, maxSize);
    if (h === height && w === width) return x;
    if (n * c * height * width > mostElements) throw tooLarge(x, height, width);
    if (interpolation === 'nearest') return F.interpolate(x, { size: [height, width] });
    return inFloats(x, (floats) =>
      antialias
        ? antialiased(floats, height, width)
        : F.interpolate(floats, { size: [height, width], mode: 'bilinear' }),
    );
  });
}

/**
 * Resizes images.
 *
 * `bilinear` weights pixels by a triangle around the position of the new one; if the image becomes smaller, the
 * triangle widens, so no pixel is left out (`antialias`). `nearest` takes pixel ⌊i·L/L'⌋. Bytes are computed in
 * floats and rounded.
 *
 * @param size [height, width], or the length of the shorter side
 * @shape (N, C, H, W) → (N, C, height, width)
 * @throws ArgumentError
 * @example
 * new vision.transforms.Resize(16).forward(rand([3, 32, 64])).shape; // [3, 16, 32]
 */
export class Resize extends FixedTransform {
  readonly options: Resolved<typeof resizeSpec>;

  constructor(
    readonly size: Size,
    options?: ResizeOptions,
  ) {
    super();
    this.options = resizeOptions(new.target.name, options);
    checkResize(new.target.name, size, this.options.maxSize);
  }

  override sizeAfter({ channels, height, width }: ImageSize): ImageSize {
    const [newHeight, newWidth] = lengthsAfter('Resize', height, width, this.size, this.options.maxSize);
    return { channels, height: newHeight, width: newWidth };
  }

  override apply(images: Tensor): Tensor {
    const { maxSize, ...quality } = this.options;
    return resize(images, this.size, maxSize === undefined ? quality : { ...quality, maxSize });
  }

  protected override describe(): string {
    const size = typeof this.size === 'number' ? this.size : `[${this.size.join(', ')}]`;
    return `size=${size}, interpolation=${this.options.interpolation}, antialias=${this.options.antialias}`;
  }
}
