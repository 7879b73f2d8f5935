// What metrics are given, read and checked. Metrics count on the host, so they read at once.

import { isFloat } from '../core/dtype.js';
import { ArgumentError, formatShape, IndexError, NonFiniteError, ShapeError } from '../core/errors.js';
import { listOf, whole } from '../core/options.js';
import type { Shape } from '../core/shape.js';
import { sameShape, sizeOf } from '../core/shape.js';
import type { Tensor } from '../index.js';
import { checkTensors } from '../tensor/argument.js';

/** Numbers of a tensor, in row-major order. */
export type Values = ArrayLike<number>;

/** Places that count, in row-major order; undefined for all. */
export type Kept = readonly number[] | undefined;

/** The values at the places that count. */
export const chosen = (values: Values, kept: Kept): Values =>
  kept === undefined ? values : Float64Array.from(kept, (i) => values[i]!);

/** The places whose label is not the one to ignore. */
export function keptOf(labels: Tensor, ignoreIndex: number | undefined): Kept {
  if (ignoreIndex === undefined) return undefined;
  const values = labels.dataSync();
  return [...values.keys()].filter((i) => values[i] !== ignoreIndex);
}

/** Classes beyond this are taken for a mistake, such as numbers that are no classes. */
const MOST_CLASSES = 2 ** 20;

/** `labels[2, 1]`: the element at a position in row-major order. */
export function element(name: string, position: number, shape: Shape): string {
  const place: number[] = [];
  let rest = position;
  for (const n of shape.toReversed()) {
    place.unshift(rest % n);
    rest = Math.floor(rest / n);
  }
  return place.length === 0 ? name : `${name}[${place.join(', ')}]`;
}

/** @throws NonFiniteError naming the first NaN */
export function requireNoNaN(operation: string, name: string, x: Tensor): void {
  if (!isFloat(x.dtype) || !x.isnan().any().itemSync()) return;
  const at = x.dataSync().findIndex(Number.isNaN);
  throw new NonFiniteError(operation, `${element(name, at, x.shape)} is NaN`);
}

/** Finite numbers. @throws NonFiniteError naming the first that is none */
export function readFinite(operation: string, name: string, x: Tensor): Values {
  const values = x.dataSync();
  if (isFloat(x.dtype)) {
    const at = values.findIndex((value) => !Number.isFinite(value));
    if (at >= 0)
      throw new NonFiniteError(
        operation,
        `${element(name, at, x.shape)} is ${values[at]}, which is not finite`,
      );
  }
  return values;
}

/** Whole numbers from 0; below `count`, if it is known. Those at places that are not `kept` are anything. */
function readIndices(
  operation: string,
  name: string,
  x: Tensor,
  count: number | undefined,
  kept: Kept,
): Values {
  const values = x.dataSync();
  const limit = count ?? MOST_CLASSES;
  const isWrong = (i: number): boolean =>
    !(Number.isInteger(values[i]) && values[i]! >= 0 && values[i]! < limit);
  const at = kept === undefined ? values.findIndex((_, i) => isWrong(i)) : (kept.find(isWrong) ?? -1);
  if (at < 0) return chosen(values, kept);
  const wrong = `${element(name, at, x.shape)} is ${values[at]}`;
  if (!Number.isInteger(values[at]))
    throw new ArgumentError(
      operation,
      `${wrong}, which is not a class; classes are whole numbers from 0\n  hint: scores are (N, C); one score for two classes is compared with a threshold, such as p.gt(0.5)`,
    );
  const classes =
    count === undefined
      ? `classes go from 0 to at most ${MOST_CLASSES - 1}`
      : `there are ${count} (0 to ${count - 1})`;
  throw new IndexError(operation, `${wrong}, which is not a class; ${classes}`);
}

/** Labels: whole numbers from 0, or booleans. @throws IndexError if one is out of range */
export const readLabels = (operation: string, labels: Tensor, count?: number, kept?: Kept): Values =>
  readIndices(operation, 'labels', labels, count, kept);

/** @throws ShapeError unless `scores` have one for each class (N, C, …) and `labels` are (N, …) */
export function requireScores(operation: string, name: string, scores: Tensor, labels: Tensor): void {
  checkTensors(operation, { [name]: scores, labels });
  const [n, , ...rest] = scores.shape;
  if (scores.ndim < 2 || !sameShape([n!, ...rest], labels.shape))
    throw new ShapeError(
      operation,
      `${name} must be (N, C), labels (N)`,
      [
        { name, shape: scores.shape },
        { name: 'labels', shape: labels.shape },
      ],
      labels.ndim === 2 || sameShape(scores.shape, labels.shape)
        ? 'one-hot labels become classes by labels.argmax(1)'
        : undefined,
    );
  if (scores.shape[1] === 1)
    throw new ShapeError(
      operation,
      `${name} have a single class`,
      [{ name, axes: '(N, C)', shape: scores.shape, note: 'C = 1' }],
      `one score for two classes is compared with a threshold, such as ${name}.squeeze(1).gt(0)`,
    );
}

const isZeroOrOne = (value: number): boolean => value === 0 || value === 1;

/** What labels (N, L) are: a class for each element, or rows of zeros and ones that say which of L labels an example has. */
export type Reading = 'classes' | 'rows';

/** A reading as a metric's state keeps it, and back. */
export const readingToState = (reading: Reading | undefined): Float64Array =>
  Float64Array.of(reading === undefined ? 0 : reading === 'classes' ? 1 : 2);

/** @throws what `misfit` makes if it is not a reading */
export function readingFromState(
  state: Float64Array,
  misfit: (problem: string) => Error,
): Reading | undefined {
  if (state.length !== 1 || ![0, 1, 2].includes(state[0]!)) throw misfit("'reading' must be 0, 1 or 2");
  return ([undefined, 'classes', 'rows'] as const)[state[0]!];
}

const FLATTEN = 'if each element has a class of its own, say how many classes there are, or x.flatten() both';

/** Whether an axis of labels holds a one for the class, and zeros for the others. */
function isOneHot(labels: Tensor, axis: number): boolean {
  const values = labels.dataSync();
  const classes = labels.shape[axis]!;
  if (classes < 2 || values.length === 0) return false;
  const inner = sizeOf(labels.shape.slice(axis + 1));
  const ones = new Uint8Array(values.length / classes);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!isZeroOrOne(value)) return false;
    const place = Math.floor(i / (classes * inner)) * inner + (i % inner);
    if (value === 1 && ++ones[place]! > 1) return false;
  }
  return ones.every((count) => count === 1);
}

/** @throws ArgumentError for labels of more than two axes, one of which is that of the classes */
function refuseOneHot(operation: string, labels: Tensor): void {
  const last = labels.ndim - 1;
  const axis = [1, last].find((each) => isOneHot(labels, each));
  if (axis === undefined) return;
  const place = axis === 1 ? '1' : '-1';
  throw new ArgumentError(
    operation,
    `labels ${formatShape(labels.shape)} are one-hot along axis ${axis}\n` +
      `  hint: classes of one-hot labels are labels.argmax(${place}), of predictions alike predicted.argmax(${place}); if each element has a class of its own, x.flatten() both`,
  );
}

/** How labels of the shape of the predictions are read: as scikit-learn does, zeros and ones (N, L) as rows. */
function readingOf(
  operation: string,
  predicted: Tensor,
  labels: Tensor,
  { classes = 0, ignoreIndex, before }: ClassesWanted,
): Reading {
  if (before === 'classes' || labels.count === 0) return 'classes';
  if (labels.ndim > 2) refuseOneHot(operation, labels);
  if (labels.ndim !== 2 || labels.shape[1]! < 2 || ignoreIndex !== undefined) return 'classes';
  if (classes > 2 && !(classes === labels.shape[1] && isOneHot(labels, 1))) return 'classes';
  const guesses = predicted.dataSync();
  if (labels.dataSync().every(isZeroOrOne)) {
    if (guesses.every(isZeroOrOne)) return 'rows';
    if (!guesses.every(Number.isInteger))
      throw new ArgumentError(
        operation,
        `labels ${formatShape(labels.shape)} are rows of zeros and ones, and predicted are scores\n` +
          '  hint: of one-hot labels take classes, labels.argmax(1); of several labels an example compare scores with a threshold, predicted.gt(0.5)',
      );
  }
  if (before === 'rows')
    throw new ArgumentError(
      operation,
      `batches before were rows of zeros and ones, these labels hold other classes\n  hint: ${FLATTEN}`,
    );
  return 'classes';
}

/** @throws ArgumentError for rows of several labels an example, which this metric doesn't take */
export function refuseRows(operation: string, { rows }: ReadClasses): void {
  if (rows !== undefined)
    throw new ArgumentError(
      operation,
      `labels are rows of zeros and ones: one-hot, or several labels an example\n  hint: classes of one-hot rows are x.argmax(1); ${FLATTEN}`,
    );
}

/** What was predicted and what is true, as numbers of classes, without what is ignored. */
export interface ReadClasses {
  readonly predicted: Values;
  readonly labels: Values;
  /** How much each counts; undefined if all count the same. */
  readonly weights: Values | undefined;
  /** How many classes there are, where scores or the caller say so. */
  readonly count: number | undefined;
  /** Elements of a row, where these are rows of zeros and ones. */
  readonly rows?: number;
}

/** How many classes there are, and which label does not count. */
export interface ClassesWanted {
  readonly classes?: number | undefined;
  readonly ignoreIndex?: number | undefined;
  /** How the batches before were read. */
  readonly before?: Reading | undefined;
}

/**
 * Reads predictions and labels.
 *
 * @param predicted scores (N, C, …), of which the largest is taken, or classes of the labels' shape
 * @param weights of all labels, those that are ignored included
 */
export function readClasses(
  operation: string,
  predicted: Tensor,
  labels: Tensor,
  wanted: ClassesWanted,
  weights: Values | undefined,
): ReadClasses {
  checkTensors(operation, { predicted, labels });
  const { classes: count, ignoreIndex } = wanted;
  const kept = keptOf(labels, ignoreIndex);
  const weighted = weights && chosen(weights, kept);
  if (sameShape(predicted.shape, labels.shape)) {
    if (readingOf(operation, predicted, labels, wanted) === 'rows')
      return {
        predicted: predicted.dataSync(),
        labels: labels.dataSync(),
        weights,
        count: undefined,
        rows: labels.shape[1]!,
      };
    return {
      predicted: readIndices(operation, 'predicted', predicted, count, kept),
      labels: readLabels(operation, labels, count, kept),
      weights: weighted,
      count,
    };
  }
  requireScores(operation, 'predicted', predicted, labels);
  const classes = predicted.shape[1]!;
  if (count !== undefined && count !== classes)
    throw new ShapeError(operation, `there are to be ${count} classes`, [
      { name: 'predicted', axes: '(N, C)', shape: predicted.shape, note: `C = ${classes}` },
    ]);
  requireNoNaN(operation, 'predicted', predicted);
  const largest = labels.count === 0 ? labels : predicted.detach().argmax(1);
  return {
    predicted: chosen(largest.dataSync(), kept),
    labels: readLabels(operation, labels, classes, kept),
    weights: weighted,
    count: classes,
  };
}

/** What `ClassesOptions` may be. */
export const classesSpec = {
  classes: whole(undefined, { least: 1, most: MOST_CLASSES }),
  ignoreIndex: whole(undefined),
};

/** What chooses among classes may be. */
export const chosenSpec = { labels: listOf(whole(0, { least: 0, below: MOST_CLASSES }), undefined) };

/** @throws ArgumentError unless `labels` are different, and some */
export function checkChosen(operation: string, labels: readonly number[] | undefined): void {
  if (labels === undefined) return;
  if (labels.length === 0) throw new ArgumentError(operation, 'labels must name at least one class');
  const twice = labels.find((label, i) => labels.indexOf(label) !== i);
  if (twice !== undefined) throw new ArgumentError(operation, `the label ${twice} comes twice`);
}
