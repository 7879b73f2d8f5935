import { defineMultiOp, defineOp } from '../autograd/op.js';
import { describe } from '../core/describe.js';
import { ArgumentError, IndexError } from '../core/errors.js';
import { exact } from '../core/exact.js';
import { defineOptions, flag } from '../core/options.js';
import { normalizeAxis, type Shape } from '../core/shape.js';
import { replaceAxis } from '../core/views.js';
import type { Engine } from '../engine/engine.js';
import { checkTensors } from '../tensor/argument.js';
import { attach } from '../tensor/attach.js';
import { dense } from '../tensor/dense.js';
import { filled } from '../tensor/filled.js';
import { empty, type Tensor } from '../tensor/tensor.js';
import { readKeepdim } from './axes.js';

/** Elements picked along an axis, and their positions (int32). */
export interface ValuesAndIndices {
  readonly values: Tensor;
  readonly indices: Tensor;
}

interface Picking {
  readonly axis: number;
  readonly shape: Shape;
  /** The axis's length in the results; null if they don't have it. */
  readonly length: number | null;
}

/** An operation that returns elements of x: each gradient goes back to where its element came from. */
const definePicking = <A>(
  name: string,
  pick: (engine: Engine, values: Tensor, indices: Tensor, x: Tensor, attrs: Picking & A) => void,
) =>
  defineMultiOp<[Tensor], Picking & A>({
    name,
    forward(ctx, [x], attrs) {
      const { axis, length } = attrs;
      const shape = length === null ? x.shape.toSpliced(axis, 1) : replaceAxis(x.shape, axis, length);
      const values = empty(shape, x.dtype, x.engine);
      const indices = empty(shape, 'int32', x.engine);
      pick(x.engine, values, indices, dense(x), attrs);
      ctx.save(indices);
      return [values, indices];
    },
    backward({ attrs: { axis, shape, length }, saved: [indices] }, [grad]) {
      if (!grad) return [null];
      const where = length === null ? indices!.unsqueeze(axis) : indices!;
      const incoming = length === null ? grad.unsqueeze(axis) : grad;
      return [filled(shape, grad.dtype, grad.engine).scatterAdd(axis, where, incoming)];
    },
  });

/** Calls `pick` with x, a scalar as a list, and what it has to record. */
function pickAlong(
  operation: string,
  x: Tensor,
  dim: number,
  pick: (x: [Tensor], axis: number, shape: Shape) => readonly Tensor[],
): ValuesAndIndices {
  const axis = normalizeAxis(operation, dim, x.ndim);
  const list = x.ndim === 0 ? x.reshape([1]) : x;
  const [values, indices] = pick([list], axis, list.shape);
  if (x.ndim > 0) return { values: values!, indices: indices! };
  return { values: values!.reshape([]), indices: indices!.reshape([]) };
}

const lengthOf = (x: Tensor, axis: number): number => x.shape[axis] ?? 1;

export interface SortOptions {
  /** Whether to sort from greatest to least (default false). */
  descending?: boolean;
  /** Accepted for compatibility with PyTorch: the sort is always stable. */
  stable?: boolean;
}

const sortOp = definePicking<{ descending: boolean }>(
  'sort',
  (engine, values, indices, x, { axis, descending }) => engine.sort(values, indices, x, axis, descending),
);

const readSort = defineOptions({ descending: flag(false), stable: flag(true) }, ['dim']);

/**
 * Sorts along an axis. NaN counts as the greatest value; equal elements keep their order.
 *
 * @param dim default −1
 */
export function sort(x: Tensor, dim = -1, options?: SortOptions): ValuesAndIndices {
  checkTensors('sort', { x });
  const { descending } = readSort('sort', options);
  const length = lengthOf(x, normalizeAxis('sort', dim, x.ndim));
  return pickAlong('sort', x, dim, (list, axis, shape) => sortOp(list, { axis, shape, length, descending }));
}

const argsortOp = defineOp<[Tensor], { axis: number; descending: boolean }>({
  name: 'argsort',
  forward(_, [x], { axis, descending }) {
    const indices = empty(x.shape, 'int32', x.engine);
    x.engine.sort(null, indices, dense(x), axis, descending);
    return indices;
  },
});

/** The positions that sort an axis, int32; see `sort`. */
export function argsort(x: Tensor, dim = -1, options?: SortOptions): Tensor {
  checkTensors('argsort', { x });
  const { descending } = readSort('argsort', options);
  const axis = normalizeAxis('argsort', dim, x.ndim);
  if (x.ndim === 0) return argsortOp([x.reshape([1])], { axis, descending }).reshape([]);
  return argsortOp([x], { axis, descending });
}

/** `sort(x, 0).values`. */
export const msort = exact('msort(x)', (x: Tensor): Tensor => sort(x, 0).values);

export interface TopkOptions {
  /** Whether to take the greatest elements instead of the least (default true). */
  largest?: boolean;
  /** Accepted for compatibility with PyTorch: the results are always in order. */
  sorted?: boolean;
}

const topkOp = definePicking<{ largest: boolean }>('topk', (engine, values, indices, x, { axis, largest }) =>
  engine.topk(values, indices, x, axis, largest),
);

const readTopk = defineOptions({ largest: flag(true), sorted: flag(true) }, ['dim']);

/**
 * The k greatest or least elements along an axis, in order.
 *
 * @param dim default −1
 * @throws ArgumentError if the axis has fewer than k
 * @differs of equal elements, the first ones are taken; PyTorch doesn't specify which
 */
export function topk(x: Tensor, k: number, dim = -1, options?: TopkOptions): ValuesAndIndices {
  checkTensors('topk', { x });
  const { largest } = readTopk('topk', options);
  const length = lengthOf(x, normalizeAxis('topk', dim, x.ndim));
  if (!Number.isInteger(k) || k < 0 || k > length)
    throw new ArgumentError(
      'topk',
      `k must be an integer from 0 to ${length}, the length of the axis, got ${describe(k)}`,
    );
  return pickAlong('topk', x, dim, (list, axis, shape) => topkOp(list, { axis, shape, length: k, largest }));
}

export interface KeepdimOptions {
  /** Whether to keep the axis, with length 1 (default false). */
  keepdim?: boolean;
}

function withoutAxis(
  operation: string,
  x: Tensor,
  dim: number,
  keepdim: boolean,
  pick: (x: [Tensor], axis: number, shape: Shape) => readonly Tensor[],
): ValuesAndIndices {
  const axis = normalizeAxis(operation, dim, x.ndim);
  const picked = pickAlong(operation, x, axis, pick);
  if (!keepdim || x.ndim === 0) return picked;
  return { values: picked.values.unsqueeze(axis), indices: picked.indices.unsqueeze(axis) };
}

const kthvalueOp = definePicking<{ k: number }>('kthvalue', (engine, values, indices, x, { axis, k }) =>
  engine.kthValue(values, indices, x, axis, k - 1),
);

/**
 * The k-th least element along an axis; k = 1 is the least. NaN counts as the greatest.
 *
 * @param dim default −1
 * @throws ArgumentError if there's no such element
 */
export function kthvalue(x: Tensor, k: number, dim = -1, options?: KeepdimOptions): ValuesAndIndices {
  checkTensors('kthvalue', { x });
  const { keepdim } = readKeepdim('kthvalue', options);
  const length = lengthOf(x, normalizeAxis('kthvalue', dim, x.ndim));
  if (!Number.isInteger(k) || k < 1 || k > length)
    throw new ArgumentError(
      'kthvalue',
      `k must be an integer from 1 to ${length}, the length of the axis, got ${describe(k)}`,
    );
  return withoutAxis('kthvalue', x, dim, keepdim, (list, axis, shape) =>
    kthvalueOp(list, { axis, shape, length: null, k }),
  );
}

/** The median of all elements; the elements equal to it share its gradient. */
const medianOfAllOp = defineOp<[Tensor], { ignoreNaN: boolean }>({
  name: 'median',
  forward(ctx, [x], { ignoreNaN }) {
    const out = empty([], x.dtype, x.engine);
    if (x.count === 0) x.engine.fill(out, Number.NaN);
    else {
      const list = dense(x);
      x.engine.median(out, empty([], 'int32', x.engine), list.reshape([-1]), 0, ignoreNaN);
    }
    ctx.save(x, out);
    return out;
  },
  backward({ saved: [x, out] }, grad) {
    const equal = x!.eq(out!).logicalOr(x!.isnan().logicalAnd(out!.isnan())).to(grad.dtype);
    return [equal.mul(grad.div(equal.sum()))];
  },
});

const medianOp = definePicking<{ ignoreNaN: boolean }>(
  'median',
  (engine, values, indices, x, { axis, ignoreNaN }) => engine.median(values, indices, x, axis, ignoreNaN),
);

function medianAlong(
  operation: string,
  x: Tensor,
  dim: number,
  keepdim: boolean,
  ignoreNaN: boolean,
): ValuesAndIndices {
  const axis = normalizeAxis(operation, dim, x.ndim);
  if (x.shape[axis] === 0) throw new IndexError(operation, `axis ${axis} is empty, so it has no median`);
  return withoutAxis(operation, x, axis, keepdim, (list, at, shape) =>
    medianOp(list, { axis: at, shape, length: null, ignoreNaN }),
  );
}

/**
 * The median; for an even number of elements, the lower of the two in the middle. NaN if any is NaN.
 *
 * @returns the median of all elements or, with `dim`, the medians along an axis and their positions
 */
export function median(x: Tensor): Tensor;
export function median(x: Tensor, dim: number, options?: KeepdimOptions): ValuesAndIndices;
export function median(x: Tensor, dim?: number, options?: KeepdimOptions): Tensor | ValuesAndIndices {
  checkTensors('median', { x });
  const { keepdim } = readKeepdim('median', options);
  if (dim === undefined) return medianOfAllOp([x], { ignoreNaN: false });
  return medianAlong('median', x, dim, keepdim, false);
}

/** Like `median`, but ignores NaNs. */
export function nanmedian(x: Tensor): Tensor;
export function nanmedian(x: Tensor, dim: number, options?: KeepdimOptions): ValuesAndIndices;
export function nanmedian(x: Tensor, dim?: number, options?: KeepdimOptions): Tensor | ValuesAndIndices {
  checkTensors('nanmedian', { x });
  const { keepdim } = readKeepdim('nanmedian', options);
  if (dim === undefined) return medianOfAllOp([x], { ignoreNaN: true });
  return medianAlong('nanmedian', x, dim, keepdim, true);
}

attach({ sort, argsort, msort, topk, kthvalue, median, nanmedian });
