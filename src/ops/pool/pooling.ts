import { defineFused } from '../../autograd/fused.js';
import { isGradEnabled } from '../../autograd/mode.js';
import { defineMultiOp, defineOp } from '../../autograd/op.js';
import { named } from '../../core/exact.js';
import { checkOption, defineOptions, flag, nullable, number, size, whole } from '../../core/options.js';
import { type Shape, sizeOf } from '../../core/shape.js';
import type { Size } from '../../core/sizes.js';
import type { AverageOptions } from '../../engine/pool.js';
import { checkTensors } from '../../tensor/argument.js';
import { dense } from '../../tensor/dense.js';
import { empty, type Tensor } from '../../tensor/tensor.js';
import { zerosOf } from '../axes.js';
import { type PoolGeometry, poolGeometry, type WindowOptions, windowOptions } from './geometry.js';

/** Puts elements of planes at given places, or takes them from there; each is the other's gradient. */
export interface PlaneAttrs {
  readonly planes: number;
  /** The shape of the larger tensor, which is indexed. */
  readonly shape: Shape;
  /** Whether several elements may go to one place, where they're added. */
  readonly accumulate: boolean;
}

type PlaneOp = (inputs: [x: Tensor, indices: Tensor], attrs: PlaneAttrs) => Tensor;

/** x (…) as (planes, elements per plane). */
const asPlanes = (x: Tensor, planes: number): Tensor => x.reshape([planes, x.count / Math.max(1, planes)]);

/** y[p, indices[p, i]] = x[p, i] */
export const planeScatter: PlaneOp = defineFused<'plane', [Tensor, Tensor], PlaneAttrs>({
  name: 'planeScatter',
  family: 'plane',
  composition([x, indices], { planes, shape, accumulate }) {
    const zeros = zerosOf([planes, sizeOf(shape) / Math.max(1, planes)], x);
    const [from, places] = [asPlanes(x, planes), asPlanes(indices, planes)];
    const y = accumulate ? zeros.scatterAdd(1, places, from) : zeros.scatter(1, places, from);
    return y.reshape(shape);
  },
  forward(kernels, ctx, [x, indices], { planes, shape, accumulate }) {
    const y = empty(shape, x.dtype, x.engine);
    kernels.planeScatter(y, dense(x), dense(indices), planes, accumulate);
    ctx.save(indices);
    return y;
  },
  gradient: ({ attrs, saved: [indices] }, g) => [planeGather([g, indices!], attrs), null],
});

/** y[p, i] = x[p, indices[p, i]] */
const planeGather: PlaneOp = defineFused<'plane', [Tensor, Tensor], PlaneAttrs>({
  name: 'planeGather',
  family: 'plane',
  composition: ([x, indices], { planes }) =>
    asPlanes(x, planes).gather(1, asPlanes(indices, planes)).reshape(indices.shape),
  forward(kernels, ctx, [x, indices], { planes }) {
    const y = empty(indices.shape, x.dtype, x.engine);
    kernels.planeGather(y, dense(x), dense(indices), planes);
    ctx.save(indices);
    return y;
  },
  gradient: ({ attrs, saved: [indices] }, g) => [planeScatter([g, indices!], attrs), null],
});

interface MaxPoolAttrs extends PoolGeometry {
  readonly indexed: boolean;
}

const maxPoolOp = defineMultiOp<[Tensor], MaxPoolAttrs, readonly Tensor[]>({
  name: 'maxPool',
  forward(ctx, [x], { window, yShape, indexed }) {
    const values = empty(yShape, x.dtype, x.engine);
    const indices = indexed ? empty(yShape, 'int32', x.engine) : null;
    x.engine.maxPool(values, indices, dense(x), window);
    if (indices === null) return [values];
    ctx.save(indices);
    return [values, indices];
  },
  backward: ({ attrs, saved: [indices] }, [g]) => [
    planeScatter([g!, indices!], {
      planes: attrs.planes,
      shape: attrs.xShape,
      accumulate: attrs.overlapping,
    }),
  ],
});

export interface MaxPoolOptions {
  /** Steps between windows (default: the window's size). */
  readonly stride?: Size;
  /** Elements of −∞ added on each side, at most half of the window (default 0). */
  readonly padding?: Size;
  /** Distance between neighbors in a window (default 1). */
  readonly dilation?: Size;
  /** Whether a last window may reach over the edge (default false). */
  readonly ceilMode?: boolean;
  /** Whether to return the positions of the largest elements, too, for `maxUnpool` (default false). */
  readonly returnIndices?: boolean;
}

const readMaxPool = defineOptions({
  stride: windowOptions.stride,
  padding: windowOptions.padding,
  dilation: size(1, 1),
  ceilMode: windowOptions.ceilMode,
  returnIndices: flag(false),
});

type WithIndices = MaxPoolOptions & { readonly returnIndices: true };
export type ValuesAndPlaces = [values: Tensor, indices: Tensor];

interface MaxPool {
  (x: Tensor, kernelSize: Size, options: WithIndices): ValuesAndPlaces;
  (x: Tensor, kernelSize: Size, options?: MaxPoolOptions): Tensor;
}

function maxPool(rank: number): MaxPool {
  const operation = `maxPool${rank}d`;
  const pool = (x: Tensor, kernelSize: Size, options?: MaxPoolOptions): Tensor | ValuesAndPlaces => {
    checkTensors(operation, { x });
    const { returnIndices, ...window } = readMaxPool(operation, options);
    const geometry = poolGeometry(operation, rank, x, kernelSize, window);
    const indexed = returnIndices || (x.requiresGrad && isGradEnabled());
    const [values, indices] = maxPoolOp([x], { ...geometry, indexed });
    return returnIndices ? [values!, indices!] : values!;
  };
  return named(operation, pool) as MaxPool;
}

/**
 * The largest element of each window.
 *
 * y[…, i] = max over u of x[…, i·s − p + u·d]
 *
 * NaN counts as the largest; among equal elements, the gradient goes to the first.
 *
 * @shape x (N, C, L) or (C, L) → (N, C, L'), L' = ⌊(L + 2p − d(k−1) − 1)/s⌋ + 1
 * @throws ShapeError if a window doesn't fit or is all padding; ArgumentError for more
 *   padding than half a window
 */
export const maxPool1d: MaxPool = maxPool(1);

/**
 * Like `maxPool1d`, over two axes.
 * @shape x (N, C, H, W) or (C, H, W) → (N, C, H', W')
 * @source notes 3.6
 */
export const maxPool2d: MaxPool = maxPool(2);

/** Like `maxPool1d`, over three axes. @shape x (N, C, D, H, W) or (C, D, H, W) → (N, C, D', H', W') */
export const maxPool3d: MaxPool = maxPool(3);

interface AverageAttrs extends PoolGeometry {
  readonly options: AverageOptions;
}

type AverageOp = (inputs: [Tensor], attrs: AverageAttrs) => Tensor;

const averagePoolOp: AverageOp = defineOp<[Tensor], AverageAttrs>({
  name: 'avgPool',
  forward(_, [x], { window, yShape, options }) {
    const y = empty(yShape, x.dtype, x.engine);
    x.engine.averagePool(y, dense(x), window, options);
    return y;
  },
  backward: ({ attrs }, g) => [averagePoolBackwardOp([g], attrs)],
});

const averagePoolBackwardOp: AverageOp = defineOp<[Tensor], AverageAttrs>({
  name: 'avgPoolBackward',
  forward(_, [dy], { window, xShape, options }) {
    const dx = empty(xShape, dy.dtype, dy.engine);
    dy.engine.averagePoolBackward(dx, dense(dy), window, options);
    return dx;
  },
  backward: ({ attrs }, g) => [averagePoolOp([g], attrs)],
});

export interface AvgPoolOptions {
  /** Steps between windows (default: the window's size). */
  readonly stride?: Size;
  /** Zeros added on each side, at most half of the window (default 0). */
  readonly padding?: Size;
  /** Whether a last window may reach over the edge (default false). */
  readonly ceilMode?: boolean;
  /** Whether added zeros count in the average (default true). */
  readonly countIncludePad?: boolean;
}

export interface AvgPoolDivisorOptions extends AvgPoolOptions {
  /** What a window's sum is divided by, instead of its number of elements. */
  readonly divisorOverride?: number | null;
}

const divisor = { ...whole(undefined), wanted: 'a whole number other than 0' };
const avgPoolOptions = { ...windowOptions, countIncludePad: flag(true) };
const readAvgPool1d = defineOptions(avgPoolOptions);
const readAvgPool = defineOptions({
  ...avgPoolOptions,
  divisorOverride: nullable({ ...divisor, accepts: (n) => n !== 0 && divisor.accepts(n) }, null),
});

function avgPoolNd(
  operation: string,
  rank: number,
  x: Tensor,
  kernelSize: Size,
  window: WindowOptions,
  options: AverageOptions,
): Tensor {
  return averagePoolOp([x], { ...poolGeometry(operation, rank, x, kernelSize, window), options });
}

function avgPoolDivided(
  operation: string,
  rank: number,
  x: Tensor,
  kernelSize: Size,
  options: AvgPoolDivisorOptions | undefined,
): Tensor {
  const { countIncludePad, divisorOverride, ...window } = readAvgPool(operation, options);
  const average = { countPadding: countIncludePad, divisor: divisorOverride };
  return avgPoolNd(operation, rank, x, kernelSize, window, average);
}

/**
 * The mean of each window.
 *
 * y[…, i] = Σ over u of x[…, i·s − p + u] / k
 *
 * @shape x (N, C, L) or (C, L) → (N, C, L'), L' = ⌊(L + 2p − k)/s⌋ + 1
 * @throws ShapeError if a window doesn't fit, ArgumentError for more padding than half a window
 */
export function avgPool1d(x: Tensor, kernelSize: Size, options?: AvgPoolOptions): Tensor {
  checkTensors('avgPool1d', { x });
  const { countIncludePad, ...window } = readAvgPool1d('avgPool1d', options);
  return avgPoolNd('avgPool1d', 1, x, kernelSize, window, { countPadding: countIncludePad, divisor: null });
}

/**
 * Like `avgPool1d`, over two axes.
 * @shape x (N, C, H, W) or (C, H, W) → (N, C, H', W')
 * @source notes 3.6
 */
export const avgPool2d = (x: Tensor, kernelSize: Size, options?: AvgPoolDivisorOptions): Tensor =>
  avgPoolDivided('avgPool2d', 2, x, kernelSize, options);

/** Like `avgPool1d`, over three axes. @shape x (N, C, D, H, W) or (C, D, H, W) → (N, C, D', H', W') */
export const avgPool3d = (x: Tensor, kernelSize: Size, options?: AvgPoolDivisorOptions): Tensor =>
  avgPoolDivided('avgPool3d', 3, x, kernelSize, options);

/** The order of a window's norm. */
export const normTypeOption = number(undefined, { above: 0 });

const readLpPool = defineOptions({ stride: windowOptions.stride, ceilMode: windowOptions.ceilMode });

function lpPoolNd(
  operation: string,
  rank: number,
  x: Tensor,
  p: number,
  kernelSize: Size,
  options: LpPoolOptions | undefined,
): Tensor {
  checkOption(operation, 'p', normTypeOption, p);
  const given = readLpPool(operation, options);
  const { window } = poolGeometry(operation, rank, x, kernelSize, given);
  const elements = window.kernel[0] * window.kernel[1] * window.kernel[2];
  const average = { countPadding: true, divisor: null };
  const mean = avgPoolNd(operation, rank, x.pow(p), kernelSize, given, average);
  return mean
    .sign()
    .mul(mean.abs().relu())
    .mul(elements)
    .pow(1 / p);
}

export interface LpPoolOptions {
  /** Steps between windows (default: the window's size). */
  readonly stride?: Size;
  /** Whether a last window may reach over the edge (default false). */
  readonly ceilMode?: boolean;
}

/** The p-norm of each window: (Σ xᵖ)^(1/p). @shape x (N, C, L) → (N, C, L') */
export const lpPool1d = (x: Tensor, p: number, kernelSize: Size, options?: LpPoolOptions): Tensor =>
  lpPoolNd('lpPool1d', 1, x, p, kernelSize, options);

/** The p-norm of each window: (Σ xᵖ)^(1/p). @shape x (N, C, H, W) → (N, C, H', W') */
export const lpPool2d = (x: Tensor, p: number, kernelSize: Size, options?: LpPoolOptions): Tensor =>
  lpPoolNd('lpPool2d', 2, x, p, kernelSize, options);
