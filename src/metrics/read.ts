// What metrics are given, read and checked. Metrics count on the host, so they read at once.
import { isFloat } from '../core/dtype.js';
import { ArgumentError, IndexError, NonFiniteError, ShapeError } from '../core/errors.js';
import { listOf, whole } from '../core/options.js';
import type { Shape } from '../core/shape.js';
import { sameShape } from '../core/shape.js';
import type { Tensor } from '../index.js';

/** Numbers of a tensor, in row-major order. */
export type Values = ArrayLike<number>;

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

/** Whole numbers from 0; below `count`, if it is known. */
function readIndices(operation: string, name: string, x: Tensor, count: number | undefined): Values {
  const values = x.dataSync();
  const limit = count ?? MOST_CLASSES;
  const at = values.findIndex((value) => !(Number.isInteger(value) && value >= 0 && value < limit));
  if (at < 0) return values;
  const wrong = `${element(name, at, x.shape)} is ${values[at]}`;
  if (!Number.isInteger(values[at]))
    throw new ArgumentError(
      operation,
      `${wrong}, which is no class; classes are whole numbers from 0\n  hint: scores are (N, C); one score for two classes is compared with a threshold, such as p.gt(0.5)`,
    );
  const classes =
    count === undefined
      ? `classes go from 0 to at most ${MOST_CLASSES - 1}`
      : `there are ${count} (0 to ${count - 1})`;
  throw new IndexError(operation, `${wrong}, which is no class; ${classes}`);
}

/** Labels: whole numbers from 0, or booleans. @throws IndexError if one is out of range */
export const readLabels = (operation: string, labels: Tensor, count?: number): Values =>
  readIndices(operation, 'labels', labels, count);

/** @throws ShapeError unless `scores` have one for each class (N, C, …) and `labels` are (N, …) */
export function requireScores(operation: string, name: string, scores: Tensor, labels: Tensor): void {
  const [n, , ...rest] = scores.shape;
  if (scores.ndim < 2 || !sameShape([n!, ...rest], labels.shape))
    throw new ShapeError(operation, `${name} must be (N, C), labels (N)`, [
      { name, shape: scores.shape },
      { name: 'labels', shape: labels.shape },
    ]);
  if (scores.shape[1] === 1)
    throw new ShapeError(
      operation,
      `${name} have a single class`,
      [{ name, axes: '(N, C)', shape: scores.shape, note: 'C = 1' }],
      `one score for two classes is compared with a threshold, such as ${name}.squeeze(1).gt(0)`,
    );
}

/** What was predicted and what is true, as numbers of classes. */
export interface ReadClasses {
  readonly predicted: Values;
  readonly labels: Values;
  /** How many classes there are, where scores or the caller say so. */
  readonly count: number | undefined;
}

/**
 * Reads predictions and labels.
 *
 * @param predicted scores (N, C, …), of which the largest is taken, or classes of the labels' shape
 */
export function readClasses(
  operation: string,
  predicted: Tensor,
  labels: Tensor,
  count: number | undefined,
): ReadClasses {
  if (sameShape(predicted.shape, labels.shape))
    return {
      predicted: readIndices(operation, 'predicted', predicted, count),
      labels: readLabels(operation, labels, count),
      count,
    };
  requireScores(operation, 'predicted', predicted, labels);
  const classes = predicted.shape[1]!;
  if (count !== undefined && count !== classes)
    throw new ShapeError(operation, `there are to be ${count} classes`, [
      { name: 'predicted', axes: '(N, C)', shape: predicted.shape, note: `C = ${classes}` },
    ]);
  requireNoNaN(operation, 'predicted', predicted);
  const chosen = labels.size === 0 ? labels : predicted.detach().argmax(1);
  return { predicted: chosen.dataSync(), labels: readLabels(operation, labels, classes), count: classes };
}

/** What `ClassesOptions` may be. */
export const classesSpec = { classes: whole(undefined, { least: 1, most: MOST_CLASSES }) };

/** What chooses among classes may be. */
export const chosenSpec = { labels: listOf(whole(0, { least: 0, below: MOST_CLASSES }), undefined) };

/** @throws ArgumentError unless `labels` are different, and some */
export function checkChosen(operation: string, labels: readonly number[] | undefined): void {
  if (labels === undefined) return;
  if (labels.length === 0) throw new ArgumentError(operation, 'labels must name at least one class');
  const twice = labels.find((label, i) => labels.indexOf(label) !== i);
  if (twice !== undefined) throw new ArgumentError(operation, `the label ${twice} comes twice`);
}
