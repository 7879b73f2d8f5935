import type { Tensor } from '../index.js';
import { readClasses } from './read.js';
import { ShareMetric } from './share.js';

/** `accuracy` of examples that come in batches. */
export class Accuracy extends ShareMetric {
  protected override readonly operation = 'accuracy';

  override update(predicted: Tensor, labels: Tensor): this {
    const read = readClasses(this.operation, predicted, labels, undefined);
    let right = 0;
    for (let i = 0; i < read.labels.length; i++) if (read.predicted[i] === read.labels[i]) right++;
    this.add(right, read.labels.length);
    return this;
  }
}

/**
 * The share of the examples whose prediction is right. Where classes are imbalanced it misleads: see `f1`
 * and `imbalanceWarning`.
 *
 * @shape predicted (N, …) classes or (N, C, …) scores, of which the largest counts, labels (N, …) → (), float64
 * @throws IndexError if a class is out of range; NonFiniteError if a score is NaN; ArgumentError if there
 * are no examples
 * @source notes 1.3
 * @example
 * const scores = tensor([[0.9, 0.1], [0.4, 0.6], [0.7, 0.3], [0.2, 0.8]]);
 * metrics.accuracy(scores, tensor([0, 1, 1, 1])); // 0.75
 */
export const accuracy = (predicted: Tensor, labels: Tensor): Tensor =>
  new Accuracy().update(predicted, labels).compute();
