import { isGradEnabled } from '../../autograd/mode.js';
import { defineMultiOp, defineOp } from '../../autograd/op.js';
import { ArgumentError, DTypeError, EngineError, IndexError, ShapeError } from '../../core/errors.js';
import { exact, named } from '../../core/exact.js';
import { defineOptions, flag, listOf, whole } from '../../core/options.js';
import { newSize, type Shape, sameShape, shapeProblem, sizeOf } from '../../core/shape.js';
import { perAxis, type Size, triple } from '../../core/sizes.js';
import type { AdaptiveWindow } from '../../engine/pool.js';
import { checkTensors } from '../../tensor/argument.js';
import { dense } from '../../tensor/dense.js';
import { empty, type Tensor } from '../../tensor/tensor.js';
import { checkPadding, checkPooled, planesBefore, windowOptions } from './geometry.js';
import { planeScatter, type ValuesAndPlaces } from './pooling.js';

/** The length of each axis of the output; null keeps the input's. */
export type AdaptiveSize = number | null | readonly (number | null)[];

interface AdaptiveAttrs {
  readonly window: AdaptiveWindow;
  readonly xShape: Shape;
  readonly yShape: Shape;
  readonly planes: number;
}

/** The requested length of each axis. @throws ArgumentError unless each is null or a whole number, 0 or more */
export function adaptiveSizes(
  operation: string,
  size: AdaptiveSize,
  rank: number,
): readonly (number | null)[] {
  const lengths = Array.isArray(size) ? (size as readonly (number | null)[]) : new Array(rank).fill(size);
  perAxis(
    operation,
    'outputSize',
    lengths.map((n) => (n === null ? 0 : n)),
    rank,
    0,
  );
  return [...lengths];
}

function adaptiveGeometry(operation: string, rank: number, x: Tensor, size: AdaptiveSize): AdaptiveAttrs {
  checkPooled(operation, rank, x);
  const input = x.shape.slice(-rank);
  const output = adaptiveSizes(operation, size, rank).map((n, axis) => n ?? input[axis]!);
  return {
    window: { input: triple(input, 1), output: triple(output, 1) },
    xShape: x.shape,
    yShape: [...x.shape.slice(0, -rank), ...output],
    planes: planesBefore(x.shape, rank),
  };
}

type AverageOp = (inputs: [Tensor], attrs: AdaptiveAttrs) => Tensor;

const averageOp: AverageOp = defineOp<[Tensor], AdaptiveAttrs>({
  name: 'adaptiveAvgPool',
  forward(_, [x], { window, yShape }) {
    const y = empty(yShape, x.dtype, x.engine);
    if (y.count > 0) x.engine.adaptiveAveragePool(y, dense(x), window);
    return y;
  },
  backward: ({ attrs }, g) => [averageBackwardOp([g], attrs)],
});

const averageBackwardOp: AverageOp = defineOp<[Tensor], AdaptiveAttrs>({
  name: 'adaptiveAvgPoolBackward',
  forward(_, [dy], { window, xShape }) {
    const dx = empty(xShape, dy.dtype, dy.engine);
    if (dy.count > 0) dy.engine.adaptiveAveragePoolBackward(dx, dense(dy), window);
    else dx.engine.fill(dx, 0);
    return dx;
  },
  backward: ({ attrs }, g) => [averageOp([g], attrs)],
});

const adaptiveAverage = (operation: string, rank: number, x: Tensor, size: AdaptiveSize): Tensor =>
  averageOp([x], adaptiveGeometry(operation, rank, x, size));

/**
 * The mean of each of `outputSize` windows that split the input evenly: window i of m is
 * [⌊i·L/m⌋, ⌈(i+1)·L/m⌉).
 *
 * @shape x (N, C, L) or (C, L) → (N, C, outputSize)
 */
export const adaptiveAvgPool1d = exact(
  'adaptiveAvgPool1d(x, outputSize)',
  (x: Tensor, outputSize: AdaptiveSize): Tensor => adaptiveAverage('adaptiveAvgPool1d', 1, x, outputSize),
);

/** Like `adaptiveAvgPool1d`, over two axes; size 1 is global average pooling. @shape x (N, C, H, W) → (N, C, H', W') */
export const adaptiveAvgPool2d = exact(
  'adaptiveAvgPool2d(x, outputSize)',
  (x: Tensor, outputSize: AdaptiveSize): Tensor => adaptiveAverage('adaptiveAvgPool2d', 2, x, outputSize),
);

/** Like `adaptiveAvgPool1d`, over three axes. @shape x (N, C, D, H, W) → (N, C, D', H', W') */
export const adaptiveAvgPool3d = exact(
  'adaptiveAvgPool3d(x, outputSize)',
  (x: Tensor, outputSize: AdaptiveSize): Tensor => adaptiveAverage('adaptiveAvgPool3d', 3, x, outputSize),
);

const maximumOp = defineMultiOp<[Tensor], AdaptiveAttrs & { readonly indexed: boolean }, readonly Tensor[]>({
  name: 'adaptiveMaxPool',
  forward(ctx, [x], { window, yShape, indexed }) {
    const values = empty(yShape, x.dtype, x.engine);
    const indices = indexed ? empty(yShape, 'int32', x.engine) : null;
    if (values.count > 0) x.engine.adaptiveMaxPool(values, indices, dense(x), window);
    if (indices === null) return [values];
    ctx.save(indices);
    return [values, indices];
  },
  backward: ({ attrs, saved: [indices] }, [g]) => [
    planeScatter([g!, indices!], { planes: attrs.planes, shape: attrs.xShape, accumulate: true }),
  ],
});

export interface AdaptiveMaxPoolOptions {
  /** Whether to return the positions of the largest elements, too (default false). */
  readonly returnIndices?: boolean;
}

const readMaxPool = defineOptions({ returnIndices: flag(false) });

type WithIndices = AdaptiveMaxPoolOptions & { readonly returnIndices: true };

interface AdaptiveMaxPool {
  (x: Tensor, outputSize: AdaptiveSize, options: WithIndices): ValuesAndPlaces;
  (x: Tensor, outputSize: AdaptiveSize, options?: AdaptiveMaxPoolOptions): Tensor;
}

function adaptiveMaxPool(rank: number): AdaptiveMaxPool {
  const operation = `adaptiveMaxPool${rank}d`;
  const pool = (
    x: Tensor,
    outputSize: AdaptiveSize,
    options?: AdaptiveMaxPoolOptions,
  ): Tensor | ValuesAndPlaces => {
    checkTensors(operation, { x });
    const { returnIndices } = readMaxPool(operation, options);
    const indexed = returnIndices || (x.requiresGrad && isGradEnabled());
    const attrs = { ...adaptiveGeometry(operation, rank, x, outputSize), indexed };
    const [values, indices] = maximumOp([x], attrs);
    return returnIndices ? [values!, indices!] : values!;
  };
  return named(operation, pool) as AdaptiveMaxPool;
}

/** The largest element of each window of `adaptiveAvgPool1d`. @shape x (N, C, L) or (C, L) → (N, C, outputSize) */
export const adaptiveMaxPool1d: AdaptiveMaxPool = adaptiveMaxPool(1);

/** The largest element of each window of `adaptiveAvgPool2d`. @shape x (N, C, H, W) → (N, C, H', W') */
export const adaptiveMaxPool2d: AdaptiveMaxPool = adaptiveMaxPool(2);

/** The largest element of each window of `adaptiveAvgPool3d`. @shape x (N, C, D, H, W) → (N, C, D', H', W') */
export const adaptiveMaxPool3d: AdaptiveMaxPool = adaptiveMaxPool(3);

export interface MaxUnpoolOptions {
  /** The pooling's stride (default: the window's size). */
  readonly stride?: Size;
  /** The pooling's padding (default 0). */
  readonly padding?: Size;
  /** The lengths of the last axes of the result, as they were before pooling (default: computed). */
  readonly outputSize?: Shape;
}

const readMaxUnpool = defineOptions({
  stride: windowOptions.stride,
  padding: windowOptions.padding,
  outputSize: listOf(whole(0, { least: 1 }), undefined),
});

function maxUnpoolNd(
  operation: string,
  rank: number,
  x: Tensor,
  indices: Tensor,
  kernelSize: Size,
  options: MaxUnpoolOptions | undefined,
): Tensor {
  checkTensors(operation, { x, indices });
  const given = readMaxUnpool(operation, options);
  checkPooled(operation, rank, x);
  if (indices.dtype !== 'int32')
    throw new DTypeError(operation, `indices must be int32, got ${indices.dtype}`);
  if (!sameShape(x.shape, indices.shape))
    throw new ShapeError(operation, 'each element needs an index', [
      { name: 'x', shape: x.shape },
      { name: 'indices', shape: indices.shape },
    ]);
  const kernel = perAxis(operation, 'kernelSize', kernelSize, rank, 1);
  const stride = given.stride === undefined ? kernel : perAxis(operation, 'stride', given.stride, rank, 1);
  const padding = perAxis(operation, 'padding', given.padding, rank, 0);
  checkPadding(operation, kernel, padding);
  const usual = x.shape.slice(-rank).map((n, i) => (n - 1) * stride[i]! - 2 * padding[i]! + kernel[i]!);
  const output = given.outputSize?.slice(-rank) ?? usual;
  output.forEach((n, i) => {
    if (Math.abs(n - usual[i]!) >= stride[i]!)
      throw new ArgumentError(
        operation,
        `outputSize [${output.join(', ')}] doesn't pool to x's size; it must be within a stride of [${usual.join(', ')}]`,
      );
  });
  const shape = [...x.shape.slice(0, -rank), ...output];
  if (Number.isNaN(newSize(shape))) throw new EngineError(operation, shapeProblem(shape));
  const plane = sizeOf(output);
  x.engine.requireInside(
    dense(indices),
    plane,
    (_, index) => new IndexError(operation, `index ${index} is outside a plane of ${plane} elements`),
  );
  return planeScatter([x, indices], {
    planes: planesBefore(x.shape, rank),
    shape,
    accumulate: false,
  });
}

/**
 * Puts each element back where `maxPool1d` found it, and zeros elsewhere.
 *
 * @param indices what `maxPool1d` returned with `returnIndices`
 * @shape x (N, C, L') → (N, C, L), L = (L' − 1)·s − 2p + k unless `outputSize` is given
 * @throws IndexError for an index outside the result, ArgumentError for more padding than half a window
 */
export const maxUnpool1d = named(
  'maxUnpool1d',
  (x: Tensor, indices: Tensor, kernelSize: Size, options?: MaxUnpoolOptions): Tensor =>
    maxUnpoolNd('maxUnpool1d', 1, x, indices, kernelSize, options),
);

/** Like `maxUnpool1d`, over two axes. @shape x (N, C, H', W') → (N, C, H, W) */
export const maxUnpool2d = named(
  'maxUnpool2d',
  (x: Tensor, indices: Tensor, kernelSize: Size, options?: MaxUnpoolOptions): Tensor =>
    maxUnpoolNd('maxUnpool2d', 2, x, indices, kernelSize, options),
);

/** Like `maxUnpool1d`, over three axes. @shape x (N, C, D', H', W') → (N, C, D, H, W) */
export const maxUnpool3d = named(
  'maxUnpool3d',
  (x: Tensor, indices: Tensor, kernelSize: Size, options?: MaxUnpoolOptions): Tensor =>
    maxUnpoolNd('maxUnpool3d', 3, x, indices, kernelSize, options),
);
