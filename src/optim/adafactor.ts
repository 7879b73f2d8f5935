import { checkOptions, defineOptions, listOf, nullable, number } from '../core/options.js';
import { known } from '../tensor/inspect.js';
import type { Tensor } from '../tensor/tensor.js';
import { atLeastZero, common } from './check.js';
import { ElementwiseOptimizer, type StateTensor, type StepOf } from './elementwise.js';
import type { Params } from './optimizer.js';

export interface AdafactorOptions {
  /** The largest relative step (default 1e-2). */
  lr: number;
  /** Exponent β: at step t, the newest squares get weight t^β (default −0.8). */
  beta2Decay: number;
  /**
   * Lower bounds for the root of a mean square (null for the dtype's epsilon) and for the size of a parameter
   * (default [null, 1e-3]).
   */
  eps: readonly [number | null, number];
  /** Clips the root mean square of an update to this (default 1). */
  d: number;
  /** Decoupled weight decay (default 0). */
  weightDecay: number;
  /** Maximizes instead of minimizing (default false). */
  maximize: boolean;
}

const spec = {
  lr: atLeastZero(1e-2),
  beta2Decay: number(-0.8, { most: 0 }),
  eps: listOf(nullable(atLeastZero(0), null), [null, 1e-3], 2),
  d: number(1, { least: 1 }),
  ...common,
};
const adafactorOptions = defineOptions(spec);

const rounding = { float32: 2 ** -23, float64: 2 ** -52 } as const;

/** The root mean square, but at least `least`; a tensor if the engine's results arrive later. */
function rms(x: Tensor, scale: number, least: number): number | Tensor {
  const norm = x.norm();
  const now = known(norm)?.[0];
  const root = Math.sqrt(x.count);
  if (now !== undefined) return Math.max(least, now / root / scale);
  return norm.div(root * scale).clamp(least);
}

/**
 * Adam without the mean of g, and with a matrix's squares stored only as row and column means, so its state is small.
 * Steps are relative to the size of the parameter.
 *
 * R ← R + t^β (mean of g² over columns − R), C likewise over rows; V = R C / mean(R); u = g/√V;
 * θ ← θ − max(ε₂, rms(θ)) · min(γ, 1/√t) · u / max(1, rms(u)/d)
 *
 * @source Shazeer and Stern 2018, arXiv:1804.04235
 * @example
 * new optim.Adafactor(model.parameters(), { lr: 1e-2 });
 */
export class Adafactor extends ElementwiseOptimizer<AdafactorOptions> {
  constructor(params: Params<AdafactorOptions>, options?: Partial<AdafactorOptions>) {
    super(params, adafactorOptions(new.target.name, options) as AdafactorOptions);
  }

  protected override check(options: AdafactorOptions): void {
    checkOptions(this.name, spec, options);
  }

  protected override stateTensors(_: AdafactorOptions, { shape, ndim }: Tensor): readonly StateTensor[] {
    if (ndim < 2) return [{ name: 'variance', positive: true }];
    return [
      { name: 'row_var', positive: true, shape: shape.with(-1, 1) },
      { name: 'col_var', positive: true, shape: shape.with(-2, 1) },
    ];
  }

  protected override change(
    { parameter, gradient, state, step }: StepOf,
    { lr, beta2Decay, eps, d, weightDecay }: AdafactorOptions,
  ): void {
    const least = eps[0] ?? rounding[parameter.dtype as keyof typeof rounding];
    const newest = step ** beta2Decay;
    const rate = Math.min(lr, 1 / Math.sqrt(step));
    const size = rms(parameter, 1, eps[1]);
    if (weightDecay !== 0) parameter.mul_(1 - lr * weightDecay);
    const squares = gradient.square();
    const follow = (mean: Tensor, now: Tensor): Tensor => mean.add_(now.sub(mean).mul_(newest));
    const [first, second] = state as [Tensor, Tensor | undefined];
    let variance: Tensor;
    if (second === undefined) variance = follow(first, squares);
    else {
      const rows = follow(first, squares.mean(-1, { keepdim: true })); // (…, R, 1)
      const columns = follow(second, squares.mean(-2, { keepdim: true })); // (…, 1, C)
      variance = rows.matmul(columns).div_(rows.mean(-2, { keepdim: true }).clamp(least));
    }
    const update = gradient.div(variance.clamp(least ** 2).sqrt_());
    const clip = rms(update, d, 1);
    const scaled =
      typeof size === 'number' && typeof clip === 'number'
        ? update.mul((size * rate) / clip)
        : update.mul(size).mul_(rate).div_(clip);
    parameter.sub_(scaled);
  }
}
