import type { Grads } from '../autograd/node.js';
import type { Tensor } from '../tensor/tensor.js';

/** y = normal · weight + bias, normal = (x − mean) / √(var + eps) over `axes`. */
export interface Normalized {
  readonly x: Tensor;
  /** The gradient of y. */
  readonly grad: Tensor;
  /** Broadcasts to x, as does the bias of the same shape. */
  readonly weight: Tensor | null;
  readonly biasShape: readonly number[];
  readonly axes: readonly number[];
  readonly eps: number;
  /** Whether the mean is subtracted; else var is the mean square. */
  readonly centered: boolean;
}

/** The gradients of x, weight and bias made of operations, so that they can be differentiated. */
export function normalizedGradients({ x, grad, weight, biasShape, axes, eps, centered }: Normalized): Grads {
  const average = (t: Tensor): Tensor => t.mean(axes, { keepdim: true });
  const distance = centered ? x.sub(average(x)) : x;
  const rstd = average(distance.square()).add(eps).rsqrt();
  const normal = distance.mul(rstd);
  const a = weight === null ? grad : grad.mul(weight);
  const along = normal.mul(average(a.mul(normal)));
  const dx = (centered ? a.sub(average(a)) : a).sub(along).mul(rstd);
  return [dx, weight === null ? null : grad.mul(normal).sumToSize(weight.shape), grad.sumToSize(biasShape)];
}
