import { ArgumentError } from '../core/errors.js';
import { defineOptions, flag, type Resolved, size } from '../core/options.js';
import { convLength, convTransposeLength, poolLength, type Sliding } from '../core/output-length.js';
import { perAxis, type Size } from '../core/sizes.js';

export interface ConvSizeOptions {
  /** Steps between places of the kernel, in pixels (default 1). */
  readonly stride?: Size;
  /** Pixels added on each side (default 0). */
  readonly padding?: Size;
  /** Distance between neighbors under the kernel, in pixels (default 1). */
  readonly dilation?: Size;
}

export interface ConvTransposeSizeOptions extends ConvSizeOptions {
  /** Pixels added at the end of each axis (default 0). */
  readonly outputPadding?: Size;
}

export interface PoolSizeOptions extends ConvSizeOptions {
  /** Whether a last window may extend beyond the end (default false). */
  readonly ceilMode?: boolean;
}

const convSpec = { stride: size(1, 1), padding: size(0, 0), dilation: size(1, 1) };
const convOptions = defineOptions(convSpec);
const transposeOptions = defineOptions({ ...convSpec, outputPadding: size(0, 0) });
const poolOptions = defineOptions({ ...convSpec, stride: size(undefined, 1), ceilMode: flag(false) });

/** Returns a number for a number, a list for a list. */
export type SameForm<I extends Size> = I extends number ? number : readonly number[];

/** An axis of the input, and how the kernel moves along it. */
interface Axis {
  readonly length: number;
  readonly padding: number;
  readonly sliding: Sliding;
}

/** How many axes there are; anything that isn't a size counts as one, so `perAxis` refuses it. */
const rankOf = (input: Size): number => (Array.isArray(input) ? input.length : 1);

/** Computes the output axis by axis. @throws ArgumentError for invalid sizes, or if nothing is left */
function outputSize<I extends Size>(
  operation: string,
  input: I,
  kernelSize: Size,
  { stride, padding, dilation }: Resolved<typeof convSpec>,
  along: (axis: Axis, i: number) => number,
): SameForm<I> {
  const lengths = perAxis(operation, 'input', input, rankOf(input), 1);
  const each = (option: string, size: Size, least: number) =>
    perAxis(operation, option, size, lengths.length, least);
  const kernel = each('kernelSize', kernelSize, 1);
  const [strides, paddings, dilations] = [
    each('stride', stride, 1),
    each('padding', padding, 0),
    each('dilation', dilation, 1),
  ];
  const output = lengths.map((length, i) => {
    const sliding = { kernel: kernel[i]!, stride: strides[i]!, dilation: dilations[i]! };
    const result = along({ length, padding: paddings[i]!, sliding }, i);
    if (result < 1)
      throw new ArgumentError(
        operation,
        `nothing is left of ${length} pixels with a kernel of ${kernel[i]}, padding ${paddings[i]}, and dilation ${dilations[i]}`,
      );
    return result;
  });
  return (typeof input === 'number' ? output[0] : output) as SameForm<I>;
}

/**
 * Size of a convolution's output, for each axis
 *
 * o = ⌊(i + 2p − d(k − 1) − 1) / s⌋ + 1, which without dilation is ⌊(i + 2p − k) / s⌋ + 1.
 *
 * @param input pixels along the axis, or along each
 * @throws ArgumentError for a size that isn't a whole number, or a kernel that doesn't fit in the image
 * @source notes 3.4; Dumoulin and Visin 2016, arXiv:1603.07285
 * @example
 * vision.convOutputSize(6, 3, { stride: 2, padding: 1 }); // 3
 * vision.convOutputSize([28, 32], 5); // [24, 28]
 */
export const convOutputSize = <I extends Size>(
  input: I,
  kernelSize: Size,
  options?: ConvSizeOptions,
): SameForm<I> =>
  outputSize(
    'convOutputSize',
    input,
    kernelSize,
    convOptions('convOutputSize', options),
    ({ length, padding, sliding }) => convLength(length, 2 * padding, sliding),
  );

/**
 * Size of a transposed convolution's output, for each axis
 *
 * o = (i − 1)s − 2p + d(k − 1) + outputPadding + 1.
 *
 * @param input pixels along the axis, or along each
 * @throws ArgumentError for a size that isn't a whole number, or a padding that leaves nothing
 * @source notes 4.4; Dumoulin and Visin 2016, arXiv:1603.07285
 * @example
 * vision.convTransposeOutputSize(3, 3, { stride: 2, padding: 1, outputPadding: 1 }); // 6
 */
export function convTransposeOutputSize<I extends Size>(
  input: I,
  kernelSize: Size,
  options?: ConvTransposeSizeOptions,
): SameForm<I> {
  const operation = 'convTransposeOutputSize';
  const { outputPadding, ...own } = transposeOptions(operation, options);
  const rank = rankOf(input);
  const extra = perAxis(operation, 'outputPadding', outputPadding, rank, 0);
  return outputSize(operation, input, kernelSize, own, ({ length, padding, sliding }, i) =>
    convTransposeLength(length, 2 * padding, extra[i]!, sliding),
  );
}

/**
 * Size of a pooling layer's output: like `convOutputSize`, but windows are side by side unless a stride is given, and
 * with `ceilMode` the last may extend beyond the end.
 *
 * @param input pixels along the axis, or along each
 * @throws ArgumentError for a size that isn't a whole number, or a window that doesn't fit in the image
 * @source notes 3.6
 * @example
 * vision.poolOutputSize([28, 28], 2); // [14, 14]
 * vision.poolOutputSize(112, 3, { stride: 2, ceilMode: true }); // 56
 */
export const poolOutputSize = <I extends Size>(
  input: I,
  kernelSize: Size,
  options?: PoolSizeOptions,
): SameForm<I> => {
  const operation = 'poolOutputSize';
  const { ceilMode, stride = kernelSize, ...own } = poolOptions(operation, options);
  return outputSize(operation, input, kernelSize, { stride, ...own }, ({ length, padding, sliding }) =>
    poolLength(length, padding, ceilMode, sliding),
  );
};
