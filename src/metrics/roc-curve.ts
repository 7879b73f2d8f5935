import { defineOptions, flag } from '../core/options.js';
import type { Tensor } from '../index.js';
import { list } from './metric.js';
import { RankingMetric, rankColumn, requireBoth } from './ranking.js';
import { measured, type SampleOptions } from './sample.js';

/** One point per threshold, largest first. */
export interface RocPoints {
  /** False positive rate: the fraction of negative examples whose score is at least the threshold. */
  readonly fpr: Tensor;
  /** True positive rate: the fraction of positive examples whose score is at least the threshold. */
  readonly tpr: Tensor;
  /** The first is infinite, so no example reaches it. */
  readonly thresholds: Tensor;
}

export interface RocCurveOptions {
  /** Whether to leave out points inside straight segments of the curve (default true). */
  readonly dropIntermediate?: boolean;
}

const rocCurveOptions = defineOptions({ dropIntermediate: flag(true) });

/** `rocCurve` for examples that come in batches. */
export class RocCurve extends RankingMetric<RocPoints> {
  protected override readonly operation = 'rocCurve';
  readonly #dropIntermediate: boolean;

  constructor(options?: RocCurveOptions) {
    super();
    this.#dropIntermediate = rocCurveOptions(this.operation, options).dropIntermediate;
  }

  protected override result(): RocPoints {
    const ranking = rankColumn(this.scored(), 0, 1);
    requireBoth(this.operation, ranking);
    const { thresholds, truePositives: tp, falsePositives: fp, positives, negatives } = ranking;
    const bends = (counts: readonly number[], i: number): boolean =>
      counts[i + 1]! - counts[i]! !== counts[i]! - counts[i - 1]!;
    const kept = [...thresholds.keys()].filter(
      (i) =>
        !this.#dropIntermediate || i === 0 || i === thresholds.length - 1 || bends(fp, i) || bends(tp, i),
    );
    return {
      fpr: list([0, ...kept.map((i) => fp[i]! / negatives)]),
      tpr: list([0, ...kept.map((i) => tp[i]! / positives)]),
      thresholds: list([Number.POSITIVE_INFINITY, ...kept.map((i) => thresholds[i]!)]),
    };
  }
}

/**
 * The receiver operating characteristic: the fractions of positive and negative examples that each threshold counts
 * as positive.
 *
 * @shape scores (N) of class 1, labels (N), 0 or 1 → each (points), float64
 * @throws NonFiniteError if a score is NaN; IndexError if a label isn't 0 or 1; ArgumentError unless both classes
 *   have examples
 * @example
 * const { fpr, tpr } = metrics.rocCurve(tensor([0.1, 0.4, 0.35, 0.8]), tensor([0, 0, 1, 1]));
 * fpr; // [0, 0, 0.5, 0.5, 1]
 * tpr; // [0, 0.5, 0.5, 1, 1]
 */
export const rocCurve = (
  scores: Tensor,
  labels: Tensor,
  options?: RocCurveOptions & SampleOptions,
): RocPoints => measured((own: RocCurveOptions | undefined) => new RocCurve(own), scores, labels, options);
