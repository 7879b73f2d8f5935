import { defineFused, kernelsOf } from '../../autograd/fused.js';
import { ShapeError } from '../../core/errors.js';
import { named } from '../../core/exact.js';
import { defineOptions, number, whole } from '../../core/options.js';
import { sameShape } from '../../core/shape.js';
import type { LossEngine, MultiMarginParameters } from '../../engine/loss.js';
import { checkTensors } from '../../tensor/argument.js';
import { dense } from '../../tensor/dense.js';
import { empty, type Tensor } from '../../tensor/tensor.js';
import { zerosOf } from '../axes.js';
import { badTarget, checkClasses, checkIndices, onesOf, requireClasses } from './cross-entropy.js';
import {
  type LossOptions,
  lossOptions,
  type Reduction,
  readLoss,
  reduceLosses,
  requireFloats,
  weightOption,
} from './reduction.js';

function requireRows(operation: string, x: Tensor): void {
  if (x.ndim !== 1 && x.ndim !== 2)
    throw new ShapeError(operation, 'x needs a batch and classes, or classes alone', [
      { name: 'x', axes: '(N, C)', shape: x.shape },
    ]);
}

const asIndices = (target: Tensor): Tensor => (target.dtype === 'int32' ? target : target.to('int32'));

/** The batch that x is a row of, if it's a single row. */
const asRows = (x: Tensor): Tensor => (x.ndim === 1 ? x.unsqueeze(0) : x);

/** Checks that targets are classes. */
const requireInside = (operation: string, target: Tensor, classes: number): void =>
  target.engine.requireInside(dense(target), classes, badTarget(operation, classes));

/** The gradient of each row's loss, with an axis to broadcast over a row of x. */
const besideRows = (g: Tensor, reduction: Reduction): Tensor => (reduction === 'none' ? g.unsqueeze(-1) : g);

/** x (N, C), int32 target (N), weight (C) or null. */
const multiMarginOp = defineFused<'loss', [Tensor, Tensor, Tensor | null], MultiMarginParameters>({
  name: 'multiMarginLoss',
  family: 'loss',
  composition([x, target, weight], { p, margin, reduction }) {
    const classes = x.shape[1]!;
    requireInside('multiMarginLoss', target, classes);
    const labels = target.unsqueeze(1); // (N, 1)
    const violations = x.sub(x.gather(1, labels)).add(margin).relu().scatter(1, labels, 0);
    const losses = (p === 2 ? violations.square() : violations).sum(1).div(classes);
    return reduceLosses(weight === null ? losses : losses.mul(weight.detach().take(target)), reduction);
  },
  forward(kernels, ctx, [input, target, weight], parameters) {
    const x = dense(input);
    const out = empty(parameters.reduction === 'none' ? target.shape : [], x.dtype, x.engine);
    const weights = weight === null ? null : dense(weight);
    const fault = badTarget('multiMarginLoss', x.shape[1]!);
    kernels.multiMargin(out, x, dense(target), weights, parameters, fault);
    ctx.save(input, target, ...(weight === null ? [] : [weight]));
    return out;
  },
  backward(kernels, { saved, attrs }, g) {
    const [x, target, weight = null] = saved as [Tensor, Tensor, Tensor?];
    const dx = empty(x.shape, x.dtype, x.engine);
    const weights = weight === null ? null : dense(weight);
    kernels.multiMarginBackward(dx, dense(g), dense(x), dense(target), weights, attrs);
    return [dx, null, null];
  },
  gradient({ saved, attrs }, g) {
    const [x, target, weight = null] = saved as [Tensor, Tensor, Tensor?];
    return [differentiableMultiMargin(x, target, weight, attrs, g), null, null];
  },
});

/** dx[c] = d[c] for c ≠ t, dx[t] = −Σ_c d[c], where d is the slope of each violation. */
function differentiableMultiMargin(
  x: Tensor,
  target: Tensor,
  weight: Tensor | null,
  { p, margin, reduction }: MultiMarginParameters,
  g: Tensor,
): Tensor {
  const [rows, classes] = x.shape as [number, number];
  const labels = target.unsqueeze(1); // (N, 1)
  const violations = x.sub(x.gather(1, labels)).add(margin).relu();
  const slopes = p === 2 ? violations.mul(2) : violations.ne(0).to(x.dtype);
  const others = slopes.scatter(1, labels, 0);
  const scale = besideRows(g, reduction).div(reduction === 'mean' ? rows * classes : classes);
  const d = others.mul(weight === null ? scale : scale.mul(weight.take(labels)));
  return d.scatter(1, labels, d.sum(1, { keepdim: true }).neg());
}

/** x (N, C), int32 target (N, C). */
const multilabelMarginOp = defineFused<'loss', [Tensor, Tensor], { reduction: Reduction }>({
  name: 'multilabelMarginLoss',
  family: 'loss',
  composition([x, target], { reduction }) {
    const [rows, classes] = x.shape as [number, number];
    const counts = target.eq(-1).cumsum(1).eq(0); // up to the first −1
    const labels = target.where(counts, 0);
    requireInside('multilabelMarginLoss', labels, classes);
    const among = zerosOf([rows, classes], labels).scatterReduce(1, labels, counts.to('int32'), 'amax');
    const scores = x.gather(1, labels).unsqueeze(2); // (N, targets, 1)
    const violations = x.unsqueeze(1).sub(scores).add(1).relu(); // (N, targets, C)
    const counted = counts.unsqueeze(2).logicalAnd(among.eq(0).unsqueeze(1));
    return reduceLosses(violations.where(counted, 0).sum([1, 2]).div(classes), reduction);
  },
  forward(kernels, ctx, [input, target], { reduction }) {
    const x = dense(input);
    const out = empty(reduction === 'none' ? x.shape.slice(0, 1) : [], x.dtype, x.engine);
    const fault = badTarget('multilabelMarginLoss', x.shape[1]!);
    kernels.multilabelMargin(out, x, dense(target), reduction, fault);
    ctx.save(input, target);
    return out;
  },
  backward: (kernels, { saved, attrs }, g) => [multilabelSlopes(kernels, saved, attrs.reduction, g), null],
  gradient({ saved, attrs: { reduction } }, g) {
    const slopes = multilabelSlopes(kernelsOf(g, 'loss'), saved, reduction, onesOf(g));
    return [slopes.mul(besideRows(g, reduction)), null];
  },
});

function multilabelSlopes(
  kernels: LossEngine,
  saved: readonly Tensor[],
  reduction: Reduction,
  g: Tensor,
): Tensor {
  const [x, target] = saved as [Tensor, Tensor];
  const dx = empty(x.shape, x.dtype, x.engine);
  kernels.multilabelMarginBackward(dx, dense(g), dense(x), dense(target), reduction);
  return dx;
}

export interface MultiMarginLossOptions extends LossOptions {
  /** The exponent of each violation, 1 or 2 (default 1). */
  readonly p?: 1 | 2;
  /** By how much the target's score must be ahead (default 1). */
  readonly margin?: number;
  /** The weight of each class (default 1). */
  readonly weight?: Tensor | null;
}

export const readMultiMargin = defineOptions({
  p: whole(1, { least: 1, most: 2 }),
  margin: number(1),
  ...weightOption,
  ...lossOptions,
});

/**
 * The multi-class hinge loss: w[t]/C · Σ_{c ≠ t} max(0, margin − x[t] + x[c])ᵖ.
 *
 * @shape x (N, C) or (C), target (N) or () of integers
 * @throws IndexError for a target that isn't a class, ShapeError if the shapes don't match
 */
export const multiMarginLoss = named(
  'multiMarginLoss',
  (x: Tensor, target: Tensor, options?: MultiMarginLossOptions): Tensor => {
    checkTensors('multiMarginLoss', { x, target });
    const { p, margin, weight, reduction } = readMultiMargin('multiMarginLoss', options);
    checkClasses('multiMarginLoss', x, weight);
    requireRows('multiMarginLoss', x);
    checkIndices('multiMarginLoss', x, target);
    const rows = asRows(x);
    const losses = multiMarginOp([rows, asIndices(target).reshape([rows.shape[0]!]), weight], {
      p,
      margin,
      reduction,
    });
    return reduction === 'none' ? losses.reshape(target.shape) : losses;
  },
);

/**
 * The hinge loss of examples that belong to several classes: 1/C · Σ_{t in T} Σ_{c not in T} max(0, 1 − x[t] + x[c]).
 *
 * @param target the classes T of each example, then −1; anything after a −1 is ignored
 * @shape x (N, C) or (C), target as x, of integers
 * @throws IndexError for a target that isn't a class, ShapeError if the shapes differ
 */
export function multilabelMarginLoss(x: Tensor, target: Tensor, options?: LossOptions): Tensor {
  checkTensors('multilabelMarginLoss', { x, target });
  const { reduction } = readLoss('multilabelMarginLoss', options);
  requireFloats('multilabelMarginLoss', x);
  requireClasses('multilabelMarginLoss', target);
  requireRows('multilabelMarginLoss', x);
  if (!sameShape(x.shape, target.shape))
    throw new ShapeError('multilabelMarginLoss', 'x and target need the same shape', [
      { name: 'x', axes: '(N, C)', shape: x.shape },
      { name: 'target', axes: '(N, C)', shape: target.shape },
    ]);
  const losses = multilabelMarginOp([asRows(x), asRows(asIndices(target))], { reduction });
  return reduction === 'none' && x.ndim === 1 ? losses.squeeze(0) : losses;
}
