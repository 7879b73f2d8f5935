import { defineOptions, size } from '../core/options.js';
import * as F from '../functional.js';
import type { Tensor } from '../tensor/tensor.js';
import { Module } from './module/module.js';
import { perAxis, type Size, show } from './sizes.js';

const patchOptions = defineOptions({ stride: size(1, 1), padding: size(0, 0), dilation: size(1, 1) });

/** The patches of images, each as a column. @shape (N, C, H, W) → (N, C·kH·kW, number of patches) */
export class Unfold extends Module {
  constructor(
    readonly kernelSize: Size,
    private readonly options?: F.PatchOptions,
  ) {
    super();
    perAxis(new.target.name, 'kernelSize', kernelSize, 2, 1);
    patchOptions(new.target.name, options);
  }

  override forward(x: Tensor): Tensor {
    return F.unfold(x, this.kernelSize, this.options);
  }

  protected override describe(): string {
    return show({ kernelSize: this.kernelSize, ...this.options });
  }
}

/**
 * Assembles images from patches, which are summed where they overlap.
 *
 * @shape (N, C·kH·kW, number of patches) → (N, C, H, W)
 */
export class Fold extends Module {
  constructor(
    readonly outputSize: Size,
    readonly kernelSize: Size,
    private readonly options?: F.PatchOptions,
  ) {
    super();
    perAxis(new.target.name, 'outputSize', outputSize, 2, 1);
    perAxis(new.target.name, 'kernelSize', kernelSize, 2, 1);
    patchOptions(new.target.name, options);
  }

  override forward(x: Tensor): Tensor {
    return F.fold(x, this.outputSize, this.kernelSize, this.options);
  }

  protected override describe(): string {
    return show({ outputSize: this.outputSize, kernelSize: this.kernelSize, ...this.options });
  }
}
