import { ArgumentError } from '../core/errors.js';
import { defineOptions, oneOf, type Resolved, whole, word } from '../core/options.js';
import type { Tensor } from '../index.js';
import { type ClassCount, type ClassesOptions, CountedMetric, together } from './class-counts.js';
import { list, scalar } from './metric.js';
import { checkChosen, chosenSpec, classesSpec } from './read.js';

/**
 * How the values of several classes are combined: the value of class `posLabel` out of two (binary), the value of the
 * pooled counts (micro), the mean (macro), the mean weighted by how often each class is true (weighted), or one value
 * per class (none).
 */
export type Average = 'binary' | 'micro' | 'macro' | 'weighted' | 'none';

export interface AverageOptions extends ClassesOptions {
  /** How classes are averaged (default 'binary', for two classes). */
  readonly average?: Average;
  /** Classes to include (default: those that were predicted or true; with 'none', all). */
  readonly labels?: readonly number[];
  /** The class, 0 or 1, whose value 'binary' returns (default 1). */
  readonly posLabel?: number;
  /** The value to use when dividing by zero (default 0). */
  readonly zeroDivision?: 0 | 1;
}

/** The value to use when dividing by zero. */
export const zeroDivisionOption = oneOf([0, 1], 0);

const averageSpec = {
  average: word(['binary', 'micro', 'macro', 'weighted', 'none'], 'binary'),
  ...classesSpec,
  ...chosenSpec,
  posLabel: whole(1, { least: 0, most: 1 }),
  zeroDivision: zeroDivisionOption,
};
const averageOptions = defineOptions(averageSpec);

/** The numerator and denominator of a class's value. */
export type Ratio = (count: ClassCount) => readonly [number, number];

/** The quotient, or `zeroDivision` if the denominator is zero. */
export const divided = ([numerator, denominator]: readonly [number, number], zeroDivision: number): number =>
  denominator === 0 ? zeroDivision : numerator / denominator;

/** The mean of the classes' ratios, weighted by how often each class is true. */
export function weightedMean(counts: readonly ClassCount[], ratio: Ratio, zeroDivision: number): number {
  const all = together(counts);
  // As in scikit-learn, if all weights are zero, the mean is the ratio of the pooled counts.
  if (all.actual === 0) return divided(ratio(all), zeroDivision);
  return counts.reduce((sum, c) => sum + c.actual * divided(ratio(c), zeroDivision), 0) / all.actual;
}

/** The mean of the classes' ratios. */
export const plainMean = (counts: readonly ClassCount[], ratio: Ratio, zeroDivision: number): number =>
  counts.reduce((sum, c) => sum + divided(ratio(c), zeroDivision), 0) / counts.length;

/** A ratio of counts, averaged over classes. */
export abstract class RatioMetric extends CountedMetric<Tensor> {
  protected abstract readonly ratio: Ratio;
  protected override readonly takesRows = true;
  readonly #options: Resolved<typeof averageSpec>;

  constructor(operation: string, options: AverageOptions | undefined) {
    const read = averageOptions(operation, options);
    super(operation, read);
    const { average, labels } = read;
    checkChosen(operation, labels);
    if (labels !== undefined && average === 'binary')
      throw new ArgumentError(
        operation,
        "labels choose among classes that are averaged; 'binary' gives the one that posLabel names",
      );
    this.#options = read;
  }

  /** @shape (), float64; with 'none', (C) or one per entry of `labels` */
  protected override result(): Tensor {
    const { average, labels, posLabel, zeroDivision } = this.#options;
    const occurring = this.occurring();
    const value = (count: ClassCount): number => divided(this.ratio(count), zeroDivision);
    if (average === 'binary') {
      const classes = this.counts.length;
      if (classes > 2 || this.reading === 'rows')
        throw new ArgumentError(
          this.operation,
          `there are ${classes} ${this.reading === 'rows' ? 'labels per example' : 'classes'}; set average to 'micro', 'macro', 'weighted', or 'none'`,
        );
      return scalar(value(this.counts.of(posLabel)));
    }
    if (average === 'none')
      return list((labels ?? [...this.counts.actual.keys()]).map((label) => value(this.counts.of(label))));
    const chosen = (labels ?? occurring).map((label) => this.counts.of(label));
    if (average === 'micro') return scalar(value(together(chosen)));
    const mean = average === 'macro' ? plainMean : weightedMean;
    return scalar(mean(chosen, this.ratio, zeroDivision));
  }
}
