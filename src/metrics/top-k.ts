import { describe } from '../core/describe.js';
import { ArgumentError } from '../core/errors.js';
import type { Tensor } from '../index.js';
import { readLabels, requireNoNaN, requireScores, type Values } from './read.js';
import { ShareMetric } from './share.js';

/** How many of a row's scores come before that of class `label`: larger ones, and equal ones of lower classes. */
function rank(scores: Values, start: number, classes: number, label: number): number {
  const own = scores[start + label]!;
  let before = 0;
  for (let c = 0; c < classes; c++) {
    const score = scores[start + c]!;
    if (score > own || (score === own && c < label)) before++;
  }
  return before;
}

/** `topK` of examples that come in batches. */
export class TopK extends ShareMetric {
  protected override readonly operation = 'topK';
  readonly #k: number;

  constructor(k: number) {
    super();
    if (!(Number.isInteger(k) && k > 0))
      throw new ArgumentError('topK', `k must be a whole number from 1, not ${describe(k)}`);
    this.#k = k;
  }

  override update(scores: Tensor, labels: Tensor): this {
    requireScores(this.operation, 'scores', scores, labels);
    requireNoNaN(this.operation, 'scores', scores);
    const classes = scores.shape[1]!;
    const actual = readLabels(this.operation, labels, classes);
    const rows = scores.dataSync();
    let right = 0;
    for (let i = 0; i < actual.length; i++)
      if (rank(rows, i * classes, classes, actual[i]!) < this.#k) right++;
    this.add(right, actual.length);
    return this;
  }
}

/**
 * The share of the examples whose class is among the `k` with the largest scores. With k = 1 it is
 * `accuracy`.
 *
 * @shape scores (N, C), labels (N) → (), float64
 * @throws IndexError if a label is out of range; NonFiniteError if a score is NaN; ArgumentError if k is
 * none or there are no examples
 * @differs from scikit-learn: of equal scores the lower class comes first, as in `argmax`
 * @example
 * const scores = tensor([[0.5, 0.3, 0.2], [0.2, 0.5, 0.3], [0.1, 0.2, 0.7]]);
 * metrics.topK(scores, tensor([0, 2, 0]), 2); // 0.6666666666666666
 */
export const topK = (scores: Tensor, labels: Tensor, k: number): Tensor =>
  new TopK(k).update(scores, labels).compute();
