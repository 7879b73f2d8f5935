import { defineOptions } from '../core/options.js';
import type { Shape } from '../core/shape.js';
import type { Tensor } from '../index.js';
import { checkTensors } from '../tensor/argument.js';
import { accuracyLater } from './accuracy-later.js';
import {
  type ClassElements,
  classesSpec,
  classTensors,
  type Reading,
  readClasses,
  readingFromState,
  readingToState,
} from './read.js';
import { everyNth, measured, type SampleOptions, weightsOf } from './sample.js';
import { ShareMetric } from './share.js';

export interface AccuracyOptions {
  /** A label to ignore, such as padding (default: none). */
  readonly ignoreIndex?: number;
}

export const accuracyOptions = defineOptions({ ignoreIndex: classesSpec.ignoreIndex });

/** `accuracy` for examples that come in batches. */
export class Accuracy extends ShareMetric {
  protected override readonly operation = 'accuracy';
  readonly #options: AccuracyOptions;
  #reading: Reading | undefined;

  constructor(options?: AccuracyOptions) {
    super();
    const { ignoreIndex } = accuracyOptions(this.operation, options);
    this.#options = ignoreIndex === undefined ? {} : { ignoreIndex };
  }

  protected override clear(): void {
    super.clear();
    this.#reading = undefined;
  }

  protected override save(): Record<string, Float64Array> {
    return { ...super.save(), reading: readingToState(this.#reading) };
  }

  protected override load(state: Readonly<Record<string, Float64Array>>): void {
    const reading = readingFromState(state.reading!, (problem) => this.misfit(problem));
    super.load(state);
    this.#reading = reading;
  }

  override update(predicted: Tensor, labels: Tensor, options?: SampleOptions): this {
    checkTensors(this.operation, { predicted, labels });
    const sampleWeight = weightsOf(this.operation, options, 'labels', labels.shape);
    const tensors = classTensors(this.operation, predicted, labels, this.#options);
    return this.take({ ...tensors, sampleWeight }, (read) => this.#add(predicted.shape, read));
  }

  /** If results arrive later, operations count, so a training step doesn't need an extra read. */
  override of(predicted: Tensor, labels: Tensor, options?: SampleOptions): Tensor {
    checkTensors(this.operation, { predicted, labels });
    if (predicted.engine.synchronous) return super.of(predicted, labels, options);
    if (labels.count === 0) throw this.nothing();
    const sampleWeight = weightsOf(this.operation, options, 'labels', labels.shape);
    const tensors = classTensors(this.operation, predicted, labels, this.#options);
    return accuracyLater({ ...tensors, sampleWeight }, this.#options.ignoreIndex, (read) => {
      this.#add(predicted.shape, read);
      this.result();
    });
  }

  #add(shape: Shape, elements: ClassElements): void {
    const wanted = { ...this.#options, before: this.#reading };
    const read = readClasses(this.operation, shape, elements, wanted);
    const { rows = 1 } = read;
    this.#reading = read.rows === undefined ? 'classes' : 'rows';
    const isRight = (row: number): boolean => {
      for (let i = row * rows; i < (row + 1) * rows; i++)
        if (read.predicted[i] !== read.labels[i]) return false;
      return true;
    };
    this.add(read.labels.length / rows, isRight, everyNth(this.operation, read.weights, rows));
  }
}

/**
 * The fraction of examples whose prediction is correct. It's misleading for imbalanced classes: see `f1` and
 * `imbalanceWarning`.
 *
 * Rows of zeros and ones (N, L), with several labels per example, are correct only if all their labels are.
 *
 * @shape predicted (N, …) classes or (N, C, …) scores, of which the largest wins, labels (N, …) → (), float64
 * @throws IndexError if a class is out of range; NonFiniteError if a score is NaN; ArgumentError if there
 * are no examples
 * @source notes 1.3
 * @example
 * const scores = tensor([[0.9, 0.1], [0.4, 0.6], [0.7, 0.3], [0.2, 0.8]]);
 * metrics.accuracy(scores, tensor([0, 1, 1, 1])); // 0.75
 */
export const accuracy = (
  predicted: Tensor,
  labels: Tensor,
  options?: AccuracyOptions & SampleOptions,
): Tensor => measured((own) => new Accuracy(own), predicted, labels, options);
