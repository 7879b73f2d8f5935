import { ArgumentError } from '../core/errors.js';
import { defineOptions, word } from '../core/options.js';
import type { Tensor } from '../index.js';
import { mean } from './mean.js';
import { list, scalar } from './metric.js';
import { OutputMetric } from './outputs.js';
import { measured, type SampleOptions } from './sample.js';

export interface R2Options {
  /**
   * For examples with several numbers: the mean over them, one value for each, or the mean weighted by the variance
   * of the targets (default 'uniform_average').
   */
  readonly multioutput?: 'uniform_average' | 'raw_values' | 'variance_weighted';
}

const r2Options = defineOptions({
  multioutput: word(['uniform_average', 'raw_values', 'variance_weighted'], 'uniform_average'),
});

/** `r2` for examples that come in batches. */
export class R2 extends OutputMetric {
  protected override readonly operation = 'r2';
  /** The first target; the mean of the targets relative to it; Σ (y − ȳ)²; Σ (y − ŷ)². */
  protected override readonly kept = ['origin', 'mean', 'spread', 'residual'] as const;
  readonly #multioutput: NonNullable<R2Options['multioutput']>;

  constructor(options?: R2Options) {
    super();
    this.#multioutput = r2Options(this.operation, options).multioutput;
  }

  protected override add(output: number, prediction: number, target: number, weight: number): void {
    const { origin, mean, spread, residual } = this.sums;
    if (this.count === 1) origin![output] = target;
    // Welford's recurrence, relative to the first target, so that neither a shared offset nor a difference of large
    // sums loses digits.
    const shifted = target - origin![output]!;
    const deviation = shifted - mean![output]!;
    mean![output]! += (weight * deviation) / this.weight;
    spread![output]! += weight * deviation * (shifted - mean![output]!);
    residual![output]! += weight * (target - prediction) ** 2;
  }

  protected override result(): Tensor {
    if (this.count === 0) throw this.nothing();
    if (this.count < 2) throw new ArgumentError(this.operation, 'needs at least two examples');
    const spread = this.sums.spread!;
    const values = [...this.sums.residual!].map((residual, output) => {
      if (residual === 0) return 1;
      return spread[output] === 0 ? 0 : 1 - residual / spread[output]!;
    });
    if (this.#multioutput === 'raw_values') return list(values);
    const varies = spread.some((value) => value !== 0);
    return scalar(mean(values, this.#multioutput === 'variance_weighted' && varies ? spread : undefined));
  }
}

/**
 * The fraction of the targets' variance that is explained: 1 − Σ (y − ŷ)² / Σ (y − ȳ)². Always predicting the mean
 * scores 0; anything worse is negative. If all targets are equal, it's 1 if every prediction is exact, otherwise 0.
 *
 * @shape predictions (N, …), targets (N, …) → () or, with 'raw_values', (numbers of an example); float64
 * @throws as `meanSquaredError`; ArgumentError for a single example
 * @source Welford 1962, doi:10.1080/00401706.1962.10490022 (variance in one pass)
 * @example
 * metrics.r2(tensor([2.5, 0, 2, 8]), tensor([3, -0.5, 2, 7])); // 0.9486081370449679
 */
export const r2 = (predictions: Tensor, targets: Tensor, options?: R2Options & SampleOptions): Tensor =>
  measured((own: R2Options | undefined) => new R2(own), predictions, targets, options);
