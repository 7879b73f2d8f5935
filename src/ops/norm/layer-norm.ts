import { defineFused } from '../../autograd/fused.js';
import { ShapeError } from '../../core/errors.js';
import { defineOptions, nullable } from '../../core/options.js';
import { type Shape, sameShape, sizeOf } from '../../core/shape.js';
import { several } from '../../core/sizes.js';
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

interface LayerNorm {
  /** The trailing axes that are normalized. */
  readonly shape: Shape;
  readonly eps: number;
  /** Without the mean. */
  readonly rms: boolean;
}

const axesOf = (x: Tensor, shape: Shape): number[] => shape.map((_, i) => x.ndim - shape.length + i);

const layerNormOp = defineFused<'norm', [Tensor, Tensor | null, Tensor | null], LayerNorm>({
  name: 'layerNorm',
  family: 'norm',
  composition: ([x, weight, bias], { shape, eps, rms }) =>
    scaled(normalized({ x, axes: axesOf(x, shape), eps, centered: !rms }), weight, bias, shape),
  forward(kernels, ctx, [input, weight, bias], { shape, eps, rms }) {
    const x = dense(input);
    const out = emptyLike(x);
    const rows = x.shape.slice(0, x.ndim - shape.length);
    const rstd = empty(rows, x.dtype, x.engine);
    const mean = rms ? null : empty(rows, x.dtype, x.engine);
    const affine = { weight: denseOrNull(weight), bias: denseOrNull(bias) };
    kernels.layerNorm(out, x, affine, mean, rstd, sizeOf(shape), eps);
    ctx.save(input, rstd, mean ?? rstd, ...(weight === null ? [] : [weight]));
    return out;
  },
  backward(kernels, { saved, needs, attrs: { shape, rms } }, grad) {
    const [x, rstd, mean] = saved as [Tensor, Tensor, Tensor];
    const weight = saved[3] ?? null;
    const gradients = {
      x: gradientOf(needs[0], x),
      weight: gradientOf(needs[1], weight),
      bias: needs[2] ? empty(shape, x.dtype, x.engine) : null,
    };
    const means = rms ? null : mean;
    const n = sizeOf(shape);
    kernels.layerNormBackward(gradients, dense(grad), dense(x), denseOrNull(weight), means, rstd, n);
    return [gradients.x, gradients.weight, gradients.bias];
  },
  gradient({ saved, attrs: { shape, eps, rms } }, grad) {
    const [x, , , weight = null] = saved as [Tensor, Tensor, Tensor, Tensor?];
    const axes = axesOf(x, shape);
    return normalizedGradients({ x, grad, weight, biasShape: shape, axes, eps, centered: !rms });
  },
});

function checkNormalized(operation: string, x: Tensor, shape: Shape): void {
  const at = x.ndim - shape.length;
  if (shape.length > 0 && at >= 0 && sameShape(x.shape.slice(at), shape)) return;
  throw new ShapeError(operation, "the trailing axes of x aren't the normalized shape", [
    { name: 'x', shape: x.shape },
    { name: 'normalizedShape', shape, note: shape.length === 0 ? 'needs at least one axis' : '' },
  ]);
}

const shapeOf = (shape: number | Shape): Shape => several(shape);

export interface LayerNormOptions extends AffineOptions {
  /** Added to the variance (default 1e-5). */
  readonly eps?: number;
}

const readLayerNorm = defineOptions({ ...affineOptions, ...epsOption });

/**
 * Layer normalization: over the trailing axes `normalizedShape`,
 * y = (x − mean) / √(var + eps) · weight + bias, where var is the biased variance.
 *
 * @shape x (…, *normalizedShape), weight and bias (*normalizedShape) → like x
 * @throws ShapeError if x doesn't end in `normalizedShape`
 * @source notes 2.10; Ba et al. 2016, arXiv:1607.06450
 */
export function layerNorm(x: Tensor, normalizedShape: number | Shape, options?: LayerNormOptions): Tensor {
  checkTensors('layerNorm', { x });
  const { weight, bias, eps } = readLayerNorm('layerNorm', options);
  const shape = shapeOf(normalizedShape);
  checkNormalized('layerNorm', x, shape);
  checkParameters('layerNorm', x, { weight, bias }, shape, 'the normalized shape');
  return layerNormOp([x, weight, bias], { shape, eps, rms: false });
}

export interface RmsNormOptions {
  /** Factor of the normalized values (default 1). */
  readonly weight?: Tensor | null;
  /** Added to the mean square (default: the machine epsilon of x's dtype). */
  readonly eps?: number | null;
}

const readRmsNorm = defineOptions({ weight: affineOptions.weight, eps: nullable(epsOption.eps, null) });

/**
 * Root-mean-square normalization: over the trailing axes, y = x / √(mean(x²) + eps) · weight.
 *
 * @shape x (…, *normalizedShape), weight (*normalizedShape) → like x
 * @throws ShapeError if x doesn't end in `normalizedShape`
 * @source Zhang and Sennrich 2019, arXiv:1910.07467
 */
export function rmsNorm(x: Tensor, normalizedShape: number | Shape, options?: RmsNormOptions): Tensor {
  checkTensors('rmsNorm', { x });
  const { weight, eps } = readRmsNorm('rmsNorm', options);
  const shape = shapeOf(normalizedShape);
  checkNormalized('rmsNorm', x, shape);
  checkParameters('rmsNorm', x, { weight }, shape, 'the normalized shape');
  const epsilon = eps ?? (x.dtype === 'float64' ? 2 ** -52 : 2 ** -23);
  return layerNormOp([x, weight, null], { shape, eps: epsilon, rms: true });
}
