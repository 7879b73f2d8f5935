import { ArgumentError } from '../core/errors.js';
import { defineOptions, type Resolved, word } from '../core/options.js';
import type { Shape } from '../core/shape.js';
import { type Tensor, tensor } from '../index.js';
import { checkTensors } from '../tensor/argument.js';
import type { ClassesOptions } from './class-counts.js';
import { Metric } from './metric.js';
import {
  type ClassElements,
  checkChosen,
  chosenSpec,
  classesSpec,
  classTensors,
  readClasses,
  refuseRows,
} from './read.js';
import { measured, type SampleOptions, weightsOf } from './sample.js';

export interface ConfusionMatrixOptions extends ClassesOptions {
  /** The classes of the rows and columns, in this order; others are left out (default: all). */
  readonly labels?: readonly number[];
  /**
   * What to divide by: the sum of the row (true), the column (pred), or the whole matrix (all). Zero sums give zeros
   * (default: nothing; the entries are counts).
   */
  readonly normalize?: 'true' | 'pred' | 'all';
}

const confusionSpec = {
  normalize: word(['true', 'pred', 'all'], undefined),
  ...classesSpec,
  ...chosenSpec,
};
const confusionOptions = defineOptions(confusionSpec);

/** A matrix with more classes would take gigabytes. */
const MOST_CLASSES = 10_000;

/** `confusionMatrix` for examples that come in batches. */
export class ConfusionMatrix extends Metric<
  [predicted: Tensor, labels: Tensor, options?: SampleOptions],
  Tensor
> {
  protected override readonly operation = 'confusionMatrix';
  readonly #options: Resolved<typeof confusionSpec>;
  #classes = 0;
  /** Whether examples had weights; if so, the entries aren't whole numbers. */
  #weighted = false;
  /** (classes, classes): rows are true classes, columns predicted ones. */
  #counts: Float64Array = new Float64Array();

  constructor(options?: ConfusionMatrixOptions) {
    super();
    this.#options = confusionOptions(this.operation, options);
    checkChosen(this.operation, this.#options.labels);
  }

  override update(predicted: Tensor, labels: Tensor, options?: SampleOptions): this {
    checkTensors(this.operation, { predicted, labels });
    const sampleWeight = weightsOf(this.operation, options, 'labels', labels.shape);
    const tensors = classTensors(this.operation, predicted, labels, this.#options);
    return this.take({ ...tensors, sampleWeight }, (read) => this.#add(predicted.shape, read));
  }

  #add(shape: Shape, elements: ClassElements): void {
    const read = readClasses(this.operation, shape, elements, this.#options);
    refuseRows(this.operation, read);
    let classes = read.count ?? 0;
    for (let i = 0; i < read.labels.length; i++)
      classes = Math.max(classes, read.predicted[i]! + 1, read.labels[i]! + 1);
    this.#grow(classes);
    this.#weighted ||= read.weights !== undefined;
    for (let i = 0; i < read.labels.length; i++)
      this.#counts[read.labels[i]! * this.#classes + read.predicted[i]!]! += read.weights?.[i] ?? 1;
  }

  #grow(classes: number): void {
    if (classes <= this.#classes) return;
    if (classes > MOST_CLASSES)
      throw new ArgumentError(
        this.operation,
        `a matrix of ${classes} classes is too large; are these values really classes?`,
      );
    const counts = new Float64Array(classes * classes);
    for (let row = 0; row < this.#classes; row++)
      counts.set(this.#counts.subarray(row * this.#classes, (row + 1) * this.#classes), row * classes);
    this.#classes = classes;
    this.#counts = counts;
  }

  /** @shape (C, C), or one row and column per entry of `labels`; int32, or float64 if normalized */
  protected override result(): Tensor {
    if (this.#counts.every((count) => count === 0)) throw this.nothing();
    const { labels = [...Array(this.#classes).keys()], normalize } = this.#options;
    const at = (row: number, column: number): number =>
      row < this.#classes && column < this.#classes ? this.#counts[row * this.#classes + column]! : 0;
    const rows = labels.map((row) => labels.map((column) => at(row, column)));
    if (normalize === undefined) return tensor(rows, { dtype: this.#weighted ? 'float64' : 'int32' });
    const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
    const ofRow = rows.map(sum);
    const ofColumn = labels.map((_, column) => sum(rows.map((row) => row[column]!)));
    const all = sum(ofRow);
    const divisor = {
      true: (row: number, _column: number) => ofRow[row]!,
      pred: (_row: number, column: number) => ofColumn[column]!,
      all: () => all,
    }[normalize];
    return tensor(
      rows.map((row, r) => row.map((count, c) => count / (divisor(r, c) || 1))),
      { dtype: 'float64' },
    );
  }

  protected override clear(): void {
    this.#classes = 0;
    this.#weighted = false;
    this.#counts = new Float64Array();
  }

  protected override save(): Record<string, Float64Array> {
    return { counts: this.#counts, weighted: Float64Array.of(Number(this.#weighted)) };
  }

  protected override load({ counts, weighted }: Readonly<Record<string, Float64Array>>): void {
    const classes = Math.sqrt(counts!.length);
    const isFlag = weighted!.length === 1 && [0, 1].includes(weighted![0]!);
    if (!Number.isInteger(classes) || !isFlag || counts!.some((count) => count < 0))
      throw this.misfit("its counts don't form a square");
    this.#counts = counts!;
    this.#classes = classes;
    this.#weighted = weighted![0] === 1;
  }
}

/**
 * How often examples of each class were predicted as each class: row i, column j counts the examples of class i
 * predicted as class j. Correct predictions are on the diagonal.
 *
 * @shape predicted (N, …) classes or (N, C, …) scores, labels (N, …) → (C, C), int32, or float64 if weighted or
 *   normalized
 * @throws IndexError if a class is out of range; NonFiniteError if a score is NaN; ArgumentError if there
 * are no examples
 * @differs from scikit-learn: without `labels`, every class has a row, even one that doesn't occur, so row i is
 *   always class i
 * @source notes 2.12 (figure 2.39, which has the true classes as columns)
 * @example
 * const predicted = tensor([0, 1, 2, 2]);
 * metrics.confusionMatrix(predicted, tensor([0, 1, 1, 2])); // [[1, 0, 0], [0, 1, 1], [0, 0, 1]]
 */
export const confusionMatrix = (
  predicted: Tensor,
  labels: Tensor,
  options?: ConfusionMatrixOptions & SampleOptions,
): Tensor =>
  measured((own: ConfusionMatrixOptions | undefined) => new ConfusionMatrix(own), predicted, labels, options);
