import type { Tensor } from '../index.js';
import { type AverageOptions, type Ratio, RatioMetric } from './averaging.js';
import { measured, type SampleOptions } from './sample.js';

/** The fraction of a class that was found: TP / (TP + FN). */
export const recallRatio: Ratio = ({ hits, actual }) => [hits, actual];

/** `recall` for examples that come in batches. */
export class Recall extends RatioMetric {
  protected override readonly ratio = recallRatio;

  constructor(options?: AverageOptions) {
    super('recall', options);
  }
}

/**
 * The fraction of a class's examples that were predicted as that class: TP / (TP + FN). Misses lower it.
 *
 * @shape predicted (N, …) classes or (N, C, …) scores, labels (N, …) → () or, with 'none', (C); float64
 * @throws as `precision`
 * @source notes 1.3, 2.12
 * @example
 * const scores = tensor([[0.9, 0.1, 0], [0.2, 0.5, 0.3], [0.6, 0.3, 0.1]]);
 * const labels = tensor([0, 1, 2]);
 * metrics.recall(scores, labels, { average: 'none' }); // [1, 1, 0]
 */
export const recall = (predicted: Tensor, labels: Tensor, options?: AverageOptions & SampleOptions): Tensor =>
  measured((own: AverageOptions | undefined) => new Recall(own), predicted, labels, options);
