import type { Option } from '../../core/options.js';
import * as F from '../../functional.js';
import { linspace, onesLike, ShapeError, type Tensor, tensor, where } from '../../index.js';
import { inFloats } from './images.js';
import type { Interpolation } from './resize.js';

/** What fills the area that a moved image leaves: one value, or one for each channel. */
export type Fill = number | readonly number[];

/** One number or one for each channel. */
export const fillOption: Option<Fill> = {
  wanted: 'a finite number, or one for each channel',
  default: 0,
  accepts: (fill) =>
    Number.isFinite(fill) || (Array.isArray(fill) && fill.length > 0 && fill.every(Number.isFinite)),
};

/** A 2 × 3 matrix by rows: where in the input an output pixel (x, y), counted from the center, comes from. */
export type AffineMatrix = readonly [number, number, number, number, number, number];

/** Centers of n pixels, the middle of them 0. */
const centers = (n: number, dtype: Tensor['dtype']): Tensor =>
  linspace(-n / 2 + 0.5, n / 2 - 0.5, n, { dtype });

/**
 * The grid for `sample` of one matrix for each image.
 *
 * @param images images whose edges are −1 and 1
 * @shape → (N, height, width, 2)
 */
export function affineGrids(
  images: Tensor,
  matrices: readonly AffineMatrix[],
  height: number,
  width: number,
): Tensor {
  const dtype = images.dtype === 'float64' ? 'float64' : 'float32';
  const [h, w] = [images.shape[2]! / 2, images.shape[3]! / 2];
  const theta = tensor(matrices.flat(), { dtype })
    .reshape([matrices.length, 1, 1, 2, 3])
    .div(tensor([w, h], { dtype }).reshape([2, 1]));
  const x = centers(width, dtype).reshape([1, 1, width, 1]);
  const y = centers(height, dtype).reshape([1, height, 1, 1]);
  return x
    .mul(theta.select(-1, 0))
    .add(y.mul(theta.select(-1, 1)))
    .add(theta.select(-1, 2));
}

/**
 * Images (N, C, H, W) read at the places of a grid (N, H', W', 2).
 *
 * With a fill, the border is as soft as the interpolation: a pixel counts with the weight of its part inside the image,
 * the fill with the rest. Without a fill, the outside is 0.
 */
export function sample(
  operation: string,
  images: Tensor,
  grid: Tensor,
  interpolation: Interpolation,
  fill: Fill | null,
): Tensor {
  const channels = images.shape[1]!;
  if (fill !== null && typeof fill !== 'number' && fill.length !== 1 && fill.length !== channels)
    throw new ShapeError(operation, `fill has ${fill.length} numbers for ${channels} channels`, [
      { name: 'images', axes: '(N, C, H, W)', shape: images.shape },
    ]);
  return inFloats(images, (x) => {
    const options = { mode: interpolation };
    const moved = F.gridSample(x, grid, options);
    if (fill === null) return moved;
    const values = typeof fill === 'number' ? [fill] : fill;
    const filling = tensor(values, { dtype: x.dtype }).reshape([values.length, 1, 1]);
    const inside = F.gridSample(onesLike(x.narrow(1, 0, 1)), grid, options);
    return interpolation === 'nearest'
      ? where(inside.lt(0.5), filling, moved)
      : moved.mul(inside).add(inside.neg().add(1).mul(filling));
  });
}
