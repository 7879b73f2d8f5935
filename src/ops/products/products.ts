import { defineOp } from '../../autograd/op.js';
import { describe } from '../../core/describe.js';
import { ArgumentError, DTypeError, ShapeError } from '../../core/errors.js';
import { exact } from '../../core/exact.js';
import { broadcastShapes, normalizeAxis, type Shape, sameShape } from '../../core/shape.js';
import { checkTensors } from '../../tensor/argument.js';
import { attach } from '../../tensor/attach.js';
import { dense } from '../../tensor/dense.js';
import { empty, type Tensor } from '../../tensor/tensor.js';
import { cast, fit } from '../elementwise/pointwise.js';
import { commonType } from '../promotion.js';

/** The sum of a matrix's diagonal; int32 for integers. */
export const trace = exact('trace(x)', (x: Tensor): Tensor => {
  checkTensors('trace', { x });
  if (x.ndim !== 2) throw new ShapeError('trace', 'needs a matrix', [{ name: 'x', shape: x.shape }]);
  if (x.dtype === 'bool') throw new DTypeError('trace', "isn't defined for bool\n  hint: convert with to()");
  return x.diagonal().sum();
});

/** Σ a[i]·b[i] of two vectors; the same as `dot`, because there are no complex numbers here. */
export const vdot = exact('vdot(a, b)', (a: Tensor, b: Tensor): Tensor => {
  checkTensors('vdot', { a, b });
  return a.dot(b);
});

interface Cross {
  readonly axis: number;
  readonly shapeA: Shape;
  readonly shapeB: Shape;
}

const crossOp: (inputs: [Tensor, Tensor], attrs: Cross) => Tensor = defineOp<[Tensor, Tensor], Cross>({
  name: 'cross',
  forward(ctx, [a, b], { axis }) {
    const shape = broadcastShapes('cross', a.shape, b.shape);
    const out = empty(shape, a.dtype, a.engine);
    const whole = (x: Tensor): Tensor => dense(sameShape(x.shape, shape) ? x : x.expand(shape));
    out.engine.cross(out, whole(a), whole(b), axis);
    ctx.save(a, b);
    return out;
  },
  backward({ saved, attrs: { axis, shapeA, shapeB }, needs }, g) {
    const [a, b] = saved as readonly [Tensor, Tensor];
    const product = (x: Tensor, y: Tensor): Tensor =>
      crossOp([x, y], { axis, shapeA: x.shape, shapeB: y.shape });
    return [needs[0] ? fit(product(b, g), shapeA) : null, needs[1] ? fit(product(g, a), shapeB) : null];
  },
});

/**
 * The cross product of vectors of 3 elements along an axis; the other axes broadcast.
 *
 * @param dim the axis, or null (default) for the first one of length 3
 * @throws ShapeError if that axis isn't of length 3 in both
 */
export const cross = exact('cross(a, b, dim)', (a: Tensor, b: Tensor, dim: number | null = null): Tensor => {
  checkTensors('cross', { a, b });
  const operands = [
    { name: 'a', shape: a.shape },
    { name: 'b', shape: b.shape },
  ];
  const found = dim === null ? a.shape.indexOf(3) : normalizeAxis('cross', dim, a.ndim);
  if (a.ndim !== b.ndim) throw new ShapeError('cross', 'both need the same number of axes', operands);
  if (found < 0 || a.shape[found] !== 3 || b.shape[found] !== 3)
    throw new ShapeError('cross', 'needs an axis of length 3 in both', operands);
  const dtype = commonType('cross', a, b);
  if (dtype === 'bool') throw new DTypeError('cross', "isn't defined for bool\n  hint: convert with to()");
  return crossOp([cast(a, dtype), cast(b, dtype)], { axis: found, shapeA: a.shape, shapeB: b.shape });
});

/**
 * The Kronecker product: y[i·m + k, j·n + l] = a[i, j]·b[k, l] for b (m, n), and so on for other ranks.
 *
 * @shape a (A₀, A₁, …), b (B₀, B₁, …) → (A₀·B₀, A₁·B₁, …); the one with fewer axes gets axes of length 1 in front
 */
export const kron = exact('kron(a, b)', (a: Tensor, b: Tensor): Tensor => {
  checkTensors('kron', { a, b });
  const rank = Math.max(a.ndim, b.ndim);
  const filled = (x: Tensor): number[] => [...new Array<number>(rank - x.ndim).fill(1), ...x.shape];
  const [left, right] = [filled(a), filled(b)];
  // (A₀, 1, A₁, 1, …) · (1, B₀, 1, B₁, …)
  const spread = a.reshape(left.flatMap((n) => [n, 1])).mul(b.reshape(right.flatMap((n) => [1, n])));
  return spread.reshape(left.map((n, i) => n * right[i]!));
});

function axesOf(a: Tensor, b: Tensor, dims: number | readonly [Shape, Shape]): [number[], number[]] {
  if (typeof dims === 'number') {
    if (!Number.isInteger(dims) || dims < 0 || dims > Math.min(a.ndim, b.ndim))
      throw new ArgumentError(
        'tensordot',
        `dims must be a whole number from 0 to ${Math.min(a.ndim, b.ndim)}, got ${describe(dims)}`,
      );
    const count = Array.from({ length: dims }, (_, i) => i);
    return [count.map((i) => a.ndim - dims + i), count];
  }
  if (
    !Array.isArray(dims) ||
    !Array.isArray(dims[0]) ||
    !Array.isArray(dims[1]) ||
    dims[0].length !== dims[1].length
  )
    throw new ArgumentError(
      'tensordot',
      `dims must be a number of axes or two lists of axes of the same length, got ${describe(dims)}`,
    );
  const [ofA, ofB] = dims as readonly [Shape, Shape];
  const lists: [number[], number[]] = [
    ofA.map((axis) => normalizeAxis('tensordot', axis, a.ndim)),
    ofB.map((axis) => normalizeAxis('tensordot', axis, b.ndim)),
  ];
  for (const list of lists)
    if (new Set(list).size < list.length)
      throw new ArgumentError('tensordot', `an axis is named twice in ${describe(list)}`);
  return lists;
}

/**
 * Sums products over axes of both: y[i…, j…] = Σ_k a[i…, k…]·b[k…, j…].
 *
 * @param dims how many axes, the last of a and the first of b (default 2), or two lists of axes
 * @throws ShapeError if the axes differ in length
 */
export const tensordot = exact(
  'tensordot(a, b, dims)',
  (a: Tensor, b: Tensor, dims: number | readonly [Shape, Shape] = 2): Tensor => {
    checkTensors('tensordot', { a, b });
    const [ofA, ofB] = axesOf(a, b, dims);
    if (ofA.some((axis, i) => a.shape[axis] !== b.shape[ofB[i]!]))
      throw new ShapeError('tensordot', 'the summed axes differ in length', [
        { name: 'a', shape: a.shape, note: `axes ${ofA.join(', ')}` },
        { name: 'b', shape: b.shape, note: `axes ${ofB.join(', ')}` },
      ]);
    const others = (x: Tensor, axes: readonly number[]): number[] =>
      x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
    const [keptA, keptB] = [others(a, ofA), others(b, ofB)];
    const lengths = (x: Tensor, axes: readonly number[]): number[] => axes.map((axis) => x.shape[axis]!);
    const product = (shape: Shape): number => shape.reduce((n, length) => n * length, 1);
    const [outA, outB] = [lengths(a, keptA), lengths(b, keptB)];
    const inner = product(lengths(a, ofA));
    const left = a.permute([...keptA, ...ofA]).reshape([product(outA), inner]);
    const right = b.permute([...ofB, ...keptB]).reshape([inner, product(outB)]);
    return left.matmul(right).reshape([...outA, ...outB]);
  },
);

attach({ trace, vdot, cross, kron });
