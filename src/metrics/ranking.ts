import { ArgumentError, ShapeError } from '../core/errors.js';
import { sameShape } from '../core/shape.js';
import type { Tensor } from '../index.js';
import { checkTensors } from '../tensor/argument.js';
import type { Elements, Values } from './elements.js';
import { Metric } from './metric.js';
import { readLabels, requireNoNaN, requireScores } from './read.js';
import { readWeights, type SampleOptions, weightsOf } from './sample.js';

/** How many examples reach each threshold, largest threshold first. */
export interface Ranking {
  /** The distinct scores, largest first. */
  readonly thresholds: readonly number[];
  /** The number of positive examples whose score is at least the threshold. */
  readonly truePositives: readonly number[];
  /** The number of negative examples whose score is at least the threshold. */
  readonly falsePositives: readonly number[];
  readonly positives: number;
  readonly negatives: number;
}

/** Ranks examples by score; examples with equal scores share a threshold. */
export function rankingOf(positive: Float64Array, negative: Float64Array): Ranking {
  positive.sort();
  negative.sort();
  const thresholds: number[] = [];
  const truePositives: number[] = [];
  const falsePositives: number[] = [];
  let [p, n] = [positive.length, negative.length];
  while (p > 0 || n > 0) {
    const threshold = Math.max(
      p > 0 ? positive[p - 1]! : Number.NEGATIVE_INFINITY,
      n > 0 ? negative[n - 1]! : Number.NEGATIVE_INFINITY,
    );
    while (p > 0 && positive[p - 1] === threshold) p--;
    while (n > 0 && negative[n - 1] === threshold) n--;
    thresholds.push(threshold);
    truePositives.push(positive.length - p);
    falsePositives.push(negative.length - n);
  }
  return {
    thresholds,
    truePositives,
    falsePositives,
    positives: positive.length,
    negatives: negative.length,
  };
}

/** Ranks weighted examples; those with weight 0 don't count at all. */
function weightedRanking(
  { scores, labels, columns, weights }: Required<Scored>,
  column: number,
  positive: number,
  among: (label: number) => boolean,
): Ranking {
  const scoreOf = (i: number): number => scores[i * columns + column]!;
  const order = [...labels.keys()]
    .filter((i) => among(labels[i]!) && weights[i]! > 0)
    .sort((a, b) => scoreOf(b) - scoreOf(a));
  const thresholds: number[] = [];
  const truePositives: number[] = [];
  const falsePositives: number[] = [];
  let [tp, fp] = [0, 0];
  order.forEach((i, place) => {
    if (labels[i] === positive) tp += weights[i]!;
    else fp += weights[i]!;
    const next = order[place + 1];
    if (next !== undefined && scoreOf(next) === scoreOf(i)) return;
    thresholds.push(scoreOf(i));
    truePositives.push(tp);
    falsePositives.push(fp);
  });
  return { thresholds, truePositives, falsePositives, positives: tp, negatives: fp };
}

/** The scores, labels, and weights of the examples so far. */
interface Batch {
  readonly scores: Float64Array;
  readonly labels: Float64Array;
  readonly weights: Float64Array;
}

/** What was read of a batch. */
export interface ScoreElements {
  readonly scores: Elements;
  readonly labels: Elements;
  readonly sampleWeight: Elements | undefined;
}

/** Scores (examples, columns), and labels. */
export interface Scored {
  readonly scores: Float64Array;
  readonly labels: Float64Array;
  /** Scores per example: 1, or one for each class. */
  readonly columns: number;
  /** How much each example counts; undefined if all count the same. */
  readonly weights?: Float64Array;
}

function joined(batches: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(batches.reduce((sum, batch) => sum + batch.length, 0));
  let at = 0;
  for (const batch of batches) {
    out.set(batch, at);
    at += batch.length;
  }
  return out;
}

/** A metric that depends on the order of the scores, so it has to keep them all. */
export abstract class RankingMetric<Result> extends Metric<
  [scores: Tensor, labels: Tensor, options?: SampleOptions],
  Result
> {
  /** Whether scores for several classes are accepted. */
  protected readonly multiclass: boolean = false;
  #batches: Batch[] = [];
  #columns = 0;

  /**
   * @param scores (N) for class 1 or, if several classes are accepted, (N, C)
   * @param labels (N): 0 and 1, or the true classes
   */
  override update(scores: Tensor, labels: Tensor, options?: SampleOptions): this {
    checkTensors(this.operation, { scores, labels });
    const columns = this.#columnsOf(scores, labels);
    const sampleWeight = weightsOf(this.operation, options, 'labels', labels.shape);
    return this.take({ scores, labels, sampleWeight }, (read) => this.#add(columns, read));
  }

  #add(columns: number, { scores, labels, sampleWeight }: ScoreElements): void {
    if (this.#columns !== 0 && columns !== this.#columns)
      throw new ShapeError(this.operation, `previous batches had ${this.#columns} scores per example`, [
        { name: 'scores', shape: scores.shape },
      ]);
    requireNoNaN(this.operation, 'scores', scores);
    const actual = readLabels(this.operation, labels, Math.max(columns, 2));
    if (columns > 1) this.check(scores.values, columns);
    const weights = readWeights(this.operation, sampleWeight, labels.shape);
    this.#columns = columns;
    this.#batches.push({
      scores: new Float64Array(scores.values),
      labels: new Float64Array(actual),
      weights: weights === undefined ? new Float64Array(actual.length).fill(1) : new Float64Array(weights),
    });
  }

  #columnsOf(scores: Tensor, labels: Tensor): number {
    if (labels.ndim === 1 && sameShape(scores.shape, labels.shape)) return 1;
    if (this.multiclass && scores.ndim === 2) {
      requireScores(this.operation, 'scores', scores, labels);
      return scores.shape[1]!;
    }
    const expected = this.multiclass
      ? 'scores must be (N), or (N, C) with a score for each class; labels must be (N)'
      : 'scores and labels must be (N)';
    throw new ShapeError(this.operation, expected, [
      { name: 'scores', shape: scores.shape },
      { name: 'labels', shape: labels.shape },
    ]);
  }

  /** Throws if scores for several classes are invalid. */
  protected check(_scores: Values, _columns: number): void {}

  /** All scores and labels. @throws ArgumentError if there are none */
  protected scored(): Scored {
    const all = this.#joined();
    if (all.labels.length === 0) throw this.nothing();
    this.#batches = [all];
    const { weights, ...rest } = all;
    const scored = { ...rest, columns: this.#columns };
    return weights.every((weight) => weight === 1) ? scored : { ...scored, weights };
  }

  protected override clear(): void {
    this.#batches = [];
    this.#columns = 0;
  }

  protected override save(): Record<string, Float64Array> {
    return { ...this.#joined() };
  }

  #joined(): Batch {
    return {
      scores: joined(this.#batches.map((batch) => batch.scores)),
      labels: joined(this.#batches.map((batch) => batch.labels)),
      weights: joined(this.#batches.map((batch) => batch.weights)),
    };
  }

  protected override load({ scores, labels, weights }: Readonly<Record<string, Float64Array>>): void {
    const columns = labels!.length === 0 ? 0 : scores!.length / labels!.length;
    const isClass = (label: number): boolean => Number.isInteger(label) && label >= 0;
    if (!Number.isInteger(columns) || scores!.length !== columns * labels!.length || !labels!.every(isClass))
      throw this.misfit("it doesn't have the same number of scores for each label");
    if (weights!.length !== labels!.length || weights!.some((weight) => weight < 0))
      throw this.misfit("it doesn't have a weight for each label");
    this.#batches = [{ scores: scores!, labels: labels!, weights: weights! }];
    this.#columns = columns;
  }
}

/** Ranks the examples in `among` by one column: class `positive` against the others. */
export function rankColumn(
  scored: Scored,
  column: number,
  positive: number,
  among: (label: number) => boolean = () => true,
): Ranking {
  const { scores, labels, columns, weights } = scored;
  if (weights !== undefined) return weightedRanking({ ...scored, weights }, column, positive, among);
  const split: [Float64Array, Float64Array] = [
    new Float64Array(labels.length),
    new Float64Array(labels.length),
  ];
  const ends: [number, number] = [0, 0];
  for (let i = 0; i < labels.length; i++) {
    if (!among(labels[i]!)) continue;
    const side = labels[i] === positive ? 0 : 1;
    split[side][ends[side]++] = scores[i * columns + column]!;
  }
  return rankingOf(split[0].subarray(0, ends[0]), split[1].subarray(0, ends[1]));
}

/** @throws ArgumentError unless there are positive examples */
export function requirePositive(operation: string, { positives }: Ranking): void {
  if (positives === 0)
    throw new ArgumentError(operation, 'labels have no positive example, so the curve is undefined');
}

/** @throws ArgumentError unless there are both positive and negative examples */
export function requireBoth(operation: string, ranking: Ranking): void {
  requirePositive(operation, ranking);
  if (ranking.negatives === 0)
    throw new ArgumentError(operation, 'labels have no negative example, so the curve is undefined');
}

/** The number or total weight of each class's examples. @throws ArgumentError naming a class without examples */
export function countAll(operation: string, { labels, columns, weights }: Scored): Float64Array {
  const counts = new Float64Array(columns);
  labels.forEach((label, i) => {
    counts[label]! += weights?.[i] ?? 1;
  });
  const lacking = counts.indexOf(0);
  if (lacking >= 0)
    throw new ArgumentError(
      operation,
      `labels have no example of class ${lacking} of ${columns}, so its curve is undefined`,
    );
  return counts;
}
