import { isFloat } from '../../core/dtype.js';
import { ArgumentError, DTypeError, ShapeError } from '../../core/errors.js';
import { flag, size } from '../../core/options.js';
import { poolLength } from '../../core/output-length.js';
import { type Shape, sizeOf } from '../../core/shape.js';
import { perAxis, type Size, triple } from '../../core/sizes.js';
import type { PoolWindow } from '../../engine/pool.js';
import { checkTensors } from '../../tensor/argument.js';
import type { Tensor } from '../../tensor/tensor.js';

/** What pooling functions have in common; see each one for its defaults. */
export interface WindowOptions {
  readonly stride?: Size | undefined;
  readonly padding?: Size;
  readonly dilation?: Size;
  readonly ceilMode?: boolean;
}

export const windowOptions = { stride: size(undefined, 1), padding: size(0, 0), ceilMode: flag(false) };

/** A sliding window over `rank` axes, and its shapes. */
export interface PoolGeometry {
  readonly window: PoolWindow;
  readonly xShape: Shape;
  readonly yShape: Shape;
  /** The number of planes, tensors of `rank` axes, in the batch. */
  readonly planes: number;
  /** Whether an element may be in several windows. */
  readonly overlapping: boolean;
}

const axes = ['(N, C, L)', '(N, C, H, W)', '(N, C, D, H, W)'] as const;

/** @throws ShapeError, DTypeError unless `x` is a floating batch, or one example, of `rank` axes and channels */
export function checkPooled(operation: string, rank: number, x: Tensor): void {
  checkTensors(operation, { x });
  if (x.ndim !== rank + 1 && x.ndim !== rank + 2)
    throw new ShapeError(operation, `x needs ${rank + 2} axes, or ${rank + 1} without a batch`, [
      { name: 'x', axes: axes[rank - 1]!, shape: x.shape, note: `${x.ndim} axes` },
    ]);
  if (x.shape.slice(-rank).includes(0) || x.shape.at(-rank - 1) === 0)
    throw new ShapeError(operation, 'only the batch may be empty', [
      { name: 'x', axes: axes[rank - 1]!, shape: x.shape },
    ]);
  if (!isFloat(x.dtype)) throw new DTypeError(operation, `needs float32 or float64, x is ${x.dtype}`);
}

export const planesBefore = (shape: Shape, rank: number): number => sizeOf(shape.slice(0, -rank));

/** Whether a window along an axis touches only padding, which can happen with dilation. */
function missesInput(n: number, count: number, stride: number, padding: number, dilation: number): boolean {
  if (dilation === 1) return false;
  for (let o = 0; o < count && o * stride < padding; o++) {
    const before = padding - o * stride;
    if (Math.ceil(before / dilation) * dilation - before >= n) return true;
  }
  return false;
}

/** @throws ArgumentError if padding exceeds half of the window; so no window is all padding */
export function checkPadding(operation: string, kernel: Shape, padding: Shape): void {
  const axis = padding.findIndex((p, i) => p > kernel[i]! / 2);
  if (axis >= 0)
    throw new ArgumentError(
      operation,
      `padding must be at most half of the kernel's size, ${padding[axis]} is more than half of ${kernel[axis]}`,
    );
}

/** The windows of a pooling function over the last `rank` axes of `x`. @throws ShapeError, ArgumentError */
export function poolGeometry(
  operation: string,
  rank: number,
  x: Tensor,
  kernelSize: Size,
  options: WindowOptions,
): PoolGeometry {
  checkPooled(operation, rank, x);
  const kernel = perAxis(operation, 'kernelSize', kernelSize, rank, 1);
  const stride =
    options.stride === undefined ? kernel : perAxis(operation, 'stride', options.stride, rank, 1);
  const padding = perAxis(operation, 'padding', options.padding ?? 0, rank, 0);
  const dilation = perAxis(operation, 'dilation', options.dilation ?? 1, rank, 1);
  checkPadding(operation, kernel, padding);
  const input = x.shape.slice(-rank);
  const output = input.map((n, i) =>
    poolLength(n, padding[i]!, options.ceilMode ?? false, {
      kernel: kernel[i]!,
      stride: stride[i]!,
      dilation: dilation[i]!,
    }),
  );
  if (output.some((n) => n < 1))
    throw new ShapeError(operation, 'the window is larger than the padded input', [
      { name: 'x', axes: axes[rank - 1]!, shape: x.shape },
      {
        name: 'kernel',
        shape: kernel,
        note: `spans [${kernel.map((k, i) => dilation[i]! * (k - 1) + 1).join(', ')}]`,
      },
    ]);
  if (input.some((n, i) => missesInput(n, output[i]!, stride[i]!, padding[i]!, dilation[i]!)))
    throw new ShapeError(
      operation,
      'a window is all padding',
      [
        { name: 'x', axes: axes[rank - 1]!, shape: x.shape },
        {
          name: 'kernel',
          shape: kernel,
          note: `padding [${padding.join(', ')}], dilation [${dilation.join(', ')}]`,
        },
      ],
      'use less dilation or padding',
    );
  return {
    window: {
      input: triple(input, 1),
      output: triple(output, 1),
      kernel: triple(kernel, 1),
      stride: triple(stride, 1),
      padding: triple(padding, 0),
      dilation: triple(dilation, 1),
    },
    xShape: x.shape,
    yShape: [...x.shape.slice(0, -rank), ...output],
    planes: planesBefore(x.shape, rank),
    overlapping: kernel.some((k, i) => dilation[i]! * (k - 1) + 1 > stride[i]!),
  };
}
