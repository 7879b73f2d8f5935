import { defineOp } from '../../autograd/op.js';
import { ArgumentError, ShapeError } from '../../core/errors.js';
import { named } from '../../core/exact.js';
import { defineOptions, either, size, word } from '../../core/options.js';
import { convLength } from '../../core/output-length.js';
import type { Shape } from '../../core/shape.js';
import type { Size } from '../../core/sizes.js';
import type { ConvGeometry } from '../../engine/conv.js';
import { checkTensors } from '../../tensor/argument.js';
import { dense } from '../../tensor/dense.js';
import { empty, type Tensor } from '../../tensor/tensor.js';
import { beforeEnding } from '../ending.js';
import {
  type ConvSizes,
  checkConvOperands,
  convSizes,
  geometryOf,
  spacingOptions,
  strideOption,
} from './geometry.js';

/** A convolution and the shapes of its three tensors, whichever one is computed. */
export interface ConvAttrs {
  readonly geometry: ConvGeometry;
  readonly xShape: Shape;
  readonly weightShape: Shape;
  readonly yShape: Shape;
  /** The activation at the end of `convOp`. */
  readonly ending?: 'relu' | undefined;
}

type ConvOp<I> = (inputs: I, attrs: ConvAttrs) => Tensor;
type Biased = [source: Tensor, weight: Tensor, bias: Tensor | null];

/** Without the activation at its end. */
const plain = (attrs: ConvAttrs): ConvAttrs =>
  attrs.ending === undefined ? attrs : { ...attrs, ending: undefined };

/** The gradient of a bias: the sum over all axes but the channels'. */
const biasGradient = (g: Tensor): Tensor => g.sum([0, ...g.shape.map((_, i) => i).slice(2)]);

/** y = ending(bias + x ⋆ w) */
export const convOp: ConvOp<Biased> = defineOp<Biased, ConvAttrs>({
  name: 'convolution',
  forward(ctx, [x, weight, bias], { geometry, yShape, ending }) {
    const y = empty(yShape, x.dtype, x.engine);
    x.engine.convForward(y, dense(x), dense(weight), bias && dense(bias), geometry, ending);
    ctx.save(x, weight, ...(ending === undefined ? [] : [y]));
    return y;
  },
  backward({ attrs, saved: [x, weight, y], needs: [needsX, needsWeight, needsBias], createGraph }, gradient) {
    const g = beforeEnding(attrs.ending, gradient, y!, createGraph);
    const dx = needsX ? convInputGradientOp([g, weight!, null], attrs) : null;
    if (needsWeight && needsBias && !createGraph) {
      const dw = empty(attrs.weightShape, x!.dtype, x!.engine);
      const dbias = empty([attrs.geometry.outChannels], x!.dtype, x!.engine);
      x!.engine.convWeightGradient(dw, dbias, dense(x!), dense(g), attrs.geometry);
      return [dx, dw, dbias];
    }
    return [
      dx,
      needsWeight ? convWeightGradientOp([x!, g], attrs) : null,
      needsBias ? biasGradient(g) : null,
    ];
  },
});

/** dx = bias + the gradient of `convOp` with respect to x */
export const convInputGradientOp: ConvOp<Biased> = defineOp<Biased, ConvAttrs>({
  name: 'convolutionInputGradient',
  forward(ctx, [dy, weight, bias], { geometry, xShape }) {
    const dx = empty(xShape, dy.dtype, dy.engine);
    dy.engine.convInputGradient(dx, dense(dy), dense(weight), bias && dense(bias), geometry);
    ctx.save(dy, weight);
    return dx;
  },
  backward: ({ attrs, saved: [dy, weight], needs }, g) => [
    needs[0] ? convOp([g, weight!, null], plain(attrs)) : null,
    needs[1] ? convWeightGradientOp([g, dy!], attrs) : null,
    needs[2] ? biasGradient(g) : null,
  ],
});

/** dw = the gradient of `convOp` with respect to the weight */
const convWeightGradientOp: ConvOp<[x: Tensor, dy: Tensor]> = defineOp<[x: Tensor, dy: Tensor], ConvAttrs>({
  name: 'convolutionWeightGradient',
  forward(ctx, [x, dy], { geometry, weightShape }) {
    const dw = empty(weightShape, x.dtype, x.engine);
    x.engine.convWeightGradient(dw, null, dense(x), dense(dy), geometry);
    ctx.save(x, dy);
    return dw;
  },
  backward: ({ attrs, saved: [x, dy], needs }, g) => [
    needs[0] ? convInputGradientOp([dy!, g, null], attrs) : null,
    needs[1] ? convOp([x!, g, null], plain(attrs)) : null,
  ],
});

export interface ConvOptions {
  /** Steps between places of the kernel, in elements (default 1). */
  readonly stride?: Size;
  /** Zeros added on each side (default 0); `same` keeps the size at stride 1, `valid` adds none. */
  readonly padding?: Size | 'same' | 'valid';
  /** Distance between neighbors under the kernel, in elements (default 1). */
  readonly dilation?: Size;
  /** How many groups the channels are split into, each convolved separately (default 1). */
  readonly groups?: number;
}

const readConv = defineOptions(
  {
    ...strideOption,
    padding: either(size(0, 0), word(['same', 'valid'], undefined)),
    ...spacingOptions,
  },
  ['bias'],
);

/** For each axis, the zeros on both sides together, and those in front. */
function paddingOf(
  operation: string,
  kernel: Shape,
  padding: ConvOptions['padding'],
  sizes: ConvSizes,
): { total: readonly number[]; before: readonly number[] } {
  if (padding !== 'same') return { total: sizes.padding.map((p) => 2 * p), before: sizes.padding };
  if (sizes.stride.some((s) => s !== 1))
    throw new ArgumentError(operation, `padding 'same' needs stride 1, not [${sizes.stride.join(', ')}]`);
  const total = kernel.map((k, i) => sizes.dilation[i]! * (k - 1));
  return { total, before: total.map((n) => Math.floor(n / 2)) };
}

/** A convolution over `rank` axes. */
export function convNd(
  operation: string,
  rank: number,
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  options: ConvOptions | undefined,
  ending?: 'relu',
): Tensor {
  checkTensors(operation, { x, weight });
  const all = readConv(operation, options);
  const { padding } = all;
  const given = convSizes(operation, rank, { ...all, padding: typeof padding === 'string' ? 0 : padding });
  checkConvOperands(operation, rank, x, weight, bias, given.groups, 1);
  if (x.ndim === rank + 1)
    return convNd(operation, rank, x.unsqueeze(0), weight, bias, options, ending).squeeze(0);
  const input = x.shape.slice(2);
  const kernel = weight.shape.slice(2);
  const { total, before } = paddingOf(operation, kernel, padding, given);
  const output = input.map((n, i) =>
    convLength(n, total[i]!, {
      kernel: kernel[i]!,
      stride: given.stride[i]!,
      dilation: given.dilation[i]!,
    }),
  );
  if (output.some((n) => n < 1))
    throw new ShapeError(operation, 'the kernel is larger than the padded input', [
      { name: 'x', shape: x.shape, note: `[${input.map((n, i) => n + total[i]!).join(', ')}] with padding` },
      {
        name: 'weight',
        shape: weight.shape,
        note: `spans [${kernel.map((k, i) => given.dilation[i]! * (k - 1) + 1).join(', ')}]`,
      },
    ]);
  const channels = [x.shape[1]!, weight.shape[0]!] as const;
  return convOp([x, weight, bias], {
    geometry: geometryOf(x.shape[0]!, channels, input, output, kernel, { ...given, padding: before }),
    xShape: x.shape,
    weightShape: weight.shape,
    yShape: [x.shape[0]!, weight.shape[0]!, ...output],
    ending,
  });
}

/**
 * 1-D cross-correlation.
 *
 * y[n,o,i] = b[o] + Σ_{c,u} w[o,c,u] · x[n,c, i·s + u·d − p]
 *
 * @param weight one kernel for each output channel
 * @param bias a number for each output channel, or null
 * @shape x (N, Cin, L) or (Cin, L), weight (Cout, Cin / groups, k) → (N, Cout, L'), L' = ⌊(L + 2p − d(k−1) − 1)/s⌋ + 1
 * @throws ShapeError if channels disagree or the kernel doesn't fit, DTypeError unless all have the same floating dtype
 */
export const conv1d = named(
  'conv1d',
  (x: Tensor, weight: Tensor, bias: Tensor | null = null, options?: ConvOptions): Tensor =>
    convNd('conv1d', 1, x, weight, bias, options),
);

/**
 * 2-D cross-correlation, which deep learning calls convolution.
 *
 * y[n,o,i,j] = b[o] + Σ_{c,u,v} w[o,c,u,v] · x[n,c, i·s + u·d − p, j·s + v·d − p]
 *
 * @param weight one kernel for each output channel
 * @param bias a number for each output channel, or null
 * @shape x (N, Cin, H, W) or (Cin, H, W), weight (Cout, Cin / groups, kH, kW) → (N, Cout, H', W'), H' = ⌊(H + 2p − d(k−1) − 1)/s⌋ + 1
 * @throws ShapeError if channels disagree or the kernel doesn't fit, DTypeError unless all have the same floating dtype
 * @source notes 3.3–3.5; LeCun et al. 1998, doi:10.1109/5.726791
 * @example
 * const y = F.conv2d(randn([8, 3, 32, 32]), randn([16, 3, 3, 3]), null, { padding: 'same' });
 */
export const conv2d = named(
  'conv2d',
  (x: Tensor, weight: Tensor, bias: Tensor | null = null, options?: ConvOptions): Tensor =>
    convNd('conv2d', 2, x, weight, bias, options),
);

/**
 * 3-D cross-correlation: `conv2d` with a depth axis before height and width.
 *
 * @shape x (N, Cin, D, H, W) or (Cin, D, H, W), weight (Cout, Cin / groups, kD, kH, kW) → (N, Cout, D', H', W')
 * @throws ShapeError if channels disagree or the kernel doesn't fit, DTypeError unless all have the same floating dtype
 */
export const conv3d = named(
  'conv3d',
  (x: Tensor, weight: Tensor, bias: Tensor | null = null, options?: ConvOptions): Tensor =>
    convNd('conv3d', 3, x, weight, bias, options),
);
