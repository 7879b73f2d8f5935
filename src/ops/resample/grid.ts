import { defineFused, kernelsOf } from '../../autograd/fused.js';
import { defineMultiOp } from '../../autograd/op.js';
import { requireList } from '../../core/arguments.js';
import { isFloat } from '../../core/dtype.js';
import { ArgumentError, DTypeError, ShapeError } from '../../core/errors.js';
import { defineOptions, flag, word } from '../../core/options.js';
import type { Shape } from '../../core/shape.js';
import type { GridMode, GridOptions, GridPadding } from '../../engine/resample.js';
import { checkTensors } from '../../tensor/argument.js';
import { dense } from '../../tensor/dense.js';
import { empty, emptyLike, type Tensor } from '../../tensor/tensor.js';
import { checkShape, linspace, onesLike } from '../creation/creation.js';
import { stack } from '../shape/join.js';
import { sampleComposed } from './grid-composed.js';

const sampleOp = defineFused<'resample', [x: Tensor, grid: Tensor], GridOptions>({
  name: 'gridSample',
  family: 'resample',
  composition: ([x, grid], options) => sampleComposed(x, grid, options),
  forward(kernels, ctx, [x, grid], options) {
    const [n, c] = x.shape as [number, number];
    const y = empty([n, c, grid.shape[1]!, grid.shape[2]!], x.dtype, x.engine);
    kernels.gridSample(y, dense(x), dense(grid), options);
    ctx.save(x, grid);
    return y;
  },
  gradient: ({ attrs, saved: [x, grid] }, g) => [...sampleBackwardOp([g, x!, grid!], attrs)],
});

const sampleBackwardOp = defineMultiOp<
  [dy: Tensor, x: Tensor, grid: Tensor],
  GridOptions,
  readonly [Tensor, Tensor]
>({
  name: 'gridSampleBackward',
  forward(_, [dy, x, grid], options) {
    const dx = emptyLike(x);
    const dgrid = emptyLike(grid);
    kernelsOf(dy, 'resample').gridSampleBackward(dx, dgrid, dense(dy), dense(x), dense(grid), options);
    return [dx, dgrid];
  },
});

export interface GridSampleOptions {
  /** Default `bilinear`, which is trilinear for volumes; `bicubic` is only for images. */
  readonly mode?: GridMode | 'bicubic';
  /** What's outside: zeros, the border's elements, or the image's reflection (default `zeros`). */
  readonly paddingMode?: GridPadding;
  /** Whether −1 and 1 are the centers of the outermost elements, instead of their edges (default false). */
  readonly alignCorners?: boolean;
}

const cornerOption = { alignCorners: flag(false) };
const readGridSample = defineOptions({
  mode: word(['bilinear', 'nearest', 'bicubic'], 'bilinear'),
  paddingMode: word(['zeros', 'border', 'reflection'], 'zeros'),
  ...cornerOption,
});
const readAffineGrid = defineOptions(cornerOption);

/**
 * Samples images or volumes at given places; −1 and 1 are their edges. With border or reflection, a NaN means
 * the first element of its axis; with zeros, the result at a NaN or an infinity is NaN, or 0 with `nearest`.
 *
 * @param grid for each output element, x, then y, then z
 * @shape x (N, C, H, W), grid (N, H', W', 2) → (N, C, H', W'); x (N, C, D, H, W), grid (N, D', H', W', 3) →
 *   (N, C, D', H', W')
 * @throws ShapeError, DTypeError, ArgumentError for `bicubic` of volumes
 * @differs at a NaN or an infinity, PyTorch returns 0 for volumes with zeros
 * @source Jaderberg et al. 2015, arXiv:1506.02025
 */
export function gridSample(x: Tensor, grid: Tensor, options?: GridSampleOptions): Tensor {
  checkTensors('gridSample', { x, grid });
  const { mode, paddingMode: padding, alignCorners } = readGridSample('gridSample', options);
  const axes = x.ndim - 2;
  if (
    (axes !== 2 && axes !== 3) ||
    grid.ndim !== x.ndim ||
    grid.shape[axes + 1] !== axes ||
    x.shape[0] !== grid.shape[0] ||
    x.shape.slice(1).includes(0)
  )
    throw new ShapeError('gridSample', "the grid doesn't fit the images", [
      { name: 'x', axes: axes === 3 ? '(N, C, D, H, W)' : '(N, C, H, W)', shape: x.shape },
      { name: 'grid', axes: axes === 3 ? "(N, D', H', W', 3)" : "(N, H', W', 2)", shape: grid.shape },
    ]);
  if (!isFloat(x.dtype) || grid.dtype !== x.dtype)
    throw new DTypeError(
      'gridSample',
      `x and the grid need the same floating dtype, x is ${x.dtype}, the grid ${grid.dtype}`,
    );
  if (axes === 3 && mode === 'bicubic')
    throw new ArgumentError('gridSample', 'bicubic is for images, x is a volume\n  hint: use bilinear');
  return axes === 2 && mode !== 'bicubic'
    ? sampleOp([x, grid], { mode, padding, alignCorners })
    : sampleComposed(x, grid, { mode, padding, alignCorners });
}

/** Centers of n elements between −1 and 1. */
function centers(n: number, alignCorners: boolean, like: Tensor): Tensor {
  const edge = alignCorners ? 1 : 1 - 1 / n;
  return n === 1 ? linspace(0, 0, 1, { dtype: like.dtype }) : linspace(-edge, edge, n, { dtype: like.dtype });
}

/**
 * The grid of an affine map, for `gridSample`: at each output element, (x, y, 1)ᵀ or (x, y, z, 1)ᵀ maps to θ
 * times it.
 *
 * @param size the output's shape, (N, C, H, W) or (N, C, D, H, W)
 * @shape theta (N, 2, 3) → (N, H, W, 2); theta (N, 3, 4) → (N, D, H, W, 3)
 */
export function affineGrid(
  theta: Tensor,
  size: Shape,
  options?: { readonly alignCorners?: boolean },
): Tensor {
  checkTensors('affineGrid', { theta });
  requireList('affineGrid', 'size', size);
  const { alignCorners } = readAffineGrid('affineGrid', options);
  checkShape('affineGrid', size);
  const axes = size.length - 2;
  if (
    (axes !== 2 && axes !== 3) ||
    theta.ndim !== 3 ||
    theta.shape[1] !== axes ||
    theta.shape[2] !== axes + 1 ||
    size[0] !== theta.shape[0]
  )
    throw new ShapeError(
      'affineGrid',
      'needs a 2 × 3 matrix for each image, or a 3 × 4 one for each volume',
      [
        { name: 'theta', axes: axes === 3 ? '(N, 3, 4)' : '(N, 2, 3)', shape: theta.shape },
        { name: 'size', axes: axes === 3 ? '(N, C, D, H, W)' : '(N, C, H, W)', shape: size },
      ],
    );
  const n = size[0]!;
  const places = size.slice(2);
  const count = places.reduce((a, b) => a * b, 1);
  const along = places.map((length, axis) =>
    centers(length, alignCorners, theta)
      .reshape(places.map((_, i) => (i === axis ? length : 1)))
      .expand(places),
  );
  const corners = stack([...along.reverse(), onesLike(along[0]!)], -1).reshape([1, count, axes + 1]);
  return corners
    .expand([n, count, axes + 1])
    .matmul(theta.transpose(1, 2))
    .reshape([n, ...places, axes]);
}
