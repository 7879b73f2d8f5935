import type { Tensor } from '../index.js';
import { list } from './metric.js';
import { RankingMetric, rankColumn, requirePositive } from './ranking.js';
import type { SampleOptions } from './sample.js';

/** One point per threshold, smallest first. */
export interface PrecisionRecallPoints {
  /** The last is 1, for no examples at all. */
  readonly precision: Tensor;
  /** The last is 0, for no examples at all. */
  readonly recall: Tensor;
  /** One fewer than the number of points. */
  readonly thresholds: Tensor;
}

/** `precisionRecallCurve` for examples that come in batches. */
export class PrecisionRecallCurve extends RankingMetric<PrecisionRecallPoints> {
  protected override readonly operation = 'precisionRecallCurve';

  protected override result(): PrecisionRecallPoints {
    const ranking = rankColumn(this.scored(), 0, 1);
    requirePositive(this.operation, ranking);
    const { thresholds, truePositives, falsePositives, positives } = ranking;
    const precision = truePositives.map((tp, i) => tp / (tp + falsePositives[i]!));
    const recall = truePositives.map((tp) => tp / positives);
    return {
      precision: list([...precision.toReversed(), 1]),
      recall: list([...recall.toReversed(), 0]),
      thresholds: list(thresholds.toReversed()),
    };
  }
}

/**
 * Precision and recall at each threshold, counting examples whose score is at least the threshold as positive.
 *
 * @shape scores (N) of class 1, labels (N), 0 or 1 → each (points), thresholds (points − 1); float64
 * @throws NonFiniteError if a score is NaN; IndexError if a label isn't 0 or 1; ArgumentError if there's no positive
 *   example
 * @example
 * const { recall } = metrics.precisionRecallCurve(tensor([0.1, 0.4, 0.35, 0.8]), tensor([0, 0, 1, 1]));
 * recall; // [1, 1, 0.5, 0.5, 0]
 */
export const precisionRecallCurve = (
  scores: Tensor,
  labels: Tensor,
  options?: SampleOptions,
): PrecisionRecallPoints => new PrecisionRecallCurve().of(scores, labels, options);
