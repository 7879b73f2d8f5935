import type { Tensor } from '../../index.js';
import { checkChance } from './checks.js';
import { rgbToGrayscale } from './color.js';
import type { Draws } from './draws.js';
import { choose } from './images.js';
import { type ImageSize, Transform } from './transform.js';

/**
 * Makes images gray, with as many channels as before.
 *
 * @throws ArgumentError unless p is in [0, 1]; ShapeError unless they are gray or RGB
 */
export class RandomGrayscale extends Transform<boolean> {
  /** @param p probability (default 0.1) */
  constructor(readonly p = 0.1) {
    super();
    checkChance('RandomGrayscale', p);
  }

  override draw(_: ImageSize, draws: Draws): boolean {
    return draws.chance(this.p);
  }

  override apply(images: Tensor, flags: readonly boolean[]): Tensor {
    const outputChannels = images.shape[1] === 1 ? 1 : 3;
    return choose(flags, () => rgbToGrayscale(images, { outputChannels }), images);
  }

  protected override describe(): string {
    return `p=${this.p}`;
  }
}
