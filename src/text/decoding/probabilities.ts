import { requireNumbers } from '../../core/arguments.js';
import { ArgumentError, IndexError, NonFiniteError } from '../../core/errors.js';
import { defineOptions, numberList } from '../../core/options.js';
import { type FilterOptions, type Filters, filterSpec } from './options.js';

/** The k-th greatest of some numbers, which are reordered. @source Hoare 1961, doi:10.1145/366622.366647 */
function greatest(values: Float64Array, k: number): number {
  let [low, high] = [0, values.length - 1];
  const at = k - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1]!;
    let [i, j] = [low, high];
    while (i <= j) {
      while (values[i]! > pivot) i++;
      while (values[j]! < pivot) j--;
      if (i > j) break;
      const held = values[i]!;
      values[i++] = values[j]!;
      values[j--] = held;
    }
    if (at <= j) high = j;
    else if (at >= i) low = i;
    else break;
  }
  return values[at]!;
}

/** Turns scores into probabilities. @throws NonFiniteError for scores that aren't numbers */
function softmax(operation: string, scores: Float64Array): void {
  let most = Number.NEGATIVE_INFINITY;
  for (const score of scores) {
    if (Number.isNaN(score)) throw notFinite(operation, 'are NaN');
    if (score > most) most = score;
  }
  if (!Number.isFinite(most))
    throw notFinite(operation, most > 0 ? 'are infinite' : 'are all minus infinity');
  let sum = 0;
  for (let i = 0; i < scores.length; i++) {
    const e = Math.exp(scores[i]! - most);
    scores[i] = e;
    sum += e;
  }
  for (let i = 0; i < scores.length; i++) scores[i]! /= sum;
}

export const notFinite = (operation: string, what: string): NonFiniteError =>
  new NonFiniteError(operation, `the model's scores ${what}; has its training diverged?`);

/** Leaves out all but the fewest of the likeliest that together have the probability p. */
function keepNucleus(probabilities: Float64Array, p: number): void {
  const sorted = probabilities.filter((value) => value > 0).sort();
  let sum = 0;
  let last = sorted.length;
  while (last > 0 && sum < p) sum += sorted[--last]!;
  const least = sorted[last]!;
  // Of equally likely ones, the first are kept.
  let equal = 0;
  for (let i = last; i < sorted.length && sorted[i] === least; i++) equal++;
  for (let i = 0; i < probabilities.length; i++) {
    const value = probabilities[i]!;
    if (value > least || (value === least && equal-- > 0)) continue;
    probabilities[i] = 0;
  }
}

/** Lowers the scores of tokens that occurred before. @source Keskar et al. 2019, CTRL, arXiv:1909.05858 */
export function penalize(scores: Float64Array, seen: Iterable<number>, penalty: number): void {
  if (penalty === 1) return;
  for (const token of new Set(seen)) {
    const score = scores[token];
    if (score !== undefined) scores[token] = score > 0 ? score / penalty : score * penalty;
  }
}

/** What `tokenProbabilities` does, with checked options; the scores become the probabilities. */
export function filtered(
  operation: string,
  scores: Float64Array,
  seen: Iterable<number>,
  options: Filters,
): Float64Array {
  const { repetitionPenalty, temperature, topK, topP, minP } = options;
  penalize(scores, seen, repetitionPenalty);
  if (temperature !== 1) for (let i = 0; i < scores.length; i++) scores[i]! /= temperature;
  if (topK < scores.length) {
    if (scores.some(Number.isNaN)) throw notFinite(operation, 'are NaN');
    const least = greatest(scores.slice(), topK);
    for (let i = 0; i < scores.length; i++) if (scores[i]! < least) scores[i] = Number.NEGATIVE_INFINITY;
  }
  softmax(operation, scores);
  if (topP < 1) keepNucleus(scores, topP);
  if (minP > 0) {
    const least = minP * scores.reduce((a, b) => Math.max(a, b));
    for (let i = 0; i < scores.length; i++) if (scores[i]! < least) scores[i] = 0;
  }
  return scores;
}

export interface TokenProbabilitiesOptions extends FilterOptions {
  /** Tokens that occurred before, for `repetitionPenalty` (default: none). */
  readonly previous?: ArrayLike<number> | undefined;
}

const probabilitiesOptions = defineOptions({ ...filterSpec, previous: numberList([]) });

/**
 * The probability of each token to be drawn next: softmax of the scores after the repetition penalty and the
 * temperature, cut by topK, topP, and minP in this order, and made to sum to 1.
 *
 * @throws ArgumentError for no scores; IndexError for a token in `previous` that has none
 * @throws NonFiniteError for NaN, infinity, or nothing but minus infinity
 * @source notes 5.9; topP: Holtzman et al. 2020, arXiv:1904.09751; minP: Nguyen et al. 2024, arXiv:2407.01082
 * @example
 * const scores = [Math.log(4), Math.log(3), Math.log(2), Math.log(1)];
 * text.tokenProbabilities(scores, { topK: 2 }); // ≈ [0.571, 0.429, 0, 0]
 */
export function tokenProbabilities(
  logits: ArrayLike<number>,
  options?: TokenProbabilitiesOptions,
): Float64Array {
  requireNumbers('tokenProbabilities', 'logits', logits);
  const { previous, topK, ...filters } = probabilitiesOptions('tokenProbabilities', options);
  if (logits.length === 0) throw new ArgumentError('tokenProbabilities', 'there are no scores');
  const unknown = Array.prototype.findIndex.call(
    previous,
    (token: number) => !(Number.isInteger(token) && token >= 0 && token < logits.length),
  );
  if (unknown >= 0)
    throw new IndexError(
      'tokenProbabilities',
      `previous[${unknown}] is ${previous[unknown]}, which isn't a token's number; there are ${logits.length}`,
    );
  const probabilities = filtered('tokenProbabilities', Float64Array.from(logits), Array.from(previous), {
    ...filters,
    topK: topK ?? Number.POSITIVE_INFINITY,
  });
  const sum = probabilities.reduce((a, b) => a + b);
  return probabilities.map((value) => value / sum);
}
