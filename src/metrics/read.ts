// Reads and checks the arguments of metrics. Metrics count on the host, so they read values right away.

import { isFloat } from '../core/dtype.js';
import { ArgumentError, formatShape, IndexError, NonFiniteError, ShapeError } from '../core/errors.js';
import { listOf, whole } from '../core/options.js';
import type { Shape } from '../core/shape.js';
import { sameShape, sizeOf } from '../core/shape.js';
import type { Tensor } from '../index.js';
import { checkTensors } from '../tensor/argument.js';

/** A tensor's numbers in row-major order. */
export type Values = ArrayLike<number>;

/** The positions that count, in row-major order; undefined for all. */
export type Kept = readonly number[] | undefined;

/** The values at the positions that count. */
export const chosen = (values: Values, kept: Kept): Values =>
  kept === undefined ? values : Float64Array.from(kept, (i) => values[i]!);

/** The positions whose label isn't the one to ignore. */
export function keptOf(labels: Tensor, ignoreIndex: number | undefined): Kept {
  if (ignoreIndex === undefined) return undefined;
  const values = labels.dataSync();
  return [...values.keys()].filter((i) => values[i] !== ignoreIndex);
}

/** Class numbers beyond this are treated as a mistake, such as passing values that aren't classes. */
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

/** Reads finite numbers. @throws NonFiniteError naming the first that isn't finite */
export function readFinite(operation: string, name: string, x: Tensor): Values {
  const values = x.dataSync();
  if (isFloat(x.dtype)) {
    const at = values.findIndex((value) => !Number.isFinite(value));
    if (at >= 0)
      throw new NonFiniteError(
        operation,
        `${element(name, at, x.shape)} is ${values[at]}, which isn't finite`,
      );
  }
  return values;
}

/**
 * Reads whole numbers of at least 0, and below `count` if that's known. Values at positions that aren't `kept` can be
 * anything.
 */
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
      `${wrong}, which isn't a class; classes are whole numbers from 0\n  hint: scores must be (N, C); if there's one score for two classes, compare it with a threshold: p.gt(0.5)`,
    );
  const classes =
    count === undefined
      ? `classes must be from 0 to ${MOST_CLASSES - 1}`
      : `there are ${count} classes (0 to ${count - 1})`;
  throw new IndexError(operation, `${wrong}, which isn't a class; ${classes}`);
}

/** Reads labels: whole numbers of at least 0, or booleans. @throws IndexError if one is out of range */
export const readLabels = (operation: string, labels: Tensor, count?: number, kept?: Kept): Values =>
  readIndices(operation, 'labels', labels, count, kept);

/** @throws ShapeError unless `scores` are (N, C, …), one for each class, and `labels` are (N, …) */
export function requireScores(operation: string, name: string, scores: Tensor, labels: Tensor): void {
  checkTensors(operation, { [name]: scores, labels });
  const [n, , ...rest] = scores.shape;
  if (scores.ndim < 2 || !sameShape([n!, ...rest], labels.shape))
    throw new ShapeError(
      operation,
      `${name} must be (N, C), and labels must be (N)`,
      [
        { name, shape: scores.shape },
        { name: 'labels', shape: labels.shape },
      ],
      labels.ndim === 2 || sameShape(scores.shape, labels.shape)
        ? 'turn one-hot labels into classes with labels.argmax(1)'
        : undefined,
    );
  if (scores.shape[1] === 1)
    throw new ShapeError(
      operation,
      `${name} have only one class`,
      [{ name, axes: '(N, C)', shape: scores.shape, note: 'C = 1' }],
      `if there's one score for two classes, compare it with a threshold: ${name}.squeeze(1).gt(0)`,
    );
}

const isZeroOrOne = (value: number): boolean => value === 0 || value === 1;

/**
 * How to read labels (N, L): as a class for each element, or as rows of zeros and ones that mark which of L labels an
 * example has.
 */
export type Reading = 'classes' | 'rows';

/** Converts a reading to the form a metric's state keeps, and back. */
export const readingToState = (reading: Reading | undefined): Float64Array =>
  Float64Array.of(reading === undefined ? 0 : reading === 'classes' ? 1 : 2);

/** @throws the error from `misfit` if it isn't a reading */
export function readingFromState(
  state: Float64Array,
  misfit: (problem: string) => Error,
): Reading | undefined {
  if (state.length !== 1 || ![0, 1, 2].includes(state[0]!)) throw misfit("'reading' must be 0, 1 or 2");
  return ([undefined, 'classes', 'rows'] as const)[state[0]!];
}

const FLATTEN =
  'if each element has its own class, pass the number of classes, or flatten both with x.flatten()';

/** Whether the labels are one-hot along an axis. */
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

/** @throws ArgumentError for labels with more than two axes if they're one-hot along one of them */
function refuseOneHot(operation: string, labels: Tensor): void {
  const last = labels.ndim - 1;
  const axis = [1, last].find((each) => isOneHot(labels, each));
  if (axis === undefined) return;
  const place = axis === 1 ? '1' : '-1';
  throw new ArgumentError(
    operation,
    `labels ${formatShape(labels.shape)} are one-hot along axis ${axis}\n` +
      `  hint: get classes with labels.argmax(${place}), and predicted.argmax(${place}) if predictions are one-hot too; if each element has its own class, flatten both with x.flatten()`,
  );
}

/** How to read labels with the predictions' shape. As in scikit-learn, zeros and ones (N, L) are rows. */
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
        `labels ${formatShape(labels.shape)} are rows of zeros and ones, but predicted holds scores\n` +
          '  hint: if labels are one-hot, use labels.argmax(1); if each example has several labels, compare scores with a threshold: predicted.gt(0.5)',
      );
  }
  if (before === 'rows')
    throw new ArgumentError(
      operation,
      `previous batches were rows of zeros and ones, but these labels hold other classes\n  hint: ${FLATTEN}`,
    );
  return 'classes';
}

/** @throws ArgumentError for rows with several labels per example, which this metric doesn't support */
export function refuseRows(operation: string, { rows }: ReadClasses): void {
  if (rows !== undefined)
    throw new ArgumentError(
      operation,
      `labels are rows of zeros and ones: one-hot, or several labels per example\n  hint: turn one-hot rows into classes with x.argmax(1); ${FLATTEN}`,
    );
}

/** Predicted and true classes as numbers, without the ignored ones. */
export interface ReadClasses {
  readonly predicted: Values;
  readonly labels: Values;
  /** How much each counts; undefined if all count the same. */
  readonly weights: Values | undefined;
  /** How many classes there are, if the scores or the caller determine it. */
  readonly count: number | undefined;
  /** Elements per row, if these are rows of zeros and ones. */
  readonly rows?: number;
}

/** How many classes there are, and which label to ignore. */
export interface ClassesWanted {
  readonly classes?: number | undefined;
  readonly ignoreIndex?: number | undefined;
  /** How previous batches were read. */
  readonly before?: Reading | undefined;
}

/**
 * Reads predictions and labels.
 *
 * @param predicted scores (N, C, …), of which the largest wins, or classes with the labels' shape
 * @param weights weights of all labels, including ignored ones
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
    throw new ShapeError(operation, `expected ${count} classes`, [
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

/** The schema of `ClassesOptions`. */
export const classesSpec = {
  classes: whole(undefined, { least: 1, most: MOST_CLASSES }),
  ignoreIndex: whole(undefined),
};

/** The schema of options that choose among classes. */
export const chosenSpec = { labels: listOf(whole(0, { least: 0, below: MOST_CLASSES }), undefined) };

/** @throws ArgumentError unless `labels` are distinct and not empty */
export function checkChosen(operation: string, labels: readonly number[] | undefined): void {
  if (labels === undefined) return;
  if (labels.length === 0) throw new ArgumentError(operation, 'labels must name at least one class');
  const twice = labels.find((label, i) => labels.indexOf(label) !== i);
  if (twice !== undefined) throw new ArgumentError(operation, `label ${twice} appears twice`);
}
