import { dtypeCode } from '../../core/dtype.js';
import {
  type CrossEntropyParameters,
  type LossEngine,
  type PointwiseLoss,
  type PointwiseOperands,
  type PointwiseParameters,
  pointwiseLosses,
} from '../loss.js';
import type { View } from '../storage.js';
import { type CpuContext, pointer, pointerOrNull, writeMeta } from './context.js';
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
  pointwise_loss(
    op: number,
    dtype: number,
    x: number,
    t: number,
    v: number,
    weight: number,
    out: number,
    meta: number,
    divisor: number,
    p: number,
    q: number,
  ): void;
  pointwise_loss_backward(
    op: number,
    dtype: number,
    g: number,
    x: number,
    t: number,
    v: number,
    weight: number,
    dx: number,
    dt: number,
    dv: number,
    meta: number,
    divisor: number,
    p: number,
    q: number,
  ): void;
}

const lossCode: ReadonlyMap<PointwiseLoss, number> = new Map(
  pointwiseLosses.map((loss, code) => [loss, code]),
);

const reductionCode = { none: 0, mean: 1, sum: 2 } as const;

export function lossKernels(cpu: CpuContext<LossAbi>): LossEngine {
  const meta = (logits: View, { ignoreIndex, reduction }: CrossEntropyParameters): number =>
    writeMeta(cpu, aroundAxis(logits.shape, 1), [ignoreIndex, reductionCode[reduction]]);
  function pointwiseMeta(
    { x, target, third, weight }: PointwiseOperands,
    { count, divisor }: PointwiseParameters,
    grad: View | null,
  ): number {
    const { numbers } = cpu;
    numbers.put(0, count);
    numbers.put(1, divisor === null ? 0 : 1);
    numbers.put(2, x.count);
    numbers.put(3, target.count);
    numbers.put(4, third?.count ?? 0);
    numbers.put(5, weight?.count ?? 0);
    numbers.put(6, grad?.count ?? 0);
    return numbers.address;
  }
  return {
    pointwiseLoss(loss, out, operands, parameters) {
      cpu.abi.pointwise_loss(
        lossCode.get(loss)!,
        dtypeCode[out.dtype],
        pointer(operands.x),
        pointer(operands.target),
        pointerOrNull(operands.third),
        pointerOrNull(operands.weight),
        pointer(out),
        pointwiseMeta(operands, parameters, null),
        parameters.divisor ?? 1,
        parameters.p,
        parameters.q,
      );
    },

    pointwiseLossBackward(loss, [dx, dt, dv], grad, operands, parameters) {
      cpu.abi.pointwise_loss_backward(
        lossCode.get(loss)!,
        dtypeCode[grad.dtype],
        pointer(grad),
        pointer(operands.x),
        pointer(operands.target),
        pointerOrNull(operands.third),
        pointerOrNull(operands.weight),
        pointerOrNull(dx),
        pointerOrNull(dt),
        pointerOrNull(dv),
        pointwiseMeta(operands, parameters, grad),
        parameters.divisor ?? 1,
        parameters.p,
        parameters.q,
      );
    },

    crossEntropy(out, stats, logits, target, weight, parameters) {
      return cpu.abi.cross_entropy(
        dtypeCode[logits.dtype],
        pointer(logits),
        pointer(target),
        pointerOrNull(weight),
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
        pointerOrNull(weight),
        pointer(stats),
        pointer(dx),
        meta(logits, parameters),
        parameters.labelSmoothing,
      );
    },
  };
}
