import { defineOp } from '../../autograd/op.js';
import { type DType, promote } from '../../core/dtype.js';
import { ArgumentError, DTypeError, EngineError, ShapeError } from '../../core/errors.js';
import { exact, named } from '../../core/exact.js';
import { rangeGeometry, windowOf } from '../../core/geometry.js';
import { defineOptions, word } from '../../core/options.js';
import { normalizeAxis, type Shape, sizeOf } from '../../core/shape.js';
import { count, counts, several } from '../../core/sizes.js';
import { replaceAxis } from '../../core/views.js';
import { checkTensorList, checkTensors } from '../../tensor/argument.js';
import { attach } from '../../tensor/attach.js';
import { empty, Tensor, view } from '../../tensor/tensor.js';
import { afterwards, requireNow } from '../counted.js';

interface Cat {
  readonly axis: number;
  readonly dtype: DType;
  /** The shapes of the pieces; null for a tensor that's left out. */
  readonly shapes: readonly (Shape | null)[];
  readonly dtypes: readonly DType[];
}

const catOp = defineOp<Tensor[], Cat>({
  name: 'cat',
  forward(_, tensors, { axis, dtype, shapes }) {
    const kept = shapes.filter((shape) => shape !== null);
    const length = kept.reduce((n, shape) => n + shape[axis]!, 0);
    const out = empty(replaceAxis(kept[0]!, axis, length), dtype, tensors[0]!.engine);
    let start = 0;
    tensors.forEach((x, i) => {
      if (shapes[i] === null) return;
      const piece = windowOf(rangeGeometry(axis, start, x.shape[axis]!, 1), out.shape, out.strides);
      x.engine.copy(view(out, piece.shape, piece.strides, piece.offset), x);
      start += x.shape[axis]!;
    });
    return out;
  },
  backward({ attrs: { axis, shapes, dtypes }, needs }, grad) {
    let start = 0;
    return shapes.map((shape, i) => {
      const dtype = dtypes[i]!;
      if (shape === null) return needs[i] ? empty([0], dtype, grad.engine) : null;
      const length = shape[axis]!;
      start += length;
      if (!needs[i]) return null;
      const piece = grad.narrow(axis, start - length, length);
      return dtype === grad.dtype ? piece : piece.to(dtype);
    });
  },
});

const isEmptyVector = (x: Tensor): boolean => x.ndim === 1 && x.shape[0] === 0;

function requireTensors(operation: string, tensors: readonly Tensor[]): Tensor {
  checkTensorList(operation, 'tensors', tensors);
  if (tensors.length === 0) throw new ArgumentError(operation, 'needs at least one tensor');
  return tensors[0]!;
}

/**
 * Joins tensors along an existing axis.
 *
 * Their dtypes are promoted to one. A tensor of shape [0] is left out, whatever the others' shapes.
 *
 * @shape (A, L₁, B), (A, L₂, B), … → (A, L₁ + L₂ + …, B)
 * @throws ShapeError if they differ in another axis
 * @example
 * cat([zeros([2, 3]), ones([2, 1])], 1).shape; // [2, 4]
 */
export const cat = exact('cat(tensors, dim)', (tensors: readonly Tensor[], dim = 0): Tensor => {
  checkTensorList('cat', 'tensors', tensors);
  const first = requireTensors('cat', tensors);
  const model = tensors.find((x) => !isEmptyVector(x)) ?? first;
  const counts = (x: Tensor): boolean => !isEmptyVector(x) || model.ndim === 1;
  if (tensors.some((x) => x.ndim === 0))
    throw new ShapeError(
      'cat',
      "a tensor without axes can't be joined",
      operands(tensors),
      'stack() adds an axis',
    );
  const axis = normalizeAxis('cat', dim, model.ndim);
  const fits = (x: Tensor): boolean =>
    x.ndim === model.ndim && x.shape.every((n, i) => i === axis || n === model.shape[i]);
  if (!tensors.every((x) => !counts(x) || fits(x)))
    throw new ShapeError('cat', `shapes must match in every axis except ${axis}`, operands(tensors));
  return catOp([...tensors], {
    axis,
    dtype: tensors.map((x) => x.dtype).reduce(promote),
    shapes: tensors.map((x) => (counts(x) ? x.shape : null)),
    dtypes: tensors.map((x) => x.dtype),
  });
});

const operands = (tensors: readonly Tensor[]) =>
  tensors.map((x, i) => ({ name: `tensors[${i}]`, shape: x.shape }));

/** Another name for `cat`. */
export const concat = named('concat', cat);

/**
 * Joins tensors of the same shape along a new axis.
 *
 * @shape n × (A, B) → stack(xs, 1) → (A, n, B)
 * @throws ShapeError if their shapes differ
 */
export const stack = exact('stack(tensors, dim)', (tensors: readonly Tensor[], dim = 0): Tensor => {
  checkTensorList('stack', 'tensors', tensors);
  const { shape } = requireTensors('stack', tensors);
  if (!tensors.every((x) => x.ndim === shape.length && x.shape.every((n, i) => n === shape[i])))
    throw new ShapeError('stack', 'shapes must be equal', operands(tensors));
  const axis = normalizeAxis('stack', dim, shape.length + 1);
  return cat(
    tensors.map((x) => x.unsqueeze(axis)),
    axis,
  );
});

/** Joins tensors side by side: along the second axis, or the first for vectors. */
export const hstack = exact('hstack(tensors)', (tensors: readonly Tensor[]): Tensor => {
  checkTensorList('hstack', 'tensors', tensors);
  requireTensors('hstack', tensors);
  const pieces = tensors.map((x) => (x.ndim === 0 ? x.reshape([1]) : x));
  return cat(pieces, pieces[0]!.ndim === 1 ? 0 : 1);
});

/** Joins tensors one below the other: along the first axis, vectors as rows. */
export const vstack = exact('vstack(tensors)', (tensors: readonly Tensor[]): Tensor => {
  checkTensorList('vstack', 'tensors', tensors);
  requireTensors('vstack', tensors);
  return cat(
    tensors.map((x) => (x.ndim < 2 ? x.reshape([1, -1]) : x)),
    0,
  );
});

/** A result that must be a copy: `y`, or its clone if it shares the memory of `x`. */
const apart = (y: Tensor, x: Tensor): Tensor => (y.storage === x.storage ? y.clone() : y);

/**
 * Copies the tensor repeats[i] times along axis i; more numbers than axes add axes in front.
 *
 * @shape (A, B) → repeat([2, 3]) → (2A, 3B)
 * @throws ShapeError for fewer numbers than axes
 */
export const repeat = exact('repeat(x, repeats)', (x: Tensor, repeats: readonly number[]): Tensor => {
  counts('repeat', 'repeats', repeats, 0);
  const added = repeats.length - x.ndim;
  if (added < 0)
    throw new ShapeError('repeat', `${repeats.length} repetitions for ${x.ndim} axes`, [
      { name: 'x', shape: x.shape },
      { name: 'repeats', shape: repeats },
    ]);
  const lengths = repeats.map((_, i) => (i < added ? 1 : x.shape[i - added]!));
  const repeated = x
    .reshape(lengths.flatMap((n) => [1, n])) // (1, A, 1, B, …)
    .expand(lengths.flatMap((n, i) => [repeats[i]!, n]))
    .reshape(lengths.map((n, i) => repeats[i]! * n));
  return apart(repeated, x);
});

/** Like `repeat`, but fewer numbers than axes apply to the last axes. */
export const tile = exact('tile(x, dims)', (x: Tensor, dims: readonly number[]): Tensor => {
  checkTensors('tile', { x });
  counts('tile', 'dims', dims, 0);
  return repeat(x, [...new Array<number>(Math.max(0, x.ndim - dims.length)).fill(1), ...dims]);
});

/**
 * Repeats each position of an axis before the next one: [a, b] → [a, a, b, b].
 *
 * @param repeats how often; an int32 tensor or an array has a number for each position
 * @param dim the axis; without it, the flattened tensor is repeated
 * @throws ShapeError unless there's a number for each position
 */
export const repeatInterleave = exact(
  'repeatInterleave(x, repeats, dim)',
  (x: Tensor, repeats: number | readonly number[] | Tensor, dim?: number): Tensor => {
    checkTensors('repeatInterleave', { x });
    if (dim === undefined) return repeatInterleave(x.reshape([-1]), repeats, 0);
    const axis = normalizeAxis('repeatInterleave', dim, x.ndim);
    const length = x.shape[axis]!;
    if (typeof repeats === 'number') {
      count('repeatInterleave', 'repeats', repeats);
      const repeated = x
        .unsqueeze(axis + 1)
        .expand([...x.shape.slice(0, axis + 1), repeats, ...x.shape.slice(axis + 1)])
        .reshape(replaceAxis(x.shape, axis, length * repeats));
      return apart(repeated, x);
    }
    const numbers = repeatCounts(repeats);
    if (numbers.length !== length && numbers.length !== 1)
      throw new ShapeError(
        'repeatInterleave',
        `${numbers.length} repetitions for ${length} positions of axis ${axis}`,
        [{ name: 'x', shape: x.shape }],
      );
    if (numbers.length !== length) return repeatInterleave(x, numbers[0]!, axis);
    const total = numbers.reduce((sum, n) => sum + n, 0);
    const places = EngineError.naming('repeatInterleave', () => empty([total], 'int32', x.engine));
    const list = new Int32Array(total);
    let at = 0;
    for (const [i, n] of numbers.entries()) {
      list.fill(i, at, at + n);
      at += n;
    }
    x.engine.write(places.storage, 0, new Uint8Array(list.buffer));
    return x.indexSelect(axis, places);
  },
);

function requireRepeats(repeats: Tensor): void {
  if (repeats.dtype !== 'int32')
    throw new DTypeError('repeatInterleave', `repetitions must be int32, got ${repeats.dtype}`);
}

function repeatCounts(repeats: readonly number[] | Tensor): number[] {
  if (!(repeats instanceof Tensor)) return [...counts('repeatInterleave', 'repeats', several(repeats), 0)];
  requireRepeats(repeats);
  requireNow('repeatInterleave', repeats);
  return [...counts('repeatInterleave', 'repeats', [...repeats.dataSync()], 0)];
}

/** Async `repeatInterleave`, which also works on engines whose results arrive later if `repeats` is a tensor. */
export const repeatInterleaveAsync = exact(
  'repeatInterleaveAsync(x, repeats, dim)',
  async (x: Tensor, repeats: number | readonly number[] | Tensor, dim?: number): Promise<Tensor> => {
    if (!(repeats instanceof Tensor)) return repeatInterleave(x, repeats, dim);
    requireRepeats(repeats);
    return afterwards(repeats.data(), (numbers) => repeatInterleave(x, [...numbers], dim));
  },
);

export interface MeshgridOptions {
  /** `ij`: axis k of every result belongs to tensor k; `xy`: with the first two swapped (default `ij`). */
  indexing?: 'ij' | 'xy';
}

const readMeshgrid = defineOptions({ indexing: word(['ij', 'xy'], 'ij') });

/**
 * A grid's coordinates: result k repeats tensor k along all axes but axis k. Views.
 *
 * @shape (A), (B) → two of (A, B)
 * @throws ShapeError for tensors with more than one axis
 */
export function meshgrid(tensors: readonly Tensor[], options?: MeshgridOptions): Tensor[] {
  checkTensorList('meshgrid', 'tensors', tensors);
  requireTensors('meshgrid', tensors);
  const { indexing } = readMeshgrid('meshgrid', options);
  if (tensors.some((x) => x.ndim > 1))
    throw new ShapeError('meshgrid', 'needs tensors of one axis', operands(tensors));
  const shape = tensors.map((x) => sizeOf(x.shape));
  const grids = tensors.map((x, k) => x.reshape(shape.map((n, i) => (i === k ? n : 1))).expand(shape));
  return indexing === 'xy' && tensors.length > 1 ? grids.map((g) => g.transpose(0, 1)) : grids;
}

attach({ repeat, tile, repeatInterleave, repeatInterleaveAsync });
