import { dtypeCode } from '../../core/dtype.js';
import type { Triple } from '../conv.js';
import type { AdaptiveWindow, PoolEngine, PoolWindow } from '../pool.js';
import type { View } from '../storage.js';
import { type CpuContext, pointer, requireNone, writeMeta } from './context.js';

/** Signatures of kernels/pool/pool.h; pointers are numbers, 0 where an operand is absent. */
export interface PoolAbi {
  max_pool(dtype: number, x: number, y: number, indices: number, planes: number, window: number): void;
  average_pool(
    dtype: number,
    x: number,
    y: number,
    planes: number,
    window: number,
    countPadding: number,
    divisor: number,
  ): void;
  average_pool_backward(
    dtype: number,
    dy: number,
    dx: number,
    planes: number,
    window: number,
    countPadding: number,
    divisor: number,
  ): void;
  adaptive_average_pool(dtype: number, x: number, y: number, planes: number, window: number): void;
  adaptive_average_pool_backward(dtype: number, dy: number, dx: number, planes: number, window: number): void;
  adaptive_max_pool(
    dtype: number,
    x: number,
    y: number,
    indices: number,
    planes: number,
    window: number,
  ): void;
  plane_scatter(
    dtype: number,
    x: number,
    indices: number,
    y: number,
    planes: number,
    count: number,
    size: number,
    accumulate: number,
  ): void;
  plane_gather(
    dtype: number,
    x: number,
    indices: number,
    y: number,
    planes: number,
    count: number,
    size: number,
  ): void;
  first_outside(indices: number, n: number, size: number): number;
}

const optional = (view: View | null): number => (view === null ? 0 : pointer(view));

/** How many planes of a size a tensor holds. */
const planesOf = (view: View, [d, h, w]: Triple): number => view.count / (d * h * w);

const ones: Triple = [1, 1, 1];

export function poolKernels(cpu: CpuContext<PoolAbi>): PoolEngine {
  const { abi } = cpu;
  const sliding = (w: PoolWindow): number =>
    writeMeta(cpu, w.input, w.output, w.kernel, w.stride, w.padding, w.dilation);
  const adaptive = (w: AdaptiveWindow): number => writeMeta(cpu, w.input, w.output, ones, ones, ones, ones);

  return {
    maxPool: (y, indices, x, window) =>
      abi.max_pool(
        dtypeCode[x.dtype],
        pointer(x),
        pointer(y),
        optional(indices),
        planesOf(y, window.output),
        sliding(window),
      ),
    averagePool: (y, x, window, { countPadding, divisor }) =>
      abi.average_pool(
        dtypeCode[x.dtype],
        pointer(x),
        pointer(y),
        planesOf(y, window.output),
        sliding(window),
        Number(countPadding),
        divisor ?? 0,
      ),
    averagePoolBackward: (dx, dy, window, { countPadding, divisor }) =>
      abi.average_pool_backward(
        dtypeCode[dx.dtype],
        pointer(dy),
        pointer(dx),
        planesOf(dy, window.output),
        sliding(window),
        Number(countPadding),
        divisor ?? 0,
      ),
    adaptiveMaxPool: (y, indices, x, window) =>
      abi.adaptive_max_pool(
        dtypeCode[x.dtype],
        pointer(x),
        pointer(y),
        optional(indices),
        planesOf(y, window.output),
        adaptive(window),
      ),
    adaptiveAveragePool: (y, x, window) =>
      abi.adaptive_average_pool(
        dtypeCode[x.dtype],
        pointer(x),
        pointer(y),
        planesOf(y, window.output),
        adaptive(window),
      ),
    adaptiveAveragePoolBackward: (dx, dy, window) =>
      abi.adaptive_average_pool_backward(
        dtypeCode[dx.dtype],
        pointer(dy),
        pointer(dx),
        planesOf(dy, window.output),
        adaptive(window),
      ),
    planeScatter: (y, x, indices, planes, accumulate) =>
      abi.plane_scatter(
        dtypeCode[y.dtype],
        pointer(x),
        pointer(indices),
        pointer(y),
        planes,
        planes === 0 ? 0 : x.count / planes,
        planes === 0 ? 0 : y.count / planes,
        Number(accumulate),
      ),
    planeGather: (y, x, indices, planes) =>
      abi.plane_gather(
        dtypeCode[y.dtype],
        pointer(x),
        pointer(indices),
        pointer(y),
        planes,
        planes === 0 ? 0 : y.count / planes,
        planes === 0 ? 0 : x.count / planes,
      ),
    requireInside(indices, size, fault) {
      requireNone(abi.first_outside(pointer(indices), indices.count, size), indices, fault);
    },
  };
}
