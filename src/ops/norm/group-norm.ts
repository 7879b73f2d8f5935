import { defineFused } from '../../autograd/fused.js';
import { ShapeError } from '../../core/errors.js';
import { defineOptions } from '../../core/options.js';
import { type Shape, sizeOf } from '../../core/shape.js';
import { count } from '../../core/sizes.js';
import { checkTensors } from '../../tensor/argument.js';
import { dense } from '../../tensor/dense.js';
import { empty, emptyLike, type Tensor } from '../../tensor/tensor.js';
import {
  type AffineOptions,
  affineOptions,
  checkParameters,
  denseOrNull,
  epsOption,
  gradientOf,
} from './arguments.js';
import { normalized, normalizedGradients, scaled } from './normalized.js';

interface GroupNorm {
  readonly groups: number;
  readonly eps: number;
}

/** The shape of x with its groups, (N, groups, channels per group, space), and the shape of per-channel values. */
function groupedShapes({ shape }: Tensor, groups: number): { grouped: Shape; perChannel: Shape } {
  const channels = shape[1]! / groups;
  return {
    grouped: [shape[0]!, groups, channels, sizeOf(shape.slice(2))],
    perChannel: [1, groups, channels, 1],
  };
}

const groupNormOp = defineFused<'norm', [Tensor, Tensor | null, Tensor | null], GroupNorm>({
  name: 'groupNorm',
  family: 'norm',
  composition([x, weight, bias], { groups, eps }) {
    const { grouped, perChannel } = groupedShapes(x, groups);
    const normal = normalized({ x: x.reshape(grouped), axes: [2, 3], eps, centered: true });
    return scaled(normal, weight, bias, perChannel).reshape(x.shape);
  },
  forward(kernels, ctx, [input, weight, bias], { groups, eps }) {
    const x = dense(input);
    const out = emptyLike(x);
    const mean = empty([x.shape[0]!, groups], x.dtype, x.engine);
    const rstd = emptyLike(mean);
    const affine = { weight: denseOrNull(weight), bias: denseOrNull(bias) };
    kernels.groupNorm(out, x, affine, { mean, rstd }, groups, eps);
    ctx.save(input, mean, rstd, ...(weight === null ? [] : [weight]));
    return out;
  },
  backward(kernels, { saved, needs, attrs: { groups } }, grad) {
    const [x, mean, rstd] = saved as [Tensor, Tensor, Tensor];
    const weight = saved[3] ?? null;
    const channels = x.shape[1]!;
    const gradients = {
      x: gradientOf(needs[0], x),
      weight: gradientOf(needs[1], weight),
      bias: needs[2] ? empty([channels], x.dtype, x.engine) : null,
    };
    kernels.groupNormBackward(gradients, dense(grad), dense(x), denseOrNull(weight), { mean, rstd }, groups);
    return [gradients.x, gradients.weight, gradients.bias];
  },
  gradient({ saved, attrs: { groups, eps } }, grad) {
    const [x, , , weight = null] = saved as [Tensor, Tensor, Tensor, Tensor?];
    const channels = x.shape[1]!;
    const { grouped, perChannel } = groupedShapes(x, groups);
    const [dx, dweight, dbias] = normalizedGradients({
      x: x.reshape(grouped),
      grad: grad.reshape(grouped),
      weight: weight?.reshape(perChannel) ?? null,
      biasShape: perChannel,
      axes: [2, 3],
      eps,
      centered: true,
    });
    return [dx!.reshape(x.shape), dweight?.reshape([channels]) ?? null, dbias!.reshape([channels])];
  },
});

export interface GroupNormOptions extends AffineOptions {
  /** Added to the variance (default 1e-5). */
  readonly eps?: number;
}

const readGroupNorm = defineOptions({ ...affineOptions, ...epsOption });

/**
 * Group normalization: each sample's channels are split into groups, and each group is normalized
 * over its channels and space: y = (x − mean) / √(var + eps) · weight + bias.
 *
 * @shape x (N, C, …), weight and bias (C) → like x
 * @throws ShapeError if the channels can't be split into `numGroups` groups
 * @source Wu and He 2018, arXiv:1803.08494
 */
export function groupNorm(x: Tensor, numGroups: number, options?: GroupNormOptions): Tensor {
  checkTensors('groupNorm', { x });
  const { weight, bias, eps } = readGroupNorm('groupNorm', options);
  if (x.ndim < 2)
    throw new ShapeError('groupNorm', 'x needs a batch and channels', [{ name: 'x', shape: x.shape }]);
  const channels = x.shape[1]!;
  count('groupNorm', 'numGroups', numGroups, 1);
  if (channels % numGroups !== 0)
    throw new ShapeError('groupNorm', `${channels} channels can't be split into ${numGroups} groups`, [
      { name: 'x', shape: x.shape, axes: '(N, C, …)' },
    ]);
  checkParameters('groupNorm', x, { weight, bias }, [channels], 'the channels of x');
  return groupNormOp([x, weight, bias], { groups: numGroups, eps });
}
