import { defineOptions, flag, number, whole } from '../core/options.js';
import * as F from '../functional.js';
import type { Tensor } from '../tensor/tensor.js';
import { Module } from './module/module.js';
import { show } from './sizes.js';

const cosineOptions = defineOptions({ dim: whole(1), eps: number(1e-8) });

/** x1·x2/(‖x1‖ ‖x2‖) along an axis. @shape (…, D, …), both → the same without axis `dim` @source notes 5.3 */
export class CosineSimilarity extends Module {
  readonly dim: number;
  readonly eps: number;

  /** Defaults: dim 1, eps 1e-8, the lower bound for the norms. */
  constructor(options?: F.CosineSimilarityOptions) {
    super();
    const { dim, eps } = cosineOptions(new.target.name, options);
    this.dim = dim;
    this.eps = eps;
  }

  override forward(x1: Tensor, x2: Tensor): Tensor {
    return F.cosineSimilarity(x1, x2, { dim: this.dim, eps: this.eps });
  }

  protected override describe(): string {
    return show({ dim: this.dim, eps: this.eps });
  }
}

const pairwiseOptions = defineOptions({
  p: number(2, { infinite: true }),
  eps: number(1e-6),
  keepdim: flag(false),
});

/** ‖x1 − x2 + ε‖ₚ of each row. @shape (N, D), both → (N), or (N, 1) with `keepdim` */
export class PairwiseDistance extends Module {
  readonly p: number;
  readonly eps: number;
  readonly keepdim: boolean;

  /** Defaults: p 2, eps 1e-6, keepdim false. */
  constructor(options?: F.PairwiseDistanceOptions) {
    super();
    const { p, eps, keepdim } = pairwiseOptions(new.target.name, options);
    this.p = p;
    this.eps = eps;
    this.keepdim = keepdim;
  }

  override forward(x1: Tensor, x2: Tensor): Tensor {
    return F.pairwiseDistance(x1, x2, { p: this.p, eps: this.eps, keepdim: this.keepdim });
  }

  protected override describe(): string {
    return show({ p: this.p, eps: this.eps, keepdim: this.keepdim });
  }
}
