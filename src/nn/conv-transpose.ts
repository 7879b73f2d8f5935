import type { DType } from '../core/dtype.js';
import { ArgumentError, ShapeError } from '../core/errors.js';
import { defineOptions, dtype, flag, listOf, size, whole } from '../core/options.js';
import { type Shape, sizeOf } from '../core/shape.js';
import * as F from '../functional.js';
import { checkTensors } from '../tensor/argument.js';
import type { Tensor } from '../tensor/tensor.js';
import { resetWeightAndBias } from './init/index.js';
import { elementsOf } from './module/argument.js';
import { Module } from './module/module.js';
import { newParameter, type Parameter } from './module/parameter.js';
import { count, perAxis, type Size, show } from './sizes.js';

export interface ConvTransposeOptions {
  /** Stride of the kernel in the output, in elements (default 1). */
  readonly stride?: Size;
  /** Elements removed from each side of the output (default 0). */
  readonly padding?: Size;
  /** Elements added at the end of each axis of the output (default 0). */
  readonly outputPadding?: Size;
  /** Number of groups that the channels are split into (default 1). */
  readonly groups?: number;
  /** Whether to add a bias for each output channel (default true). */
  readonly bias?: boolean;
  /** Distance between neighboring kernel elements in the output (default 1). */
  readonly dilation?: Size;
  /** Default float32. */
  readonly dtype?: DType;
}

export interface OutputSize {
  /** Length of each output axis, chosen among those that the stride allows. */
  readonly outputSize?: Shape;
}

const convTransposeOptions = defineOptions({
  stride: size(1, 1),
  padding: size(0, 0),
  outputPadding: size(0, 0),
  groups: whole(1, { least: 1 }),
  bias: flag(true),
  dilation: size(1, 1),
  dtype: dtype('float32'),
});

const outputSizeOptions = defineOptions({ outputSize: listOf(whole(0, { least: 0 }), undefined) });

/** Shared base of 1-D, 2-D, and 3-D transposed convolutions. */
abstract class ConvTranspose extends Module {
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly outputPadding: readonly number[];
  readonly dilation: readonly number[];
  readonly groups: number;
  /** @shape (inChannels, outChannels / groups, …kernelSize) */
  weight: Parameter;
  /** @shape (outChannels) */
  bias: Parameter | null;

  constructor(
    rank: number,
    readonly inChannels: number,
    readonly outChannels: number,
    kernelSize: Size,
    options: ConvTransposeOptions | undefined,
  ) {
    super();
    const name = new.target.name;
    const read = convTransposeOptions(name, options);
    const { stride, padding, outputPadding, groups, dilation, bias, dtype } = read;
    for (const [option, channels] of Object.entries({ inChannels, outChannels })) {
      if (count(name, option, channels) % groups !== 0)
        throw new ArgumentError(name, `${option} ${channels} can't be split into ${groups} groups`);
    }
    this.kernelSize = perAxis(name, 'kernelSize', kernelSize, rank, 1);
    this.stride = perAxis(name, 'stride', stride, rank, 1);
    this.padding = perAxis(name, 'padding', padding, rank, 0);
    this.outputPadding = perAxis(name, 'outputPadding', outputPadding, rank, 0);
    this.dilation = perAxis(name, 'dilation', dilation, rank, 1);
    this.groups = groups;
    this.weight = newParameter(
      new.target.name,
      [inChannels, outChannels / groups, ...this.kernelSize],
      dtype,
    );
    this.bias = bias ? newParameter(new.target.name, [outChannels], dtype) : null;
    this.resetParameters();
  }

  /**
   * Each element of the input takes part in outChannels/groups · kernel products, some of which padding later
   * removes.
   */
  override multiplyAdds(inputs: readonly unknown[]): number {
    return (
      elementsOf(this, 'inputs[0]', inputs?.[0]) * (this.outChannels / this.groups) * sizeOf(this.kernelSize)
    );
  }

  override get outputAxis(): number {
    return 1;
  }

  resetParameters(): void {
    resetWeightAndBias(this.weight, this.bias);
  }

  /** The function's options, with the output padding that gives the desired size. */
  protected options(x: Tensor, size: OutputSize | undefined): F.ConvTransposeOptions {
    checkTensors(this.constructor.name, { x });
    const { outputSize } = outputSizeOptions(this.constructor.name, size);
    const { stride, padding, groups, dilation } = this;
    const outputPadding = outputSize ? this.paddingFor(x, outputSize) : this.outputPadding;
    return { stride, padding, outputPadding, groups, dilation };
  }

  private paddingFor(x: Tensor, outputSize: Shape): number[] {
    const rank = this.kernelSize.length;
    const wanted = outputSize.slice(-rank);
    return this.kernelSize.map((k, axis) => {
      const n = x.shape[x.ndim - rank + axis]!;
      const stride = this.stride[axis]!;
      const least = (n - 1) * stride - 2 * this.padding[axis]! + this.dilation[axis]! * (k - 1) + 1;
      const extra = (wanted[axis] ?? Number.NaN) - least;
      if (!(extra >= 0 && extra < stride))
        throw new ShapeError(this.constructor.name, `axis ${axis} can't have length ${wanted[axis]}`, [
          { name: 'x', shape: x.shape, note: `allows ${least} to ${least + stride - 1}` },
          { name: 'outputSize', shape: outputSize },
        ]);
      return extra;
    });
  }

  protected override describe(): string {
    const { inChannels, outChannels, kernelSize, stride, padding, outputPadding, dilation, groups } = this;
    const other = (sizes: readonly number[], value: number): boolean => sizes.some((n) => n !== value);
    const options = {
      kernelSize,
      stride,
      ...(other(padding, 0) ? { padding } : {}),
      ...(other(outputPadding, 0) ? { outputPadding } : {}),
      ...(other(dilation, 1) ? { dilation } : {}),
      ...(groups === 1 ? {} : { groups }),
      ...(this.bias ? {} : { bias: false }),
    };
    return `${inChannels}, ${outChannels}, ${show(options)}`;
  }
}

/**
 * The gradient of `Conv1d` with respect to its input, as a layer: each element of x adds a scaled copy of the kernel
 * to the output.
 *
 * @shape x (N, Cin, L) → (N, Cout, L'), L' = (L − 1)s − 2p + d(k−1) + outputPadding + 1
 */
export class ConvTranspose1d extends ConvTranspose {
  constructor(inChannels: number, outChannels: number, kernelSize: Size, options?: ConvTransposeOptions) {
    super(1, inChannels, outChannels, kernelSize, options);
  }

  override forward(x: Tensor, size?: OutputSize): Tensor {
    return F.convTranspose1d(x, this.weight, this.bias, this.options(x, size));
  }
}

/**
 * The gradient of `Conv2d` with respect to its input, as a layer.
 *
 * @shape x (N, Cin, H, W) → (N, Cout, H', W'), H' = (H − 1)s − 2p + d(k−1) + outputPadding + 1
 * @source notes 4.4; Zeiler et al. 2010, doi:10.1109/CVPR.2010.5539957
 */
export class ConvTranspose2d extends ConvTranspose {
  constructor(inChannels: number, outChannels: number, kernelSize: Size, options?: ConvTransposeOptions) {
    super(2, inChannels, outChannels, kernelSize, options);
  }

  override forward(x: Tensor, size?: OutputSize): Tensor {
    return F.convTranspose2d(x, this.weight, this.bias, this.options(x, size));
  }
}

/** The gradient of `Conv3d` with respect to its input, as a layer. @shape x (N, Cin, D, H, W) → (N, Cout, D', H', W') */
export class ConvTranspose3d extends ConvTranspose {
  constructor(inChannels: number, outChannels: number, kernelSize: Size, options?: ConvTransposeOptions) {
    super(3, inChannels, outChannels, kernelSize, options);
  }

  override forward(x: Tensor, size?: OutputSize): Tensor {
    return F.convTranspose3d(x, this.weight, this.bias, this.options(x, size));
  }
}
