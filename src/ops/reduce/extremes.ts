import { defineMultiOp, defineOp } from '../../autograd/op.js';
import { named } from '../../core/exact.js';
import { normalizeAxis, type Shape } from '../../core/shape.js';
import { checkTensors } from '../../tensor/argument.js';
import { attach } from '../../tensor/attach.js';
import { dense } from '../../tensor/dense.js';
import { empty, Tensor, view } from '../../tensor/tensor.js';
import {
  type Dims,
  type KeepDimOptions,
  readKeepdim,
  reducedAxes,
  reducedShape,
  requireElements,
  splitArguments,
  spread,
  zerosOf,
} from '../axes.js';
import type { Extremes } from './scans.js';

type Extreme = 'max' | 'min';

interface ExtremeReduction {
  readonly op: Extreme;
  readonly axes: readonly number[];
  readonly keepdim: boolean;
  /** Whether the gradient of a NaN result goes to all NaNs, as in PyTorch's `max()`, or to no element. */
  readonly matchNaN?: boolean;
}

/**
 * 1 / (the number of elements that equal the result) at those elements, 0 elsewhere: ties share the gradient.
 * With `matchNaN`, all NaNs share it if the result is NaN.
 */
function shares(x: Tensor, y: Tensor, { axes, keepdim, matchNaN }: ExtremeReduction): Tensor {
  const equal = x.eq(spread(y, x.shape, axes, keepdim));
  const hits = (matchNaN ? equal.logicalOr(x.isnan()) : equal).to(x.dtype);
  return hits.div(hits.sum(axes, { keepdim: true }));
}

const extremeOp = defineOp<[Tensor], ExtremeReduction>({
  name: 'amax',
  forward(ctx, [x], { op, axes, keepdim }) {
    const out = empty(reducedShape(x.shape, axes, keepdim), x.dtype, x.engine);
    x.engine.reduce(op, out, x, axes);
    ctx.save(x, out);
    return out;
  },
  backward({ saved: [x, y], attrs }, g) {
    const even = shares(x!.detach(), y!.detach(), attrs);
    return [spread(g, x!.shape, attrs.axes, attrs.keepdim).mul(even)];
  },
});

interface Pick {
  readonly axis: number;
  readonly keepdim: boolean;
  readonly shape: Shape;
}

/** The gradient of results picked from x by index along an axis. */
function scatterPicked(g: Tensor, indices: Tensor, { axis, keepdim, shape }: Pick): Tensor {
  if (shape.length === 0) return g;
  const [source, index] = keepdim ? [g, indices] : [g.unsqueeze(axis), indices.unsqueeze(axis)];
  return zerosOf(shape, g).scatter(axis, index, source);
}

const pickOp = defineMultiOp<[Tensor], Pick & { op: Extreme }, readonly [Tensor, Tensor]>({
  name: 'max',
  forward(ctx, [x], { op, axis, keepdim }) {
    const shape = reducedShape(x.shape, x.ndim === 0 ? [] : [axis], keepdim);
    const values = empty(shape, x.dtype, x.engine);
    const indices = empty(shape, 'int32', x.engine);
    x.engine.argReduce(op, indices, values, x, axis);
    ctx.save(indices);
    return [values, indices];
  },
  backward: ({ saved: [indices], attrs }, [g]) => [g ? scatterPicked(g, indices!, attrs) : null],
});

const reduceExtreme =
  (op: Extreme, name: string) =>
  (x: Tensor, dim?: Dims | KeepDimOptions, options?: KeepDimOptions): Tensor => {
    checkTensors(name, { x });
    const [dims, given] = splitArguments(name, dim, options);
    const { keepdim } = readKeepdim(name, given);
    const axes = reducedAxes(name, dims, x.ndim);
    requireElements(name, x, axes);
    return extremeOp([x], { op, axes, keepdim });
  };

/**
 * The largest element over axes, by default all; NaN if there is one. Ties share the gradient.
 *
 * @throws ShapeError if there is nothing to pick from
 */
export const amax = reduceExtreme('max', 'amax');

/** The smallest element over axes, by default all; NaN if there is one. Ties share the gradient. */
export const amin = reduceExtreme('min', 'amin');

function pickAxis(name: string, x: Tensor, dim: number): number {
  const axis = normalizeAxis(name, dim, x.ndim);
  requireElements(name, x, x.ndim === 0 ? [] : [axis]);
  return axis;
}

function extreme(
  op: Extreme,
  x: Tensor,
  dim: number | Tensor | undefined,
  options?: KeepDimOptions,
): Tensor | Extremes {
  const { keepdim } = readKeepdim(op, options);
  if (dim instanceof Tensor) return op === 'max' ? x.maximum(dim) : x.minimum(dim);
  if (dim === undefined) {
    const axes = reducedAxes(op, null, x.ndim);
    requireElements(op, x, axes);
    return extremeOp([x], { op, axes, keepdim: false, matchNaN: true });
  }
  const axis = pickAxis(op, x, dim);
  const [values, indices] = pickOp([x], { op, axis, keepdim, shape: x.shape });
  return { values, indices };
}

const largest = named('max', extreme);
const smallest = named('min', extreme);

/**
 * The largest element of all; or, with an axis, the largest along it and their positions, the first one
 * of ties; or, with another tensor, the larger element of each pair. NaN counts as the largest.
 *
 * The gradient goes to the element that was picked; without an axis, ties share it.
 *
 * @throws ShapeError if there is nothing to pick from
 * @example
 * const { values, indices } = tensor([[1, 5], [7, 2]]).max(1); // [5, 7], [1, 0]
 */
export function max(x: Tensor): Tensor;
export function max(x: Tensor, dim: number, options?: KeepDimOptions): Extremes;
export function max(x: Tensor, other: Tensor): Tensor;
export function max(x: Tensor, dim?: number | Tensor, options?: KeepDimOptions): Tensor | Extremes {
  checkTensors('max', { x });
  return largest('max', x, dim, options);
}

/** Like `max`, but for the smallest; NaN counts as the smallest. */
export function min(x: Tensor): Tensor;
export function min(x: Tensor, dim: number, options?: KeepDimOptions): Extremes;
export function min(x: Tensor, other: Tensor): Tensor;
export function min(x: Tensor, dim?: number | Tensor, options?: KeepDimOptions): Tensor | Extremes {
  checkTensors('min', { x });
  return smallest('min', x, dim, options);
}

const argExtremeOp = defineOp<[Tensor], ExtremeReduction>({
  name: 'argmax',
  forward(_, [x], { op, axes, keepdim }) {
    const out = empty(reducedShape(x.shape, axes, keepdim), 'int32', x.engine);
    const line = axes.length === 1 ? x : view(dense(x), [x.count], [1]);
    x.engine.argReduce(op, out, null, line, axes.length === 1 ? axes[0]! : 0);
    return out;
  },
});

const argExtreme =
  (op: Extreme, name: string) =>
  (x: Tensor, dim?: number | null | KeepDimOptions, options?: KeepDimOptions): Tensor => {
    checkTensors(name, { x });
    const [dims, given] = splitArguments(name, dim, options);
    const { keepdim } = readKeepdim(name, given);
    const axes = reducedAxes(name, dims, x.ndim);
    requireElements(name, x, axes);
    return argExtremeOp([x], { op, axes, keepdim });
  };

/**
 * The position of the largest element, the first one of ties, along an axis or, by default, in the flattened
 * tensor. int32. NaN counts as the largest.
 */
export const argmax = argExtreme('max', 'argmax');

/** The position of the smallest element, the first one of ties; NaN counts as the smallest. int32. */
export const argmin = argExtreme('min', 'argmin');

attach({ amax, amin, argmax, argmin, max, min });
