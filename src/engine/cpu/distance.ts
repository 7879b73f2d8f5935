import type { DistanceEngine } from '../distance.js';
import { codes } from './abi.js';
import { type CpuContext, pointer, pointerOrNull } from './context.js';

export const distanceKernels = ({ abi }: CpuContext): DistanceEngine => ({
  rowProducts: (out, a, b, width) =>
    abi.row_products(codes.dtype[a.dtype], pointer(a), pointer(b), pointer(out), out.count, width),

  rowDistances: (out, a, b, width, eps) =>
    abi.row_distances(codes.dtype[a.dtype], pointer(a), pointer(b), pointer(out), out.count, width, eps),

  rowDistancesBackward: ([da, db], grad, a, b, distances, width, eps) =>
    abi.row_distances_backward(
      codes.dtype[a.dtype],
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
    abi.pair_distances(codes.dtype[x.dtype], pointer(x), pointer(out), x.shape[0]!, x.shape[1]!),

  pairDistancesBackward: (dx, grad, x, distances) =>
    abi.pair_distances_backward(
      codes.dtype[x.dtype],
      pointer(grad),
      pointer(x),
      pointer(distances),
      pointer(dx),
      x.shape[0]!,
      x.shape[1]!,
    ),
});
