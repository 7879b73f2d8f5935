import { defineFused, kernelsOf } from '../../autograd/fused.js';
import { defineOp } from '../../autograd/op.js';
import { isFloat } from '../../core/dtype.js';
import { ArgumentError, DTypeError, ShapeError } from '../../core/errors.js';
import { named } from '../../core/exact.js';
import {
  defineOptions,
  either,
  flag,
  listOf,
  number,
  type Resolved,
  size as sizeOption,
  word,
} from '../../core/options.js';
import type { Shape } from '../../core/shape.js';
import { perAxis, type Size, triple } from '../../core/sizes.js';
import type { Interpolation, ResizeGeometry } from '../../engine/resample.js';
import { checkTensors } from '../../tensor/argument.js';
import { dense } from '../../tensor/dense.js';
import { empty, type Tensor } from '../../tensor/tensor.js';
import { adaptiveAvgPool1d, adaptiveAvgPool2d, adaptiveAvgPool3d } from '../pool/adaptive-pooling.js';
import { resizeComposed } from './resize-composed.js';

interface ResizeAttrs {
  readonly geometry: ResizeGeometry;
  readonly xShape: Shape;
  readonly yShape: Shape;
}

type ResizeOp = (inputs: [Tensor], attrs: ResizeAttrs) => Tensor;

const resizeOp: ResizeOp = defineFused<'resample', [Tensor], ResizeAttrs>({
  name: 'interpolate',
  family: 'resample',
  composition: ([x], { geometry }) => resizeComposed(x, geometry),
  forward(kernels, _, [x], { geometry, yShape }) {
    const y = empty(yShape, x.dtype, x.engine);
    if (y.count > 0) kernels.resize(y, dense(x), geometry);
    return y;
  },
  gradient: ({ attrs }, g) => [resizeBackwardOp([g], attrs)],
});

const resizeBackwardOp: ResizeOp = defineOp<[Tensor], ResizeAttrs>({
  name: 'interpolateBackward',
  forward(_, [dy], { geometry, xShape }) {
    const dx = empty(xShape, dy.dtype, dy.engine);
    if (dy.count > 0) kernelsOf(dy, 'resample').resizeBackward(dx, dense(dy), geometry);
    else dx.engine.fill(dx, 0);
    return dx;
  },
  backward: ({ attrs }, g) => [resizeOp([g], attrs)],
});

export type InterpolateMode =
  | 'nearest'
  | 'nearest-exact'
  | 'linear'
  | 'bilinear'
  | 'bicubic'
  | 'trilinear'
  | 'area';

export interface InterpolateOptions {
  /** The lengths of the resized axes; give either this or `scaleFactor`. */
  readonly size?: Size;
  /** The factor of the lengths, either one for all axes or one per axis; lengths are rounded down. */
  readonly scaleFactor?: number | readonly number[];
  /** Default `nearest`. */
  readonly mode?: InterpolateMode;
  /** Whether the centers of the outermost elements stay in place instead of their edges (default false). */
  readonly alignCorners?: boolean;
  /** Whether to step by the ratio of the lengths instead of by the given factor (default false). */
  readonly recomputeScaleFactor?: boolean;
}

/** What a mode does along an axis, and how many axes it's for; null means any number. */
const modes: Readonly<
  Record<InterpolateMode, { readonly along: Interpolation; readonly rank: number | null }>
> = {
  nearest: { along: 'nearest', rank: null },
  'nearest-exact': { along: 'nearest-exact', rank: null },
  linear: { along: 'linear', rank: 1 },
  bilinear: { along: 'linear', rank: 2 },
  bicubic: { along: 'cubic', rank: 2 },
  trilinear: { along: 'linear', rank: 3 },
  area: { along: 'nearest', rank: null },
};

const factor = number(undefined, { above: 0 });
const interpolateOptions = {
  size: sizeOption(undefined, 1),
  scaleFactor: either(factor, listOf(factor, undefined)),
  mode: word(Object.keys(modes) as InterpolateMode[], 'nearest'),
  alignCorners: flag(false),
  recomputeScaleFactor: flag(false),
};
const readInterpolate = defineOptions(interpolateOptions);

type Resizing = Resolved<typeof interpolateOptions>;

/** The output's lengths, and the ratios to step by. */
function outputOf(
  input: Shape,
  { size, scaleFactor, recomputeScaleFactor }: Resizing,
): { output: readonly number[]; scales: readonly number[] } {
  const rank = input.length;
  if ((size === undefined) === (scaleFactor === undefined))
    throw new ArgumentError('interpolate', 'needs either size or scaleFactor');
  if (size !== undefined)
    return { output: perAxis('interpolate', 'size', size, rank, 1), scales: input.map(() => 0) };
  const factors = typeof scaleFactor === 'number' ? input.map(() => scaleFactor) : scaleFactor!;
  if (factors.length !== rank)
    throw new ArgumentError('interpolate', `scaleFactor has ${factors.length} numbers, needs one or ${rank}`);
  const output = input.map((n, i) => Math.floor(n * factors[i]!));
  if (output.some((n) => !(n >= 1)))
    throw new ArgumentError(
      'interpolate',
      `scaleFactor [${factors.join(', ')}] makes [${output.join(', ')}] of [${input.join(', ')}]`,
    );
  return { output, scales: factors.map((factor) => (recomputeScaleFactor ? 0 : 1 / factor)) };
}

const adaptive = [adaptiveAvgPool1d, adaptiveAvgPool2d, adaptiveAvgPool3d] as const;

/**
 * Resizes the axes after the channels.
 *
 * Output element i is at (i + ½)·L/L' − ½ in the input, or with `alignCorners` at
 * i·(L − 1)/(L' − 1). Linear modes weigh the two neighbors, cubic the four nearest (Keys, a = −¾);
 * `nearest` takes ⌊i·L/L'⌋, `nearest-exact` ⌊(i + ½)·L/L'⌋; `area` averages as `adaptiveAvgPool` does.
 *
 * @shape x (N, C, L), (N, C, H, W) or (N, C, D, H, W) → the same with other lengths; linear modes need
 *   as many axes as their name says
 * @throws ShapeError, ArgumentError; DTypeError for integers in modes other than the nearest ones
 */
export function interpolate(x: Tensor, options: InterpolateOptions): Tensor {
  checkTensors('interpolate', { x });
  const given = readInterpolate('interpolate', options);
  const { mode, alignCorners } = given;
  const rank = x.ndim - 2;
  const known = modes[mode];
  if (rank < 1 || rank > 3 || (known.rank !== null && known.rank !== rank))
    throw new ShapeError(
      'interpolate',
      `mode '${mode}' needs ${known.rank === null ? '3 to 5' : known.rank + 2} axes`,
      [{ name: 'x', shape: x.shape, note: `${x.ndim} axes` }],
      'the first two axes are batch and channels',
    );
  if (x.shape.slice(1).includes(0))
    throw new ShapeError('interpolate', 'only the batch may be empty', [{ name: 'x', shape: x.shape }]);
  if (alignCorners && known.rank === null)
    throw new ArgumentError('interpolate', `alignCorners has no effect in mode '${mode}'`);
  const nearest = mode === 'nearest' || mode === 'nearest-exact';
  if (!nearest && !isFloat(x.dtype))
    throw new DTypeError('interpolate', `mode '${mode}' needs float32 or float64, x is ${x.dtype}`);
  const input = x.shape.slice(2);
  const { output, scales } = outputOf(input, given);
  if (mode === 'area') return adaptive[rank - 1]!(x, output);
  return resizeOp([x], {
    geometry: {
      input: triple(input, 1),
      output: triple(output, 1),
      scales: triple(scales, 0),
      mode: known.along,
      alignCorners,
    },
    xShape: x.shape,
    yShape: [...x.shape.slice(0, 2), ...output],
  });
}

/** PyTorch's older name for `interpolate`. */
export const upsample = named('upsample', interpolate);
