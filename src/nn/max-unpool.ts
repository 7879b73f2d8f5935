import { defineOptions, listOf, size, whole } from '../core/options.js';
import * as F from '../functional.js';
import type { Tensor } from '../tensor/tensor.js';
import { Module } from './module/module.js';
import { perAxis, type Size, show } from './sizes.js';

/** The stride and padding of the pooling to undo. */
export type MaxUnpoolOptions = Pick<F.MaxUnpoolOptions, 'stride' | 'padding'>;

/** Options of a call: the lengths before the pooling, if several are possible. */
export type UnpooledSize = Pick<F.MaxUnpoolOptions, 'outputSize'>;

const unpoolOptions = defineOptions({ stride: size(undefined, 1), padding: size(0, 0) });
const unpooledSize = defineOptions({ outputSize: listOf(whole(0, { least: 0 }), undefined) });

abstract class MaxUnpool extends Module {
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];

  constructor(rank: number, kernelSize: Size, options: MaxUnpoolOptions | undefined) {
    super();
    const name = new.target.name;
    const { stride = kernelSize, padding } = unpoolOptions(name, options);
    this.kernelSize = perAxis(name, 'kernelSize', kernelSize, rank, 1);
    this.stride = perAxis(name, 'stride', stride, rank, 1);
    this.padding = perAxis(name, 'padding', padding, rank, 0);
  }

  protected options(size: UnpooledSize | undefined): F.MaxUnpoolOptions {
    const { outputSize } = unpooledSize(this.constructor.name, size);
    return { stride: this.stride, padding: this.padding, ...(outputSize && { outputSize }) };
  }

  protected override describe(): string {
    return show({ kernelSize: this.kernelSize, stride: this.stride, padding: this.padding });
  }
}

/**
 * Puts each element back where the pooling found it, with zeros elsewhere.
 *
 * @shape x and indices (N, C, L') → (N, C, L), L = (L' − 1)·s − 2p + k unless `outputSize` is given
 * @example
 * const [pooled, indices] = F.maxPool1d(arange(6).reshape([1, 1, 6]).to('float32'), 2, { returnIndices: true });
 * new nn.MaxUnpool1d(2).forward(pooled, indices); // [[[0, 1, 0, 3, 0, 5]]]
 */
export class MaxUnpool1d extends MaxUnpool {
  constructor(kernelSize: Size, options?: MaxUnpoolOptions) {
    super(1, kernelSize, options);
  }

  override forward(x: Tensor, indices: Tensor, size?: UnpooledSize): Tensor {
    return F.maxUnpool1d(x, indices, this.kernelSize, this.options(size));
  }
}

/** Like `MaxUnpool1d`. @shape x and indices (N, C, H', W') → (N, C, H, W) */
export class MaxUnpool2d extends MaxUnpool {
  constructor(kernelSize: Size, options?: MaxUnpoolOptions) {
    super(2, kernelSize, options);
  }

  override forward(x: Tensor, indices: Tensor, size?: UnpooledSize): Tensor {
    return F.maxUnpool2d(x, indices, this.kernelSize, this.options(size));
  }
}

/** Like `MaxUnpool1d`. @shape x and indices (N, C, D', H', W') → (N, C, D, H, W) */
export class MaxUnpool3d extends MaxUnpool {
  constructor(kernelSize: Size, options?: MaxUnpoolOptions) {
    super(3, kernelSize, options);
  }

  override forward(x: Tensor, indices: Tensor, size?: UnpooledSize): Tensor {
    return F.maxUnpool3d(x, indices, this.kernelSize, this.options(size));
  }
}
