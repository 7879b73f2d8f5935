import { defineOp } from '../../autograd/op.js';
import { describe } from '../../core/describe.js';
import { isFloat } from '../../core/dtype.js';
import { ArgumentError, ShapeError } from '../../core/errors.js';
import { named } from '../../core/exact.js';
import { axes, defineOptions, number } from '../../core/options.js';
import { normalizeAxis } from '../../core/shape.js';
import { checkTensors } from '../../tensor/argument.js';
import type { Tensor } from '../../tensor/tensor.js';
import { rowProducts } from '../products/row-products.js';
import { pad } from '../shape/pad.js';

export interface NormalizeOptions {
  /** Order of the norm (default 2). */
  readonly p?: number;
  /** The axis or axes of the norm (default 1). */
  readonly dim?: number | readonly number[];
  /** The smallest norm to divide by (default 1e-12). */
  readonly eps?: number;
}

const readNormalize = defineOptions({
  p: number(2, { infinite: true }),
  dim: axes(1),
  eps: number(1e-12, { least: 0 }),
});

interface Lengths {
  readonly dim: number;
  readonly eps: number;
}

/** x / max(‖x‖₂, eps) along an axis. With divisor n, dx = (g − y·⟨g, y⟩)/n, or g/eps for shorter vectors. */
const unitOp = defineOp<[Tensor], Lengths>({
  name: 'normalize',
  forward(ctx, [x], { dim, eps }) {
    const length = x.norm(2, dim, { keepdim: true });
    const y = x.div(length.clamp(eps));
    ctx.save(x, y, length);
    return y;
  },
  backward({ saved, attrs: { dim, eps }, createGraph }, g) {
    const [x, result, found] = saved as [Tensor, Tensor, Tensor];
    const length = createGraph ? x.norm(2, dim, { keepdim: true }) : found;
    const long = length.ge(eps);
    const n = length.clamp(eps);
    const y = createGraph ? x.div(n) : result;
    const along =
      dim === x.ndim - 1 ? rowProducts([g, y]).unsqueeze(-1) : g.mul(y).sum(dim, { keepdim: true });
    return [g.addcmul(y, along.where(long, 0), { value: -1 }).div(n)];
  },
});

/** x / max(‖x‖ₚ, eps): vectors along an axis scaled to length 1. */
export const normalize = named('normalize', (x: Tensor, options?: NormalizeOptions): Tensor => {
  checkTensors('normalize', { x });
  const { p, dim, eps } = readNormalize('normalize', options);
  if (p === 2 && typeof dim === 'number' && isFloat(x.dtype) && x.ndim > 0)
    return unitOp([x], { dim: normalizeAxis('normalize', dim, x.ndim), eps });
  return x.div(x.norm(p, dim, { keepdim: true }).clamp(eps));
});

export interface LocalResponseNormOptions {
  /** The factor of the mean square (default 1e-4). */
  readonly alpha?: number;
  /** Exponent (default 0.75). */
  readonly beta?: number;
  /** Added to the mean square (default 1). */
  readonly k?: number;
}

const readLocalResponse = defineOptions({ alpha: number(1e-4), beta: number(0.75), k: number(1) });

/**
 * Local response normalization: y = x / (k + alpha · mean of x² over `size` neighboring channels)^beta;
 * channels past the ends count as 0.
 *
 * @shape x (N, C, …) → like x
 * @source Krizhevsky et al. 2012, section 3.3
 */
export const localResponseNorm = named(
  'localResponseNorm',
  (x: Tensor, size: number, options?: LocalResponseNormOptions): Tensor => {
    checkTensors('localResponseNorm', { x });
    const { alpha, beta, k } = readLocalResponse('localResponseNorm', options);
    if (x.ndim < 3)
      throw new ShapeError('localResponseNorm', 'x needs a batch, channels, and space', [
        { name: 'x', shape: x.shape },
      ]);
    if (!Number.isInteger(size) || size < 1)
      throw new ArgumentError(
        'localResponseNorm',
        `size must be a whole number, 1 or more, got ${describe(size)}`,
      );
    const [samples, channels] = x.shape as [number, number];
    const squares = x.square().reshape([samples, channels, -1]);
    const reach = Math.max(channels - 1, 0);
    const before = Math.min(Math.floor(size / 2), reach);
    const after = Math.min(Math.floor((size - 1) / 2), reach);
    const padded = pad(squares, [0, 0, before, after]);
    let sum = padded.narrow(1, 0, channels);
    for (let i = 1; i <= before + after; i++) sum = sum.add(padded.narrow(1, i, channels));
    return x.div(
      sum
        .mul(alpha / size)
        .add(k)
        .pow(beta)
        .reshape(x.shape),
    );
  },
);
