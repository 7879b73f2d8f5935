import type { Shape } from '../core/shape.js';
import type { Tensor } from '../index.js';
import { checkTensors } from '../tensor/argument.js';
import type { Values } from './elements.js';
import { Metric } from './metric.js';
import {
  type ClassElements,
  type ClassesWanted,
  classTensors,
  type Reading,
  readClasses,
  readingFromState,
  readingToState,
  refuseRows,
} from './read.js';
import { everyNth, type SampleOptions, weightsOf } from './sample.js';

/** How often a class was correctly predicted (hits), predicted, and true. */
export interface ClassCount {
  readonly hits: number;
  readonly predicted: number;
  readonly actual: number;
}

const grown = (counts: Float64Array, length: number): Float64Array => {
  if (length <= counts.length) return counts;
  const more = new Float64Array(length);
  more.set(counts);
  return more;
};

/** The counts of each class. */
export class ClassCounts {
  hits: Float64Array = new Float64Array();
  predicted: Float64Array = new Float64Array();
  actual: Float64Array = new Float64Array();

  /** Number of classes, including those that didn't occur. */
  get length(): number {
    return this.actual.length;
  }

  /** Makes room for `length` classes. */
  grow(length: number): void {
    this.hits = grown(this.hits, length);
    this.predicted = grown(this.predicted, length);
    this.actual = grown(this.actual, length);
  }

  add(predicted: Values, labels: Values, weights: Values | undefined): void {
    let most = -1;
    for (let i = 0; i < labels.length; i++) most = Math.max(most, predicted[i]!, labels[i]!);
    this.grow(most + 1);
    for (let i = 0; i < labels.length; i++) {
      const [guess, label] = [predicted[i]!, labels[i]!];
      const weight = weights?.[i] ?? 1;
      this.predicted[guess]! += weight;
      this.actual[label]! += weight;
      if (guess === label) this.hits[label]! += weight;
    }
  }

  /** Adds rows of zeros and ones: class c is true if element c is one. */
  addRows(predicted: Values, labels: Values, columns: number, weights: Values | undefined): void {
    this.grow(columns);
    for (let i = 0; i < labels.length; i++) {
      const column = i % columns;
      const weight = weights?.[Math.floor(i / columns)] ?? 1;
      if (predicted[i] === 1) this.predicted[column]! += weight;
      if (labels[i] === 1) this.actual[column]! += weight;
      if (predicted[i] === 1 && labels[i] === 1) this.hits[column]! += weight;
    }
  }

  of(label: number): ClassCount {
    return {
      hits: this.hits[label] ?? 0,
      predicted: this.predicted[label] ?? 0,
      actual: this.actual[label] ?? 0,
    };
  }

  /** Classes that were predicted or true. */
  occurring(): number[] {
    return [...this.actual.keys()].filter((c) => this.actual[c]! + this.predicted[c]! > 0);
  }
}

/** The pooled counts of several classes. */
export const together = (counts: readonly ClassCount[]): ClassCount =>
  counts.reduce(
    (a, b) => ({
      hits: a.hits + b.hits,
      predicted: a.predicted + b.predicted,
      actual: a.actual + b.actual,
    }),
    { hits: 0, predicted: 0, actual: 0 },
  );

export interface ClassesOptions {
  /** Number of classes (default: C for scores (N, C), otherwise the largest class that occurs plus 1). */
  readonly classes?: number;
  /** A label to ignore, such as padding (default: none). */
  readonly ignoreIndex?: number;
}

/** A metric computed from the counts of each class. */
export abstract class CountedMetric<Result> extends Metric<
  [predicted: Tensor, labels: Tensor, options?: SampleOptions],
  Result
> {
  protected counts: ClassCounts = new ClassCounts();
  /** Whether rows of zeros and ones, with several labels per example, are accepted. */
  protected readonly takesRows: boolean = false;
  /** How previous batches were read. */
  protected reading: Reading | undefined;

  constructor(
    protected readonly operation: string,
    private readonly wanted: ClassesWanted,
  ) {
    super();
  }

  /**
   * @param predicted scores (N, C, …), of which the largest wins, or classes (N, …)
   * @param labels the true classes (N, …)
   */
  override update(predicted: Tensor, labels: Tensor, options?: SampleOptions): this {
    checkTensors(this.operation, { predicted, labels });
    const sampleWeight = weightsOf(this.operation, options, 'labels', labels.shape);
    const tensors = classTensors(this.operation, predicted, labels, this.wanted);
    return this.take({ ...tensors, sampleWeight }, (read) => this.#add(predicted.shape, read));
  }

  #add(shape: Shape, elements: ClassElements): void {
    const wanted = { ...this.wanted, before: this.reading };
    const read = readClasses(this.operation, shape, elements, wanted);
    if (!this.takesRows) refuseRows(this.operation, read);
    const { rows } = read;
    this.reading = rows === undefined ? 'classes' : 'rows';
    if (rows === undefined) this.counts.add(read.predicted, read.labels, read.weights);
    else {
      const ofRows = everyNth(this.operation, read.weights, rows);
      this.counts.addRows(read.predicted, read.labels, rows, ofRows);
    }
    if (read.count !== undefined) this.counts.grow(read.count);
  }

  protected override clear(): void {
    this.counts = new ClassCounts();
    this.reading = undefined;
  }

  /** The classes that occur; for rows, all of them. @throws ArgumentError if there were no examples */
  protected occurring(): number[] {
    const classes = this.reading === 'rows' ? [...this.counts.actual.keys()] : this.counts.occurring();
    if (classes.length === 0) throw this.nothing();
    return classes;
  }

  protected override save(): Record<string, Float64Array> {
    const { hits, predicted, actual } = this.counts;
    return { hits, predicted, actual, reading: readingToState(this.reading) };
  }

  protected override load({ reading, ...state }: Readonly<Record<string, Float64Array>>): void {
    const all = Object.values(state);
    if (all.some((counts) => counts.length !== all[0]!.length || counts.some((count) => count < 0)))
      throw this.misfit("its counts don't cover the same classes");
    this.reading = readingFromState(reading!, (problem) => this.misfit(problem));
    this.counts = Object.assign(new ClassCounts(), state);
  }
}
