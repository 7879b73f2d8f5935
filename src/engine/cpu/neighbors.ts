import { dtypeCode } from '../../core/dtype.js';
import type { NeighborEngine } from '../neighbors.js';
import { type CpuContext, pointer } from './context.js';

/** The kernels of kernels/neighbors.h. */
export interface NeighborAbi {
  nearest(
    dtype: number,
    queryRows: number,
    points: number,
    indices: number,
    distances: number,
    queries: number,
    count: number,
    width: number,
    k: number,
    others: number,
  ): void;
  neighbor_ranks(
    dtype: number,
    x: number,
    neighbors: number,
    ranks: number,
    count: number,
    width: number,
    k: number,
  ): void;
}

export const neighborKernels = (cpu: CpuContext<NeighborAbi>): NeighborEngine => ({
  nearest: (indices, squaredDistances, queries, points, others) =>
    cpu.abi.nearest(
      dtypeCode[points.dtype],
      pointer(queries),
      pointer(points),
      pointer(indices),
      pointer(squaredDistances),
      queries.shape[0]!,
      points.shape[0]!,
      points.shape[1]!,
      indices.shape[1]!,
      Number(others),
    ),

  neighborRanks: (ranks, x, neighbors) =>
    cpu.abi.neighbor_ranks(
      dtypeCode[x.dtype],
      pointer(x),
      pointer(neighbors),
      pointer(ranks),
      x.shape[0]!,
      x.shape[1]!,
      neighbors.shape[1]!,
    ),
});
