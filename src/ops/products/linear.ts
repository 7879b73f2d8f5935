import { defineOp } from '../../autograd/op.js';
import { isFloat } from '../../core/dtype.js';
import { ArgumentError, DTypeError, ShapeError } from '../../core/errors.js';
import { exact, named } from '../../core/exact.js';
import { anyNumber, defineOptions } from '../../core/options.js';
import { broadcastShapes, type Shape, sameShape, sizeOf } from '../../core/shape.js';
import { checkTensorOrNull, checkTensors } from '../../tensor/argument.js';
import { attach } from '../../tensor/attach.js';
import { dense } from '../../tensor/dense.js';
import { empty, type Tensor } from '../../tensor/tensor.js';
import { beforeEnding, type Ending } from '../ending.js';
import { multiply, requireAllFit } from '../reduce/integer-sums.js';
import { einsum } from './einsum.js';
import {
  checkDTypes,
  innerError,
  plain,
  productOp,
  productShape,
  requireAxes,
  requireBatch,
} from './matmul.js';

interface LinearAttrs {
  readonly ending?: Ending | undefined;
}

const withoutEnding: LinearAttrs = {};

/** y = ending(x·Wᵀ + b) for matrices x (N, in), W (out, in), and b (out). */
const linearOp = defineOp<[x: Tensor, weight: Tensor, bias: Tensor | null], LinearAttrs>({
  name: 'linear',
  forward(ctx, [x, weight, bias], { ending }) {
    const out = empty([x.shape[0]!, weight.shape[0]!], x.dtype, x.engine);
    const activation = ending ?? 'none';
    multiply('linear', out, x, weight, { transposeB: true, bias: bias && dense(bias), activation });
    ctx.save(x, weight, ...(ending === undefined ? [] : [out]));
    return out;
  },
  backward({ attrs: { ending }, saved, needs, createGraph }, gradient) {
    const [x, weight, y] = saved as [Tensor, Tensor, Tensor];
    const g = beforeEnding(ending, gradient, y, createGraph);
    return [
      needs[0] ? productOp([g, weight], plain) : null,
      needs[1] ? productOp([g, x], { transposeA: true, transposeB: false }) : null,
      needs[2] ? g.sum(0) : null,
    ];
  },
});

function checkBias(operation: string, weight: Tensor, bias: Tensor | null): void {
  checkTensorOrNull(operation, 'bias', bias);
  if (bias === null) return;
  checkDTypes(operation, weight, bias);
  if (bias.ndim !== 1 || bias.shape[0] !== weight.shape[0])
    throw new ShapeError(operation, 'the bias needs one number for each output', [
      { name: 'weight', shape: weight.shape, note: `${weight.shape[0]} outputs` },
      { name: 'bias', shape: bias.shape },
    ]);
}

/**
 * y = x·Wᵀ + b
 *
 * @param weight one row for each output
 * @param bias a number for each output, or null
 * @shape x (…, in), weight (out, in), bias (out) → (…, out)
 * @throws ShapeError if the last axis of x doesn't have length `in`, DTypeError unless all dtypes are the same
 * @source notes 2.2
 */
export const linear = exact(
  'linear(x, weight, bias)',
  (x: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor => {
    checkTensors('linear', { x, weight });
    return weight.ndim === 1 && bias === null ? x.matmul(weight) : linearEnding(x, weight, bias);
  },
);

/** `linear` followed by an activation, for floating operands that `canEndIn` accepts. */
export function linearEnding(x: Tensor, weight: Tensor, bias: Tensor | null, ending?: Ending): Tensor {
  if (weight.ndim !== 2 || x.ndim === 0 || x.shape.at(-1) !== weight.shape[1])
    throw new ShapeError('linear', 'features disagree', [
      { name: 'x', axes: '(…, in)', shape: x.shape, note: `in = ${x.shape.at(-1) ?? 'none'}` },
      {
        name: 'weight',
        axes: '(out, in)',
        shape: weight.shape,
        note: `expects in = ${weight.shape[1] ?? 'two axes'}`,
      },
    ]);
  checkDTypes('linear', x, weight);
  if (x.dtype === 'uint8')
    throw new DTypeError('linear', "isn't defined for uint8\n  hint: convert with to()");
  checkBias('linear', weight, bias);
  const attrs = ending === undefined ? withoutEnding : { ending };
  if (x.ndim === 2) return linearOp([x, weight, bias], attrs);
  const rows = x.reshape([sizeOf(x.shape.slice(0, -1)), weight.shape[1]!]); // (…, in) → (N, in)
  return linearOp([rows, weight, bias], attrs).reshape([...x.shape.slice(0, -1), weight.shape[0]!]);
}

/**
 * y[…,k] = Σ_ij x1[…,i] · W[k,i,j] · x2[…,j] + b[k]
 *
 * @shape x1 (…, in1), x2 (…, in2), weight (out, in1, in2), bias (out) → (…, out)
 * @throws ShapeError if features disagree
 */
export const bilinear = exact(
  'bilinear(x1, x2, weight, bias)',
  (x1: Tensor, x2: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor => {
    checkTensors('bilinear', { x1, x2, weight });
    if (weight.ndim !== 3 || x1.shape.at(-1) !== weight.shape[1] || x2.shape.at(-1) !== weight.shape[2])
      throw new ShapeError('bilinear', 'features disagree', [
        { name: 'x1', axes: '(…, in1)', shape: x1.shape },
        { name: 'x2', axes: '(…, in2)', shape: x2.shape },
        { name: 'weight', axes: '(out, in1, in2)', shape: weight.shape },
      ]);
    checkBias('bilinear', weight, bias);
    const y = einsum('...i,kij,...j->...k', x1, weight, x2);
    return bias === null ? y : y.add(bias);
  },
);

export interface AddmmOptions {
  /** The factor of `input` (default 1); with 0, its elements don't matter, not even NaN. */
  readonly beta?: number;
  /** The factor of the product (default 1). */
  readonly alpha?: number;
}

const readAddmm = defineOptions({ beta: anyNumber(1), alpha: anyNumber(1) });

interface AddProduct {
  readonly operation: string;
  readonly alpha: number;
  readonly beta: number;
  readonly inputShape: Shape;
}

const scaled = (x: Tensor, factor: number): Tensor => (factor === 1 ? x : x.mul(factor));

const addProductOp = defineOp<[input: Tensor, a: Tensor, b: Tensor], AddProduct>({
  name: 'addmm',
  forward(ctx, [input, a, b], { operation, alpha, beta }) {
    const out = empty(productShape('addmm', a.shape, b.shape, plain), a.dtype, a.engine);
    if (beta === 1 && input.ndim === 1 && input.shape[0] === b.shape.at(-1)) {
      multiply(operation, out, a, b, { alpha, bias: dense(input) });
    } else {
      if (beta !== 0) a.engine.copy(out, input);
      multiply(operation, out, a, b, { alpha, beta });
    }
    ctx.save(a, b);
    return out;
  },
  backward({ attrs: { alpha, beta, inputShape }, saved, needs }, g) {
    const [a, b] = saved as [Tensor, Tensor];
    return [
      needs[0] ? scaled(g.sumToSize(inputShape), beta) : null,
      needs[1] ? scaled(productOp([g, b], { transposeA: false, transposeB: true }), alpha) : null,
      needs[2] ? scaled(productOp([a, g], { transposeA: true, transposeB: false }), alpha) : null,
    ];
  },
});

function addProduct(
  operation: string,
  input: Tensor,
  a: Tensor,
  b: Tensor,
  options: AddmmOptions | undefined,
): Tensor {
  const { alpha, beta } = readAddmm(operation, options);
  checkDTypes(operation, a, b);
  checkDTypes(operation, input, a);
  if (a.shape.at(-1) !== b.shape.at(-2)) throw innerError(operation, a, b);
  if (!isFloat(a.dtype) && !(Number.isInteger(alpha) && Number.isInteger(beta)))
    throw new ArgumentError(operation, `integers need whole factors, not alpha ${alpha} and beta ${beta}`);
  const shape = productShape(operation, a.shape, b.shape, plain);
  if (!sameShape(broadcastShapes(operation, input.shape, shape), shape))
    throw new ShapeError(operation, "the input doesn't broadcast to the product", [
      { name: 'input', shape: input.shape },
      { name: 'product', shape },
    ]);
  if (a.dtype === 'uint8') {
    const [wide, left, right] = [input, a, b].map((x) => x.to('int32')) as [Tensor, Tensor, Tensor];
    const y = addProduct(operation, wide, left, right, options);
    requireAllFit(operation, y, 'uint8');
    return y.to('uint8');
  }
  return addProductOp([input, a, b], { operation, alpha, beta, inputShape: input.shape });
}

/**
 * beta · input + alpha · a·b
 *
 * @shape a (M, K), b (K, N), input broadcasts to (M, N) → (M, N)
 * @throws ShapeError if inner lengths disagree or the input doesn't broadcast, DTypeError unless dtypes are the same
 */
export const addmm = named('addmm', (input: Tensor, a: Tensor, b: Tensor, options?: AddmmOptions): Tensor => {
  checkTensors('addmm', { input, a, b });
  requireAxes('addmm', a, b, 2, 2);
  return addProduct('addmm', input, a, b, options);
});

/**
 * beta · input + alpha · a·b for batches of matrices.
 *
 * @shape a (B, M, K), b (B, K, N), input broadcasts to (B, M, N) → (B, M, N)
 * @throws ShapeError if shapes disagree or the input doesn't broadcast, DTypeError unless dtypes are the same
 */
export const baddbmm = named(
  'baddbmm',
  (input: Tensor, a: Tensor, b: Tensor, options?: AddmmOptions): Tensor => {
    checkTensors('baddbmm', { input, a, b });
    requireBatch('baddbmm', a, b);
    return addProduct('baddbmm', input, a, b, options);
  },
);

attach({ addmm, baddbmm });
