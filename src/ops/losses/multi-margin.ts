import { defineOp } from '../../autograd/op.js';
import { ShapeError } from '../../core/errors.js';
import { named } from '../../core/exact.js';
import { defineOptions, number, whole } from '../../core/options.js';
import { sameShape } from '../../core/shape.js';
import type { MultiMarginParameters } from '../../engine/loss.js';
import { checkTensors } from '../../tensor/argument.js';
import { dense } from '../../tensor/dense.js';
import { empty, type Tensor } from '../../tensor/tensor.js';
import { badTarget, checkClasses, checkIndices, onesOf, requireClasses } from './cross-entropy.js';
import {
  type LossOptions,
  lossOptions,
  type Reduction,
  readLoss,
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

/** The batch that x is a row of, if it is one alone. */
const asRows = (x: Tensor): Tensor => (x.ndim === 1 ? x.unsqueeze(0) : x);

/** The gradient of each row's loss, beside a row of x. */
const besideRows = (g: Tensor, reduction: Reduction): Tensor => (reduction === 'none' ? g.unsqueeze(-1) : g);

/** x (N, C), int32 target (N), weight (C) or null. */
const multiMarginOp = defineOp<[Tensor, Tensor, Tensor | null], MultiMarginParameters>({
  name: 'multiMarginLoss',
  forward(ctx, [input, target, weight], parameters) {
    const x = dense(input);
    const out = empty(parameters.reduction === 'none' ? target.shape : [], x.dtype, x.engine);
    const weights = weight === null ? null : dense(weight);
    const fault = badTarget('multiMarginLoss', x.shape[1]!);
    x.engine.multiMargin(out, x, dense(target), weights, parameters, fault);
    ctx.save(input, target, ...(weight === null ? [] : [weight]));
    return out;
  },
  backward({ saved, attrs, createGraph }, g) {
    const [x, target] = saved as [Tensor, Tensor];
    const weight = saved[2] ?? null;
    if (createGraph) return [differentiableMultiMargin(x, target, weight, attrs, g), null, null];
    const dx = empty(x.shape, x.dtype, x.engine);
    const weights = weight === null ? null : dense(weight);
    x.engine.multiMarginBackward(dx, dense(g), dense(x), dense(target), weights, attrs);
    return [dx, null, null];
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
const multilabelMarginOp = defineOp<[Tensor, Tensor], { reduction: Reduction }>({
  name: 'multilabelMarginLoss',
  forward(ctx, [input, target], { reduction }) {
    const x = dense(input);
    const out = empty(reduction === 'none' ? x.shape.slice(0, 1) : [], x.dtype, x.engine);
    const fault = badTarget('multilabelMarginLoss', x.shape[1]!);
    x.engine.multilabelMargin(out, x, dense(target), reduction, fault);
    ctx.save(input, target);
    return out;
  },
  backward({ saved, attrs: { reduction }, createGraph }, g) {
    const [x, target] = saved as [Tensor, Tensor];
    const fused = (grad: Tensor): Tensor => {
      const dx = empty(x.shape, x.dtype, x.engine);
      x.engine.multilabelMarginBackward(dx, dense(grad), dense(x), dense(target), reduction);
      return dx;
    };
    return [createGraph ? fused(onesOf(g)).mul(besideRows(g, reduction)) : fused(g), null];
  },
});

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
 * @throws IndexError for a target that is not a class, ShapeError if the shapes do not fit
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
 * The hinge loss of examples in several classes: 1/C · Σ_{t in T} Σ_{c not in T} max(0, 1 − x[t] + x[c]).
 *
 * @param target the classes T of each example, then −1; what comes after a −1 does not count
 * @shape x (N, C) or (C), target as x, of integers
 * @throws IndexError for a target that is not a class, ShapeError if the shapes differ
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
  const losses = multilabelMarginOp([asRows(x), asRows(asIndices(target))], { reduction });
  return reduction === 'none' && x.ndim === 1 ? losses.squeeze(0) : losses;
}
