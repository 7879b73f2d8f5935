import { requireRecord } from '../../core/arguments.js';
import { ArgumentError } from '../../core/errors.js';
import {
  anyNumber,
  checkOption,
  defineOptions,
  either,
  listOf,
  number,
  type Option,
  word,
} from '../../core/options.js';
import { ShapeError, type Tensor, tensor } from '../../index.js';
import { tensorOption } from '../../tensor/option.js';
import { rangeOption } from './checks.js';
import { type Box, boxSpec } from './crop.js';
import type { Draws } from './draws.js';
import { onBatch } from './images.js';
import { type BoxRanges, boxAttempts, checkBoxRanges, drawSides } from './random-box.js';
import { type ImageSize, Transform } from './transform.js';

/** What an erased box is filled with: a number, one for each channel, or pixels (C, height, width). */
export type Erased = number | readonly number[] | Tensor;

/** A box and what to fill it with. */
interface Erasure {
  readonly box: Box;
  readonly value: Erased;
}

/** Overwrites a box of images (N, C, H, W), in place. */
function fillBox(images: Tensor, { top, left, height, width }: Box, value: Erased): void {
  const part = images.narrow(2, top, height).narrow(3, left, width);
  const pixels =
    typeof value === 'number'
      ? tensor([value])
      : 'shape' in value
        ? value
        : tensor(value).reshape([value.length, 1, 1]);
  part.copy_(pixels.to(images.dtype).expand(part.shape));
}

const erasedOption: Option<unknown> = either(
  either(anyNumber(0), listOf(anyNumber(0), undefined)),
  tensorOption,
);

/**
 * The images with a box overwritten.
 *
 * @throws ArgumentError unless the box is within the image
 */
export function erase(images: Tensor, box: Box, value: Erased = 0): Tensor {
  requireRecord('erase', 'the box', box, boxSpec);
  checkOption('erase', 'value', erasedOption, value);
  return onBatch('erase', images, (x) => {
    const { top, left, height, width } = box;
    const [h, w] = [x.shape[2]!, x.shape[3]!];
    if (!(top >= 0 && left >= 0 && height > 0 && width > 0 && top + height <= h && left + width <= w))
      throw new ArgumentError(
        'erase',
        `the box of ${height} × ${width} pixels at (${top}, ${left}) isn't within an image of ${h} × ${w}`,
      );
    const erased = x.clone();
    fillBox(erased, box, value);
    return erased;
  });
}

export interface RandomErasingOptions extends Partial<BoxRanges> {
  /** Probability (default 0.5). */
  readonly p?: number;
  /** What to fill it with: a number, one for each channel, or `random`, N(0, 1) for each pixel (default 0). */
  readonly value?: number | readonly number[] | 'random';
}

const erasingOptions = defineOptions({
  p: number(0.5, { least: 0, most: 1 }),
  scale: rangeOption([0.02, 0.33]),
  ratio: rangeOption([0.3, 3.3]),
  value: either(either(number(0), listOf(number(0), undefined)), word(['random'], undefined)),
});

/**
 * Overwrites a box of random area (`scale`, default from 0.02 to 0.33 of the image's) and shape
 * (`ratio` of height to width, default from 0.3 to 3.3). Ten boxes are tried; if none fits, the image doesn't change.
 *
 * @throws ArgumentError; ShapeError unless `value` has one number, or one for each channel
 * @source Zhong et al. 2020, arXiv:1708.04896
 */
export class RandomErasing extends Transform<Erasure | null> {
  readonly p: number;
  readonly ranges: BoxRanges;
  readonly value: number | readonly number[] | 'random';

  constructor(options?: RandomErasingOptions) {
    super();
    const { p, scale, ratio, value } = erasingOptions(new.target.name, options);
    this.ranges = { scale, ratio };
    checkBoxRanges(new.target.name, this.ranges);
    this.p = p;
    this.value = value;
  }

  override draw(size: ImageSize, draws: Draws): Erasure | null {
    this.#checkValue(size);
    if (!draws.chance(this.p)) return null;
    for (let attempt = 0; attempt < boxAttempts; attempt++) {
      const [height, width] = drawSides(size.height * size.width, this.ranges, draws);
      if (height >= size.height || width >= size.width) continue;
      const value = this.value === 'random' ? draws.normals([size.channels, height, width]) : this.value;
      const top = draws.below(size.height - height + 1);
      return { box: { top, left: draws.below(size.width - width + 1), height, width }, value };
    }
    return null;
  }

  #checkValue({ channels, height, width }: ImageSize): void {
    const { value } = this;
    if (typeof value === 'object' && value.length !== 1 && value.length !== channels)
      throw new ShapeError('RandomErasing', `value has ${value.length} numbers for ${channels} channels`, [
        { name: 'image', axes: '(C, H, W)', shape: [channels, height, width] },
      ]);
  }

  override apply(images: Tensor, drawn: readonly (Erasure | null)[]): Tensor {
    if (drawn.every((each) => each === null)) return images;
    const erased = images.clone();
    drawn.forEach((each, n) => {
      if (each !== null) fillBox(erased.narrow(0, n, 1), each.box, each.value);
    });
    return erased;
  }

  protected override describe(): string {
    const { scale, ratio } = this.ranges;
    const value = typeof this.value === 'object' ? `[${this.value.join(', ')}]` : this.value;
    return `p=${this.p}, scale=[${scale.join(', ')}], ratio=[${ratio.join(', ')}], value=${value}`;
  }
}
