import { kernelsOf } from '../autograd/fused.js';
import { defineOp } from '../autograd/op.js';
import { type DType, isFloat } from '../core/dtype.js';
import { DTypeError } from '../core/errors.js';
import { defineOptions } from '../core/options.js';
import { normalizeAxis } from '../core/shape.js';
import { checkTensors } from '../tensor/argument.js';
import { attach } from '../tensor/attach.js';
import { dense } from '../tensor/dense.js';
import { emptyLike, type Tensor } from '../tensor/tensor.js';
import { composes } from './elementwise/pointwise.js';
import { dtypeOptions } from './reduce/scans.js';

interface Along {
  readonly axis: number;
}

function fusedBackward(g: Tensor, y: Tensor, axis: number, log: boolean): Tensor {
  const dx = emptyLike(y);
  kernelsOf(y, 'slope').softmaxBackward(dx, dense(g), y, axis, log);
  return dx;
}

const softmaxOp = defineOp<[Tensor], Along>({
  name: 'softmax',
  forward(ctx, [input], { axis }) {
    const x = dense(input);
    const out = emptyLike(x);
    x.engine.softmax(out, x, axis, false);
    ctx.save(out);
    return out;
  },
  backward({ saved: [y], attrs: { axis }, createGraph }, g) {
    if (!composes(g, createGraph)) return [fusedBackward(g, y!, axis, false)];
    const gy = g.mul(y!);
    return [gy.sub(y!.mul(gy.sum(axis, { keepdim: true })))];
  },
});

const logSoftmaxOp = defineOp<[Tensor], Along>({
  name: 'logSoftmax',
  forward(ctx, [input], { axis }) {
    const x = dense(input);
    const out = emptyLike(x);
    x.engine.softmax(out, x, axis, true);
    ctx.save(out);
    return out;
  },
  backward({ saved: [y], attrs: { axis }, createGraph }, g) {
    if (!composes(g, createGraph)) return [fusedBackward(g, y!, axis, true)];
    return [g.sub(y!.exp().mul(g.sum(axis, { keepdim: true })))];
  },
});

export interface SoftmaxOptions {
  /** Converts the tensor first. */
  readonly dtype?: DType;
}

const readSoftmax = defineOptions(dtypeOptions, ['dim']);

function prepare(operation: string, x: Tensor, options: SoftmaxOptions | undefined): Tensor {
  const { dtype } = readSoftmax(operation, options);
  const converted = dtype === undefined || dtype === x.dtype ? x : x.to(dtype);
  if (isFloat(converted.dtype)) return converted;
  throw new DTypeError(
    operation,
    `needs a floating dtype, x is ${converted.dtype}\n  hint: { dtype: 'float32' }`,
  );
}

/**
 * Positive numbers that sum to 1 along an axis: yᵢ = e^xᵢ / Σⱼ e^xⱼ, computed without overflow.
 *
 * @throws DTypeError for integers and booleans, IndexError if there's no such axis
 * @source notes 2.4; Bridle 1990, doi:10.1007/978-3-642-76153-9_28
 * @example
 * tensor([0, 0]).softmax(0); // [0.5, 0.5]
 */
export function softmax(x: Tensor, dim: number, options?: SoftmaxOptions): Tensor {
  checkTensors('softmax', { x });
  const axis = normalizeAxis('softmax', dim, x.ndim);
  return softmaxOp([prepare('softmax', x, options)], { axis });
}

/** The logarithm of `softmax`: yᵢ = xᵢ − log Σⱼ e^xⱼ. Accurate even where softmax itself would be 0. */
export function logSoftmax(x: Tensor, dim: number, options?: SoftmaxOptions): Tensor {
  checkTensors('logSoftmax', { x });
  const axis = normalizeAxis('logSoftmax', dim, x.ndim);
  return logSoftmaxOp([prepare('logSoftmax', x, options)], { axis });
}

/** softmax(−x): the smaller an element, the larger its share. */
export function softmin(x: Tensor, dim: number, options?: SoftmaxOptions): Tensor {
  checkTensors('softmin', { x });
  const axis = normalizeAxis('softmin', dim, x.ndim);
  return softmaxOp([prepare('softmin', x, options).neg()], { axis });
}

attach({ softmax, logSoftmax });
