import { defineMultiOp, defineOp } from '../autograd/op.js';
import { requireList } from '../core/arguments.js';
import { isFloat } from '../core/dtype.js';
import { DTypeError, ShapeError } from '../core/errors.js';
import { defineOptions, flag, word } from '../core/options.js';
import type { Shape } from '../core/shape.js';
import type { GridMode, GridOptions, GridPadding } from '../engine/resample.js';
import { checkTensors } from '../tensor/argument.js';
import { dense } from '../tensor/dense.js';
import { empty, emptyLike, type Tensor } from '../tensor/tensor.js';
import { linspace } from './creation.js';
import { stack } from './join.js';

const sampleOp = defineOp<[x: Tensor, grid: Tensor], GridOptions>({
  name: 'gridSample',
  forward(ctx, [x, grid], options) {
    const [n, c] = x.shape as [number, number];
    const y = empty([n, c, grid.shape[1]!, grid.shape[2]!], x.dtype, x.engine);
    x.engine.gridSample(y, dense(x), dense(grid), options);
    ctx.save(x, grid);
    return y;
  },
  backward: ({ attrs, saved: [x, grid] }, g) => [...sampleBackwardOp([g, x!, grid!], attrs)],
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
    dy.engine.gridSampleBackward(dx, dgrid, dense(dy), dense(x), dense(grid), options);
    return [dx, dgrid];
  },
});

export interface GridSampleOptions {
  /** Default `bilinear`. */
  readonly mode?: GridMode;
  /** What lies outside: zeros, the border's elements, or the image reflected (default `zeros`). */
  readonly paddingMode?: GridPadding;
  /** Whether −1 and 1 are the centres of the outermost elements, instead of their edges (default false). */
  readonly alignCorners?: boolean;
}

const cornerOption = { alignCorners: flag(false) };
const readGridSample = defineOptions({
  mode: word(['bilinear', 'nearest'], 'bilinear'),
  paddingMode: word(['zeros', 'border', 'reflection'], 'zeros'),
  ...cornerOption,
});
const readAffineGrid = defineOptions(cornerOption);

/**
 * Samples images at given places; −1 and 1 are their edges.
 *
 * @param grid for each output element x, then y
 * @shape x (N, C, H, W), grid (N, H', W', 2) → (N, C, H', W')
 * @throws ShapeError, DTypeError
 * @source Jaderberg et al. 2015, arXiv:1506.02025
 */
export function gridSample(x: Tensor, grid: Tensor, options?: GridSampleOptions): Tensor {
  checkTensors('gridSample', { x, grid });
  const { mode, paddingMode, alignCorners } = readGridSample('gridSample', options);
  if (
    x.ndim !== 4 ||
    grid.ndim !== 4 ||
    grid.shape[3] !== 2 ||
    x.shape[0] !== grid.shape[0] ||
    x.shape.slice(1).includes(0)
  )
    throw new ShapeError('gridSample', 'the grid does not fit the images', [
      { name: 'x', axes: '(N, C, H, W)', shape: x.shape },
      { name: 'grid', axes: "(N, H', W', 2)", shape: grid.shape },
    ]);
  if (!isFloat(x.dtype) || grid.dtype !== x.dtype)
    throw new DTypeError('gridSample', `needs one floating dtype, x is ${x.dtype}, the grid ${grid.dtype}`);
  return sampleOp([x, grid], { mode, padding: paddingMode, alignCorners });
}

/** Centres of n elements between −1 and 1. */
function centres(n: number, alignCorners: boolean, like: Tensor): Tensor {
  const edge = alignCorners ? 1 : 1 - 1 / n;
  return n === 1 ? linspace(0, 0, 1, { dtype: like.dtype }) : linspace(-edge, edge, n, { dtype: like.dtype });
}

/**
 * The grid for `gridSample` of an affine map: (x, y) ← θ·(x, y, 1)ᵀ at each output element.
 *
 * @param size the output's shape (N, C, H, W)
 * @shape theta (N, 2, 3) → (N, H, W, 2)
 */
export function affineGrid(
  theta: Tensor,
  size: Shape,
  options?: { readonly alignCorners?: boolean },
): Tensor {
  checkTensors('affineGrid', { theta });
  requireList('affineGrid', 'size', size);
  const { alignCorners } = readAffineGrid('affineGrid', options);
  if (
    theta.ndim !== 3 ||
    theta.shape[1] !== 2 ||
    theta.shape[2] !== 3 ||
    size.length !== 4 ||
    size[0] !== theta.shape[0]
  )
    throw new ShapeError('affineGrid', 'needs a 2 × 3 matrix for each image', [
      { name: 'theta', axes: '(N, 2, 3)', shape: theta.shape },
      { name: 'size', axes: '(N, C, H, W)', shape: size },
    ]);
  const [n, , h, w] = size as [number, number, number, number];
  const x = centres(w, alignCorners, theta).reshape([1, w]).expand([h, w]);
  const y = centres(h, alignCorners, theta).reshape([h, 1]).expand([h, w]);
  const places = stack([x, y, x.mul(0).add(1)], -1)
    .reshape([1, h * w, 3])
    .expand([n, h * w, 3]);
  return places.matmul(theta.transpose(1, 2)).reshape([n, h, w, 2]);
}
