import { dtypeCode } from '../../core/dtype.js';
import type { DistanceEngine } from '../distance.js';
import { type CpuContext, pointer, pointerOrNull } from './context.js';

/** The kernels of kernels/distance/distance.h. */
export interface DistanceAbi {
  row_products(dtype: number, a: number, b: number, out: number, rows: number, width: number): void;
  row_distances(
    dtype: number,
    a: number,
    b: number,
    out: number,
    rows: number,
    width: number,
    eps: number,
  ): void;
  row_distances_backward(
    dtype: number,
    g: number,
    a: number,
    b: number,
    distances: number,
    da: number,
    db: number,
    rows: number,
    width: number,
    eps: number,
  ): void;
  pair_distances(dtype: number, x: number, out: number, rows: number, width: number): void;
  pair_distances_backward(
    dtype: number,
    g: number,
    x: number,
    distances: number,
    dx: number,
    rows: number,
    width: number,
  ): void;
}

export const distanceKernels = ({ abi }: CpuContext<DistanceAbi>): DistanceEngine => ({
  rowProducts: (out, a, b, width) =>
    abi.row_products(dtypeCode[a.dtype], pointer(a), pointer(b), pointer(out), out.count, width),

  rowDistances: (out, a, b, width, eps) =>
    abi.row_distances(dtypeCode[a.dtype], pointer(a), pointer(b), pointer(out), out.count, width, eps),

  rowDistancesBackward: ([da, db], grad, a, b, distances, width, eps) =>
    abi.row_distances_backward(
      dtypeCode[a.dtype],
      pointer(grad),
      pointer(a),
      pointer(b),
      pointer(distances),
      pointerOrNull(da),
      pointerOrNull(db),
      distances.count,
      width,
      eps,
    ),

  pairDistances: (out, x) =>
    abi.pair_distances(dtypeCode[x.dtype], pointer(x), pointer(out), x.shape[0]!, x.shape[1]!),

  pairDistancesBackward: (dx, grad, x, distances) =>
    abi.pair_distances_backward(
      dtypeCode[x.dtype],
      pointer(grad),
      pointer(x),
      pointer(distances),
      pointer(dx),
      x.shape[0]!,
      x.shape[1]!,
    ),
});
