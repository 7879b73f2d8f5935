import type { Grads } from '../../autograd/node.js';
import type { Tensor } from '../../tensor/tensor.js';

/** normal = (x − mean) / √(var + eps) over `axes`. */
export interface Normalized {
  readonly x: Tensor;
  readonly axes: readonly number[];
  readonly eps: number;
  /** Whether the mean is subtracted; otherwise, var is the mean square. */
  readonly centered: boolean;
}

function normalOf({ x, axes, eps, centered }: Normalized): { normal: Tensor; rstd: Tensor } {
  const average = (t: Tensor): Tensor => t.mean(axes, { keepdim: true });
  const distance = centered ? x.sub(average(x)) : x;
  const rstd = average(distance.square()).add(eps).rsqrt();
  return { normal: distance.mul(rstd), rstd };
}

export const normalized = (description: Normalized): Tensor => normalOf(description).normal;

/** x · weight + bias, each reshaped to broadcast. */
export function scaled(
  x: Tensor,
  weight: Tensor | null,
  bias: Tensor | null,
  shape: readonly number[],
): Tensor {
  const product = weight === null ? x : x.mul(weight.reshape(shape));
  return bias === null ? product : product.add(bias.reshape(shape));
}

/** What the gradients of y = normal · weight + bias are computed from. */
interface NormalizedGradient extends Normalized {
  /** The gradient of y. */
  readonly grad: Tensor;
  /** Broadcasts to x, as does the bias of the same shape. */
  readonly weight: Tensor | null;
  readonly biasShape: readonly number[];
}

/** The gradients of x, weight, and bias, composed of operations so they can be differentiated. */
export function normalizedGradients(description: NormalizedGradient): Grads {
  const { grad, weight, biasShape, axes, centered } = description;
  const { normal, rstd } = normalOf(description);
  const average = (t: Tensor): Tensor => t.mean(axes, { keepdim: true });
  const a = weight === null ? grad : grad.mul(weight);
  const along = normal.mul(average(a.mul(normal)));
  const dx = (centered ? a.sub(average(a)) : a).sub(along).mul(rstd);
  return [dx, weight === null ? null : grad.mul(normal).sumToSize(weight.shape), grad.sumToSize(biasShape)];
}
