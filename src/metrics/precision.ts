import type { Tensor } from '../index.js';
import { type AverageOptions, type Ratio, RatioMetric } from './averaging.js';
import { measured, type SampleOptions } from './sample.js';

/** The fraction of predictions of a class that are correct: TP / (TP + FP). */
export const precisionRatio: Ratio = ({ hits, predicted }) => [hits, predicted];

/** `precision` for examples that come in batches. */
export class Precision extends RatioMetric {
  protected override readonly ratio = precisionRatio;

  constructor(options?: AverageOptions) {
    super('precision', options);
  }
}

/**
 * The fraction of examples predicted as a class that really belong to it: TP / (TP + FP). False alarms lower it.
 *
 * @shape predicted (N, …) classes or (N, C, …) scores, labels (N, …) → () or, with 'none', (C); float64
 * @throws IndexError if a class is out of range; NonFiniteError if a score is NaN; ArgumentError if there are no
 *   examples, or if there are more than two classes and no `average`
 * @differs from scikit-learn: with 'none', every class gets a value, even one that doesn't occur
 * @source notes 1.3, 2.12
 * @example
 * const predicted = tensor([1, 1, 0, 1]);
 * const labels = tensor([1, 0, 1, 1]);
 * await metrics.precision(predicted, labels).item(); // 0.6666666666666666
 */
export const precision = (
  predicted: Tensor,
  labels: Tensor,
  options?: AverageOptions & SampleOptions,
): Tensor => measured((own: AverageOptions | undefined) => new Precision(own), predicted, labels, options);
