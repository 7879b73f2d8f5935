import { checkOptions, defineOptions, flag } from '../core/options.js';
import type { Tensor } from '../tensor/tensor.js';
import { atLeastZero, betas } from './check.js';
import { ElementwiseOptimizer, type StateTensor, type StepOf } from './elementwise.js';
import type { Params } from './optimizer.js';

export interface SparseAdamOptions {
  /** Learning rate (default 1e-3). */
  lr: number;
  /** Decay rates of the means of g and g² (default [0.9, 0.999]). */
  betas: readonly [number, number];
  /** Added to the denominator (default 1e-8). */
  eps: number;
  /** Maximizes instead of minimizing (default false). */
  maximize: boolean;
}

const spec = { lr: atLeastZero(1e-3), betas, eps: atLeastZero(1e-8), maximize: flag(false) };
const sparseAdamOptions = defineOptions(spec);

/**
 * Adam for embeddings, where a batch uses only a few rows: rows (positions on the first axis) whose gradient is zero
 * stay unchanged, and so do their means, which don't decay in the meantime.
 *
 * @differs from PyTorch: gradients are dense here, so a row counts as absent if its gradient is zero
 * @source Kingma and Ba 2015, arXiv:1412.6980
 * @example
 * const words = new nn.Embedding(10_000, 64);
 * new optim.SparseAdam(words.parameters());
 */
export class SparseAdam extends ElementwiseOptimizer<SparseAdamOptions> {
  constructor(params: Params<SparseAdamOptions>, options?: Partial<SparseAdamOptions>) {
    super(params, sparseAdamOptions(new.target.name, options));
  }

  protected override check(options: SparseAdamOptions): void {
    checkOptions(this.name, spec, options);
  }

  protected override stateTensors(): readonly StateTensor[] {
    return [{ name: 'exp_avg' }, { name: 'exp_avg_sq', positive: true }];
  }

  protected override change(
    { parameter, gradient, state, step }: StepOf,
    { lr, betas: [beta1, beta2], eps }: SparseAdamOptions,
  ): void {
    const [weights, slopes, means, squares] = [parameter, gradient, state[0]!, state[1]!].map(asRows) as [
      Tensor,
      Tensor,
      Tensor,
      Tensor,
    ];
    const size = (lr * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);
    const isUsed = slopes.ne(0).any(1); // (rows)
    if (!parameter.engine.synchronous) {
      // The number of rows with a gradient isn't known: all are computed, and those are kept.
      const keep = (to: Tensor, value: Tensor): Tensor => to.copy_(value.where(isUsed.unsqueeze(1), to));
      const m = keep(means, means.mul(beta1).add_(slopes.mul(1 - beta1)));
      const v = keep(squares, squares.mul(beta2).add_(slopes.square().mul_(1 - beta2)));
      keep(weights, weights.add(m.div(v.sqrt().add_(eps)).mul_(-size)));
      return;
    }
    const used = isUsed.nonzero().reshape([-1]); // (rows with a gradient)
    if (used.count === 0) return;
    const g = slopes.indexSelect(0, used);
    const m = means
      .indexSelect(0, used)
      .mul_(beta1)
      .add_(g.mul(1 - beta1));
    const v = squares
      .indexSelect(0, used)
      .mul_(beta2)
      .add_(g.square().mul_(1 - beta2));
    means.indexCopy_(0, used, m);
    squares.indexCopy_(0, used, v);
    weights.indexAdd_(0, used, m.div(v.sqrt().add_(eps)).mul_(-size));
  }
}

/** The tensor with each position of the first axis as a row. */
const asRows = (x: Tensor): Tensor => (x.ndim === 0 ? x.reshape([1, 1]) : x.reshape([x.shape[0]!, -1]));
