// Checks the arguments of metrics, which count on the host.
import { ArgumentError, formatShape, IndexError, NonFiniteError, ShapeError } from '../core/errors.js';
import { listOf, whole } from '../core/options.js';
import { type Shape, sameShape, sizeOf } from '../core/shape.js';
import type { Tensor } from '../index.js';
import { checkTensors } from '../tensor/argument.js';
import { type Elements, element, findValue, type Values } from './elements.js';
import { readWeights } from './sample.js';

/** The positions that count, in row-major order; undefined for all. */
export type Kept = readonly number[] | undefined;

/** The values at the positions that count. */
export const chosen = (values: Values, kept: Kept): Values =>
  kept === undefined ? values : Float64Array.from(kept, (i) => values[i]!);

/** The positions whose label isn't the one to ignore. */
export function keptOf({ values }: Elements, ignoreIndex: number | undefined): Kept {
  if (ignoreIndex === undefined) return undefined;
  return Array.from(values, (_, i) => i).filter((i) => values[i] !== ignoreIndex);
}

/** Class numbers beyond this are treated as a mistake, such as passing values that aren't classes. */
const MOST_CLASSES = 2 ** 20;

/** @throws NonFiniteError naming the first NaN */
export function requireNoNaN(operation: string, name: string, { shape, values }: Elements): void {
  const at = findValue(values, Number.isNaN);
  if (at >= 0) throw new NonFiniteError(operation, `${element(name, at, shape)} is NaN`);
}

/** Reads finite numbers. @throws NonFiniteError naming the first that isn't finite */
export function readFinite(operation: string, name: string, { shape, values }: Elements): Values {
  const at = findValue(values, (value) => !Number.isFinite(value));
  if (at >= 0)
    throw new NonFiniteError(operation, `${element(name, at, shape)} is ${values[at]}, which isn't finite`);
  return values;
}

/**
 * Reads whole numbers of at least 0, and below `count` if that's known. Values at positions that aren't `kept` can be
 * anything.
 */
function readIndices(
  operation: string,
  name: string,
  { shape, values }: Elements,
  count: number | undefined,
  kept: Kept,
): Values {
  const limit = count ?? MOST_CLASSES;
  const isWrong = (value: number): boolean => !(Number.isInteger(value) && value >= 0 && value < limit);
  const at = kept === undefined ? findValue(values, isWrong) : (kept.find((i) => isWrong(values[i]!)) ?? -1);
  if (at < 0) return chosen(values, kept);
  const wrong = `${element(name, at, shape)} is ${values[at]}`;
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
export const readLabels = (operation: string, labels: Elements, count?: number, kept?: Kept): Values =>
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

const every = (values: Values, holds: (value: number) => boolean): boolean =>
  findValue(values, (value) => !holds(value)) < 0;

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
function isOneHot({ shape, values }: Elements, axis: number): boolean {
  const classes = shape[axis]!;
  if (classes < 2 || values.length === 0) return false;
  const inner = sizeOf(shape.slice(axis + 1));
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
function refuseOneHot(operation: string, labels: Elements): void {
  const last = labels.shape.length - 1;
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
  predicted: Elements,
  labels: Elements,
  { classes = 0, ignoreIndex, before }: ClassesSought,
): Reading {
  if (before === 'classes' || labels.values.length === 0) return 'classes';
  const axes = labels.shape.length;
  if (axes > 2) refuseOneHot(operation, labels);
  if (axes !== 2 || labels.shape[1]! < 2 || ignoreIndex !== undefined) return 'classes';
  if (classes > 2 && !(classes === labels.shape[1] && isOneHot(labels, 1))) return 'classes';
  if (every(labels.values, isZeroOrOne)) {
    if (every(predicted.values, isZeroOrOne)) return 'rows';
    if (!every(predicted.values, Number.isInteger))
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
}

interface ClassesSought extends ClassesWanted {
  /** How previous batches were read. */
  readonly before?: Reading | undefined;
}

/** The tensors that `readClasses` takes the elements of. */
interface ClassTensors {
  /** Classes: the caller's, or those with the largest scores. */
  readonly predicted: Tensor;
  readonly labels: Tensor;
  /** The largest scores; undefined if the caller has classes. NaN counts as the largest. */
  readonly largest: Tensor | undefined;
}

/**
 * Checks shapes, and finds the classes with the largest scores.
 *
 * @param predicted scores (N, C, …), of which the largest wins, or classes with the labels' shape
 */
export function classTensors(
  operation: string,
  predicted: Tensor,
  labels: Tensor,
  { classes: count }: ClassesWanted,
): ClassTensors {
  if (sameShape(predicted.shape, labels.shape)) return { predicted, labels, largest: undefined };
  requireScores(operation, 'predicted', predicted, labels);
  const classes = predicted.shape[1]!;
  if (count !== undefined && count !== classes)
    throw new ShapeError(operation, `expected ${count} classes`, [
      { name: 'predicted', axes: '(N, C)', shape: predicted.shape, note: `C = ${classes}` },
    ]);
  if (labels.count === 0) return { predicted: labels, labels, largest: labels };
  const { values, indices } = predicted.detach().max(1);
  return { predicted: indices, labels, largest: values };
}

/** What was read of a batch. */
export interface ClassElements {
  readonly predicted: Elements;
  readonly labels: Elements;
  readonly largest: Elements | undefined;
  readonly sampleWeight: Elements | undefined;
}

/** Checks predictions and labels. @param shape the predictions', classes or scores */
export function readClasses(
  operation: string,
  shape: Shape,
  { predicted, labels, largest, sampleWeight }: ClassElements,
  wanted: ClassesSought,
): ReadClasses {
  const { classes: count, ignoreIndex } = wanted;
  const all = readWeights(operation, sampleWeight, labels.shape);
  const kept = keptOf(labels, ignoreIndex);
  const weights = all && chosen(all, kept);
  if (largest === undefined) {
    if (readingOf(operation, predicted, labels, wanted) === 'rows')
      return {
        predicted: predicted.values,
        labels: labels.values,
        weights: all,
        count: undefined,
        rows: labels.shape[1]!,
      };
    return {
      predicted: readIndices(operation, 'predicted', predicted, count, kept),
      labels: readLabels(operation, labels, count, kept),
      weights,
      count,
    };
  }
  const classes = shape[1]!;
  requireNoNaNAmong(operation, shape, predicted.values, largest.values);
  return {
    predicted: chosen(predicted.values, kept),
    labels: readLabels(operation, labels, classes, kept),
    weights,
    count: classes,
  };
}

/** @throws NonFiniteError naming the first NaN of scores (N, C, …), whose first largest ones these are */
function requireNoNaNAmong(operation: string, shape: Shape, classes: Values, largest: Values): void {
  if (findValue(largest, Number.isNaN) < 0) return;
  const inner = sizeOf(shape.slice(2));
  let first = Number.POSITIVE_INFINITY;
  for (let i = 0; i < largest.length; i++) {
    if (!Number.isNaN(largest[i])) continue;
    const row = Math.floor(i / inner) * shape[1]! + classes[i]!;
    first = Math.min(first, row * inner + (i % inner));
  }
  throw new NonFiniteError(operation, `${element('predicted', first, shape)} is NaN`);
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
