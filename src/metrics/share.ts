import type { Tensor } from '../index.js';
import type { Values } from './elements.js';
import { Metric, scalar } from './metric.js';
import type { SampleOptions } from './sample.js';

/** A metric that is the fraction of correct examples. */
export abstract class ShareMetric extends Metric<
  [predicted: Tensor, labels: Tensor, options?: SampleOptions],
  Tensor
> {
  #right = 0;
  #total = 0;

  /** Adds `length` examples. */
  protected add(length: number, isRight: (i: number) => boolean, weights: Values | undefined): void {
    for (let i = 0; i < length; i++) {
      const weight = weights?.[i] ?? 1;
      if (isRight(i)) this.#right += weight;
      this.#total += weight;
    }
  }

  protected override result(): Tensor {
    if (this.#total === 0) throw this.nothing();
    return scalar(this.#right / this.#total);
  }

  protected override clear(): void {
    this.#right = 0;
    this.#total = 0;
  }

  protected override save(): Record<string, Float64Array> {
    return { right: Float64Array.of(this.#right), total: Float64Array.of(this.#total) };
  }

  protected override load(state: Readonly<Record<string, Float64Array>>): void {
    const [right, total] = [state.right!, state.total!];
    if (right.length !== 1 || total.length !== 1 || !(right[0]! >= 0 && right[0]! <= total[0]!))
      throw this.misfit(`it counts ${right.join()} of ${total.join()} as correct`);
    this.#right = right[0]!;
    this.#total = total[0]!;
  }
}
