import { ShapeError } from '../core/errors.js';
import { type Shape, sameShape } from '../core/shape.js';
import type { Tensor } from '../index.js';
import { checkTensors } from '../tensor/argument.js';
import type { Elements } from './elements.js';
import { Metric } from './metric.js';
import { readFinite } from './read.js';
import { readWeights, type SampleOptions, weightsOf } from './sample.js';

export interface OutputOptions {
  /** For examples with several values: the mean of their errors, or one error per value (default 'uniform_average'). */
  readonly multioutput?: 'uniform_average' | 'raw_values';
}

interface OutputElements {
  readonly predictions: Elements;
  readonly targets: Elements;
  readonly sampleWeight: Elements | undefined;
}

const operandsOf = (predictions: { readonly shape: Shape }, targets: { readonly shape: Shape }) => [
  { name: 'predictions', shape: predictions.shape },
  { name: 'targets', shape: targets.shape },
];

/** A metric for predicted numbers, with one or more per example. */
export abstract class OutputMetric extends Metric<
  [predictions: Tensor, targets: Tensor, options?: SampleOptions],
  Tensor
> {
  /** What is kept for each of an example's numbers. */
  protected abstract readonly kept: readonly [string, ...string[]];
  protected sums: Record<string, Float64Array> = {};
  /** The number of examples so far, and the sum of their weights. */
  protected count = 0;
  protected weight = 0;
  /** How many numbers each example has; 0 before the first. */
  #outputs = 0;

  /** Adds number `output` of the `count`th example, weighted by `weight`. */
  protected abstract add(output: number, prediction: number, target: number, weight: number): void;

  /** @shape predictions and targets (N, …), with one or more numbers per example */
  override update(predictions: Tensor, targets: Tensor, options?: SampleOptions): this {
    checkTensors(this.operation, { predictions, targets });
    if (predictions.ndim === 0 || !sameShape(predictions.shape, targets.shape))
      throw new ShapeError(
        this.operation,
        'predictions and targets must both be (N, …), with the same shape',
        operandsOf(predictions, targets),
      );
    if (predictions.count === 0) return this;
    const sampleWeight = weightsOf(this.operation, options, 'targets', targets.shape.slice(0, 1));
    return this.take({ predictions, targets, sampleWeight }, (read) => this.#add(read));
  }

  #add({ predictions, targets, sampleWeight }: OutputElements): void {
    const outputs = predictions.values.length / predictions.shape[0]!;
    if (this.#outputs !== 0 && outputs !== this.#outputs)
      throw new ShapeError(
        this.operation,
        `previous batches had ${this.#outputs} numbers per example`,
        operandsOf(predictions, targets),
      );
    const weights = readWeights(this.operation, sampleWeight, targets.shape.slice(0, 1));
    const guesses = readFinite(this.operation, 'predictions', predictions);
    const truths = readFinite(this.operation, 'targets', targets);
    if (this.#outputs === 0)
      this.sums = Object.fromEntries(this.kept.map((name) => [name, new Float64Array(outputs)]));
    this.#outputs = outputs;
    for (let i = 0; i < truths.length; i++) {
      const output = i % outputs;
      const weight = weights?.[Math.floor(i / outputs)] ?? 1;
      if (weight === 0) continue;
      if (output === 0) {
        this.count++;
        this.weight += weight;
      }
      this.add(output, guesses[i]!, truths[i]!, weight);
    }
  }

  protected override clear(): void {
    this.#outputs = 0;
    this.count = 0;
    this.weight = 0;
    this.sums = {};
  }

  protected override save(): Record<string, Float64Array> {
    const sums = this.kept.map((name) => [name, this.sums[name] ?? new Float64Array()] as const);
    return {
      count: Float64Array.of(this.count),
      weight: Float64Array.of(this.weight),
      ...Object.fromEntries(sums),
    };
  }

  protected override load({ count, weight, ...sums }: Readonly<Record<string, Float64Array>>): void {
    const outputs = sums[this.kept[0]]!.length;
    if (
      count!.length !== 1 ||
      weight!.length !== 1 ||
      !(count![0]! >= 0 && weight![0]! >= 0) ||
      Object.values(sums).some((sum) => sum.length !== outputs)
    )
      throw this.misfit('its sums have different lengths');
    this.count = count![0]!;
    this.weight = weight![0]!;
    this.sums = sums;
    this.#outputs = outputs;
  }
}
