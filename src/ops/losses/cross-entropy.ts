import { defineFused, kernelsOf } from '../../autograd/fused.js';
import type { BackwardContext } from '../../autograd/node.js';
import { isFloat } from '../../core/dtype.js';
import { DTypeError, IndexError, ShapeError } from '../../core/errors.js';
import { defineOptions, number, whole } from '../../core/options.js';
import { type Shape, sameShape } from '../../core/shape.js';
import type { OutOfRange } from '../../engine/fault.js';
import type { CrossEntropyParameters, LossEngine, NllParameters, Reduction } from '../../engine/loss.js';
import { checkTensors } from '../../tensor/argument.js';
import { dense } from '../../tensor/dense.js';
import { empty, emptyLike, type Tensor } from '../../tensor/tensor.js';
import { zerosOf } from '../axes.js';
import { integerHint } from '../indexing/indices.js';
import { type LossOptions, lossOptions, requireFloats, weightOption } from './reduction.js';

/** The error for a target that isn't a class. */
export const badTarget =
  (operation: string, classes: number): OutOfRange =>
  (position, value) =>
    new IndexError(
      operation,
      `target ${value} at position ${position} isn't a class; there are ${classes} (0 to ${classes - 1})`,
    );

/** Rows with a target that isn't `ignoreIndex`, and their classes; 0 elsewhere. */
interface Labels {
  readonly counts: Tensor;
  readonly labels: Tensor;
}

function labelsOf(operation: string, target: Tensor, classes: number, ignoreIndex: number): Labels {
  const counts = target.ne(ignoreIndex);
  const labels = target.where(counts, 0);
  labels.engine.requireInside(dense(labels), classes, badTarget(operation, classes));
  return { counts, labels };
}

/** The weighted losses of rows, some of which may not count, reduced as requested. */
function reduceRows(
  losses: Tensor,
  { counts }: Labels,
  weights: Tensor | null,
  reduction: Reduction,
): Tensor {
  const kept = losses.where(counts, 0);
  if (reduction === 'none') return kept;
  if (reduction === 'sum') return kept.sum();
  const total = weights === null ? counts.sum() : weights.where(counts, 0).sum();
  return kept.sum().div(total.to(losses.dtype));
}

/** −x[t] for each row of log-probabilities (N, C, …). */
const ofTarget = (x: Tensor, labels: Tensor): Tensor => x.gather(1, labels.unsqueeze(1)).squeeze(1).neg();

/** x (N, C, …), int32 target (N, …), weight (C) or null. */
const crossEntropyOp = defineFused<'loss', [Tensor, Tensor, Tensor | null], CrossEntropyParameters>({
  name: 'crossEntropy',
  family: 'loss',
  composition([x, target, weight], { ignoreIndex, labelSmoothing, reduction }) {
    const classes = x.shape[1]!;
    const found = labelsOf('crossEntropy', target, classes, ignoreIndex);
    const weights = weight === null ? null : weight.detach().take(found.labels);
    const logs = x.logSoftmax(1);
    const exact = ofTarget(logs, found.labels);
    const losses = weights === null ? exact : exact.mul(weights);
    if (labelSmoothing === 0) return reduceRows(losses, found, weights, reduction);
    const perClass = x.shape.map((_, i) => (i === 1 ? classes : 1));
    const spread = (weight === null ? logs : logs.mul(weight.detach().reshape(perClass))).sum(1);
    const smooth = losses.mul(1 - labelSmoothing).sub(spread.mul(labelSmoothing / classes));
    return reduceRows(smooth, found, weights, reduction);
  },
  forward(kernels, ctx, [input, target, weight], parameters) {
    const x = dense(input);
    const stats = empty([2 * target.count + 1], x.dtype, x.engine);
    const out = empty(parameters.reduction === 'none' ? target.shape : [], x.dtype, x.engine);
    const weights = weight === null ? null : dense(weight);
    const fault = badTarget('crossEntropy', x.shape[1]!);
    kernels.crossEntropy(out, stats, x, dense(target), weights, parameters, fault);
    ctx.save(input, target, stats, ...(weight === null ? [] : [weight]));
    return out;
  },
  backward(kernels, { saved, attrs }, grad) {
    const [x, target, stats, weight = null] = saved as [Tensor, Tensor, Tensor, Tensor?];
    const dx = emptyLike(dense(x));
    const weights = weight === null ? null : dense(weight);
    kernels.crossEntropyBackward(dx, dense(grad), stats, dense(x), dense(target), weights, attrs);
    return [dx, null, null];
  },
  gradient({ saved, attrs }, grad) {
    const [x, target, stats, weight = null] = saved as [Tensor, Tensor, Tensor, Tensor?];
    return [differentiableGradient(x, target, stats, weight, attrs, grad), null, null];
  },
});

/** x (N, C, …), int32 target (N, …), weight (C) or null. */
const nllOp = defineFused<'loss', [Tensor, Tensor, Tensor | null], NllParameters>({
  name: 'nllLoss',
  family: 'loss',
  composition([x, target, weight], { ignoreIndex, reduction }) {
    const found = labelsOf('nllLoss', target, x.shape[1]!, ignoreIndex);
    const weights = weight === null ? null : weight.detach().take(found.labels);
    const losses = ofTarget(x, found.labels);
    return reduceRows(weights === null ? losses : losses.mul(weights), found, weights, reduction);
  },
  forward(kernels, ctx, [input, target, weight], parameters) {
    const x = dense(input);
    const divisor = empty([], x.dtype, x.engine);
    const out = empty(parameters.reduction === 'none' ? target.shape : [], x.dtype, x.engine);
    const weights = weight === null ? null : dense(weight);
    const fault = badTarget('nllLoss', x.shape[1]!);
    kernels.nll(out, divisor, x, dense(target), weights, parameters, fault);
    ctx.save(input, target, divisor, ...(weight === null ? [] : [weight]));
    return out;
  },
  backward: (kernels, ctx, grad) => [nllSlopes(kernels, ctx, grad), null, null],
  gradient(ctx, grad) {
    const slopes = nllSlopes(kernelsOf(grad, 'loss'), ctx, onesOf(grad));
    return [slopes.mul(ctx.attrs.reduction === 'none' ? grad.unsqueeze(1) : grad), null, null];
  },
});

function nllSlopes(
  kernels: LossEngine,
  { saved, attrs }: Pick<BackwardContext<NllParameters>, 'saved' | 'attrs'>,
  grad: Tensor,
): Tensor {
  const [x, target, divisor, weight] = saved as [Tensor, Tensor, Tensor, Tensor?];
  const dx = empty(x.shape, x.dtype, x.engine);
  kernels.nllBackward(dx, dense(grad), divisor, dense(target), weight ? dense(weight) : null, attrs);
  return dx;
}

/** Ones in the shape of g: with them, a gradient's kernel returns its slopes. */
export function onesOf(g: Tensor): Tensor {
  const ones = empty(g.shape, g.dtype, g.engine);
  g.engine.fill(ones, 1);
  return ones;
}

/** dx = p · Σ_c k[c] − k, where the loss is −Σ_c k[c]·log p[c] and p = softmax(x). */
function differentiableGradient(
  x: Tensor,
  target: Tensor,
  stats: Tensor,
  weight: Tensor | null,
  { ignoreIndex, labelSmoothing, reduction }: CrossEntropyParameters,
  grad: Tensor,
): Tensor {
  const classes = x.shape[1]!;
  const counts = target.ne(ignoreIndex);
  const labels = target.where(counts, 0);
  const perClass = x.shape.map((_, i) => (i === 1 ? classes : 1));
  const share = zerosOf([classes], x).add(labelSmoothing / classes);
  const spreadShare = (weight === null ? share : share.mul(weight)).reshape(perClass);
  const hit = zerosOf([classes], x).add(1 - labelSmoothing);
  const hits = (weight === null ? hit : hit.mul(weight)).take(labels);
  const scale = reduction === 'none' ? grad : grad.div(stats.narrow(0, 2 * target.count, 1).reshape([]));
  const constants = zerosOf(x.shape, x).scatter(1, labels.unsqueeze(1), hits.unsqueeze(1)).add(spreadShare);
  const k = constants.where(counts.unsqueeze(1), 0).mul(reduction === 'none' ? scale.unsqueeze(1) : scale);
  return x
    .softmax(1)
    .mul(k.sum(1, { keepdim: true }))
    .sub(k);
}

export interface CrossEntropyOptions extends LossOptions {
  /** The weight of each class (default 1). */
  readonly weight?: Tensor | null;
  /** The class index that doesn't count (default −100). */
  readonly ignoreIndex?: number;
  /** The share of the target that's spread over all classes, from 0 to 1 (default 0). */
  readonly labelSmoothing?: number;
}

const classOptions = { ...weightOption, ignoreIndex: whole(-100) };
export const readCrossEntropy = defineOptions({
  ...classOptions,
  labelSmoothing: number(0, { least: 0, most: 1 }),
  ...lossOptions,
});
export const readNll = defineOptions({ ...classOptions, ...lossOptions });

/** @throws unless x is floating with an axis of classes, and there's a weight for each class or none at all */
export function checkClasses(operation: string, x: Tensor, weight: Tensor | null): void {
  requireFloats(operation, x);
  if (x.ndim === 0)
    throw new ShapeError(operation, 'x needs an axis of classes', [{ name: 'x', shape: x.shape }]);
  const classes = x.ndim === 1 ? x.shape[0]! : x.shape[1]!;
  if (weight !== null && !sameShape(weight.shape, [classes]))
    throw new ShapeError(operation, 'needs one weight for each class', [
      { name: 'x', shape: x.shape, note: `C = ${classes}` },
      { name: 'weight', shape: weight.shape, note: `expects [${classes}]` },
    ]);
  if (weight !== null && weight.dtype !== x.dtype)
    throw new DTypeError(
      operation,
      `weight is ${weight.dtype}, x is ${x.dtype}\n  hint: convert one with to()`,
    );
}

/** @throws DTypeError unless targets are integers */
export function requireClasses(operation: string, target: Tensor): void {
  if (isFloat(target.dtype))
    throw new DTypeError(
      operation,
      `targets are class indices, which must be integers, got ${target.dtype}\n  hint: ${integerHint}`,
    );
}

/** @throws DTypeError unless targets are integers, ShapeError unless there is one index for each row of classes */
export function checkIndices(operation: string, x: Tensor, target: Tensor): void {
  requireClasses(operation, target);
  const wanted: Shape = x.ndim === 1 ? [] : [x.shape[0]!, ...x.shape.slice(2)];
  if (sameShape(target.shape, wanted)) return;
  throw new ShapeError(
    operation,
    'needs one class index for each row of x',
    [
      { name: 'x', shape: x.shape, axes: x.ndim === 1 ? '(C)' : '(N, C, …)' },
      { name: 'target', shape: target.shape, axes: '(N, …)', note: `expects [${wanted.join(', ')}]` },
    ],
    sameShape(target.shape, x.shape) ? 'class probabilities must be floating' : undefined,
  );
}

/** Like PyTorch, treats x (C) and its target as a batch of one, which the result drops. */
const asBatch = (t: Tensor, alone: boolean): Tensor => (alone ? t.unsqueeze(0) : t);

/**
 * −log softmax(x)[t], from logits. Targets are class indices or probabilities of the classes.
 *
 * For indices: l = −w[t]·((1 − ε)·log p[t]) − ε/C · Σ_c w[c]·log p[c], p = softmax(x); the mean is
 * Σ l / Σ w[t] over the targets that count. For probabilities q: l = −Σ_c w[c]·q[c]·log p[c], with q smoothed
 * to (1 − ε)·q + ε/C; the mean is over the rows.
 *
 * @shape x (N, C, …) or (C), target (N, …) or () of integers, or like x → a number, or like indices
 * @throws IndexError for a target that isn't a class, ShapeError if the shapes don't match
 * @differs with `ignoreIndex` and smoothing, the mean never counts ignored targets (as in PyTorch since 2.0)
 * @source notes 2.4; label smoothing: Szegedy et al. 2016, arXiv:1512.00567
 */
export function crossEntropy(x: Tensor, target: Tensor, options?: CrossEntropyOptions): Tensor {
  checkTensors('crossEntropy', { x, target });
  const { weight, ignoreIndex, labelSmoothing, reduction } = readCrossEntropy('crossEntropy', options);
  checkClasses('crossEntropy', x, weight);
  const alone = x.ndim === 1;
  if (isFloat(target.dtype)) {
    if (!sameShape(x.shape, target.shape))
      throw new ShapeError(
        'crossEntropy',
        'floating targets must be probabilities of the classes',
        [
          { name: 'x', shape: x.shape },
          { name: 'target', shape: target.shape, note: 'expects the shape of x' },
        ],
        `class indices must be integers: ${integerHint}`,
      );
    return softTargets(asBatch(x, alone), asBatch(target, alone), weight, labelSmoothing, reduction, alone);
  }
  checkIndices('crossEntropy', x, target);
  const indices = target.dtype === 'int32' ? target : target.to('int32');
  const parameters = { ignoreIndex, labelSmoothing, reduction };
  const loss = crossEntropyOp([asBatch(x, alone), asBatch(indices, alone), weight], parameters);
  return alone && reduction === 'none' ? loss.squeeze(0) : loss;
}

function softTargets(
  x: Tensor,
  target: Tensor,
  weight: Tensor | null,
  smoothing: number,
  reduction: string,
  alone: boolean,
): Tensor {
  const classes = x.shape[1]!;
  const q = smoothing > 0 ? target.mul(1 - smoothing).add(smoothing / classes) : target;
  const perClass = x.shape.map((_, i) => (i === 1 ? classes : 1));
  const terms = x.logSoftmax(1).mul(weight === null ? q : q.mul(weight.reshape(perClass)));
  if (reduction === 'sum') return terms.sum().neg();
  if (reduction === 'mean') return terms.sum().div(-(x.count / classes));
  const losses = terms.sum(1).neg();
  return alone ? losses.squeeze(0) : losses;
}

export interface NllLossOptions extends LossOptions {
  /** The weight of each class (default 1). */
  readonly weight?: Tensor | null;
  /** The class index that doesn't count (default −100). */
  readonly ignoreIndex?: number;
}

/**
 * −w[t]·x[t], from log-probabilities; the mean divides by Σ w[t] over the targets that count.
 *
 * @shape x (N, C, …) or (C), target (N, …) or () of integers
 * @throws IndexError for a target that isn't a class, ShapeError if the shapes don't match
 */
export function nllLoss(x: Tensor, target: Tensor, options?: NllLossOptions): Tensor {
  checkTensors('nllLoss', { x, target });
  const { weight, ignoreIndex, reduction } = readNll('nllLoss', options);
  checkClasses('nllLoss', x, weight);
  checkIndices('nllLoss', x, target);
  const alone = x.ndim === 1;
  const rows = asBatch(x, alone);
  const indices = asBatch(target.dtype === 'int32' ? target : target.to('int32'), alone);
  const losses = nllOp([rows, indices, weight], { ignoreIndex, reduction });
  return alone && reduction === 'none' ? losses.squeeze(0) : losses;
}
