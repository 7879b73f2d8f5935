import type { Tensor } from '../index.js';
import { type AverageOptions, type Ratio, RatioMetric } from './averaging.js';
import { measured, type SampleOptions } from './sample.js';

/** 2·TP / (2·TP + FP + FN) */
export const f1Ratio: Ratio = ({ hits, predicted, actual }) => [2 * hits, predicted + actual];

/** `f1` for examples that come in batches. */
export class F1 extends RatioMetric {
  protected override readonly ratio = f1Ratio;

  constructor(options?: AverageOptions) {
    super('f1', options);
  }
}

/**
 * The harmonic mean of precision and recall: 2 · P · R / (P + R) = 2·TP / (2·TP + FP + FN). It's high only if both
 * are, so for imbalanced classes it reveals what accuracy hides.
 *
 * @shape predicted (N, …) classes or (N, C, …) scores, labels (N, …) → () or, with 'none', (C); float64
 * @throws as `precision`
 * @source notes 2.12
 * @example
 * const predicted = tensor([0, 0, 0, 0, 1]);
 * const labels = tensor([0, 0, 0, 1, 1]);
 * metrics.accuracy(predicted, labels); // 0.8
 * metrics.f1(predicted, labels); // 0.6666666666666666
 */
export const f1 = (predicted: Tensor, labels: Tensor, options?: AverageOptions & SampleOptions): Tensor =>
  measured((own: AverageOptions | undefined) => new F1(own), predicted, labels, options);
