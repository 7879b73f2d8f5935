import type { Triple } from '../conv.js';
import type { AdaptiveWindow, PlaneEngine, PoolEngine, PoolWindow } from '../pool.js';
import type { View } from '../storage.js';
import { codes } from './abi.js';
import { type CpuContext, pointer, pointerOrNull, writeMeta } from './context.js';

/** The number of planes of a given size in a tensor. */
const planesOf = (view: View, [d, h, w]: Triple): number => view.count / (d * h * w);

const ones: Triple = [1, 1, 1];

export function poolKernels(cpu: CpuContext): PoolEngine & PlaneEngine {
  const { abi } = cpu;
  const sliding = (w: PoolWindow): number =>
    writeMeta(cpu, w.input, w.output, w.kernel, w.stride, w.padding, w.dilation);
  const adaptive = (w: AdaptiveWindow): number => writeMeta(cpu, w.input, w.output, ones, ones, ones, ones);

  return {
    maxPool: (y, indices, x, window) =>
      abi.max_pool(
        codes.dtype[x.dtype],
        pointer(x),
        pointer(y),
        pointerOrNull(indices),
        planesOf(y, window.output),
        sliding(window),
      ),
    averagePool: (y, x, window, { countPadding, divisor }) =>
      abi.average_pool(
        codes.dtype[x.dtype],
        pointer(x),
        pointer(y),
        planesOf(y, window.output),
        sliding(window),
        Number(countPadding),
        divisor ?? 0,
      ),
    averagePoolBackward: (dx, dy, window, { countPadding, divisor }) =>
      abi.average_pool_backward(
        codes.dtype[dx.dtype],
        pointer(dy),
        pointer(dx),
        planesOf(dy, window.output),
        sliding(window),
        Number(countPadding),
        divisor ?? 0,
      ),
    adaptiveMaxPool: (y, indices, x, window) =>
      abi.adaptive_max_pool(
        codes.dtype[x.dtype],
        pointer(x),
        pointer(y),
        pointerOrNull(indices),
        planesOf(y, window.output),
        adaptive(window),
      ),
    adaptiveAveragePool: (y, x, window) =>
      abi.adaptive_average_pool(
        codes.dtype[x.dtype],
        pointer(x),
        pointer(y),
        planesOf(y, window.output),
        adaptive(window),
      ),
    adaptiveAveragePoolBackward: (dx, dy, window) =>
      abi.adaptive_average_pool_backward(
        codes.dtype[dx.dtype],
        pointer(dy),
        pointer(dx),
        planesOf(dy, window.output),
        adaptive(window),
      ),
    planeScatter: (y, x, indices, planes, accumulate) =>
      abi.plane_scatter(
        codes.dtype[y.dtype],
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
        codes.dtype[y.dtype],
        pointer(x),
        pointer(indices),
        pointer(y),
        planes,
        planes === 0 ? 0 : y.count / planes,
        planes === 0 ? 0 : x.count / planes,
      ),
  };
}
