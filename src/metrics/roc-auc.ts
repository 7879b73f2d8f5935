import { ArgumentError } from '../core/errors.js';
import { defineOptions, word } from '../core/options.js';
import type { Tensor } from '../index.js';
import type { Values } from './elements.js';
import { mean } from './mean.js';
import { list, scalar } from './metric.js';
import { countAll, type Ranking, RankingMetric, rankColumn, requireBoth } from './ranking.js';
import { measured, type SampleOptions } from './sample.js';

export interface RocAucOptions {
  /**
   * For multiple classes: each against the rest ('ovr', default), or every pair in both directions ('ovo').
   */
  readonly multiClass?: 'ovr' | 'ovo';
  /**
   * The mean over classes or pairs (macro, default), the mean weighted by number of examples (weighted), or, with
   * 'ovr', one value per class (none).
   */
  readonly average?: 'macro' | 'weighted' | 'none';
}

const rocAucOptions = defineOptions({
  multiClass: word(['ovr', 'ovo'], 'ovr'),
  average: word(['macro', 'weighted', 'none'], 'macro'),
});

/** Tolerance for rows of scores to sum to 1. */
const TOLERANCE = 1e-5;

/** The area under the curve by trapezoids, so ties count half. */
function area({ truePositives, falsePositives, positives, negatives }: Ranking): number {
  let twice = 0;
  let [tp, fp] = [0, 0];
  for (let i = 0; i < truePositives.length; i++) {
    twice += (falsePositives[i]! - fp) * (truePositives[i]! + tp);
    tp = truePositives[i]!;
    fp = falsePositives[i]!;
  }
  return twice / 2 / positives / negatives;
}

/** `rocAuc` for examples that come in batches. */
export class RocAuc extends RankingMetric<Tensor> {
  protected override readonly operation = 'rocAuc';
  protected override readonly multiclass = true;
  readonly #options: Required<RocAucOptions>;

  constructor(options?: RocAucOptions) {
    super();
    const { multiClass, average } = rocAucOptions(this.operation, options);
    if (multiClass === 'ovo' && average === 'none')
      throw new ArgumentError('rocAuc', "average 'none' only works with 'ovr'; 'ovo' has one value per pair");
    this.#options = { multiClass, average };
  }

  protected override check(scores: Values, columns: number): void {
    for (let start = 0; start < scores.length; start += columns) {
      let sum = 0;
      for (let column = 0; column < columns; column++) sum += scores[start + column]!;
      if (Math.abs(sum - 1) <= TOLERANCE) continue;
      throw new ArgumentError(
        this.operation,
        `scores for several classes must be probabilities, but row ${start / columns} sums to ${sum}\n  hint: softmax(1) turns logits into probabilities`,
      );
    }
  }

  protected override result(): Tensor {
    const scored = this.scored();
    const { multiClass, average } = this.#options;
    if (scored.columns <= 2) {
      const ranking = rankColumn(scored, scored.columns - 1, 1);
      requireBoth(this.operation, ranking);
      return scalar(area(ranking));
    }
    const counts = countAll(this.operation, scored);
    const classes = [...counts.keys()];
    if (multiClass === 'ovr') {
      const areas = classes.map((c) => area(rankColumn(scored, c, c)));
      return average === 'none'
        ? list(areas)
        : scalar(mean(areas, average === 'weighted' ? counts : undefined));
    }
    if (scored.weights !== undefined)
      throw new ArgumentError(this.operation, "sampleWeight is for 'ovr'; pairs of classes have no weights");
    const pairs = classes.flatMap((a) => classes.slice(a + 1).map((b) => [a, b] as const));
    const areas = pairs.map(([a, b]) => {
      const either = (label: number): boolean => label === a || label === b;
      return (area(rankColumn(scored, a, a, either)) + area(rankColumn(scored, b, b, either))) / 2;
    });
    const weights = pairs.map(([a, b]) => counts[a]! + counts[b]!);
    return scalar(mean(areas, average === 'weighted' ? weights : undefined));
  }
}

/**
 * The area under the ROC curve: how often a positive example scores higher than a negative one, with ties counting
 * half. Guessing scores 0.5, no matter how frequent the classes are.
 *
 * @shape scores (N) of class 1, or probabilities (N, C); labels (N) → () or, with 'none', (C); float64
 * @throws NonFiniteError if a score is NaN; IndexError if a label is out of range; ArgumentError if a class
 * has no examples, or if rows of (N, C) don't sum to 1
 * @differs from scikit-learn: for (N, 2) the second column is used; multiple classes are 'ovr' by default
 * @source Fawcett 2006, doi:10.1016/j.patrec.2005.10.010; ovo: Hand and Till 2001, doi:10.1023/A:1010920819831
 * @example
 * metrics.rocAuc(tensor([0.1, 0.4, 0.35, 0.8]), tensor([0, 0, 1, 1])); // 0.75
 */
export const rocAuc = (scores: Tensor, labels: Tensor, options?: RocAucOptions & SampleOptions): Tensor =>
  measured((own: RocAucOptions | undefined) => new RocAuc(own), scores, labels, options);
