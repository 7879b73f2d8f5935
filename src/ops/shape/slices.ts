import { defineOp } from '../../autograd/op.js';
import { describe } from '../../core/describe.js';
import { ArgumentError, IndexError, ShapeError } from '../../core/errors.js';
import { exact } from '../../core/exact.js';
import {
  diagonalGeometry,
  rangeGeometry,
  selectGeometry,
  slidingGeometry,
  windowOf,
} from '../../core/geometry.js';
import { defineOptions, whole } from '../../core/options.js';
import { normalizeAxis, type Shape } from '../../core/shape.js';
import { count, counts, requireListable } from '../../core/sizes.js';
import { normalizeIndex, replaceAxis, resolveRange } from '../../core/views.js';
import { checkTensors } from '../../tensor/argument.js';
import { attach } from '../../tensor/attach.js';
import { filled } from '../../tensor/filled.js';
import { Tensor, view } from '../../tensor/tensor.js';
import { cut, cutAll } from './cut.js';

/** An axis that exists; a tensor without axes can't be sliced. */
function axisOf(operation: string, x: Tensor, dim: number): number {
  if (x.ndim === 0) throw new IndexError(operation, `axis ${describe(dim)} of a tensor without axes`);
  return normalizeAxis(operation, dim, x.ndim);
}

/**
 * The position `index` along the axis `dim`, which is dropped; negative positions count from the end. A view.
 *
 * @throws IndexError if there's no such position
 */
export const select = exact('select(x, dim, index)', (x: Tensor, dim: number, index: number): Tensor => {
  checkTensors('select', { x });
  const axis = axisOf('select', x, dim);
  return cut(x, selectGeometry(axis, normalizeIndex('select', index, axis, x.shape[axis]!)));
});

/**
 * The positions `start … start + length − 1` along the axis `dim`. A view.
 *
 * @throws IndexError unless they all exist
 */
export const narrow = exact(
  'narrow(x, dim, start, length)',
  (x: Tensor, dim: number, start: number, length: number): Tensor => {
    checkTensors('narrow', { x });
    const axis = axisOf('narrow', x, dim);
    const size = x.shape[axis]!;
    count('narrow', 'start', start, -Infinity);
    count('narrow', 'length', length, -Infinity);
    const first = start < 0 ? start + size : start;
    if (first < 0 || length < 0 || first + length > size)
      throw new IndexError(
        'narrow',
        `start ${start} and length ${length} don't fit in axis ${axis} of length ${size}`,
      );
    return cut(x, rangeGeometry(axis, first, length, 1));
  },
);

/**
 * The positions `start`, `start + step`, … before `end` along the axis `dim`, like Python's `x[start:end:step]`. A view.
 *
 * @param start null means from the beginning; negative numbers count from the end
 * @param end null means to the end
 * @param step at least 1
 */
export function sliceAxis(
  x: Tensor,
  dim = 0,
  start: number | null = null,
  end: number | null = null,
  step = 1,
): Tensor {
  const axis = axisOf('slice', x, dim);
  const range = resolveRange('slice', x.shape[axis]!, start, end, step);
  return cut(x, rangeGeometry(axis, range.first, range.count, step));
}

export interface DiagonalOptions {
  /** Which diagonal: 0 is the main one, positive is above it, negative below it (default 0). */
  offset?: number;
  /** The axis of the rows (default 0). */
  dim1?: number;
  /** The axis of the columns (default 1). */
  dim2?: number;
}

const readDiagonal = defineOptions({ offset: whole(0), dim1: whole(0), dim2: whole(1) });

/** The diagonal of two axes, as a new last axis. A view. @shape (A, B, …) → (…, D) */
export function diagonal(x: Tensor, options?: DiagonalOptions): Tensor {
  checkTensors('diagonal', { x });
  const { offset, dim1, dim2 } = readDiagonal('diagonal', options);
  const [rows, columns] = twoAxes('diagonal', x, dim1, dim2);
  return cut(x, diagonalGeometry(offset, rows, columns));
}

function twoAxes(operation: string, x: Tensor, dim1: number, dim2: number): [number, number] {
  if (x.ndim < 2) throw new ShapeError(operation, 'needs two axes', [{ name: 'x', shape: x.shape }]);
  const [a, b] = [normalizeAxis(operation, dim1, x.ndim), normalizeAxis(operation, dim2, x.ndim)];
  if (a === b) throw new ArgumentError(operation, `dim1 and dim2 are both axis ${a}`);
  return [a, b];
}

interface Sliding {
  readonly axis: number;
  readonly size: number;
  readonly step: number;
  readonly whole: Shape;
}

const unfoldOp: (inputs: [Tensor], sliding: Sliding) => Tensor = defineOp<[Tensor], Sliding>({
  name: 'unfold',
  forward(_, [x], { axis, size, step }) {
    const window = windowOf(slidingGeometry(axis, size, step), x.shape, x.strides);
    return view(x, window.shape, window.strides);
  },
  backward: ({ attrs }, grad) => [addWindowsOp([grad], attrs)],
});

/** The gradient of `unfold`: windows overlap, so each element sums the gradients of its windows. */
const addWindowsOp: (inputs: [Tensor], sliding: Sliding) => Tensor = defineOp<[Tensor], Sliding>({
  name: 'unfoldBackward',
  forward(_, [grad], { axis, size, step, whole }) {
    const out = filled(whole, grad.dtype, grad.engine);
    const windows = grad.shape[axis]!;
    const [across, along] = [out.strides[axis]!, grad.strides.at(-1)!];
    const rest = grad.strides.slice(0, -1);
    const add = (
      length: number,
      stride: number,
      first: number,
      from: readonly number[],
      at: number,
    ): void => {
      const shape = replaceAxis(whole, axis, length);
      const target = view(out, shape, replaceAxis(out.strides, axis, stride), first);
      out.engine.binary('add', target, target, view(grad, shape, from, grad.offset + at));
    };
    // All windows' elements at one place, or all places of one window: whichever takes fewer steps.
    if (size <= windows)
      for (let j = size - 1; j >= 0; j--) add(windows, step * across, j * across, rest, j * along);
    else
      for (let w = 0; w < windows; w++)
        add(size, across, w * step * across, replaceAxis(rest, axis, along), w * rest[axis]!);
    return out;
  },
  backward: ({ attrs }, grad) => [unfoldOp([grad], attrs)],
});

/**
 * All windows of `size` elements along the axis `dim`, `step` apart. A view; overlapping windows share elements.
 *
 * @shape (…, L, …) → (…, ⌊(L − size)/step⌋ + 1, …, size)
 */
export function unfoldAxis(x: Tensor, dim: number, size: number, step: number): Tensor {
  const axis = axisOf('unfold', x, dim);
  const length = x.shape[axis]!;
  if (!Number.isInteger(size) || size < 0 || size > length)
    throw new ArgumentError(
      'unfold',
      `windows of ${describe(size)} elements don't fit in axis ${axis} of length ${length}`,
    );
  if (!Number.isInteger(step) || step < 1)
    throw new ArgumentError('unfold', `the step must be a positive integer, got ${describe(step)}`);
  return unfoldOp([x], { axis, size, step, whole: x.shape });
}

/** An axis split into pieces of the given lengths. */
function pieces(x: Tensor, axis: number, lengths: readonly number[]): Tensor[] {
  let start = 0;
  const geometries = lengths.map((n) => {
    start += n;
    return rangeGeometry(axis, start - n, n, 1);
  });
  return cutAll(x, geometries);
}

/**
 * Splits an axis into pieces. Views.
 *
 * @param sizes the length of every piece (the last may be shorter), or a list of all the lengths
 * @throws ShapeError if the given lengths don't add up to the axis's
 */
export const split = exact(
  'split(x, sizes, dim)',
  (x: Tensor, sizes: number | readonly number[], dim = 0): Tensor[] => {
    checkTensors('split', { x });
    const axis = axisOf('split', x, dim);
    const length = x.shape[axis]!;
    if (typeof sizes !== 'number') {
      counts('split', 'sizes', sizes, 0);
      requireListable('split', sizes.length);
      if (sizes.reduce((a, b) => a + b, 0) !== length)
        throw new ShapeError(
          'split',
          `pieces of [${sizes.join(', ')}] don't add up to axis ${axis} of length ${length}`,
          [{ name: 'x', shape: x.shape }],
        );
      return pieces(x, axis, sizes);
    }
    if (!Number.isInteger(sizes) || sizes < 0 || (sizes === 0 && length > 0))
      throw new ArgumentError(
        'split',
        `the length of a piece must be a positive integer, got ${describe(sizes)}`,
      );
    const number = sizes === 0 ? 1 : Math.max(1, Math.ceil(length / sizes));
    requireListable('split', number);
    return pieces(
      x,
      axis,
      Array.from({ length: number }, (_, i) => Math.min(sizes, length - i * sizes)),
    );
  },
);

/** Splits an axis into at most `chunks` pieces, all of the same length except the last. Views. */
export const chunk = exact('chunk(x, chunks, dim)', (x: Tensor, chunks: number, dim = 0): Tensor[] => {
  checkTensors('chunk', { x });
  if (!Number.isInteger(chunks) || chunks < 1)
    throw new ArgumentError(
      'chunk',
      `the number of pieces must be a positive integer, got ${describe(chunks)}`,
    );
  const axis = axisOf('chunk', x, dim);
  const length = x.shape[axis]!;
  requireListable('chunk', length === 0 ? chunks : Math.min(chunks, length));
  if (length === 0) return pieces(x, axis, new Array<number>(chunks).fill(0));
  return split(x, Math.ceil(length / chunks), axis);
});

/** All positions along an axis, each without that axis. Views. */
export const unbind = exact('unbind(x, dim)', (x: Tensor, dim = 0): Tensor[] => {
  checkTensors('unbind', { x });
  const axis = axisOf('unbind', x, dim);
  requireListable('unbind', x.shape[axis]!);
  return cutAll(
    x,
    Array.from({ length: x.shape[axis]! }, (_, i) => selectGeometry(axis, i)),
  );
});

/** The positions along the first axis, one by one; see `unbind`. */
function* rows(this: Tensor): IterableIterator<Tensor> {
  if (this.ndim === 0)
    throw new ShapeError(
      'iterator',
      'a tensor without axes has no rows to iterate over',
      [{ name: 'x', shape: this.shape }],
      'its value is await x.item(), or x.itemSync()',
    );
  // Rows that need memory may be as many as it allows, and are made one at a time.
  if (this.count === 0 || this.strides[0] === 0) requireListable('iterator', this.shape[0]!);
  for (let i = 0; i < this.shape[0]!; i++) yield select(this, 0, i);
}

Object.defineProperty(Tensor.prototype, Symbol.iterator, {
  value: rows,
  writable: true,
  configurable: true,
});

declare module '../../tensor/tensor.js' {
  interface Tensor {
    /** `for (const row of x)`: the positions along the first axis, as views. @throws ShapeError without axes */
    [Symbol.iterator](): IterableIterator<Tensor>;
  }
}

attach({
  select,
  narrow,
  slice: sliceAxis,
  diagonal,
  unfold: unfoldAxis,
  split,
  chunk,
  unbind,
});
