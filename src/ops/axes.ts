import { defineOp } from '../autograd/op.js';
import { describe, slip } from '../core/describe.js';
import { ArgumentError, ShapeError } from '../core/errors.js';
import { defineOptions, flag } from '../core/options.js';
import { normalizeAxis, type Shape } from '../core/shape.js';
import { several } from '../core/sizes.js';
import { empty, type Tensor, view } from '../tensor/tensor.js';

/** Axes to reduce: one, several, or all (null or an empty list). */
export type Dims = number | readonly number[] | null;

export interface KeepDimOptions {
  /** Whether to keep reduced axes, with length 1 (default false). */
  readonly keepdim?: boolean;
}

export const keepdimOptions = { keepdim: flag(false) };
export const readKeepdim = defineOptions(keepdimOptions, ['dim']);

/** `(dim, options)`, or just `(options)` to reduce all axes. @throws ArgumentError if options are given twice */
export function splitArguments<O extends object>(
  operation: string,
  dim: Dims | O | undefined,
  options: O | undefined,
): [Dims, O | undefined] {
  if (dim === undefined || dim === null) return [null, options];
  if (typeof dim === 'number' || Array.isArray(dim)) return [dim as Dims, options];
  if (options === undefined) return [null, dim as O];
  throw new ArgumentError(
    operation,
    `dim must be an axis, a list of axes, or null for all, got ${describe(dim)}${slip(dim)}`,
  );
}

/** Axes counted from the front, in increasing order. @throws IndexError; ArgumentError if one is named twice */
export function reducedAxes(operation: string, dim: Dims, rank: number): readonly number[] {
  if (dim === null || (Array.isArray(dim) && dim.length === 0))
    return Array.from({ length: rank }, (_, i) => i);
  if (typeof dim === 'number') {
    const axis = normalizeAxis(operation, dim, rank);
    return rank === 0 ? [] : [axis];
  }
  const axes = several(dim)
    .map((axis) => normalizeAxis(operation, axis, rank))
    .sort((a, b) => a - b);
  if (axes.some((axis, i) => axis === axes[i + 1]))
    throw new ArgumentError(operation, `an axis is named twice in [${several(dim).join(', ')}]`);
  return rank === 0 ? [] : axes;
}

export function reducedShape(shape: Shape, axes: readonly number[], keepdim: boolean): Shape {
  if (axes.length === 0) return shape;
  if (keepdim) return shape.map((n, i) => (axes.includes(i) ? 1 : n));
  return axes.length === shape.length ? [] : shape.filter((_, i) => !axes.includes(i));
}

/** How many elements are reduced to one. */
export const reducedCount = (shape: Shape, axes: readonly number[]): number =>
  axes.reduce((n, axis) => n * shape[axis]!, 1);

/** @throws ShapeError if there is nothing to pick from */
export function requireElements(operation: string, x: Tensor, axes: readonly number[]): void {
  if (reducedCount(x.shape, axes) > 0) return;
  throw new ShapeError(operation, 'no elements to pick from', [
    {
      name: 'x',
      shape: x.shape,
      note: axes.length < x.ndim ? `axis ${axes.join(', ')} has length 0` : 'empty',
    },
  ]);
}

/** Zeros of that shape, with the dtype and engine of `like`. */
export function zerosOf(shape: Shape, like: Tensor): Tensor {
  const out = empty(shape, like.dtype, like.engine);
  out.engine.fill(out, 0);
  return out;
}

interface Spread {
  readonly shape: Shape;
  readonly axes: readonly number[];
  readonly keepdim: boolean;
}

const spreadOp = defineOp<[Tensor], Spread>({
  name: 'spread',
  forward(_, [g], { shape, axes, keepdim }) {
    const strides = new Array<number>(shape.length).fill(0);
    let at = 0;
    for (let i = 0; i < shape.length; i++) {
      const reduced = axes.includes(i);
      if (!reduced) strides[i] = g.strides[at]!;
      if (!reduced || keepdim) at++;
    }
    return view(g, shape, strides);
  },
  backward: ({ attrs: { axes, keepdim } }, g) => [g.sum(axes, { keepdim })],
});

/** Undoes a reduction's change of shape: `g`, repeated along the reduced axes. A view. */
export const spread = (g: Tensor, shape: Shape, axes: readonly number[], keepdim: boolean): Tensor =>
  axes.length === 0 ? g : spreadOp([g], { shape, axes, keepdim });
