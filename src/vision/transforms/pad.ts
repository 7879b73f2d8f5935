import { describe } from '../../core/describe.js';
import { ArgumentError } from '../../core/errors.js';
import { defineOptions, number, word } from '../../core/options.js';
import { several } from '../../core/sizes.js';
import * as F from '../../functional.js';
import { ShapeError, type Tensor, tensor } from '../../index.js';
import { onBatch } from './images.js';
import { FixedTransform, type ImageSize } from './transform.js';

/** Pixels on all sides, or [left and right, top and bottom], or [left, top, right, bottom]. */
export type Padding =
  | number
  | readonly [x: number, y: number]
  | readonly [left: number, top: number, right: number, bottom: number];

/** What fills the border: `fill`, the outermost pixel, or the image mirrored without or with it. */
export type PaddingMode = 'constant' | 'edge' | 'reflect' | 'symmetric';

export interface ImagePadOptions {
  /** The border's value (default 0). */
  readonly fill?: number;
  /** Default `constant`. */
  readonly paddingMode?: PaddingMode;
}

/** The options of `ImagePadOptions`. */
export const padSpec = {
  fill: number(0),
  paddingMode: word(['constant', 'edge', 'reflect', 'symmetric'], 'constant'),
};
const padOptions = defineOptions(padSpec);

const modes = { constant: 'constant', edge: 'replicate', reflect: 'reflect' } as const;

/** A padding as [left, top, right, bottom]. @throws ArgumentError */
export function paddingSides(operation: string, padding: Padding): readonly [number, number, number, number] {
  const given = several<number>(padding);
  if (![1, 2, 4].includes(given.length) || !given.every((n) => Number.isInteger(n) && n >= 0))
    throw new ArgumentError(
      operation,
      `padding must be one, two, or four whole numbers of at least 0, got ${describe(given)}`,
    );
  const [left, top = left!, right = left!, bottom = top] = given;
  return [left!, top, right, bottom];
}

/** Mirrors an axis at its ends, the outermost element included. */
function mirrored(x: Tensor, axis: number, before: number, after: number): Tensor {
  const length = x.shape[axis]!;
  if (Math.max(before, after) > length)
    throw new ShapeError(
      'pad',
      `axis ${axis} of length ${length} can't have a symmetric border of ${before} and ${after}`,
      [{ name: 'images', axes: '(N, C, H, W)', shape: x.shape }],
    );
  const from = (i: number): number => (i < 0 ? -1 - i : i < length ? i : 2 * length - 1 - i);
  const places = Array.from({ length: before + length + after }, (_, i) => from(i - before));
  return x.indexSelect(axis, tensor(places, { dtype: 'int32' }));
}

/** Adds a border to images. @throws ArgumentError, ShapeError */
export function pad(images: Tensor, padding: Padding, options?: ImagePadOptions): Tensor {
  const { fill, paddingMode } = padOptions('pad', options);
  const [left, top, right, bottom] = paddingSides('pad', padding);
  return onBatch('pad', images, (x) =>
    paddingMode === 'symmetric'
      ? mirrored(mirrored(x, 2, top, bottom), 3, left, right)
      : F.pad(x, [left, right, top, bottom], { mode: modes[paddingMode], value: fill }),
  );
}

/** The size of an image with a border. */
export function sizeWithBorder(size: ImageSize, padding: Padding): ImageSize {
  const [left, top, right, bottom] = paddingSides('pad', padding);
  return { ...size, height: top + size.height + bottom, width: left + size.width + right };
}

/**
 * Adds a border.
 *
 * @shape (N, C, H, W) → (N, C, top + H + bottom, left + W + right)
 * @throws ArgumentError, ShapeError
 */
export class Pad extends FixedTransform {
  readonly fill: number;
  readonly paddingMode: PaddingMode;

  constructor(
    readonly padding: Padding,
    options?: ImagePadOptions,
  ) {
    super();
    const { fill, paddingMode } = padOptions(new.target.name, options);
    paddingSides(new.target.name, padding);
    this.fill = fill;
    this.paddingMode = paddingMode;
  }

  override sizeAfter(size: ImageSize): ImageSize {
    return sizeWithBorder(size, this.padding);
  }

  override apply(images: Tensor): Tensor {
    return pad(images, this.padding, { fill: this.fill, paddingMode: this.paddingMode });
  }

  protected override describe(): string {
    return `padding=[${paddingSides('Pad', this.padding).join(', ')}], fill=${this.fill}, paddingMode=${this.paddingMode}`;
  }
}
