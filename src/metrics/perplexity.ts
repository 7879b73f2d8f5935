import { ShapeError } from '../core/errors.js';
import { defineOptions } from '../core/options.js';
import { sameShape } from '../core/shape.js';
import { crossEntropy } from '../functional.js';
import { noGrad, type Tensor } from '../index.js';
import { checkTensors } from '../tensor/argument.js';
import type { Elements } from './elements.js';
import { Metric, scalar } from './metric.js';
import { classesSpec, readFinite } from './read.js';
import { measured } from './sample.js';

export interface PerplexityOptions {
  /** A target to ignore, such as padding (default: none). */
  readonly ignoreIndex?: number;
}

const perplexityOptions = defineOptions({ ignoreIndex: classesSpec.ignoreIndex });

/** `perplexity` for batches. */
export class Perplexity extends Metric<[logits: Tensor, targets: Tensor], Tensor> {
  protected override readonly operation = 'perplexity';
  readonly #ignoreIndex: number | undefined;
  #loss = 0;
  #count = 0;

  constructor(options?: PerplexityOptions) {
    super();
    this.#ignoreIndex = perplexityOptions(this.operation, options).ignoreIndex;
  }

  override update(logits: Tensor, targets: Tensor): this {
    checkTensors(this.operation, { logits, targets });
    if (logits.ndim < 2 || !sameShape(logits.shape.slice(0, -1), targets.shape))
      throw new ShapeError(this.operation, 'the logits must be (…, V) for targets (…)', [
        { name: 'logits', shape: logits.shape },
        { name: 'targets', shape: targets.shape },
      ]);
    const ignoreIndex = this.#ignoreIndex;
    const losses = noGrad(() =>
      crossEntropy(logits.reshape([targets.numel(), logits.shape.at(-1)!]), targets.flatten(), {
        reduction: 'none',
        ...(ignoreIndex !== undefined && { ignoreIndex }),
      }),
    );
    return this.take({ losses, targets }, ({ losses, targets }) => this.#add(losses, targets));
  }

  #add(losses: Elements, targets: Elements): void {
    const values = readFinite(this.operation, 'the loss', losses);
    for (let i = 0; i < values.length; i++) {
      if (targets.values[i] === this.#ignoreIndex) continue;
      this.#loss += values[i]!;
      this.#count++;
    }
  }

  protected override result(): Tensor {
    if (this.#count === 0) throw this.nothing();
    return scalar(Math.exp(this.#loss / this.#count));
  }

  protected override clear(): void {
    this.#loss = 0;
    this.#count = 0;
  }

  protected override save(): Record<string, Float64Array> {
    return { loss: Float64Array.of(this.#loss), count: Float64Array.of(this.#count) };
  }

  protected override load(state: Readonly<Record<string, Float64Array>>): void {
    const [loss, count] = [state.loss!, state.count!];
    if (loss.length !== 1 || count.length !== 1 || !(loss[0]! >= 0 && count[0]! >= 0))
      throw this.misfit(`its loss is ${loss.join()}, and its count ${count.join()}`);
    this.#loss = loss[0]!;
    this.#count = count[0]!;
  }
}

/**
 * How many equally likely tokens a language model's predictions are worth: exp of the mean cross-entropy,
 * exp(−(1/n) Σ log p(token)). A model that knows nothing has the vocabulary's size, a perfect one 1.
 *
 * @shape logits (…, V), targets (…) int32 → (), float64
 * @throws ShapeError for other shapes; IndexError for a target out of range; NonFiniteError for a loss that isn't finite;
 * ArgumentError if there are no examples
 * @source notes 5.9; Jelinek et al. 1977, doi:10.1121/1.2016299
 * @example
 * metrics.perplexity(zeros([3, 8]), tensor([0, 3, 7], { dtype: 'int32' })); // ≈ 8
 */
export const perplexity = (logits: Tensor, targets: Tensor, options?: PerplexityOptions): Tensor =>
  measured((own: PerplexityOptions | undefined) => new Perplexity(own), logits, targets, options);
