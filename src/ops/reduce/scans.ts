import { defineFused } from '../../autograd/fused.js';
import { defineMultiOp, defineOp } from '../../autograd/op.js';
import type { DType } from '../../core/dtype.js';
import { isFloat } from '../../core/dtype.js';
import { DTypeError, ShapeError } from '../../core/errors.js';
import { exact, named } from '../../core/exact.js';
import { defineOptions, dtype, nullable, whole } from '../../core/options.js';
import { normalizeAxis } from '../../core/shape.js';
import { checkTensors } from '../../tensor/argument.js';
import { attach } from '../../tensor/attach.js';
import { dense } from '../../tensor/dense.js';
import { inspect } from '../../tensor/inspect.js';
import { tensorOption } from '../../tensor/option.js';
import { empty, emptyLike, type Tensor, view } from '../../tensor/tensor.js';
import { zerosOf } from '../axes.js';
import { cat } from '../shape/join.js';
import { unfit } from './integer-sums.js';

interface Direction {
  readonly axis: number;
  /** From the end to the beginning. */
  readonly reverse: boolean;
}

/** The dtype of sums and products. */
export const sumDType = (dtype: DType): DType => (isFloat(dtype) ? dtype : 'int32');

/**
 * A sum or product of integers in the requested dtype; for bool, whether it isn't 0.
 * @throws DTypeError if uint8 can't hold it
 */
export function inDType(operation: string, result: Tensor, dtype: DType | undefined): Tensor {
  if (dtype === undefined || dtype === result.dtype) return result;
  if (dtype === 'uint8' && result.count > 0) {
    const error = unfit(operation, dtype, "{ dtype: 'int32' }");
    inspect(result.amax(), ([most]) => (most! <= 255 ? null : error()));
  }
  return result.to(dtype);
}

const unfitSum = unfit('cumsum');
const unfitProduct = unfit('cumprod');

const cumsumOp: (inputs: [Tensor], attrs: Direction) => Tensor = defineOp<[Tensor], Direction>({
  name: 'cumsum',
  forward(_, [input], { axis, reverse }) {
    const x = dense(input);
    const out = emptyLike(x, sumDType(x.dtype));
    x.engine.scan('sum', out, x, axis, reverse, unfitSum);
    return out;
  },
  backward: ({ attrs: { axis, reverse } }, g) => [cumsumOp([g], { axis, reverse: !reverse })],
});

interface Shift {
  readonly axis: number;
  /** Whether to move toward the axis's end or its beginning. */
  readonly forward: boolean;
  /** What comes in at the other end. */
  readonly value: number;
}

/** out[i] = x[i − 1], or x[i + 1]. */
const shiftOp: (inputs: [Tensor], attrs: Shift) => Tensor = defineOp<[Tensor], Shift>({
  name: 'shift',
  forward(_, [x], { axis, forward, value }) {
    const out = emptyLike(x);
    const n = x.shape[axis] ?? 1;
    x.engine.fill(out, value);
    if (n <= 1) return out;
    const shape = x.shape.map((length, i) => (i === axis ? n - 1 : length));
    const target = view(out, shape, out.strides, out.offset + (forward ? out.strides[axis]! : 0));
    x.engine.copy(target, view(x, shape, x.strides, x.offset + (forward ? 0 : x.strides[axis]!)));
    return out;
  },
  backward: ({ attrs: { axis, forward } }, g) => [shiftOp([g], { axis, forward: !forward, value: 0 })],
});

/**
 * y[i] = b[i] + a[i]·y[i−1] or, if reversed, its transpose y[i] = b[i] + a[i+1]·y[i+1]: each gives the
 * other's gradient.
 */
const linearScanOp: (inputs: [Tensor, Tensor], attrs: Direction) => Tensor = defineOp<
  [Tensor, Tensor],
  Direction
>({
  name: 'linearScan',
  forward(ctx, [a, b], { axis, reverse }) {
    const out = emptyLike(dense(b));
    a.engine.scanLinear(out, dense(a), dense(b), axis, reverse);
    ctx.save(a, out);
    return out;
  },
  backward({ saved: [a, y], attrs: { axis, reverse } }, g) {
    const r = linearScanOp([a!, g], { axis, reverse: !reverse });
    const before = { axis, forward: true, value: 0 };
    return [reverse ? shiftOp([r], before).mul(y!) : r.mul(shiftOp([y!], before)), r];
  },
});

const cumprodOp = defineOp<[Tensor], Direction>({
  name: 'cumprod',
  forward(ctx, [input], { axis, reverse }) {
    const x = dense(input);
    const out = emptyLike(x, sumDType(x.dtype));
    x.engine.scan('prod', out, x, axis, reverse, unfitProduct);
    ctx.save(input, out);
    return out;
  },
  // dL/dx[j] = Π_{k<j} x[k] · Σ_{i≥j} g[i]·Π_{j<k≤i} x[k]: no division, so zeros need no special care.
  backward({ saved: [x, y], attrs: { axis, reverse } }, g) {
    const others = shiftOp([y!], { axis, forward: !reverse, value: 1 });
    const factors = reverse ? shiftOp([x!], { axis, forward: true, value: 1 }) : x!;
    return [linearScanOp([factors, g], { axis, reverse: !reverse }).mul(others)];
  },
});

/** For each element, the product of all others along the axis. */
export const productOfOthers = (x: Tensor, axis: number): Tensor => {
  const before = shiftOp([cumprodOp([x], { axis, reverse: false })], { axis, forward: true, value: 1 });
  return before.mul(shiftOp([cumprodOp([x], { axis, reverse: true })], { axis, forward: false, value: 1 }));
};

export interface DTypeOptions {
  /** Converts the tensor first, and is the result's dtype. */
  readonly dtype?: DType;
}

export const dtypeOptions = { dtype: dtype(undefined) };
const readDType = defineOptions(dtypeOptions, ['dim']);

function cumulative(
  operation: string,
  op: typeof cumsumOp,
  x: Tensor,
  dim: number,
  options: DTypeOptions | undefined,
): Tensor {
  checkTensors(operation, { x });
  const { dtype } = readDType(operation, options);
  const converted = dtype === undefined || dtype === x.dtype ? x : x.to(dtype);
  const result = op([converted], { axis: normalizeAxis(operation, dim, x.ndim), reverse: false });
  return inDType(operation, result, dtype);
}

/**
 * Running sums along an axis: y[i] = x[0] + … + x[i]. For integers and booleans, int32 unless `dtype` says otherwise.
 *
 * @throws IndexError if there's no such axis, DTypeError if the dtype can't hold a sum of integers
 * @example
 * tensor([1, 2, 3]).cumsum(0); // [1, 3, 6]
 */
export const cumsum = (x: Tensor, dim: number, options?: DTypeOptions): Tensor =>
  cumulative('cumsum', cumsumOp, x, dim, options);

/**
 * Running products along an axis: y[i] = x[0] · … · x[i]. For integers and booleans, int32 unless `dtype` says otherwise.
 * @throws DTypeError if the dtype can't hold a product of integers
 */
export const cumprod = (x: Tensor, dim: number, options?: DTypeOptions): Tensor =>
  cumulative('cumprod', cumprodOp, x, dim, options);

interface RunningExtreme {
  readonly op: 'max' | 'min';
  readonly axis: number;
}

/** d[indices[i]] = Σ g[i]; linear in g. */
const cumExtremeBackwardOp = defineFused<'slope', [Tensor, Tensor], { axis: number }>({
  name: 'cumExtremeBackward',
  family: 'slope',
  composition: ([g, indices], { axis }) => zerosOf(g.shape, g).scatterAdd(axis, indices, g),
  forward(kernels, ctx, [g, indices], { axis }) {
    const out = emptyLike(dense(g));
    kernels.scanExtremeBackward(out, dense(g), indices, axis);
    ctx.save(indices);
    return out;
  },
  gradient: ({ saved: [indices], attrs: { axis } }, gg) => [gg.gather(axis, indices!), null],
});

const cumExtremeOp = defineMultiOp<[Tensor], RunningExtreme, readonly [Tensor, Tensor]>({
  name: 'cummax',
  forward(ctx, [input], { op, axis }) {
    const x = dense(input);
    const values = emptyLike(x);
    const indices = emptyLike(x, 'int32');
    x.engine.scanExtreme(op, values, indices, x, axis);
    ctx.save(indices);
    return [values, indices];
  },
  backward: ({ saved: [indices], attrs: { axis } }, [g]) => [
    g ? cumExtremeBackwardOp([g, indices!], { axis }) : null,
  ],
});

export interface Extremes {
  readonly values: Tensor;
  /** int32. */
  readonly indices: Tensor;
}

function cumExtreme(op: 'max' | 'min', x: Tensor, dim: number): Extremes {
  checkTensors(`cum${op}`, { x });
  const axis = normalizeAxis(`cum${op}`, dim, x.ndim);
  const [values, indices] = cumExtremeOp([x], { op, axis });
  return { values, indices };
}

/** Running maxima along an axis and their positions, the last one of ties, where the gradient goes. */
export const cummax = exact(
  'cummax(x, dim)',
  (x: Tensor, dim: number): Extremes => cumExtreme('max', x, dim),
);

/** Running minima along an axis and their positions, the last one of ties. */
export const cummin = exact(
  'cummin(x, dim)',
  (x: Tensor, dim: number): Extremes => cumExtreme('min', x, dim),
);

const logcumsumexpOp = defineOp<[Tensor], { axis: number }>({
  name: 'logcumsumexp',
  forward(ctx, [input], { axis }) {
    const x = dense(input);
    const out = emptyLike(x);
    x.engine.scanLogsumexp(out, x, axis);
    ctx.save(input, out);
    return out;
  },
  // dL/dx[j] = e^(x[j] − y[j])·r[j], r[j] = g[j] + e^(y[j] − y[j+1])·r[j+1]: no exponent is positive.
  backward({ saved: [x, y], attrs: { axis } }, g) {
    const nothing = Number.NEGATIVE_INFINITY;
    const before = shiftOp([y!], { axis, forward: true, value: nothing });
    const factors = before.sub(y!).where(before.detach().ne(nothing), nothing).exp();
    const r = linearScanOp([factors, g], { axis, reverse: true });
    return [x!.sub(y!).where(x!.detach().ne(nothing), nothing).exp().mul(r)];
  },
});

/**
 * Running log Σ e^x along an axis, without overflow: y[i] = log(e^x[0] + … + e^x[i]).
 *
 * @throws DTypeError for integers and booleans
 */
export const logcumsumexp = exact('logcumsumexp(x, dim)', (x: Tensor, dim: number): Tensor => {
  checkTensors('logcumsumexp', { x });
  if (!isFloat(x.dtype)) throw new DTypeError('logcumsumexp', `needs a floating dtype, x is ${x.dtype}`);
  return logcumsumexpOp([x], { axis: normalizeAxis('logcumsumexp', dim, x.ndim) });
});

export interface DiffOptions {
  /** How often to subtract neighbors (default 1). */
  readonly n?: number;
  /** The axis (default −1). */
  readonly dim?: number;
  /** What goes before x along the axis. */
  readonly prepend?: Tensor | null;
  /** What goes after x along the axis. */
  readonly append?: Tensor | null;
}

const readDiff = defineOptions({
  n: whole(1, { least: 0 }),
  dim: whole(-1),
  prepend: nullable(tensorOption, null),
  append: nullable(tensorOption, null),
});

/** All but the last positions along an axis, and all but the first. Views. */
function neighbors(x: Tensor, axis: number): [before: Tensor, after: Tensor] {
  const shape = x.shape.map((n, i) => (i === axis ? n - 1 : n));
  return [view(x, shape, x.strides), view(x, shape, x.strides, x.offset + x.strides[axis]!)];
}

interface Along {
  readonly axis: number;
}

const diffOp: (inputs: [Tensor], along: Along) => Tensor = defineOp<[Tensor], Along>({
  name: 'diff',
  forward(_, [x], { axis }) {
    const [before, after] = neighbors(x, axis);
    const out = empty(before.shape, x.dtype, x.engine);
    out.engine.binary('sub', out, after, before);
    return out;
  },
  backward: ({ attrs }, g) => [diffBackwardOp([g], attrs)],
});

/** −g[0], g[0] − g[1], …, g[m − 1]: each element's gradient from those of differences. */
const diffBackwardOp: (inputs: [Tensor], along: Along) => Tensor = defineOp<[Tensor], Along>({
  name: 'diffBackward',
  forward(_, [g], { axis }) {
    const m = g.shape[axis]!;
    const lengths = (n: number): number[] => g.shape.map((length, i) => (i === axis ? n : length));
    const out = empty(lengths(m + 1), g.dtype, g.engine);
    const { engine } = out;
    if (m === 0) {
      engine.fill(out, 0);
      return out;
    }
    const cut = (x: Tensor, first: number, n: number): Tensor =>
      view(x, lengths(n), x.strides, x.offset + first * x.strides[axis]!);
    engine.unary('neg', cut(out, 0, 1), cut(g, 0, 1));
    engine.binary('sub', cut(out, 1, m - 1), cut(g, 0, m - 1), cut(g, 1, m - 1));
    engine.copy(cut(out, m, 1), cut(g, m - 1, 1));
    return out;
  },
  backward: ({ attrs }, gg) => [diffOp([gg], attrs)],
});

/** Differences of neighbors along an axis: y[i] = x[i + 1] − x[i]; for booleans, whether they differ. */
export const diff = named('diff', (x: Tensor, options?: DiffOptions): Tensor => {
  checkTensors('diff', { x });
  const { n, dim, prepend, append } = readDiff('diff', options);
  if (x.ndim === 0) throw new ShapeError('diff', 'needs an axis', [{ name: 'x', shape: x.shape }]);
  const axis = normalizeAxis('diff', dim, x.ndim);
  if (n === 0) return x.clone();
  let y =
    prepend === null && append === null
      ? x
      : cat(
          [prepend, x, append].filter((part) => part !== null),
          axis,
        );
  for (let i = 0; i < n && y.shape[axis]! > 0; i++) {
    if (y.dtype !== 'bool') y = diffOp([y], { axis });
    else {
      const [before, after] = neighbors(y, axis);
      y = after.logicalXor(before);
    }
  }
  return y;
});

attach({ cumsum, cumprod, cummax, cummin, logcumsumexp, diff });
