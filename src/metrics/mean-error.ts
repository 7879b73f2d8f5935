import { defineOptions, word } from '../core/options.js';
import type { Tensor } from '../index.js';
import { mean } from './mean.js';
import { list, scalar } from './metric.js';
import { OutputMetric, type OutputOptions } from './outputs.js';

const outputOptions = defineOptions({
  multioutput: word(['uniform_average', 'raw_values'], 'uniform_average'),
});

/** The mean error over the examples. */
export abstract class MeanErrorMetric extends OutputMetric {
  protected override readonly kept = ['errors'] as const;
  readonly #raw: boolean;

  constructor(
    protected readonly operation: string,
    options: OutputOptions | undefined,
  ) {
    super();
    this.#raw = outputOptions(operation, options).multioutput === 'raw_values';
  }

  protected abstract error(prediction: number, target: number): number;

  protected override add(output: number, prediction: number, target: number, weight: number): void {
    this.sums.errors![output]! += weight * this.error(prediction, target);
  }

  protected override result(): Tensor {
    if (this.count === 0) throw this.nothing();
    const means = [...this.sums.errors!].map((sum) => sum / this.weight);
    return this.#raw ? list(means) : scalar(mean(means));
  }
}
