// Which examples count, and how much.
import { ArgumentError, NonFiniteError, ShapeError } from '../core/errors.js';
import { defineOptions } from '../core/options.js';
import { type Shape, sameShape, sizeOf } from '../core/shape.js';
import type { Tensor } from '../index.js';
import { tensorOption } from '../tensor/option.js';
import { type Elements, element, findValue, type Values } from './elements.js';
import type { Metric } from './metric.js';

/** Options about a batch's examples. */
export interface SampleOptions {
  /** The weight of each example, at least 0 (default: all equal). @shape (N), or the labels' shape */
  readonly sampleWeight?: Tensor;
}

const sampleOptions = defineOptions({ sampleWeight: tensorOption });

/** The weights of examples of this shape; undefined if all count the same. @throws ShapeError unless there's one for each */
export function weightsOf(
  operation: string,
  options: SampleOptions | undefined,
  name: string,
  shape: Shape,
): Tensor | undefined {
  const { sampleWeight } = sampleOptions(operation, options);
  if (sampleWeight === undefined || sameShape(sampleWeight.shape, shape)) return sampleWeight;
  if (!sameShape(sampleWeight.shape, shape.slice(0, 1)))
    throw new ShapeError(operation, 'sampleWeight must have one number per example', [
      { name: 'sampleWeight', shape: sampleWeight.shape },
      { name, shape },
    ]);
  return sampleWeight;
}

/**
 * The weights of examples of this shape, one per element; undefined if all count the same.
 *
 * @throws ArgumentError for a negative weight; NonFiniteError for one that isn't finite
 */
export function readWeights(
  operation: string,
  sampleWeight: Elements | undefined,
  shape: Shape,
): Values | undefined {
  if (sampleWeight === undefined) return undefined;
  const weights = sampleWeight.values;
  const wrong = findValue(weights, (weight) => !(Number.isFinite(weight) && weight >= 0));
  if (wrong >= 0) {
    const place = `${element('sampleWeight', wrong, sampleWeight.shape)} is ${weights[wrong]}`;
    if (!Number.isFinite(weights[wrong])) throw new NonFiniteError(operation, `${place}, which isn't finite`);
    throw new ArgumentError(operation, `${place}; weights must be at least 0`);
  }
  if (sameShape(sampleWeight.shape, shape)) return weights;
  const size = sizeOf(shape);
  const each = size / (shape[0] || 1);
  return Float64Array.from({ length: size }, (_, i) => weights[Math.floor(i / each)]!);
}

/** The weights of rows of `n` elements. @throws ArgumentError unless they're equal within each row */
export function everyNth(operation: string, weights: Values | undefined, n: number): Values | undefined {
  if (weights === undefined || n === 1) return weights;
  const ofRows = Float64Array.from({ length: weights.length / n }, (_, row) => weights[row * n]!);
  for (let i = 0; i < weights.length; i++)
    if (weights[i] !== ofRows[Math.floor(i / n)])
      throw new ArgumentError(operation, 'for rows of labels, sampleWeight must be (N), one per row');
  return ofRows;
}

/** Computes the metric of a single batch, as the function with the class's name does. */
export function measured<O extends object, Result>(
  make: (options: O | undefined) => Metric<[Tensor, Tensor, SampleOptions?], Result>,
  predicted: Tensor,
  labels: Tensor,
  options: (O & SampleOptions) | undefined,
): Result {
  if (typeof options !== 'object' || options === null || !Object.hasOwn(options, 'sampleWeight'))
    return make(options).of(predicted, labels);
  const { sampleWeight, ...own } = options;
  const sample = sampleWeight === undefined ? {} : { sampleWeight };
  return make(own as unknown as O).of(predicted, labels, sample);
}
