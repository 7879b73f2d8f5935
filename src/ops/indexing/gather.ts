import { inPlace } from '../../autograd/inplace.js';
import type { Grads } from '../../autograd/node.js';
import { defineOp } from '../../autograd/op.js';
import { asConstant } from '../../core/element.js';
import { DTypeError, ShapeError } from '../../core/errors.js';
import { exact } from '../../core/exact.js';
import { checkOption, defineOptions, flag, word } from '../../core/options.js';
import { broadcastShapes, normalizeAxis, type Shape } from '../../core/shape.js';
import { replaceAxis } from '../../core/views.js';
import type { ScatterMode } from '../../engine/indexing.js';
import { checkTensors } from '../../tensor/argument.js';
import { attach } from '../../tensor/attach.js';
import { dense } from '../../tensor/dense.js';
import { copied, filled } from '../../tensor/filled.js';
import { empty, Tensor } from '../../tensor/tensor.js';
import { checkOperand } from '../promotion.js';
import { addInto, multiplyInto } from '../reduce/integer-sums.js';
import { outOfRange, requireIndices } from './indices.js';

interface GatherAttrs {
  readonly operation: string;
  readonly axis: number;
  /** The shape of the indexed tensor. */
  readonly shape: Shape;
}

interface ScatterAttrs extends GatherAttrs {
  readonly mode: 'assign' | 'sum';
  /** What's written if there's no source. */
  readonly value: number;
}

interface Writing {
  readonly operation: string;
  readonly axis: number;
  readonly mode: ScatterMode;
  readonly includeSelf?: boolean;
}

/** Writes a dense source into the memory of `out`. */
function scatterAt(
  out: Tensor,
  { operation, axis, mode, includeSelf = true }: Writing,
  index: Tensor,
  source: Tensor,
): void {
  const list = dense(index);
  const fault = outOfRange(operation, index, axis, out.shape[axis]!);
  const scatter = (to: Tensor, from: Tensor): void =>
    to.engine.scatter(to, axis, list, from, mode, includeSelf, fault);
  if (mode === 'prod') multiplyInto(out, operation, source, scatter);
  else if (mode !== 'sum' && mode !== 'mean') scatter(out, source);
  else addInto(out, { operation, source, times: index.shape[axis]! }, scatter);
}

const gatherOp = defineOp<[Tensor, Tensor], GatherAttrs>({
  name: 'gather',
  forward(ctx, [x, index], { operation, axis }) {
    ctx.save(index);
    const out = empty(index.shape, x.dtype, x.engine);
    x.engine.gather(out, x, axis, dense(index), outOfRange(operation, index, axis, x.shape[axis]!));
    return out;
  },
  backward: ({ attrs, saved: [index] }, grad): Grads => [
    scatterOp([null, index!, grad], { ...attrs, mode: 'sum', value: 0 }),
    null,
  ],
});

/** A copy of x: the result for an empty index. The source, if there is one, gets a gradient of zeros. */
const unchangedOp = defineOp<[Tensor, Tensor | null], { source: Shape }>({
  name: 'scatter',
  forward: (_, [x]) => copied(x),
  backward: ({ needs, attrs }, grad): Grads => [
    needs[0] ? grad : null,
    needs[1] ? filled(attrs.source, grad.dtype, grad.engine) : null,
  ],
});

/** x (or zeros), with the source (or the value) where the index says. */
const scatterOp = defineOp<[Tensor | null, Tensor, Tensor | null], ScatterAttrs>({
  name: 'scatter',
  forward(ctx, [x, index, source], { operation, axis, mode, value, shape }) {
    ctx.save(index);
    const like = (x ?? source)!;
    const out = x ? copied(x) : filled(shape, like.dtype, like.engine);
    const what = source ? dense(source) : filled([1], like.dtype, like.engine, value);
    scatterAt(out, { operation, axis, mode }, index, what);
    return out;
  },
  backward({ attrs, saved: [index], needs }, grad): Grads {
    const passed: Tensor =
      attrs.mode === 'sum' ? grad : scatterOp([grad, index!, null], { ...attrs, value: 0 });
    return [needs[0] ? passed : null, null, needs[2] ? gatherOp([grad, index!], attrs) : null];
  },
});

export type ScatterReduction = Exclude<ScatterMode, 'assign'>;

interface ReduceAttrs extends GatherAttrs {
  readonly mode: ScatterReduction;
  readonly includeSelf: boolean;
}

const scatterReduceOp = defineOp<[Tensor, Tensor, Tensor], ReduceAttrs>({
  name: 'scatterReduce',
  forward(ctx, [x, index, source], { operation, axis, mode, includeSelf }) {
    const out = copied(x);
    scatterAt(out, { operation, axis, mode, includeSelf }, index, dense(source));
    ctx.save(x, index, source, out);
    return out;
  },
  backward({ attrs, saved }, grad): Grads {
    const [x, index, source, out] = saved as [Tensor, Tensor, Tensor, Tensor];
    const [toSelf, toSource] = reductionGradients[attrs.mode](x, index, source, out, grad, attrs);
    const self = attrs.includeSelf ? toSelf : toSelf.scatter(attrs.axis, index, 0);
    return [self, null, toSource];
  },
});

type ReductionGradient = (
  x: Tensor,
  index: Tensor,
  source: Tensor,
  out: Tensor,
  grad: Tensor,
  attrs: ReduceAttrs,
) => [Tensor, Tensor];

/** Tied extremes get equal shares. */
const extremeGradient: ReductionGradient = (x, index, source, out, grad, { axis, includeSelf }) => {
  const fromSelf = x.eq(out).to(grad.dtype);
  const selfCounts = includeSelf ? fromSelf : fromSelf.scatter(axis, index, 0);
  const fromSource = source.eq(out.gather(axis, index)).to(grad.dtype);
  const shared = grad.div(selfCounts.scatterAdd(axis, index, fromSource));
  return [shared.mul(fromSelf), shared.gather(axis, index).mul(fromSource)];
};

/** For each reduction, the gradients of `x`, as if it took part, and of the source. */
const reductionGradients: Record<ScatterReduction, ReductionGradient> = {
  sum: (_x, index, _source, _out, grad, { axis }) => [grad, grad.gather(axis, index)],
  mean(_x, index, source, _out, grad, { axis, includeSelf, shape }) {
    const ones = filled(source.shape, grad.dtype, grad.engine, 1);
    const counts = filled(shape, grad.dtype, grad.engine, includeSelf ? 1 : 0).scatterAdd(axis, index, ones);
    const shared = grad.div(counts.maskedFill(counts.eq(0), 1));
    return [shared, shared.gather(axis, index)];
  },
  amax: extremeGradient,
  amin: extremeGradient,
  // The product of the others: the result without this factor or, at the only 0, the product of the rest.
  prod(x, index, source, out, grad, { axis, includeSelf, shape }) {
    const xIsZero = x.eq(0);
    const withoutX = x
      .maskedFill(xIsZero, 1)
      .scatterReduce(axis, index, source, 'prod', { includeSelf })
      .div(x.maskedFill(xIsZero, 1));
    const isZero = source.eq(0);
    const zeros = filled(shape, grad.dtype, grad.engine).scatterAdd(axis, index, isZero.to(grad.dtype));
    const onlyZero = isZero.logicalAnd(zeros.gather(axis, index).eq(1));
    const rest = x.scatterReduce(axis, index, source.maskedFill(onlyZero, 1), 'prod', { includeSelf });
    const usual = grad.mul(out).gather(axis, index).div(source.maskedFill(isZero, 1));
    const special = grad.mul(rest).gather(axis, index);
    return [
      grad.mul(withoutX),
      usual.maskedFill(onlyZero, 0).add(special.maskedFill(onlyZero.logicalNot(), 0)),
    ];
  },
};

/** Checks an index against its tensor and its source, if there is one; returns the axis. */
function checkIndex(operation: string, x: Tensor, dim: number, index: Tensor, source?: Tensor): number {
  requireIndices(operation, index);
  const axis = normalizeAxis(operation, dim, x.ndim);
  if (source !== undefined && source.dtype !== x.dtype)
    throw new DTypeError(
      operation,
      `source is ${source.dtype}, x is ${x.dtype}\n  hint: source.to('${x.dtype}')`,
    );
  const rank = Math.max(x.ndim, 1);
  const fitsIn = (shape: Shape, except: number): boolean =>
    Math.max(shape.length, 1) === rank && index.shape.every((n, i) => i === except || n <= (shape[i] ?? 1));
  const ok =
    index.count === 0 ||
    (Math.max(index.ndim, 1) === rank && fitsIn(x.shape, axis) && (!source || fitsIn(source.shape, -1)));
  if (ok) return axis;
  throw new ShapeError(
    operation,
    `the index must have as many axes as x and not be longer, except along axis ${axis}`,
    [
      { name: 'x', shape: x.shape },
      { name: 'index', shape: index.shape },
      ...(source ? [{ name: 'source', shape: source.shape, note: 'not shorter than the index' }] : []),
    ],
    `axis ${axis} of x may have any length`,
  );
}

const atLeastOneAxis = (x: Tensor): Tensor => (x.ndim === 0 ? x.reshape([1]) : x);

/** The part of the source that the index covers. */
function covered(source: Tensor, index: Tensor): Tensor {
  return index.shape.reduce(
    (part, n, i) => (part.shape[i] === n ? part : part.narrow(i, 0, n)),
    atLeastOneAxis(source),
  );
}

/**
 * out[i, j, k] = x[i, index[i, j, k], k] for dim = 1, and so on.
 *
 * @param index int32, with as many axes as `x`, none longer except `dim`
 * @shape → the shape of `index`
 * @throws IndexError for an index out of range
 */
export const gather = exact('gather(x, dim, index)', (x: Tensor, dim: number, index: Tensor): Tensor => {
  checkTensors('gather', { x, index });
  const axis = checkIndex('gather', x, dim, index);
  if (index.count === 0) return x.reshape([-1]).narrow(0, 0, 0).reshape(index.shape);
  const whole = atLeastOneAxis(x);
  const attrs = { operation: 'gather', axis, shape: whole.shape };
  return gatherOp([whole, atLeastOneAxis(index)], attrs).reshape(index.shape);
});

type ScatterArguments = readonly [x: Tensor, dim: number, index: Tensor, source: Tensor | number];

/** The axis along which to scatter, and the source if it's a tensor. */
function checkScatter(operation: string, [x, dim, index, source]: ScatterArguments): [number, Tensor | null] {
  checkTensors(operation, { x, index });
  checkOperand(operation, 'source', source);
  const tensor = source instanceof Tensor ? source : null;
  return [checkIndex(operation, x, dim, index, tensor ?? undefined), tensor];
}

function scatterInto(operation: string, mode: 'assign' | 'sum', ...args: ScatterArguments): Tensor {
  const [axis, tensor] = checkScatter(operation, args);
  const [x, , index, source] = args;
  if (index.count === 0) return unchangedOp([x, tensor], { source: tensor?.shape ?? [] });
  const whole = atLeastOneAxis(x);
  const list = atLeastOneAxis(index);
  const value = source instanceof Tensor ? 0 : asConstant(operation, source, x.dtype);
  return scatterOp([whole, list, tensor ? covered(tensor, list) : null], {
    operation,
    axis,
    mode,
    value,
    shape: whole.shape,
  }).reshape(x.shape);
}

function scatterInPlace(operation: string, mode: 'assign' | 'sum', ...args: ScatterArguments): Tensor {
  const [axis, tensor] = checkScatter(operation, args);
  const [x, , index, source] = args;
  const write = (): void => {
    if (index.count === 0) return;
    const whole = atLeastOneAxis(x.detach());
    const list = atLeastOneAxis(index);
    const what = tensor
      ? dense(covered(tensor.detach(), list))
      : filled([1], x.dtype, x.engine, asConstant(operation, source as number, x.dtype));
    scatterAt(whole, { operation, axis, mode }, list, what);
  };
  const compute = (): Tensor => scatterInto(operation, mode, ...args);
  return inPlace({ name: operation, target: x, operands: [index, tensor], write, compute });
}

/**
 * x with out[i, index[i, j, k], k] = source[i, j, k] for dim = 1, and so on; of equal indices, the last one wins.
 *
 * @param source a tensor no shorter than `index`, or one number
 * @throws IndexError for an index out of range
 */
export const scatter = exact(
  'scatter(x, dim, index, source)',
  (x: Tensor, dim: number, index: Tensor, source: Tensor | number): Tensor =>
    scatterInto('scatter', 'assign', x, dim, index, source),
);

/** Like `scatter`, in place. */
export const scatter_ = exact(
  'scatter_(x, dim, index, source)',
  (x: Tensor, dim: number, index: Tensor, source: Tensor | number): Tensor =>
    scatterInPlace('scatter_', 'assign', x, dim, index, source),
);

/** x with source[i, j, k] added to out[i, index[i, j, k], k] for dim = 1, and so on; equal indices add up. */
export const scatterAdd = exact(
  'scatterAdd(x, dim, index, source)',
  (x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor =>
    scatterInto('scatterAdd', 'sum', x, dim, index, source),
);

/** Like `scatterAdd`, in place. */
export const scatterAdd_ = exact(
  'scatterAdd_(x, dim, index, source)',
  (x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor =>
    scatterInPlace('scatterAdd_', 'sum', x, dim, index, source),
);

export interface ScatterReduceOptions {
  /** Whether the elements of `x` take part (default true). */
  includeSelf?: boolean;
}

const readScatterReduce = defineOptions({ includeSelf: flag(true) });
const reduction = word(Object.keys(reductionGradients) as ScatterReduction[], undefined);

/**
 * x with the source's elements that share a place reduced there.
 *
 * @param reduce `sum`, `prod`, `mean`, `amax` or `amin`
 * @throws IndexError for an index out of range
 */
export function scatterReduce(
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
  reduce: ScatterReduction,
  options?: ScatterReduceOptions,
): Tensor {
  checkTensors('scatterReduce', { x, index, source });
  const { includeSelf } = readScatterReduce('scatterReduce', options);
  checkOption('scatterReduce', 'reduce', reduction, reduce);
  const axis = checkIndex('scatterReduce', x, dim, index, source);
  if (index.count === 0) return unchangedOp([x, source], { source: source.shape });
  const whole = atLeastOneAxis(x);
  const list = atLeastOneAxis(index);
  const attrs = { operation: 'scatterReduce', axis, mode: reduce, includeSelf, shape: whole.shape };
  return scatterReduceOp([whole, list, covered(source, list)], attrs).reshape(x.shape);
}

/**
 * `gather`, with `x` and `index` broadcast in the other axes; without `dim`, on the flattened tensors.
 * Accepts the results of `argsort` and `argmax` (with keepdim).
 */
export const takeAlongDim = exact(
  'takeAlongDim(x, index, dim)',
  (x: Tensor, index: Tensor, dim?: number): Tensor => {
    checkTensors('takeAlongDim', { x, index });
    if (dim === undefined) return gather(x.reshape([-1]), 0, index.reshape([-1]));
    requireIndices('takeAlongDim', index);
    if (x.ndim !== index.ndim)
      throw new ShapeError('takeAlongDim', 'the index must have as many axes as x', [
        { name: 'x', shape: x.shape },
        { name: 'index', shape: index.shape },
      ]);
    const axis = normalizeAxis('takeAlongDim', dim, x.ndim);
    const others = broadcastShapes(
      'takeAlongDim',
      replaceAxis(x.shape, axis, 1),
      replaceAxis(index.shape, axis, 1),
    );
    return gather(
      x.expand(replaceAxis(others, axis, x.shape[axis]!)),
      axis,
      index.expand(replaceAxis(others, axis, index.shape[axis]!)),
    );
  },
);

attach({ gather, scatter, scatter_, scatterAdd, scatterAdd_, scatterReduce, takeAlongDim });
