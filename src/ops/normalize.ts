import { ArgumentError, ShapeError } from '../core/errors.js';
import type { Tensor } from '../tensor/tensor.js';
import { pad } from './pad.js';

export interface NormalizeOptions {
  /** Order of the norm (default 2). */
  readonly p?: number;
  /** The axis or axes over which it is taken (default 1). */
  readonly dim?: number | readonly number[];
  /** Smaller norms count as this (default 1e-12). */
  readonly eps?: number;
}

/** x / max(‖x‖ₚ, eps): vectors along an axis scaled to length 1. */
export const normalize = (x: Tensor, { p = 2, dim = 1, eps = 1e-12 }: NormalizeOptions = {}): Tensor =>
  x.div(x.norm(p, dim, { keepdim: true }).clamp(eps));

export interface LocalResponseNormOptions {
  /** Factor of the mean square (default 1e-4). */
  readonly alpha?: number;
  /** Exponent (default 0.75). */
  readonly beta?: number;
  /** Added to the mean square (default 1). */
  readonly k?: number;
}

/**
 * Local response normalisation: y = x / (k + alpha · mean of x² over `size` neighbouring channels)^beta;
 * channels beyond the ends count as 0.
 *
 * @shape x (N, C, …) → as x
 * @source Krizhevsky et al. 2012, section 3.3
 */
export function localResponseNorm(
  x: Tensor,
  size: number,
  { alpha = 1e-4, beta = 0.75, k = 1 }: LocalResponseNormOptions = {},
): Tensor {
  if (x.ndim < 3)
    throw new ShapeError('localResponseNorm', 'x needs a batch, channels and space', [
      { name: 'x', shape: x.shape },
    ]);
  if (!Number.isInteger(size) || size < 1)
    throw new ArgumentError('localResponseNorm', `size is a whole number from 1, got ${size}`);
  const [samples, channels] = x.shape as [number, number];
  const squares = x.square().reshape([samples, channels, -1]);
  const padded = pad(squares, [0, 0, Math.floor(size / 2), Math.floor((size - 1) / 2)]);
  let sum = padded.narrow(1, 0, channels);
  for (let i = 1; i < size; i++) sum = sum.add(padded.narrow(1, i, channels));
  return x.div(
    sum
      .mul(alpha / size)
      .add(k)
      .pow(beta)
      .reshape(x.shape),
  );
}
