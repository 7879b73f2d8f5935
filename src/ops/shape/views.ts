import { defineOp } from '../../autograd/op.js';
import { requireList } from '../../core/arguments.js';
import { describe } from '../../core/describe.js';
import { ArgumentError, ShapeError } from '../../core/errors.js';
import { exact, named } from '../../core/exact.js';
import { defineOptions, whole, withLeading } from '../../core/options.js';
import { broadcastShapes, contiguousStrides, normalizeAxis, type Shape } from '../../core/shape.js';
import { several } from '../../core/sizes.js';
import { replaceAxis, reshapedStrides, resolveExpansion, resolveShape } from '../../core/views.js';
import { checkTensorList, checkTensors } from '../../tensor/argument.js';
import { attach } from '../../tensor/attach.js';
import { empty, Tensor, view as viewOf } from '../../tensor/tensor.js';

interface Reshape {
  readonly shape: Shape;
  readonly from: Shape;
}

const viewOp = defineOp<[Tensor], Reshape>({
  name: 'view',
  forward(_, [x], { shape }) {
    const strides = reshapedStrides(x.shape, x.strides, shape);
    if (strides !== null) return viewOf(x, shape, strides);
    throw new ShapeError(
      'view',
      'no view of this memory can have that shape',
      [
        { name: 'x', shape: x.shape, note: `strides [${x.strides.join(', ')}]` },
        { name: 'wanted', shape },
      ],
      'reshape() copies if it must',
    );
  },
  backward: ({ attrs }, grad) => [grad.reshape(attrs.from)],
});

const reshapeOp = defineOp<[Tensor], Reshape>({
  name: 'reshape',
  forward(_, [x], { shape }) {
    const strides = reshapedStrides(x.shape, x.strides, shape);
    if (strides !== null) return viewOf(x, shape, strides);
    const copy = empty(shape, x.dtype, x.engine);
    x.engine.copy(viewOf(copy, x.shape, contiguousStrides(x.shape)), x);
    return copy;
  },
  backward: ({ attrs }, grad) => [grad.reshape(attrs.from)],
});

const permuteOp = defineOp<[Tensor], { axes: readonly number[] }>({
  name: 'permute',
  forward(_, [x], { axes }) {
    const pick = (list: Shape): number[] => axes.map((axis) => list[axis]!);
    return viewOf(x, pick(x.shape), pick(x.strides));
  },
  backward({ attrs: { axes } }, grad) {
    const inverse = new Array<number>(axes.length);
    axes.forEach((axis, i) => {
      inverse[axis] = i;
    });
    return [grad.permute(inverse)];
  },
});

const expandOp = defineOp<[Tensor], { shape: Shape; from: Shape }>({
  name: 'expand',
  forward(_, [x], { shape }) {
    const added = shape.length - x.shape.length;
    const strides = shape.map((n, i) => (i < added || n !== x.shape[i - added] ? 0 : x.strides[i - added]!));
    return viewOf(x, shape, strides);
  },
  backward: ({ attrs }, grad) => [grad.sumToSize(attrs.from)],
});

/**
 * The same elements in another shape: a view if the memory allows it, otherwise a copy.
 *
 * @param shape one length may be −1, which is computed from the number of elements
 * @throws ShapeError if the shape has a different number of elements
 * @example
 * arange(6).reshape([2, -1]).shape; // [2, 3]
 */
export const reshape = exact('reshape(x, shape)', (x: Tensor, shape: Shape): Tensor => {
  checkTensors('reshape', { x });
  return reshapeOp([x], { shape: resolveShape('reshape', shape, x.shape), from: x.shape });
});

/**
 * Like `reshape`, but never a copy.
 *
 * @throws ShapeError if no view of this memory can have that shape
 */
export const view = exact(
  'view(x, shape)',
  (x: Tensor, shape: Shape): Tensor =>
    viewOp([x], { shape: resolveShape('view', shape, x.shape), from: x.shape }),
);

/** `x.view(other.shape)`. */
export const viewAs = exact('viewAs(x, other)', (x: Tensor, other: Tensor): Tensor => {
  checkTensors('viewAs', { other });
  return view(x, other.shape);
});

/** `x.reshape(other.shape)`. */
export const reshapeAs = exact('reshapeAs(x, other)', (x: Tensor, other: Tensor): Tensor => {
  checkTensors('reshapeAs', { other });
  return reshape(x, other.shape);
});

export interface FlattenOptions {
  /** The first axis to merge (default 0). */
  startDim?: number;
  /** The last axis to merge (default −1). */
  endDim?: number;
}

const readFlatten = defineOptions({ startDim: whole(0), endDim: whole(-1) });

/**
 * Merges the axes `startDim … endDim` into one; a tensor without axes gets one.
 *
 * @shape (A, B, C, D) → flatten(1) → (A, B·C·D)
 * @throws IndexError for axes that don't exist
 */
export const flatten = exact(
  'flatten(x, start, end)',
  (x: Tensor, start?: number | FlattenOptions, end?: number): Tensor => {
    checkTensors('flatten', { x });
    const { startDim, endDim } = readFlatten(
      'flatten',
      withLeading('flatten', { startDim: start, endDim: end }),
    );
    const first = normalizeAxis('flatten', startDim, x.ndim);
    const last = normalizeAxis('flatten', endDim, x.ndim);
    if (x.ndim === 0) return reshape(x, [1]);
    if (first > last)
      throw new ArgumentError(
        'flatten',
        `startDim ${startDim} comes after endDim ${endDim} in a tensor of ${x.ndim} axes`,
      );
    const merged = x.shape.slice(first, last + 1).reduce((a, b) => a * b, 1);
    return reshape(x, [...x.shape.slice(0, first), merged, ...x.shape.slice(last + 1)]);
  },
);

/**
 * Splits an axis into several: the inverse of `flatten`.
 *
 * @param sizes their lengths; one may be −1
 * @shape (A, B·C) → unflatten(1, [B, C]) → (A, B, C)
 */
export const unflatten = exact('unflatten(x, dim, sizes)', (x: Tensor, dim: number, sizes: Shape): Tensor => {
  checkTensors('unflatten', { x });
  const axis = normalizeAxis('unflatten', dim, x.ndim);
  return view(x, replaceAxis(x.shape, axis, ...resolveShape('unflatten', sizes, [x.shape[axis] ?? 1])));
});

/** Swaps two axes. A view. */
export const transpose = exact(
  'transpose(x, dim0, dim1)',
  (x: Tensor, dim0: number, dim1: number): Tensor => {
    checkTensors('transpose', { x });
    const a = normalizeAxis('transpose', dim0, x.ndim);
    const b = normalizeAxis('transpose', dim1, x.ndim);
    const axes = x.shape.map((_, i) => (i === a ? b : i === b ? a : i));
    return permuteOp([x], { axes });
  },
);

/** Another name of `transpose`. */
export const swapaxes = named('swapaxes', transpose);
/** Another name of `transpose`. */
export const swapdims = named('swapdims', transpose);

/** The transpose of a matrix; a vector or scalar doesn't change. @throws ShapeError for more than two axes */
export const t = exact('t(x)', (x: Tensor): Tensor => {
  checkTensors('t', { x });
  if (x.ndim > 2)
    throw new ShapeError(
      't',
      'needs at most two axes',
      [{ name: 'x', shape: x.shape }],
      'see transpose() and mT',
    );
  return x.ndim === 2 ? transpose(x, 0, 1) : x;
});

function distinctAxes(operation: string, dims: readonly number[], rank: number): number[] {
  const axes = dims.map((dim) => normalizeAxis(operation, dim, rank));
  if (new Set(axes).size !== axes.length)
    throw new ArgumentError(operation, `an axis is named twice in [${dims.join(', ')}]`);
  return axes;
}

/**
 * Reorders the axes: axis i of the result is axis dims[i] of `x`. A view.
 *
 * @shape (N, H, W, C) → permute([0, 3, 1, 2]) → (N, C, H, W)
 * @throws ShapeError if an axis is missing, ArgumentError if one is named twice
 */
export const permute = exact('permute(x, dims)', (x: Tensor, dims: readonly number[]): Tensor => {
  checkTensors('permute', { x });
  requireList('permute', 'dims', dims);
  if (dims.length !== x.ndim)
    throw new ShapeError('permute', `${describe(dims)} names ${dims.length} axes, x has ${x.ndim}`, [
      { name: 'x', shape: x.shape },
    ]);
  return permuteOp([x], { axes: distinctAxes('permute', dims, x.ndim) });
});

/** Moves axes to new places; the others keep their order. A view. */
export const movedim = exact(
  'movedim(x, source, destination)',
  (x: Tensor, source: number | readonly number[], destination: number | readonly number[]): Tensor => {
    checkTensors('movedim', { x });
    const from = distinctAxes('movedim', several(source), x.ndim);
    const to = distinctAxes('movedim', several(destination), x.ndim);
    if (from.length !== to.length)
      throw new ArgumentError('movedim', `${from.length} axes to move, but ${to.length} places for them`);
    const rest = x.shape.map((_, i) => i).filter((i) => !from.includes(i));
    const axes = x.shape.map((_, i) => (to.includes(i) ? from[to.indexOf(i)]! : rest.shift()!));
    return permuteOp([x], { axes });
  },
);

/** Another name for `movedim`. */
export const moveaxis = named('moveaxis', movedim);

/** Drops axes of length 1: all of them, or those among the named ones. A view. */
export const squeeze = exact('squeeze(x, dim)', (x: Tensor, dim?: number | readonly number[]): Tensor => {
  checkTensors('squeeze', { x });
  const axes = dim === undefined ? null : distinctAxes('squeeze', several(dim), x.ndim);
  return view(
    x,
    x.shape.filter((n, i) => n !== 1 || (axes !== null && !axes.includes(i))),
  );
});

/** Adds an axis of length 1 before the axis `dim`; −1 adds it at the end. A view. */
export const unsqueeze = exact('unsqueeze(x, dim)', (x: Tensor, dim: number): Tensor => {
  checkTensors('unsqueeze', { x });
  return view(x, x.shape.toSpliced(normalizeAxis('unsqueeze', dim, x.ndim + 1), 0, 1));
});

/**
 * Repeats axes of length 1 without copying, and adds axes in front.
 *
 * @param shape −1 keeps a length
 * @throws ShapeError if an axis of another length would have to grow
 */
export const expand = exact('expand(x, shape)', (x: Tensor, shape: Shape): Tensor => {
  return expandOp([x], { shape: resolveExpansion('expand', x.shape, shape), from: x.shape });
});

/** `x.expand(other.shape)`. */
export const expandAs = exact('expandAs(x, other)', (x: Tensor, other: Tensor): Tensor => {
  checkTensors('expandAs', { other });
  return expand(x, other.shape);
});

/** Another name for `expand`. */
export const broadcastTo = exact('broadcastTo(x, shape)', (x: Tensor, shape: Shape): Tensor => {
  checkTensors('broadcastTo', { x });
  return expandOp([x], { shape: resolveExpansion('broadcastTo', x.shape, shape), from: x.shape });
});

/** The tensors, expanded to the shape that they broadcast to. */
export const broadcastTensors = named('broadcastTensors', (...tensors: Tensor[]): Tensor[] => {
  checkTensorList('broadcastTensors', 'tensors', tensors);
  if (tensors.length === 0) return [];
  const shape = broadcastShapes('broadcastTensors', ...tensors.map((x) => x.shape));
  return tensors.map((x) => expand(x, shape));
});

/** All elements as a list: a view if possible. */
export const ravel = exact('ravel(x)', (x: Tensor): Tensor => reshape(x, [-1]));

declare module '../../tensor/tensor.js' {
  interface Tensor {
    /** The axes in reverse order; for a matrix, its transpose. A view. */
    readonly T: Tensor;
    /** The last two axes swapped. A view. */
    readonly mT: Tensor;
  }
}

attach({
  reshape,
  ravel,
  view,
  viewAs,
  reshapeAs,
  flatten,
  unflatten,
  transpose,
  swapaxes,
  swapdims,
  t,
  permute,
  movedim,
  moveaxis,
  squeeze,
  unsqueeze,
  expand,
  expandAs,
  broadcastTo,
});

Object.defineProperties(Tensor.prototype, {
  T: {
    configurable: true,
    get(this: Tensor) {
      return permute(
        this,
        this.shape.map((_, i) => this.ndim - 1 - i),
      );
    },
  },
  mT: {
    configurable: true,
    get(this: Tensor) {
      if (this.ndim < 2)
        throw new ShapeError('mT', 'needs at least two axes', [{ name: 'x', shape: this.shape }]);
      return transpose(this, -2, -1);
    },
  },
});
