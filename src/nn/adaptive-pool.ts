import { ShapeError } from '../core/errors.js';
import { noMore } from '../core/exact.js';
import type { Shape } from '../core/shape.js';
import * as F from '../functional.js';
import { adaptiveSizes } from '../ops/pool/adaptive-pooling.js';
import { checkTensors } from '../tensor/argument.js';
import type { Tensor } from '../tensor/tensor.js';
import { Module } from './module/module.js';

/** The length of each output axis; null keeps the input's. */
export type AdaptiveSize = number | null | readonly (number | null)[];

abstract class Adaptive extends Module {
  readonly outputSize: readonly (number | null)[];

  constructor(
    protected readonly rank: number,
    outputSize: AdaptiveSize,
    surplus: readonly never[],
  ) {
    super();
    const name = new.target.name;
    noMore(`${name}(outputSize)`, [outputSize], surplus);
    this.outputSize = adaptiveSizes(name, outputSize, rank);
  }

  /** The output's spatial shape for this input. */
  protected sizeFor(x: Tensor): Shape {
    checkTensors(this.constructor.name, { x });
    if (x.ndim < this.rank)
      throw new ShapeError(this.constructor.name, `needs at least ${this.rank} axes`, [
        { name: 'x', shape: x.shape },
      ]);
    return this.outputSize.map((n, axis) => n ?? x.shape[x.ndim - this.rank + axis]!);
  }

  protected override describe(): string {
    return `[${this.outputSize.join(', ')}]`;
  }
}

/** The largest element of each of `outputSize` windows that divide the input evenly. @shape (N, C, L) → (N, C, L') */
export class AdaptiveMaxPool1d extends Adaptive {
  constructor(outputSize: AdaptiveSize, ...surplus: readonly never[]) {
    super(1, outputSize, surplus);
  }

  override forward(x: Tensor): Tensor {
    return F.adaptiveMaxPool1d(x, this.sizeFor(x));
  }
}

/** Like `AdaptiveMaxPool1d` over two axes. @shape (N, C, H, W) → (N, C, H', W') */
export class AdaptiveMaxPool2d extends Adaptive {
  constructor(outputSize: AdaptiveSize, ...surplus: readonly never[]) {
    super(2, outputSize, surplus);
  }

  override forward(x: Tensor): Tensor {
    return F.adaptiveMaxPool2d(x, this.sizeFor(x));
  }
}

/** Like `AdaptiveMaxPool1d` over three axes. @shape (N, C, D, H, W) → (N, C, D', H', W') */
export class AdaptiveMaxPool3d extends Adaptive {
  constructor(outputSize: AdaptiveSize, ...surplus: readonly never[]) {
    super(3, outputSize, surplus);
  }

  override forward(x: Tensor): Tensor {
    return F.adaptiveMaxPool3d(x, this.sizeFor(x));
  }
}

/** The mean of each of `outputSize` windows that divide the input evenly. @shape (N, C, L) → (N, C, L') */
export class AdaptiveAvgPool1d extends Adaptive {
  constructor(outputSize: AdaptiveSize, ...surplus: readonly never[]) {
    super(1, outputSize, surplus);
  }

  override forward(x: Tensor): Tensor {
    return F.adaptiveAvgPool1d(x, this.sizeFor(x));
  }
}

/**
 * Like `AdaptiveAvgPool1d` over two axes; output size 1 is global average pooling.
 *
 * @shape (N, C, H, W) → (N, C, H', W')
 */
export class AdaptiveAvgPool2d extends Adaptive {
  constructor(outputSize: AdaptiveSize, ...surplus: readonly never[]) {
    super(2, outputSize, surplus);
  }

  override forward(x: Tensor): Tensor {
    return F.adaptiveAvgPool2d(x, this.sizeFor(x));
  }
}

/** Like `AdaptiveAvgPool1d` over three axes. @shape (N, C, D, H, W) → (N, C, D', H', W') */
export class AdaptiveAvgPool3d extends Adaptive {
  constructor(outputSize: AdaptiveSize, ...surplus: readonly never[]) {
    super(3, outputSize, surplus);
  }

  override forward(x: Tensor): Tensor {
    return F.adaptiveAvgPool3d(x, this.sizeFor(x));
  }
}
