import { flip, type Tensor } from '../../index.js';
import { checkChance } from './checks.js';
import type { Draws } from './draws.js';
import { choose, onBatch } from './images.js';
import { type ImageSize, Transform } from './transform.js';

/** Swaps left and right. */
export const horizontalFlip = (images: Tensor): Tensor =>
  onBatch('horizontalFlip', images, (x) => flip(x, [3]));

/** Swaps top and bottom. */
export const verticalFlip = (images: Tensor): Tensor => onBatch('verticalFlip', images, (x) => flip(x, [2]));

abstract class RandomFlip extends Transform<boolean> {
  /** @param p probability (default 0.5) */
  constructor(readonly p = 0.5) {
    super();
    checkChance(this.constructor.name, p);
  }

  protected abstract flipped(images: Tensor): Tensor;

  override draw(_: ImageSize, draws: Draws): boolean {
    return draws.chance(this.p);
  }

  override apply(images: Tensor, flags: readonly boolean[]): Tensor {
    return choose(flags, () => this.flipped(images), images);
  }

  protected override describe(): string {
    return `p=${this.p}`;
  }
}

/** Swaps left and right with probability p (default 0.5). @throws ArgumentError unless p is in [0, 1] */
export class RandomHorizontalFlip extends RandomFlip {
  protected override flipped(images: Tensor): Tensor {
    return horizontalFlip(images);
  }
}

/** Swaps top and bottom with probability p (default 0.5). @throws ArgumentError unless p is in [0, 1] */
export class RandomVerticalFlip extends RandomFlip {
  protected override flipped(images: Tensor): Tensor {
    return verticalFlip(images);
  }
}
