import { defineOptions, word } from '../core/options.js';
import type { Tensor } from '../index.js';
import { mean } from './mean.js';
import { list, scalar } from './metric.js';
import { countAll, type Ranking, RankingMetric, rankColumn, requirePositive } from './ranking.js';
import { measured, type SampleOptions } from './sample.js';

export interface AveragePrecisionOptions {
  /**
   * For multiple classes, each against the rest: the mean (macro, default), the mean weighted by number of examples
   * (weighted), or one value per class (none).
   */
  readonly average?: 'macro' | 'weighted' | 'none';
}

const averagePrecisionOptions = defineOptions({ average: word(['macro', 'weighted', 'none'], 'macro') });

/** Precision at each threshold, weighted by the increase in recall. */
function area({ truePositives, falsePositives, positives }: Ranking): number {
  let sum = 0;
  let before = 0;
  for (let i = 0; i < truePositives.length; i++) {
    const tp = truePositives[i]!;
    sum += ((tp - before) * tp) / (tp + falsePositives[i]!);
    before = tp;
  }
  return sum / positives;
}

/** `averagePrecision` for examples that come in batches. */
export class AveragePrecision extends RankingMetric<Tensor> {
  protected override readonly operation = 'averagePrecision';
  protected override readonly multiclass = true;
  readonly #average: 'macro' | 'weighted' | 'none';

  constructor(options?: AveragePrecisionOptions) {
    super();
    this.#average = averagePrecisionOptions(this.operation, options).average;
  }

  protected override result(): Tensor {
    const scored = this.scored();
    if (scored.columns <= 2) {
      const ranking = rankColumn(scored, scored.columns - 1, 1);
      requirePositive(this.operation, ranking);
      return scalar(area(ranking));
    }
    const counts = countAll(this.operation, scored);
    const areas = [...counts.keys()].map((c) => area(rankColumn(scored, c, c)));
    if (this.#average === 'none') return list(areas);
    return scalar(mean(areas, this.#average === 'weighted' ? counts : undefined));
  }
}

/**
 * The area under the precision-recall curve, as steps: Σ (Rₙ − Rₙ₋₁) · Pₙ over the thresholds. Unlike the area under
 * the ROC curve, it drops when positive examples are rare and false alarms common; guessing scores the fraction of
 * positives.
 *
 * @shape scores (N) of class 1, or (N, C); labels (N) → () or, with 'none', (C); float64
 * @throws NonFiniteError if a score is NaN; IndexError if a label is out of range; ArgumentError if a class
 * has no examples
 * @differs from scikit-learn: for (N, 2) the second column is used
 * @example
 * metrics.averagePrecision(tensor([0.9, 0.8, 0.7, 0.1]), tensor([1, 0, 1, 0])); // 0.8333333333333333
 */
export const averagePrecision = (
  scores: Tensor,
  labels: Tensor,
  options?: AveragePrecisionOptions & SampleOptions,
): Tensor =>
  measured((own: AveragePrecisionOptions | undefined) => new AveragePrecision(own), scores, labels, options);
