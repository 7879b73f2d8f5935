import { describe } from '../core/describe.js';
import { ArgumentError } from '../core/errors.js';
import type { Tensor } from '../index.js';
import { type AccuracyOptions, accuracyOptions } from './accuracy.js';
import type { Values } from './elements.js';
import type { ScoreElements } from './ranking.js';
import { chosen, keptOf, readLabels, requireNoNaN, requireScores } from './read.js';
import { measured, readWeights, type SampleOptions, weightsOf } from './sample.js';
import { ShareMetric } from './share.js';

/** How many of a row's scores rank ahead of class `label`'s: larger ones, and equal ones of lower classes. */
function rank(scores: Values, start: number, classes: number, label: number): number {
  const own = scores[start + label]!;
  let before = 0;
  for (let c = 0; c < classes; c++) {
    const score = scores[start + c]!;
    if (score > own || (score === own && c < label)) before++;
  }
  return before;
}

/** `topK` for examples that come in batches. */
export class TopK extends ShareMetric {
  protected override readonly operation = 'topK';
  readonly #k: number;
  readonly #ignoreIndex: number | undefined;

  constructor(k: number, options?: AccuracyOptions) {
    super();
    this.#ignoreIndex = accuracyOptions(this.operation, options).ignoreIndex;
    if (!(Number.isInteger(k) && k > 0))
      throw new ArgumentError('topK', `k must be a whole number of at least 1, got ${describe(k)}`);
    this.#k = k;
  }

  override update(scores: Tensor, labels: Tensor, options?: SampleOptions): this {
    requireScores(this.operation, 'scores', scores, labels);
    const sampleWeight = weightsOf(this.operation, options, 'labels', labels.shape);
    return this.take({ scores, labels, sampleWeight }, (read) => this.#add(read));
  }

  #add({ scores, labels, sampleWeight }: ScoreElements): void {
    requireNoNaN(this.operation, 'scores', scores);
    const classes = scores.shape[1]!;
    const kept = keptOf(labels, this.#ignoreIndex);
    const weights = readWeights(this.operation, sampleWeight, labels.shape);
    const actual = readLabels(this.operation, labels, classes, kept);
    this.add(
      actual.length,
      (i) => rank(scores.values, (kept?.[i] ?? i) * classes, classes, actual[i]!) < this.#k,
      weights && chosen(weights, kept),
    );
  }
}

/**
 * The fraction of examples whose class is among the `k` highest scores. With k = 1, it equals `accuracy`.
 *
 * @shape scores (N, C), labels (N) → (), float64
 * @throws IndexError if a label is out of range; NonFiniteError if a score is NaN; ArgumentError if k isn't a
 *   positive whole number or there are no examples
 * @differs from scikit-learn: ties rank the lower class first, as in `argmax`
 * @example
 * const scores = tensor([[0.5, 0.3, 0.2], [0.2, 0.5, 0.3], [0.1, 0.2, 0.7]]);
 * metrics.topK(scores, tensor([0, 2, 0]), 2); // 0.6666666666666666
 */
export const topK = (
  scores: Tensor,
  labels: Tensor,
  k: number,
  options?: AccuracyOptions & SampleOptions,
): Tensor => measured((own: AccuracyOptions | undefined) => new TopK(k, own), scores, labels, options);
