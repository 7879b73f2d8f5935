import { ShapeError } from '../core/errors.js';
import { whole } from '../core/options.js';
import * as F from '../functional.js';
import { checkTensors } from '../tensor/argument.js';
import type { Tensor } from '../tensor/tensor.js';
import { soleOption } from './module/argument.js';
import { Module } from './module/module.js';
import { show } from './sizes.js';

const readAxis = soleOption('dim', whole(-1));

/** A function along one axis. */
export abstract class AlongAxis extends Module {
  readonly dim: number;

  /** @param dim default −1; passed directly or as an option */
  constructor(dim?: number | { readonly dim?: number }, ...surplus: readonly never[]) {
    super();
    this.dim = readAxis(new.target.name, dim, surplus);
  }

  protected override describe(): string {
    return show({ dim: this.dim });
  }
}

/**
 * y[i] = e^x[i] / Σ e^x[j] along axis `dim`.
 *
 * @differs from PyTorch: the axis defaults to −1
 * @source notes 2.2
 */
export class Softmax extends AlongAxis {
  override forward(x: Tensor): Tensor {
    return F.softmax(x, this.dim);
  }
}

/** y = log(softmax(x)) along axis `dim`. */
export class LogSoftmax extends AlongAxis {
  override forward(x: Tensor): Tensor {
    return F.logSoftmax(x, this.dim);
  }
}

/** y = softmax(−x) along axis `dim`. */
export class Softmin extends AlongAxis {
  override forward(x: Tensor): Tensor {
    return F.softmin(x, this.dim);
  }
}

/** Softmax over the channels of each pixel. @shape (N, C, H, W) or (C, H, W) */
export class Softmax2d extends Module {
  override forward(x: Tensor): Tensor {
    checkTensors('Softmax2d', { x });
    if (x.ndim !== 3 && x.ndim !== 4)
      throw new ShapeError('Softmax2d', 'needs 3 or 4 axes', [{ name: 'x', shape: x.shape }]);
    return F.softmax(x, -3);
  }
}
