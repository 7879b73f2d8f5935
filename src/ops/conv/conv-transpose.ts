import { ArgumentError, ShapeError } from '../../core/errors.js';
import { named } from '../../core/exact.js';
import { defineOptions, size } from '../../core/options.js';
import { convTransposeLength } from '../../core/output-length.js';
import { perAxis, type Size } from '../../core/sizes.js';
import { checkTensors } from '../../tensor/argument.js';
import type { Tensor } from '../../tensor/tensor.js';
import { convInputGradientOp } from './conv.js';
import { checkConvOperands, convSizes, geometryOf, spacingOptions, strideOption } from './geometry.js';

export interface ConvTransposeOptions {
  /** Steps between places of the kernel in the output, in elements (default 1). */
  readonly stride?: Size;
  /** Elements removed from each side of the output (default 0). */
  readonly padding?: Size;
  /** Elements added at the end of each axis of the output, fewer than stride or dilation (default 0). */
  readonly outputPadding?: Size;
  /** How many groups the channels are split into, each convolved separately (default 1). */
  readonly groups?: number;
  /** Distance between neighbors under the kernel, in elements (default 1). */
  readonly dilation?: Size;
}

const readConvTranspose = defineOptions(
  {
    ...strideOption,
    padding: size(0, 0),
    outputPadding: size(0, 0),
    groups: spacingOptions.groups,
    dilation: spacingOptions.dilation,
  },
  ['bias'],
);

function convTransposeNd(
  operation: string,
  rank: number,
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  options: ConvTransposeOptions | undefined,
): Tensor {
  checkTensors(operation, { x, weight });
  const given = readConvTranspose(operation, options);
  const sizes = convSizes(operation, rank, given);
  const outputPadding = perAxis(operation, 'outputPadding', given.outputPadding, rank, 0);
  const { stride, padding, dilation, groups } = sizes;
  for (const [i, extra] of outputPadding.entries())
    if (extra >= Math.max(stride[i]!, dilation[i]!))
      throw new ArgumentError(
        operation,
        `outputPadding ${extra} of axis ${i} must be less than its stride ${stride[i]} or its dilation ${dilation[i]}`,
      );
  checkConvOperands(operation, rank, x, weight, bias, groups, 0);
  if (x.ndim === rank + 1)
    return convTransposeNd(operation, rank, x.unsqueeze(0), weight, bias, options).squeeze(0);
  const input = x.shape.slice(2);
  const kernel = weight.shape.slice(2);
  const output = input.map((n, i) =>
    convTransposeLength(n, 2 * padding[i]!, outputPadding[i]!, {
      kernel: kernel[i]!,
      stride: stride[i]!,
      dilation: dilation[i]!,
    }),
  );
  if (output.some((n) => n < 1))
    throw new ShapeError(operation, `the output would be [${output.join(', ')}]`, [
      { name: 'x', shape: x.shape },
      { name: 'weight', shape: weight.shape },
    ]);
  const [batch, channels] = x.shape as [number, number];
  const outputs = weight.shape[1]! * groups;
  return convInputGradientOp([x, weight, bias], {
    geometry: geometryOf(batch, [outputs, channels], output, input, kernel, sizes),
    xShape: [batch, outputs, ...output],
    weightShape: weight.shape,
    yShape: x.shape,
  });
}

/**
 * Transposed 1-D convolution: the gradient of `conv1d` with respect to its input. Each element of x adds
 * its kernel, scaled by that element, to the output.
 *
 * @param bias a number for each output channel, or null
 * @shape x (N, Cin, L) or (Cin, L), weight (Cin, Cout / groups, k) → (N, Cout, L'), L' = (L − 1)s − 2p + d(k−1) + outputPadding + 1
 * @throws ShapeError if channels disagree, DTypeError unless all have the same floating dtype
 */
export const convTranspose1d = named(
  'convTranspose1d',
  (x: Tensor, weight: Tensor, bias: Tensor | null = null, options?: ConvTransposeOptions): Tensor =>
    convTransposeNd('convTranspose1d', 1, x, weight, bias, options),
);

/**
 * Transposed 2-D convolution: the gradient of `conv2d` with respect to its input.
 *
 * @param bias a number for each output channel, or null
 * @shape x (N, Cin, H, W) or (Cin, H, W), weight (Cin, Cout / groups, kH, kW) → (N, Cout, H', W'), H' = (H − 1)s − 2p + d(k−1) + outputPadding + 1
 * @throws ShapeError if channels disagree, DTypeError unless all have the same floating dtype
 * @source notes 4.4; Zeiler et al. 2010, doi:10.1109/CVPR.2010.5539957
 */
export const convTranspose2d = named(
  'convTranspose2d',
  (x: Tensor, weight: Tensor, bias: Tensor | null = null, options?: ConvTransposeOptions): Tensor =>
    convTransposeNd('convTranspose2d', 2, x, weight, bias, options),
);

/**
 * Transposed 3-D convolution: the gradient of `conv3d` with respect to its input.
 *
 * @shape x (N, Cin, D, H, W) or (Cin, D, H, W), weight (Cin, Cout / groups, kD, kH, kW) → (N, Cout, D', H', W')
 * @throws ShapeError if channels disagree, DTypeError unless all have the same floating dtype
 */
export const convTranspose3d = named(
  'convTranspose3d',
  (x: Tensor, weight: Tensor, bias: Tensor | null = null, options?: ConvTransposeOptions): Tensor =>
    convTransposeNd('convTranspose3d', 3, x, weight, bias, options),
);
