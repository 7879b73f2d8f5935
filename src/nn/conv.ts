import type { DType } from '../core/dtype.js';
import { ArgumentError } from '../core/errors.js';
import { defineOptions, dtype, either, flag, size, whole, word } from '../core/options.js';
import { sizeOf } from '../core/shape.js';
import * as F from '../functional.js';
import { convNd } from '../ops/conv/conv.js';
import type { Tensor } from '../tensor/tensor.js';
import { type Following, followedBy } from './fuse.js';
import { resetWeightAndBias } from './init/index.js';
import { elementsOf } from './module/argument.js';
import { Module } from './module/module.js';
import { newParameter, type Parameter } from './module/parameter.js';
import { count, perAxis, type Size, show } from './sizes.js';

/** What lies beyond the edge: zeros, the mirrored image, its repeated edge, or its opposite side. */
export type PaddingMode = 'zeros' | 'reflect' | 'replicate' | 'circular';

export interface ConvOptions {
  /** Stride of the kernel, in elements (default 1). */
  readonly stride?: Size;
  /** Elements added on each side (default 0); `same` keeps the size at stride 1, `valid` adds none. */
  readonly padding?: Size | 'same' | 'valid';
  /** Distance between neighboring kernel elements in the input (default 1). */
  readonly dilation?: Size;
  /** Number of groups that the channels are split into and convolved separately (default 1). */
  readonly groups?: number;
  /** Whether to add a bias for each output channel (default true). */
  readonly bias?: boolean;
  /** Default `zeros`. */
  readonly paddingMode?: PaddingMode;
  /** Default float32. */
  readonly dtype?: DType;
}

const convOptions = defineOptions({
  stride: size(1, 1),
  padding: either(size(0, 0), word(['same', 'valid'], undefined)),
  dilation: size(1, 1),
  groups: whole(1, { least: 1 }),
  bias: flag(true),
  paddingMode: word(['zeros', 'reflect', 'replicate', 'circular'], 'zeros'),
  dtype: dtype('float32'),
});

/** Shared base of 1-D, 2-D, and 3-D convolutions: options, weights, and padding. */
abstract class Conv extends Module {
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[] | 'same' | 'valid';
  readonly dilation: readonly number[];
  readonly groups: number;
  readonly paddingMode: PaddingMode;
  /** @shape (outChannels, inChannels / groups, …kernelSize) */
  weight: Parameter;
  /** @shape (outChannels) */
  bias: Parameter | null;
  /** Elements added before the convolution, last axis first, if the mode isn't zeros. */
  private readonly border: number[];

  constructor(
    rank: number,
    readonly inChannels: number,
    readonly outChannels: number,
    kernelSize: Size,
    options: ConvOptions | undefined,
  ) {
    super();
    const name = new.target.name;
    const { stride, padding, dilation, groups, bias, paddingMode, dtype } = convOptions(name, options);
    for (const [option, channels] of Object.entries({ inChannels, outChannels })) {
      if (count(name, option, channels) % groups !== 0)
        throw new ArgumentError(name, `${option} ${channels} can't be split into ${groups} groups`);
    }
    this.kernelSize = perAxis(name, 'kernelSize', kernelSize, rank, 1);
    this.stride = perAxis(name, 'stride', stride, rank, 1);
    this.padding = typeof padding === 'string' ? padding : perAxis(name, 'padding', padding, rank, 0);
    this.dilation = perAxis(name, 'dilation', dilation, rank, 1);
    this.groups = groups;
    this.paddingMode = paddingMode;
    if (padding === 'same' && this.stride.some((s) => s !== 1))
      throw new ArgumentError(name, `padding 'same' needs stride 1, not [${this.stride.join(', ')}]`);
    this.border = this.sides().reverse().flat();
    this.weight = newParameter(
      new.target.name,
      [outChannels, inChannels / groups, ...this.kernelSize],
      dtype,
    );
    this.bias = bias ? newParameter(new.target.name, [outChannels], dtype) : null;
    this.resetParameters();
  }

  /** Elements added before and after each axis. */
  private sides(): [number, number][] {
    const { padding, dilation } = this;
    return this.kernelSize.map((k, axis) => {
      if (padding === 'valid') return [0, 0];
      if (padding !== 'same') return [padding[axis]!, padding[axis]!];
      const total = dilation[axis]! * (k - 1);
      return [Math.floor(total / 2), total - Math.floor(total / 2)];
    });
  }

  resetParameters(): void {
    resetWeightAndBias(this.weight, this.bias);
  }

  /** Each element of the output is a sum of inChannels/groups · kernel products. */
  override multiplyAdds(_: readonly unknown[], output: unknown): number {
    return elementsOf(this, 'output', output) * (this.inChannels / this.groups) * sizeOf(this.kernelSize);
  }

  /** The padded input, and the options for the remaining convolution. */
  protected prepare(x: Tensor): [x: Tensor, options: F.ConvOptions] {
    const { stride, dilation, groups, padding, paddingMode } = this;
    if (paddingMode === 'zeros') return [x, { stride, padding, dilation, groups }];
    return [F.pad(x, this.border, { mode: paddingMode }), { stride, padding: 0, dilation, groups }];
  }

  /** `forward` with what follows; null for anything but a ReLU. */
  protected with(rank: number, x: Tensor, { add, ending }: Following): Tensor | null {
    if (add !== null || ending !== 'relu') return null;
    const [padded, options] = this.prepare(x);
    return convNd(`conv${rank}d`, rank, padded, this.weight, this.bias, options, ending);
  }

  protected override describe(): string {
    const { inChannels, outChannels, kernelSize, stride, padding, dilation, groups, paddingMode } = this;
    const isDefault = (size: readonly number[] | string, value: number): boolean =>
      typeof size !== 'string' && size.every((n) => n === value);
    const options = {
      kernelSize,
      stride,
      ...(isDefault(padding, 0) ? {} : { padding }),
      ...(isDefault(dilation, 1) ? {} : { dilation }),
      ...(groups === 1 ? {} : { groups }),
      ...(this.bias ? {} : { bias: false }),
      ...(paddingMode === 'zeros' ? {} : { paddingMode }),
    };
    return `${inChannels}, ${outChannels}, ${show(options)}`;
  }
}

/**
 * 1-D cross-correlation: y[n,o,i] = b[o] + Σ_{c,u} w[o,c,u] · x[n,c, i·s + u·d − p].
 *
 * @shape x (N, Cin, L) → (N, Cout, L'), L' = ⌊(L + 2p − d(k−1) − 1)/s⌋ + 1
 * @throws ShapeError unless x has inChannels channels
 */
export class Conv1d extends Conv {
  constructor(inChannels: number, outChannels: number, kernelSize: Size, options?: ConvOptions) {
    super(1, inChannels, outChannels, kernelSize, options);
  }

  override forward(x: Tensor): Tensor {
    const [padded, options] = this.prepare(x);
    return F.conv1d(padded, this.weight, this.bias, options);
  }

  [followedBy](x: Tensor, following: Following): Tensor | null {
    return this.with(1, x, following);
  }
}

/**
 * 2-D cross-correlation, which deep learning calls convolution.
 *
 * y[n,o,i,j] = b[o] + Σ_{c,u,v} w[o,c,u,v] · x[n,c, i·s + u·d − p, j·s + v·d − p]
 *
 * @shape x (N, Cin, H, W) → (N, Cout, H', W'), H' = ⌊(H + 2p − d(k−1) − 1)/s⌋ + 1
 * @throws ShapeError unless x has inChannels channels
 * @source notes 3.3–3.5; LeCun et al. 1998, doi:10.1109/5.726791
 */
export class Conv2d extends Conv {
  constructor(inChannels: number, outChannels: number, kernelSize: Size, options?: ConvOptions) {
    super(2, inChannels, outChannels, kernelSize, options);
  }

  override forward(x: Tensor): Tensor {
    const [padded, options] = this.prepare(x);
    return F.conv2d(padded, this.weight, this.bias, options);
  }

  [followedBy](x: Tensor, following: Following): Tensor | null {
    return this.with(2, x, following);
  }
}

/**
 * 3-D cross-correlation, like `Conv2d` with a depth axis before height and width.
 *
 * @shape x (N, Cin, D, H, W) → (N, Cout, D', H', W')
 */
export class Conv3d extends Conv {
  constructor(inChannels: number, outChannels: number, kernelSize: Size, options?: ConvOptions) {
    super(3, inChannels, outChannels, kernelSize, options);
  }

  override forward(x: Tensor): Tensor {
    const [padded, options] = this.prepare(x);
    return F.conv3d(padded, this.weight, this.bias, options);
  }

  [followedBy](x: Tensor, following: Following): Tensor | null {
    return this.with(3, x, following);
  }
}
