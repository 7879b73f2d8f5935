import { ArgumentError } from '../core/errors.js';
import { defineOptions, listOf, type Resolved, text, whole } from '../core/options.js';
import type { Tensor } from '../index.js';
import { divided, plainMean, type Ratio, weightedMean, zeroDivisionOption } from './averaging.js';
import { type ClassCount, type ClassesOptions, CountedMetric, together } from './class-counts.js';
import { f1Ratio } from './f1.js';
import { imbalanceOf } from './imbalance.js';
import { precisionRatio } from './precision.js';
import { checkChosen, chosenSpec, classesSpec } from './read.js';
import { recallRatio } from './recall.js';
import { measured, type SampleOptions } from './sample.js';

export interface ClassificationReportOptions extends ClassesOptions {
  /** Names of the classes, indexed by class (default: the numbers). */
  readonly names?: readonly string[];
  /** Classes to list, in this order (default: those that were predicted or true). */
  readonly labels?: readonly number[];
  /** Digits after the decimal point (default 2). */
  readonly digits?: number;
  /** The value to use when dividing by zero (default 0). */
  readonly zeroDivision?: 0 | 1;
}

const reportSpec = {
  names: listOf(text(''), undefined),
  digits: whole(2, { least: 0, most: 15 }),
  zeroDivision: zeroDivisionOption,
  ...classesSpec,
  ...chosenSpec,
};
const reportOptions = defineOptions(reportSpec);

const ratios: readonly Ratio[] = [precisionRatio, recallRatio, f1Ratio];
const headings = ['precision', 'recall', 'f1-score', 'support'];

/** Formats a number from 0 to 1 with this many digits; ties round to the even digit, as in Python. */
function fixed(value: number, digits: number): string {
  const twice = value * 2 ** (digits + 1);
  const isTie = Number.isInteger(twice) && twice % 2 !== 0;
  if (!isTie) return value.toFixed(digits);
  const below = Math.floor(value * 10 ** digits);
  return ((below + (below % 2)) / 10 ** digits).toFixed(digits);
}

/** `classificationReport` for examples that come in batches. */
export class ClassificationReport extends CountedMetric<string> {
  readonly #options: Resolved<typeof reportSpec>;

  constructor(options?: ClassificationReportOptions) {
    const read = reportOptions('classificationReport', options);
    super('classificationReport', read);
    checkChosen(this.operation, read.labels);
    this.#options = read;
  }

  protected override result(): string {
    const { names, digits, zeroDivision } = this.#options;
    const occurring = this.occurring();
    const labels = this.#options.labels ?? occurring;
    const nameOf = (label: number): string => {
      if (names === undefined) return String(label);
      const name = names[label];
      if (name === undefined)
        throw new ArgumentError(this.operation, `class ${label} has no name; names has only ${names.length}`);
      return name;
    };
    const counts = labels.map((label) => this.counts.of(label));
    const all = together(counts);
    const heads = labels.map(nameOf);
    const least = Math.max('weighted avg'.length, digits);
    const width = heads.reduce((most, head) => Math.max(most, head.length), least);
    const line = (head: string, cells: readonly string[]): string =>
      `${head.padStart(width)} ${cells.map((cell) => ` ${cell.padStart(9)}`).join('')}`;
    const row = (head: string, values: readonly number[], support: number): string =>
      line(head, [...values.map((value) => fixed(value, digits)), String(support)]);
    const of = (count: ClassCount): number[] => ratios.map((ratio) => divided(ratio(count), zeroDivision));

    const chosenAll =
      labels.length === occurring.length && occurring.every((label) => labels.includes(label));
    const micro = of(together(counts));
    const overall = chosenAll
      ? line('accuracy', ['', '', fixed(micro[2]!, digits), String(all.actual)])
      : row('micro avg', micro, all.actual);
    const mean = (how: typeof plainMean): number[] => ratios.map((ratio) => how(counts, ratio, zeroDivision));
    const table = [
      line('', headings),
      '',
      ...labels.map((_, i) => row(heads[i]!, of(counts[i]!), counts[i]!.actual)),
      '',
      overall,
      row('macro avg', mean(plainMean), all.actual),
      row('weighted avg', mean(weightedMean), all.actual),
    ];
    const warning = imbalanceOf(this.counts, names === undefined ? (label) => `class ${label}` : nameOf);
    return [...table, ...(chosenAll && warning !== undefined ? ['', `warning: ${warning}`] : [])].join('\n');
  }
}

/**
 * A table with each class's precision, recall, F1, and number of examples, and their means. It matches
 * scikit-learn's, with the text of `imbalanceWarning` below it if accuracy is misleading.
 *
 * @shape predicted (N, …) classes or (N, C, …) scores, labels (N, …)
 * @throws as `precision`; ArgumentError if a class has no name
 * @source notes 2.12
 * @example
 * const predicted = tensor([0, 1, 1, 1]);
 * const labels = tensor([0, 0, 1, 1]);
 * console.log(metrics.classificationReport(predicted, labels, { names: ['cat', 'dog'] }));
 */
export const classificationReport = (
  predicted: Tensor,
  labels: Tensor,
  options?: ClassificationReportOptions & SampleOptions,
): string =>
  measured(
    (own: ClassificationReportOptions | undefined) => new ClassificationReport(own),
    predicted,
    labels,
    options,
  );
