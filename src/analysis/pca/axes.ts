import { type Tensor, tensor, tidy, zeros } from '../../index.js';
import { symmetricEigen } from './eigen.js';

/** The first principal axes of rows. */
export interface PrincipalAxes {
  /** (k, D), float64 */
  readonly axes: Tensor;
  /** The k largest squared singular values of the centered rows. */
  readonly squares: Float64Array;
  /** Sum of all squared singular values; 0 if all rows are the same. */
  readonly total: number;
  /** (D), float64 */
  readonly mean: Tensor;
}

/** Number of elements converted to float64 at a time: 32 MB. */
const BLOCK = 2 ** 22;

/** Sums f(block) over blocks of rows in float64. */
function sumOfBlocks(rows: Tensor, shape: readonly number[], f: (block: Tensor) => Tensor): Tensor {
  const [n, width] = rows.shape as [number, number];
  const step = Math.max(1, Math.floor(BLOCK / width));
  let sum = zeros(shape, { dtype: 'float64' });
  for (let start = 0; start < n; start += step)
    sum = tidy(() => sum.add(f(rows.narrow(0, start, Math.min(step, n - start)).to('float64'))));
  return sum;
}

/**
 * Fills the rows of `axes` from `from` on with unit vectors orthogonal to the rows before them. For singular values
 * of 0, any such vectors will do.
 */
function complete(axes: Float64Array, width: number, from: number): void {
  const k = axes.length / width;
  let unit = 0;
  for (let row = from; row < k; ) {
    const v = axes.subarray(row * width, (row + 1) * width);
    v.fill(0);
    v[unit++] = 1;
    // Twice, to remove the rounding error left by the first pass.
    for (let pass = 0; pass < 2; pass++)
      for (let i = 0; i < row; i++) {
        const other = axes.subarray(i * width, (i + 1) * width);
        const along = other.reduce((sum, value, j) => sum + value * v[j]!, 0);
        for (let j = 0; j < width; j++) v[j]! -= along * other[j]!;
      }
    const length = Math.sqrt(v.reduce((sum, value) => sum + value * value, 0));
    // At least one unit vector has a component longer than this outside a space of fewer than `width` axes.
    if (length < 0.5 / Math.sqrt(width)) continue;
    for (let j = 0; j < width; j++) v[j]! /= length;
    row++;
  }
}

/** Flips the sign of each row so that its entry with the largest absolute value is positive. */
function fixSigns(axes: Float64Array, width: number): void {
  for (let at = 0; at < axes.length; at += width) {
    const row = axes.subarray(at, at + width);
    let largest = 0;
    for (let j = 1; j < width; j++) if (Math.abs(row[j]!) > Math.abs(row[largest]!)) largest = j;
    if (row[largest]! < 0) for (let j = 0; j < width; j++) row[j] = -row[j]!;
  }
}

/** The axes as rows, from the eigenvectors u of X·Xᵀ: Xᵀu, of length σ. */
async function fromRows(
  centered: Tensor,
  vectors: Float64Array,
  squares: Float64Array,
  rank: number,
): Promise<Float64Array> {
  const [n, width] = centered.shape as [number, number];
  const axes = new Float64Array(squares.length * width);
  if (rank > 0) {
    const u = tensor(vectors.slice(0, rank * n), [rank, n]);
    const lengths = tensor(squares.slice(0, rank)).sqrt().unsqueeze(1);
    axes.set(await u.matmul(centered).div(lengths).data());
  }
  complete(axes, width, rank);
  return axes;
}

/** The first k principal axes of rows (N, D), from the smaller of XᵀX and X·Xᵀ with X centered. */
export async function principalAxes(rows: Tensor, k: number): Promise<PrincipalAxes> {
  const [n, width] = rows.shape as [number, number];
  const mean = sumOfBlocks(rows, [width], (block) => block.sum(0)).div(n);
  const tall = n >= width;
  const centered = tall ? null : rows.to('float64').sub(mean);
  const products = centered
    ? centered.matmul(centered.t())
    : sumOfBlocks(rows, [width, width], (block) => {
        const part = block.sub(mean);
        return part.t().matmul(part);
      });
  const matrix = (await products.data()) as Float64Array;
  const order = Math.min(n, width);
  let total = 0;
  for (let i = 0; i < order; i++) total += matrix[i * order + i]!;
  // Identical rows differ from their mean only by its rounding error.
  const rounding = n * Number.EPSILON ** 2 * (await mean.square().sum().item()) * n;
  if (total <= rounding) total = 0;
  const { values, vectors } = symmetricEigen(matrix, order, k);
  const squares = values.map((value) => Math.max(0, value));
  const none = squares.findIndex((value) => value <= Number.EPSILON * order * squares[0]!);
  const axes = centered ? await fromRows(centered, vectors, squares, none < 0 ? k : none) : vectors;
  fixSigns(axes, width);
  return { axes: tensor(axes, [k, width]), squares, total, mean };
}
