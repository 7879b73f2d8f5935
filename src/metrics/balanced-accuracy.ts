import { ArgumentError } from '../core/errors.js';
import { defineOptions, flag } from '../core/options.js';
import type { Tensor } from '../index.js';
import { plainMean } from './averaging.js';
import { type ClassesOptions, CountedMetric } from './class-counts.js';
import { scalar } from './metric.js';
import { classesSpec } from './read.js';
import { recallRatio } from './recall.js';
import { measured, type SampleOptions } from './sample.js';

export interface BalancedAccuracyOptions extends ClassesOptions {
  /** Whether to rescale so that guessing scores 0 instead of 1 / C (default false). */
  readonly adjusted?: boolean;
}

const balancedAccuracyOptions = defineOptions({ adjusted: flag(false), ...classesSpec });

/** `balancedAccuracy` for examples that come in batches. */
export class BalancedAccuracy extends CountedMetric<Tensor> {
  readonly #adjusted: boolean;

  constructor(options?: BalancedAccuracyOptions) {
    const read = balancedAccuracyOptions('balancedAccuracy', options);
    super('balancedAccuracy', read);
    this.#adjusted = read.adjusted;
  }

  protected override result(): Tensor {
    const actual = this.occurring()
      .map((label) => this.counts.of(label))
      .filter((count) => count.actual > 0);
    const mean = plainMean(actual, recallRatio, 0);
    if (!this.#adjusted) return scalar(mean);
    if (actual.length === 1)
      throw new ArgumentError(
        this.operation,
        'labels have only one class; adjusted needs at least two to compare with guessing',
      );
    const chance = 1 / actual.length;
    return scalar((mean - chance) / (1 - chance));
  }
}

/**
 * The mean recall of the classes that occur: the accuracy you'd get if all classes were equally frequent.
 *
 * @shape predicted (N, …) classes or (N, C, …) scores, labels (N, …) → (), float64
 * @throws as `precision`
 * @example
 * const labels = tensor([0, 0, 0, 1]);
 * metrics.balancedAccuracy(zeros([4]), labels); // 0.5
 */
export const balancedAccuracy = (
  predicted: Tensor,
  labels: Tensor,
  options?: BalancedAccuracyOptions & SampleOptions,
): Tensor =>
  measured(
    (own: BalancedAccuracyOptions | undefined) => new BalancedAccuracy(own),
    predicted,
    labels,
    options,
  );
