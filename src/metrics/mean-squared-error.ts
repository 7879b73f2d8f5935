import type { Tensor } from '../index.js';
import { MeanErrorMetric } from './mean-error.js';
import type { OutputOptions } from './outputs.js';
import { measured, type SampleOptions } from './sample.js';

/** `meanSquaredError` for examples that come in batches. */
export class MeanSquaredError extends MeanErrorMetric {
  constructor(options?: OutputOptions) {
    super('meanSquaredError', options);
  }

  protected override error(prediction: number, target: number): number {
    return (prediction - target) ** 2;
  }
}

/**
 * (1/N) Σ (y − ŷ)². Its gradient isn't recorded; to train with it, use `F.mseLoss`.
 *
 * @shape predictions (N, …), targets (N, …) → () or, with 'raw_values', (numbers of an example); float64
 * @throws ShapeError for different shapes; NonFiniteError for a number that isn't finite; ArgumentError
 * if there are no examples
 * @source notes 1.3
 * @example
 * metrics.meanSquaredError(tensor([2.5, 0, 2, 8]), tensor([3, -0.5, 2, 7])); // 0.375
 */
export const meanSquaredError = (
  predictions: Tensor,
  targets: Tensor,
  options?: OutputOptions & SampleOptions,
): Tensor =>
  measured((own: OutputOptions | undefined) => new MeanSquaredError(own), predictions, targets, options);
