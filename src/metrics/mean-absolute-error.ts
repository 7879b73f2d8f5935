import type { Tensor } from '../index.js';
import { MeanErrorMetric } from './mean-error.js';
import type { OutputOptions } from './outputs.js';
import { measured, type SampleOptions } from './sample.js';

/** `meanAbsoluteError` for examples that come in batches. */
export class MeanAbsoluteError extends MeanErrorMetric {
  constructor(options?: OutputOptions) {
    super('meanAbsoluteError', options);
  }

  protected override error(prediction: number, target: number): number {
    return Math.abs(prediction - target);
  }
}

/**
 * (1/N) Σ |y − ŷ|, in the units of the targets.
 *
 * @shape predictions (N, …), targets (N, …) → () or, with 'raw_values', (numbers of an example); float64
 * @throws as `meanSquaredError`
 * @example
 * metrics.meanAbsoluteError(tensor([2.5, 0, 2, 8]), tensor([3, -0.5, 2, 7])); // 0.5
 */
export const meanAbsoluteError = (
  predictions: Tensor,
  targets: Tensor,
  options?: OutputOptions & SampleOptions,
): Tensor =>
  measured((own: OutputOptions | undefined) => new MeanAbsoluteError(own), predictions, targets, options);
