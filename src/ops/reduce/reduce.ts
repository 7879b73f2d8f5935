import { kernelsOf } from '../../autograd/fused.js';
import { defineOp } from '../../autograd/op.js';
import { type DType, isFloat } from '../../core/dtype.js';
import { DTypeError, ShapeError } from '../../core/errors.js';
import { exact, named } from '../../core/exact.js';
import { defineOptions } from '../../core/options.js';
import { normalizeAxis, type Shape, sameShape } from '../../core/shape.js';
import { counts } from '../../core/sizes.js';
import type { ReduceOp } from '../../engine/reduce.js';
import { checkTensors } from '../../tensor/argument.js';
import { attach } from '../../tensor/attach.js';
import { dense } from '../../tensor/dense.js';
import { empty, emptyLike, type Tensor, view } from '../../tensor/tensor.js';
import {
  type Dims,
  type KeepDimOptions,
  keepdimOptions,
  readKeepdim,
  reducedAxes,
  reducedCount,
  reducedShape,
  splitArguments,
  spread,
} from '../axes.js';
import { composes } from '../elementwise/pointwise.js';
import { unfit } from './integer-sums.js';
import { type DTypeOptions, dtypeOptions, inDType, productOfOthers, sumDType } from './scans.js';

interface Reduction {
  readonly axes: readonly number[];
  readonly keepdim: boolean;
}

interface GradientlessReduction extends Reduction {
  readonly op: ReduceOp;
}

/** A new tensor for the result. */
const resultOf = (x: Tensor, { axes, keepdim }: Reduction, dtype: DType = x.dtype): Tensor =>
  empty(reducedShape(x.shape, axes, keepdim), dtype, x.engine);

const sumFault = { overflow: unfit('sum') };

const sumOp = defineOp<[Tensor], Reduction & { shape: Shape }>({
  name: 'sum',
  forward(_, [x], attrs) {
    const out = resultOf(x, attrs, sumDType(x.dtype));
    x.engine.reduce('sum', out, x, attrs.axes, sumFault);
    return out;
  },
  backward: ({ attrs: { shape, axes, keepdim } }, g) => [spread(g, shape, axes, keepdim)],
});

const meanOp = defineOp<[Tensor], Reduction & { shape: Shape }>({
  name: 'mean',
  forward(_, [x], attrs) {
    const out = resultOf(x, attrs);
    x.engine.reduce('sum', out, x, attrs.axes, { divisor: reducedCount(x.shape, attrs.axes) });
    return out;
  },
  backward: ({ attrs: { shape, axes, keepdim } }, g) => [
    spread(g.div(reducedCount(shape, axes)), shape, axes, keepdim),
  ],
});

const sumToSizeFault = { overflow: unfit('sumToSize') };

const sumToSizeOp = defineOp<[Tensor], { from: Shape; to: Shape; axes: readonly number[] }>({
  name: 'sumToSize',
  forward(_, [x], { to, axes }) {
    const out = empty(to, sumDType(x.dtype), x.engine);
    x.engine.reduce('sum', out, x, axes, sumToSizeFault);
    return out;
  },
  backward: ({ attrs: { from } }, g) => [g.expand(from)],
});

/** g times the product of all other elements, over one axis or all. */
function prodGradient(input: Tensor, g: Tensor, axes: readonly number[]): Tensor {
  const x = dense(input);
  const out = emptyLike(x);
  const line = (y: Tensor): Tensor => view(y, [y.count], [1]);
  const kernels = kernelsOf(x, 'slope');
  if (axes.length === 1) kernels.prodBackward(out, dense(g), x, axes[0]!);
  else kernels.prodBackward(line(out), dense(g), line(x), 0);
  return out;
}

const prodFault = { overflow: unfit('prod') };

const prodOp = defineOp<[Tensor], Reduction>({
  name: 'prod',
  forward(ctx, [x], attrs) {
    const out = resultOf(x, attrs, sumDType(x.dtype));
    x.engine.reduce('prod', out, x, attrs.axes, prodFault);
    ctx.save(x);
    return out;
  },
  backward({ saved: [x], attrs: { axes, keepdim }, createGraph }, g) {
    if (!composes(g, createGraph)) return [prodGradient(x!, g, axes)];
    const others =
      axes.length === 1
        ? productOfOthers(x!, axes[0]!)
        : productOfOthers(x!.reshape([-1]), 0).reshape(x!.shape);
    return [others.mul(spread(g, x!.shape, axes, keepdim))];
  },
});

const countOp = defineOp<[Tensor], GradientlessReduction>({
  name: 'reduce',
  forward(_, [x], attrs) {
    const out = resultOf(x, attrs, attrs.op === 'countNonzero' ? 'int32' : 'bool');
    if (attrs.op === 'countNonzero' && isFloat(x.dtype)) {
      const count = resultOf(x, attrs);
      x.engine.reduce(attrs.op, count, x, attrs.axes);
      x.engine.copy(out, count);
    } else x.engine.reduce(attrs.op, out, x, attrs.axes);
    return out;
  },
});

export interface SumOptions extends KeepDimOptions, DTypeOptions {}

export const readSum = defineOptions({ ...keepdimOptions, ...dtypeOptions }, ['dim']);

const convert = (x: Tensor, dtype: DType | undefined): Tensor =>
  dtype === undefined || dtype === x.dtype ? x : x.to(dtype);

/**
 * The sum over axes, by default all. For integers and booleans, int32 unless `dtype` says otherwise. Rounding
 * errors grow at most with the logarithm of the count: long sums accumulate in double precision.
 *
 * @param dim an axis, a list of axes, or null for all
 * @param options.dtype converts the tensor first, and is the result's dtype; for bool, whether the sum isn't 0
 * @shape (A, B, C) → sum(1) → (A, C); sum([0, 2], { keepdim: true }) → (1, B, 1)
 * @throws IndexError if there's no such axis, ArgumentError if one is named twice, DTypeError if int32 can't
 *   hold a sum of integers
 * @differs PyTorch sums integers in int64, which wraps
 */
export function sum(x: Tensor, dim?: Dims | SumOptions, options?: SumOptions): Tensor {
  checkTensors('sum', { x });
  const [dims, given] = splitArguments('sum', dim, options);
  const { keepdim, dtype } = readSum('sum', given);
  const attrs = { shape: x.shape, axes: reducedAxes('sum', dims, x.ndim), keepdim };
  return inDType('sum', sumOp([convert(x, dtype)], attrs), dtype);
}

/**
 * The mean over axes, by default all; NaN if there are no elements.
 *
 * @throws DTypeError for integers and booleans, unless `dtype` makes them floats
 */
export function mean(x: Tensor, dim?: Dims | SumOptions, options?: SumOptions): Tensor {
  checkTensors('mean', { x });
  const [dims, given] = splitArguments('mean', dim, options);
  const { keepdim, dtype } = readSum('mean', given);
  const converted = convert(x, dtype);
  if (!isFloat(converted.dtype))
    throw new DTypeError(
      'mean',
      `needs a floating dtype, x is ${x.dtype}\n  hint: x.mean({ dtype: 'float32' })`,
    );
  return meanOp([converted], { shape: x.shape, axes: reducedAxes('mean', dims, x.ndim), keepdim });
}

/**
 * The product over one axis, or all. For integers and booleans, int32 unless `dtype` says otherwise.
 * @throws DTypeError if the dtype can't hold a product of integers
 */
export function prod(x: Tensor, dim?: number | null | SumOptions, options?: SumOptions): Tensor {
  checkTensors('prod', { x });
  const [dims, given] = splitArguments('prod', dim, options);
  const { keepdim, dtype } = readSum('prod', given);
  const attrs = { axes: reducedAxes('prod', dims, x.ndim), keepdim };
  return inDType('prod', prodOp([convert(x, dtype)], attrs), dtype);
}

const test = (op: 'any' | 'all') =>
  named(op, (x: Tensor, dim?: Dims | KeepDimOptions, options?: KeepDimOptions): Tensor => {
    checkTensors(op, { x });
    checkTensors(op, { x });
    const [dims, given] = splitArguments(op, dim, options);
    const { keepdim } = readKeepdim(op, given);
    return countOp([x], { op, axes: reducedAxes(op, dims, x.ndim), keepdim });
  });

/** Whether any element isn't 0; NaN isn't 0. bool. */
export const any = test('any');

/** Whether no element is 0. bool; true if there are no elements. */
export const all = test('all');

/** The number of elements that aren't 0. int32. */
export const countNonzero = exact('countNonzero(x, dim)', (x: Tensor, dim: Dims = null): Tensor => {
  checkTensors('countNonzero', { x });
  return countOp([x], {
    op: 'countNonzero',
    axes: reducedAxes('countNonzero', dim, x.ndim),
    keepdim: false,
  });
});

/**
 * The sum over the axes along which `shape` would have been broadcast to x's shape: the gradient of
 * broadcasting.
 *
 * @throws ShapeError if `shape` doesn't broadcast to x's shape
 */
export const sumToSize = exact('sumToSize(x, shape)', (x: Tensor, shape: Shape): Tensor => {
  counts('sumToSize', 'the shape', shape, 0);
  if (sameShape(x.shape, shape)) return x;
  const added = x.ndim - shape.length;
  const axes: number[] = [];
  for (let i = 0; i < x.ndim; i++) {
    const wanted = i < added ? 1 : shape[i - added];
    if (i < added || (wanted === 1 && x.shape[i] !== 1)) axes.push(i);
    else if (wanted !== x.shape[i]) badSize(x.shape, shape);
  }
  if (added < 0) badSize(x.shape, shape);
  return sumToSizeOp([x], { from: x.shape, to: shape, axes });
});

function badSize(from: Shape, to: Shape): never {
  throw new ShapeError('sumToSize', "the requested shape doesn't broadcast to that of x", [
    { name: 'x', shape: from },
    { name: 'wanted', shape: to },
  ]);
}

const logsumexpOp = defineOp<[Tensor], { axis: number }>({
  name: 'logsumexp',
  forward(ctx, [input], { axis }) {
    const x = dense(input);
    const out = empty(reducedShape(x.shape, x.ndim === 0 ? [] : [axis], true), x.dtype, x.engine);
    x.engine.logsumexp(out, x, axis);
    ctx.save(input, out);
    return out;
  },
  backward({ saved: [x, y], createGraph }, g) {
    if (!composes(g, createGraph)) {
      const out = emptyLike(x!);
      out.engine.fused.slope!.slopeOfTwo('logsumexpBackward', out, g, x!, y!);
      return [out];
    }
    // If every term is e^−∞, the sum has no slope.
    return [
      x!
        .sub(y!.where(y!.ne(Number.NEGATIVE_INFINITY), 0))
        .exp()
        .mul(g),
    ];
  },
});

/**
 * log Σ e^x over axes, without overflow.
 *
 * @throws DTypeError for integers and booleans
 */
export const logsumexp = named('logsumexp', (x: Tensor, dim: Dims, options?: KeepDimOptions): Tensor => {
  checkTensors('logsumexp', { x });
  const { keepdim } = readKeepdim('logsumexp', options);
  if (!isFloat(x.dtype)) throw new DTypeError('logsumexp', `needs a floating dtype, x is ${x.dtype}`);
  const axes = reducedAxes('logsumexp', dim, x.ndim);
  if (axes.length <= 1) {
    const y = logsumexpOp([x], { axis: axes[0] ?? 0 });
    return keepdim || x.ndim === 0 ? y : y.squeeze(normalizeAxis('logsumexp', axes[0]!, x.ndim));
  }
  // The axes to reduce go last and become one.
  const kept = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const y = logsumexpOp([x.permute([...kept, ...axes]).flatten(kept.length)], { axis: kept.length });
  return y.reshape(reducedShape(x.shape, axes, keepdim));
});

attach({ sum, mean, prod, any, all, countNonzero, sumToSize, logsumexp });
