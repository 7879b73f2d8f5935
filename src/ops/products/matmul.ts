import { defineOp } from '../../autograd/op.js';
import { isFloat } from '../../core/dtype.js';
import { DTypeError, type Operand, ShapeError } from '../../core/errors.js';
import { exact } from '../../core/exact.js';
import { broadcastShapes, type Shape, sizeOf } from '../../core/shape.js';
import { checkTensors } from '../../tensor/argument.js';
import { attach } from '../../tensor/attach.js';
import { empty, type Tensor } from '../../tensor/tensor.js';
import { fit } from '../elementwise/pointwise.js';
import { multiply, requireAllFit } from '../reduce/integer-sums.js';
import { rowProducts } from './row-products.js';

interface Transposes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

export const plain: Transposes = { transposeA: false, transposeB: false };

/** The shape of op(a)·op(b), whose inner lengths agree and whose batch axes broadcast. */
export function productShape(
  operation: string,
  a: Shape,
  b: Shape,
  { transposeA, transposeB }: Transposes,
): Shape {
  const m = a[a.length - (transposeA ? 1 : 2)]!;
  const n = b[b.length - (transposeB ? 2 : 1)]!;
  if (a.length === 2 && b.length === 2) return [m, n];
  return [...broadcastShapes(operation, a.slice(0, -2), b.slice(0, -2)), m, n];
}

/**
 * op(a)·op(b), where op may transpose the last two axes. Its gradients are products of the same kind,
 * so nothing is ever transposed in memory:
 *
 * c = a·b    da = g·bᵀ   db = aᵀ·g
 * c = aᵀ·b   da = b·gᵀ   db = a·g
 * c = a·bᵀ   da = g·b    db = gᵀ·a
 */
export const productOp: (inputs: [Tensor, Tensor], transposes: Transposes) => Tensor = defineOp<
  [Tensor, Tensor],
  Transposes
>({
  name: 'matmul',
  forward(ctx, [a, b], transposes) {
    const out = empty(productShape('matmul', a.shape, b.shape, transposes), a.dtype, a.engine);
    multiply('matmul', out, a, b, transposes);
    ctx.save(a, b);
    return out;
  },
  backward({ attrs: { transposeA, transposeB }, saved, needs }, g) {
    const [a, b] = saved as [Tensor, Tensor];
    const da =
      needs[0] &&
      (transposeA
        ? productOp([b, g], { transposeA: transposeB, transposeB: true })
        : productOp([g, b], { transposeA: false, transposeB: !transposeB }));
    const db =
      needs[1] &&
      (transposeB
        ? productOp([g, a], { transposeA: true, transposeB: transposeA })
        : productOp([a, g], { transposeA: !transposeA, transposeB: false }));
    return [da ? fit(da, a.shape) : null, db ? fit(db, b.shape) : null];
  },
});

/** @throws DTypeError unless both can be multiplied without conversion */
export function checkDTypes(operation: string, a: Tensor, b: Tensor): void {
  if (a.dtype !== b.dtype)
    throw new DTypeError(
      operation,
      `operands are ${a.dtype} and ${b.dtype}\n  hint: products don't convert dtypes; use to() on one of them`,
    );
  if (a.dtype === 'bool')
    throw new DTypeError(operation, "bool tensors can't be multiplied\n  hint: convert them with to()");
}

export function innerError(operation: string, a: Tensor, b: Tensor): ShapeError {
  const k = a.shape.at(-1);
  const axes = (x: Tensor, names: readonly string[]): string =>
    `(${x.ndim > 2 ? '…, ' : ''}${(x.ndim === 1 ? ['K'] : names).join(', ')})`;
  const operands: Operand[] = [
    { name: 'a', axes: axes(a, ['M', 'K']), shape: a.shape, note: `K = ${k}` },
    {
      name: 'b',
      axes: axes(b, ['K', 'N']),
      shape: b.shape,
      note: `expects K = ${b.shape.at(b.ndim === 1 ? -1 : -2)}`,
    },
  ];
  const turned = b.ndim >= 2 && b.shape.at(-1) === k;
  return new ShapeError(
    operation,
    'inner lengths disagree',
    operands,
    turned ? 'b.transpose(-2, -1) would fit' : undefined,
  );
}

/** The product of matrices or batches of matrices, checked. */
function product(operation: string, a: Tensor, b: Tensor): Tensor {
  checkDTypes(operation, a, b);
  if (a.shape.at(-1) !== b.shape.at(-2)) throw innerError(operation, a, b);
  if (a.dtype === 'uint8') {
    const y = product(operation, a.to('int32'), b.to('int32'));
    requireAllFit(operation, y, 'uint8');
    return y.to('uint8');
  }
  // One matrix for the whole batch: the batch becomes more rows, so its gradient is also one product.
  if (a.ndim > 2 && b.ndim === 2)
    return productOp([a.reshape([sizeOf(a.shape.slice(0, -1)), b.shape[0]!]), b], plain).reshape([
      ...a.shape.slice(0, -1),
      b.shape[1]!,
    ]);
  return productOp([a, b], plain);
}

/**
 * The matrix product over the last two axes; the axes before them are a batch and broadcast. A vector is a
 * row on the left or a column on the right, and the result drops its axis.
 *
 * y[…,i,j] = Σ_k a[…,i,k] · b[…,k,j]
 *
 * @shape a (…, M, K) or (K), b (…, K, N) or (K) → (…, M, N), (…, M), (…, N) or ()
 * @throws ShapeError if inner lengths disagree or an operand has no axes, DTypeError unless dtypes are the same
 * @example
 * randn([8, 1, 3, 4]).matmul(randn([5, 4, 2])).shape; // [8, 5, 3, 2]
 */
export const matmul = exact('matmul(a, b)', (a: Tensor, b: Tensor): Tensor => {
  checkTensors('matmul', { a, b });
  if (a.ndim === 2 && b.ndim === 2) return product('matmul', a, b);
  if (a.ndim === 0 || b.ndim === 0)
    throw new ShapeError('matmul', 'both operands need at least one axis', [
      { name: 'a', shape: a.shape },
      { name: 'b', shape: b.shape },
    ]);
  if (b.ndim === 1) {
    checkDTypes('matmul', a, b);
    if (a.shape.at(-1) !== b.shape[0]) throw innerError('matmul', a, b);
    if (a.ndim === 1 && isFloat(a.dtype)) return rowProducts([a, b]);
    const rows = a.ndim === 1 ? a.unsqueeze(0) : a;
    return product('matmul', rows, b.unsqueeze(1)).reshape(a.shape.slice(0, -1));
  }
  if (a.ndim === 1) {
    checkDTypes('matmul', a, b);
    if (a.shape[0] !== b.shape.at(-2)) throw innerError('matmul', a, b);
    return product('matmul', a.unsqueeze(0), b).reshape([...b.shape.slice(0, -2), b.shape.at(-1)!]);
  }
  return product('matmul', a, b);
});

export function requireAxes(operation: string, a: Tensor, b: Tensor, aRank: number, bRank: number): void {
  if (a.ndim !== aRank || b.ndim !== bRank)
    throw new ShapeError(operation, `needs tensors of ${aRank} and ${bRank} axes`, [
      { name: 'a', shape: a.shape },
      { name: 'b', shape: b.shape },
    ]);
}

/**
 * The product of two matrices.
 *
 * @shape a (M, K), b (K, N) → (M, N)
 * @throws ShapeError for other shapes; see `matmul`
 */
export const mm = exact('mm(a, b)', (a: Tensor, b: Tensor): Tensor => {
  checkTensors('mm', { a, b });
  requireAxes('mm', a, b, 2, 2);
  return product('mm', a, b);
});

export function requireBatch(operation: string, a: Tensor, b: Tensor): void {
  requireAxes(operation, a, b, 3, 3);
  if (a.shape[0] !== b.shape[0])
    throw new ShapeError(
      operation,
      'batches differ',
      [
        { name: 'a', axes: '(B, M, K)', shape: a.shape, note: `B = ${a.shape[0]}` },
        { name: 'b', axes: '(B, K, N)', shape: b.shape, note: `B = ${b.shape[0]}` },
      ],
      'matmul() broadcasts',
    );
}

/**
 * The products of two batches of matrices.
 *
 * @shape a (B, M, K), b (B, K, N) → (B, M, N)
 * @throws ShapeError for other shapes; see `matmul`
 */
export const bmm = exact('bmm(a, b)', (a: Tensor, b: Tensor): Tensor => {
  checkTensors('bmm', { a, b });
  requireBatch('bmm', a, b);
  return product('bmm', a, b);
});

/** Matrix times vector. @shape a (M, K), x (K) → (M) */
export const mv = exact('mv(a, x)', (a: Tensor, x: Tensor): Tensor => {
  checkTensors('mv', { a, x });
  requireAxes('mv', a, x, 2, 1);
  return matmul(a, x);
});

/** The sum of products of two vectors. @shape a (K), b (K) → () */
export const dot = exact('dot(a, b)', (a: Tensor, b: Tensor): Tensor => {
  checkTensors('dot', { a, b });
  requireAxes('dot', a, b, 1, 1);
  return matmul(a, b);
});

/** All products of two vectors' elements. @shape a (M), b (N) → (M, N) */
export const outer = exact('outer(a, b)', (a: Tensor, b: Tensor): Tensor => {
  checkTensors('outer', { a, b });
  requireAxes('outer', a, b, 1, 1);
  return a.unsqueeze(1).mul(b);
});

attach({ matmul, mm, bmm, mv, dot, outer });
