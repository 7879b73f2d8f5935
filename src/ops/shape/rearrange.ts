import { defineOp } from '../../autograd/op.js';
import { describe } from '../../core/describe.js';
import { ArgumentError, IndexError, ShapeError } from '../../core/errors.js';
import { exact, named } from '../../core/exact.js';
import { diagonalGeometry } from '../../core/geometry.js';
import { defineOptions, whole, withLeading } from '../../core/options.js';
import { normalizeAxis, type Shape } from '../../core/shape.js';
import { counts, several } from '../../core/sizes.js';
import { replaceAxis } from '../../core/views.js';
import { checkTensors } from '../../tensor/argument.js';
import { attach } from '../../tensor/attach.js';
import { dense } from '../../tensor/dense.js';
import { empty, emptyLike, type Tensor, view } from '../../tensor/tensor.js';
import { paste } from './cut.js';

const flipOp = defineOp<[Tensor], { axes: readonly number[] }>({
  name: 'flip',
  forward(_, [x], { axes }) {
    const out = empty(x.shape, x.dtype, x.engine);
    if (x.count === 0) return out;
    // The operand's memory, walked backward along the axes.
    const last = axes.reduce((offset, axis) => offset + (x.shape[axis]! - 1) * x.strides[axis]!, x.offset);
    const backwards = x.strides.map((stride, i) => (axes.includes(i) ? -stride : stride));
    x.engine.copy(out, view(x, x.shape, backwards, last));
    return out;
  },
  backward: ({ attrs }, grad) => [grad.flip(attrs.axes)],
});

/** Reverses the order along axes; a copy. */
export const flip = exact('flip(x, dims)', (x: Tensor, dims: number | readonly number[]): Tensor => {
  checkTensors('flip', { x });
  const axes = several(dims).map((dim) => normalizeAxis('flip', dim, x.ndim));
  if (new Set(axes).size !== axes.length)
    throw new ArgumentError('flip', `an axis is named twice in [${axes.join(', ')}]`);
  return flipOp([x], { axes: x.ndim === 0 ? [] : axes });
});

/** Swaps left and right: reverses the second axis. */
export const fliplr = exact('fliplr(x)', (x: Tensor): Tensor => {
  checkTensors('fliplr', { x });
  if (x.ndim < 2) throw new ShapeError('fliplr', 'needs two axes', [{ name: 'x', shape: x.shape }]);
  return flip(x, 1);
});

/** Swaps top and bottom: reverses the first axis. */
export const flipud = exact('flipud(x)', (x: Tensor): Tensor => {
  checkTensors('flipud', { x });
  if (x.ndim < 1) throw new ShapeError('flipud', 'needs an axis', [{ name: 'x', shape: x.shape }]);
  return flip(x, 0);
});

interface Turned {
  /** How far each axis is rolled. */
  readonly turns: readonly number[];
}

const rollOp: (inputs: [Tensor], turned: Turned) => Tensor = defineOp<[Tensor], Turned>({
  name: 'roll',
  forward(_, [x], { turns }) {
    const out = empty(x.shape, x.dtype, x.engine);
    if (x.count > 0) copyTurned(out, x, turns, 0);
    return out;
  },
  backward: ({ attrs: { turns } }, grad) => [rollOp([grad], { turns: turns.map((by) => -by) })],
});

/** Starting with `axis`, copies the two pieces of each axis to where they belong. */
function copyTurned(out: Tensor, x: Tensor, turns: readonly number[], axis: number): void {
  if (axis === turns.length) {
    x.engine.copy(out, x);
    return;
  }
  const length = x.shape[axis]!;
  const shift = ((turns[axis]! % length) + length) % length;
  if (shift === 0) {
    copyTurned(out, x, turns, axis + 1);
    return;
  }
  const piece = (whole: Tensor, first: number, count: number): Tensor =>
    view(
      whole,
      replaceAxis(whole.shape, axis, count),
      whole.strides,
      whole.offset + first * whole.strides[axis]!,
    );
  copyTurned(piece(out, shift, length - shift), piece(x, 0, length - shift), turns, axis + 1);
  copyTurned(piece(out, 0, shift), piece(x, length - shift, shift), turns, axis + 1);
}

/**
 * Moves elements along axes; those that leave one end come back at the other.
 *
 * @param shifts how far, one number for each of `dims`
 * @param dims without them, the flattened tensor is rolled
 */
export const roll = exact(
  'roll(x, shifts, dims)',
  (x: Tensor, shifts: number | readonly number[], dims?: number | readonly number[]): Tensor => {
    checkTensors('roll', { x });
    const by = counts('roll', 'shifts', several(shifts));
    if (dims === undefined) {
      if (by.length !== 1) throw new ArgumentError('roll', `${by.length} shifts without axes`);
      return roll(x.reshape([-1]), by, 0).reshape(x.shape);
    }
    const axes = several(dims);
    if (axes.length !== by.length)
      throw new ArgumentError('roll', `${by.length} shifts for ${axes.length} axes`);
    if (x.ndim === 0 && axes.length > 0)
      throw new IndexError('roll', `axis ${describe(axes[0])} of a tensor without axes`);
    const turns = new Array<number>(x.ndim).fill(0);
    axes.forEach((dim, i) => {
      turns[normalizeAxis('roll', dim, x.ndim)]! += by[i]!;
    });
    return rollOp([x], { turns });
  },
);

/**
 * Rotates the plane of two axes by k quarter turns, from the first toward the second.
 *
 * @param k the number of quarter turns; negative ones turn back (default 1)
 * @param dims the axes (default [0, 1])
 */
export const rot90 = exact(
  'rot90(x, k, dims)',
  (x: Tensor, k = 1, dims: readonly [number, number] = [0, 1]): Tensor => {
    checkTensors('rot90', { x });
    if (x.ndim < 2) throw new ShapeError('rot90', 'needs two axes', [{ name: 'x', shape: x.shape }]);
    counts('rot90', 'dims', dims);
    const a = normalizeAxis('rot90', dims[0], x.ndim);
    const b = normalizeAxis('rot90', dims[1], x.ndim);
    if (a === b) throw new ArgumentError('rot90', `the two axes are the same: [${dims.join(', ')}]`);
    if (!Number.isInteger(k)) throw new ArgumentError('rot90', `k must be an integer, got ${describe(k)}`);
    switch (((k % 4) + 4) % 4) {
      case 1:
        return flip(x, b).transpose(a, b);
      case 2:
        return flip(x, [a, b]);
      case 3:
        return flip(x, a).transpose(a, b);
      default:
        return x.clone();
    }
  },
);

const triangleOp = defineOp<[Tensor], { upper: boolean; diagonal: number }>({
  name: 'triangle',
  forward(_, [x], { upper, diagonal }) {
    const out = emptyLike(x);
    x.engine.triangle(out, dense(x), diagonal, upper);
    return out;
  },
  backward: ({ attrs: { upper, diagonal } }, grad) => [upper ? grad.triu(diagonal) : grad.tril(diagonal)],
});

export interface TriangleOptions {
  /** The diagonal where the triangle ends: 0 is the main one, positive is above it (default 0). */
  diagonal?: number;
}

const readTriangle = defineOptions({ diagonal: whole(0) });

function triangle(
  operation: string,
  x: Tensor,
  upper: boolean,
  given: number | TriangleOptions | undefined,
): Tensor {
  checkTensors(operation, { x });
  const { diagonal } = readTriangle(operation, withLeading(operation, { diagonal: given }));
  if (x.ndim < 2) throw new ShapeError(operation, 'needs matrices', [{ name: 'x', shape: x.shape }]);
  // Past the corners, there's nothing more to keep or drop.
  const corner = x.shape.at(-2)! + x.shape.at(-1)!;
  return triangleOp([x], { upper, diagonal: Math.max(-corner, Math.min(corner, diagonal)) });
}

/** The lower triangle of matrices, zeros above the diagonal. @shape (…, R, C) → (…, R, C) */
export const tril = exact(
  'tril(x, diagonal)',
  (x: Tensor, diagonal?: number | TriangleOptions): Tensor => triangle('tril', x, false, diagonal),
);

/** The upper triangle of matrices, zeros below the diagonal. @shape (…, R, C) → (…, R, C) */
export const triu = exact(
  'triu(x, diagonal)',
  (x: Tensor, diagonal?: number | TriangleOptions): Tensor => triangle('triu', x, true, diagonal),
);

export interface DiagEmbedOptions {
  /** Which diagonal (default 0, the main one). */
  offset?: number;
  /** The result's axis for the rows (default −2). */
  dim1?: number;
  /** The result's axis for the columns (default −1). */
  dim2?: number;
}

const readDiagEmbed = defineOptions({ offset: whole(0), dim1: whole(-2), dim2: whole(-1) });

/**
 * Matrices with the last axis of `x` on a diagonal, zeros elsewhere.
 *
 * @shape (…, D) → (…, D + |offset|, D + |offset|)
 */
export const diagEmbed = named('diagEmbed', (x: Tensor, options?: DiagEmbedOptions): Tensor => {
  checkTensors('diagEmbed', { x });
  const { offset, dim1, dim2 } = readDiagEmbed('diagEmbed', options);
  if (x.ndim < 1) throw new ShapeError('diagEmbed', 'needs an axis', [{ name: 'x', shape: x.shape }]);
  const a = normalizeAxis('diagEmbed', dim1, x.ndim + 1);
  const b = normalizeAxis('diagEmbed', dim2, x.ndim + 1);
  if (a === b) throw new ArgumentError('diagEmbed', `dim1 and dim2 are both axis ${a}`);
  const side = x.shape.at(-1)! + Math.abs(offset);
  const whole: number[] = x.shape.slice(0, -1);
  for (const axis of [Math.min(a, b), Math.max(a, b)]) whole.splice(axis, 0, side);
  return paste(x, diagonalGeometry(offset, a, b), whole as Shape);
});

/** The matrix with the vector `x` on a diagonal, or the diagonal of the matrix `x`. */
export const diag = exact('diag(x, diagonal)', (x: Tensor, diagonal = 0): Tensor => {
  checkTensors('diag', { x });
  if (x.ndim === 1) return diagEmbed(x, { offset: diagonal });
  if (x.ndim === 2) return x.diagonal({ offset: diagonal });
  throw new ShapeError(
    'diag',
    'needs a vector or a matrix',
    [{ name: 'x', shape: x.shape }],
    'see diagEmbed()',
  );
});

attach({ flip, fliplr, flipud, roll, rot90, tril, triu, diag, diagEmbed });
