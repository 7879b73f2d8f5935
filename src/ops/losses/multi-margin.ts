import { ShapeError } from '../../core/errors.js';
import { named } from '../../core/exact.js';
import { defineOptions, number, whole } from '../../core/options.js';
import { sameShape } from '../../core/shape.js';
import { checkTensors } from '../../tensor/argument.js';
import { dense } from '../../tensor/dense.js';
import { int32Tensor } from '../../tensor/int32.js';
import type { Tensor } from '../../tensor/tensor.js';
import { badTarget, checkClasses, checkIndices, requireClasses } from './cross-entropy.js';
import {
  type LossOptions,
  lossOptions,
  readLoss,
  reduceLosses,
  requireFloats,
  weightOption,
} from './reduction.js';

/** 0, 1, …, C − 1, on the engine of x. */
const classesOf = (x: Tensor, classes: number): Tensor =>
  int32Tensor(
    Array.from({ length: classes }, (_, c) => c),
    x.engine,
  );

function requireRows(operation: string, x: Tensor): void {
  if (x.ndim !== 1 && x.ndim !== 2)
    throw new ShapeError(operation, 'x needs a batch and classes, or classes alone', [
      { name: 'x', axes: '(N, C)', shape: x.shape },
    ]);
}

/** @throws IndexError for a target that is no class */
function requireLabels(operation: string, target: Tensor, classes: number): void {
  if (target.engine.firstOutside(dense(target), classes) >= 0) throw badTarget(operation, target, classes);
}

const asIndices = (target: Tensor): Tensor => (target.dtype === 'int32' ? target : target.to('int32'));

export interface MultiMarginLossOptions extends LossOptions {
  /** Exponent of each violation, 1 or 2 (default 1). */
  readonly p?: 1 | 2;
  /** By how much the target's score has to be ahead (default 1). */
  readonly margin?: number;
  /** Weight of each class (default 1). */
  readonly weight?: Tensor | null;
}

export const readMultiMargin = defineOptions({
  p: whole(1, { least: 1, most: 2 }),
  margin: number(1),
  ...weightOption,
  ...lossOptions,
});

/**
 * The hinge loss of several classes: w[t]/C · Σ_{c ≠ t} max(0, margin − x[t] + x[c])ᵖ.
 *
 * @shape x (N, C) or (C), target (N) or () of integers
 * @throws IndexError for a target that is no class, ShapeError if the shapes do not fit
 */
export const multiMarginLoss = named(
  'multiMarginLoss',
  (x: Tensor, target: Tensor, options?: MultiMarginLossOptions): Tensor => {
    checkTensors('multiMarginLoss', { x, target });
    const { p, margin, weight, reduction } = readMultiMargin('multiMarginLoss', options);
    checkClasses('multiMarginLoss', x, weight);
    requireRows('multiMarginLoss', x);
    checkIndices('multiMarginLoss', x, target);
    const classes = x.shape.at(-1)!;
    const labels = asIndices(target).unsqueeze(-1); // (N, 1)
    requireLabels('multiMarginLoss', labels, classes);
    const violations = x.sub(x.gather(-1, labels)).add(margin).relu(); // (N, C)
    const powers = p === 2 ? violations.square() : violations;
    const others = powers.where(labels.ne(classesOf(x, classes)), 0);
    const weighted = weight === null ? others : others.mul(weight.take(labels));
    return reduceLosses(weighted.sum(-1).div(classes), reduction);
  },
);

/**
 * The hinge loss of examples in several classes: 1/C · Σ_{t in T} Σ_{c not in T} max(0, 1 − x[t] + x[c]).
 *
 * @param target the classes T of each example, then −1; what comes after a −1 does not count
 * @shape x (N, C) or (C), target as x, of integers
 * @throws IndexError for a target that is no class, ShapeError if the shapes differ
 */
export function multilabelMarginLoss(x: Tensor, target: Tensor, options?: LossOptions): Tensor {
  checkTensors('multilabelMarginLoss', { x, target });
  const { reduction } = readLoss('multilabelMarginLoss', options);
  requireFloats('multilabelMarginLoss', x);
  requireClasses('multilabelMarginLoss', target);
  requireRows('multilabelMarginLoss', x);
  if (!sameShape(x.shape, target.shape))
    throw new ShapeError('multilabelMarginLoss', 'x and target need one shape', [
      { name: 'x', axes: '(N, C)', shape: x.shape },
      { name: 'target', axes: '(N, C)', shape: target.shape },
    ]);
  const classes = x.shape.at(-1)!;
  const given = asIndices(target);
  const counts = given.ne(-1).to('int32').cumprod(-1).to('bool'); // (N, C)
  const labels = given.where(counts, 0);
  requireLabels('multilabelMarginLoss', labels, classes);
  const listed = labels.unsqueeze(-1).eq(classesOf(x, classes)).logicalAnd(counts.unsqueeze(-1)); // (N, T, C)
  const isOther = listed.any(-2, { keepdim: true }).logicalNot(); // (N, 1, C)
  const violations = x.unsqueeze(-2).sub(x.gather(-1, labels).unsqueeze(-1)).add(1).relu(); // (N, T, C)
  const costs = violations.where(isOther.logicalAnd(counts.unsqueeze(-1)), 0);
  return reduceLosses(costs.sum([-2, -1]).div(classes), reduction);
}
