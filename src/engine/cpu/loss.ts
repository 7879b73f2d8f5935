import { dtypeCode } from '../../core/dtype.js';
import type { CrossEntropyParameters, LossEngine } from '../loss.js';
import type { View } from '../storage.js';
import { type CpuContext, pointer, writeMeta } from './context.js';
import { aroundAxis } from './reduce.js';

/** The kernels of kernels/loss.h. */
export interface LossAbi {
  cross_entropy(
    dtype: number,
    logits: number,
    target: number,
    weight: number,
    out: number,
    stats: number,
    meta: number,
    smoothing: number,
  ): number;
  cross_entropy_backward(
    dtype: number,
    g: number,
    logits: number,
    target: number,
    weight: number,
    stats: number,
    dx: number,
    meta: number,
    smoothing: number,
  ): void;
}

const reductionCode = { none: 0, mean: 1, sum: 2 } as const;

export function lossKernels(cpu: CpuContext<LossAbi>): LossEngine {
  const meta = (logits: View, { ignoreIndex, reduction }: CrossEntropyParameters): number =>
    writeMeta(cpu, aroundAxis(logits.shape, 1), [ignoreIndex, reductionCode[reduction]]);
  return {
    crossEntropy(out, stats, logits, target, weight, parameters) {
      return cpu.abi.cross_entropy(
        dtypeCode[logits.dtype],
        pointer(logits),
        pointer(target),
        weight === null ? 0 : pointer(weight),
        pointer(out),
        pointer(stats),
        meta(logits, parameters),
        parameters.labelSmoothing,
      );
    },

    crossEntropyBackward(dx, grad, stats, logits, target, weight, parameters) {
      cpu.abi.cross_entropy_backward(
        dtypeCode[logits.dtype],
        pointer(grad),
        pointer(logits),
        pointer(target),
        weight === null ? 0 : pointer(weight),
        pointer(stats),
        pointer(dx),
        meta(logits, parameters),
        parameters.labelSmoothing,
      );
    },
  };
}
