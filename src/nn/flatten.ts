import { noMore } from '../core/exact.js';
import { checkOption, whole } from '../core/options.js';
import type { Shape } from '../core/shape.js';
import { checkTensors } from '../tensor/argument.js';
import type { Tensor } from '../tensor/tensor.js';
import { Module } from './module/module.js';
import { counts, show } from './sizes.js';

const axis = whole(0);

/** Merges the axes from `startDim` to `endDim` into one. @shape (N, C, H, W) → (N, C·H·W) by default */
export class Flatten extends Module {
  constructor(
    readonly startDim: number = 1,
    readonly endDim: number = -1,
    ...surplus: readonly never[]
  ) {
    super();
    noMore('Flatten(startDim, endDim)', [startDim, endDim], surplus);
    checkOption('Flatten', 'startDim', axis, startDim);
    checkOption('Flatten', 'endDim', axis, endDim);
  }

  override forward(x: Tensor): Tensor {
    checkTensors('Flatten', { x });
    return x.flatten(this.startDim, this.endDim);
  }

  protected override describe(): string {
    return show({ startDim: this.startDim, endDim: this.endDim });
  }
}

/** Splits axis `dim` into axes of the given lengths, one of which may be −1. @shape (N, C·H·W) → (N, C, H, W) */
export class Unflatten extends Module {
  constructor(
    readonly dim: number,
    readonly unflattenedSize: Shape,
    ...surplus: readonly never[]
  ) {
    super();
    noMore('Unflatten(dim, unflattenedSize)', [dim, unflattenedSize], surplus);
    checkOption('Unflatten', 'dim', axis, dim);
    counts('Unflatten', 'unflattenedSize', unflattenedSize, -1);
  }

  override forward(x: Tensor): Tensor {
    checkTensors('Unflatten', { x });
    return x.unflatten(this.dim, [...this.unflattenedSize]);
  }

  protected override describe(): string {
    return show({ dim: this.dim, unflattenedSize: this.unflattenedSize });
  }
}
