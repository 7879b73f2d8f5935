import type { Shape } from '../../core/shape.js';
import type {
  CrossEntropyParameters,
  CtcParameters,
  LossEngine,
  NllParameters,
  PointwiseOperands,
  PointwiseParameters,
  Reduction,
} from '../loss.js';
import type { View } from '../storage.js';
import { codes } from './abi.js';
import { type CpuContext, pointer, pointerOrNull, requireNone, writeMeta } from './context.js';
import { aroundAxis } from './reduce.js';

const { none, mean, total: sum } = codes.lossReduction;
const reductionCode = { none, mean, sum };

/** The losses of rows of classes. */
function classLossKernels(
  cpu: CpuContext,
): Omit<LossEngine, 'crossEntropy' | 'crossEntropyBackward' | 'pointwiseLoss' | 'pointwiseLossBackward'> {
  const { abi } = cpu;
  const nllMeta = (shape: Shape, { ignoreIndex, reduction }: NllParameters): number =>
    writeMeta(cpu, aroundAxis(shape, 1), [ignoreIndex, reductionCode[reduction]]);
  const rowsMeta = ({ shape }: View, reduction: Reduction, p: number): number =>
    writeMeta(cpu, shape, [reductionCode[reduction], p]);
  const ctcMeta = (x: View, alphas: View, { blank, zeroInfinity }: CtcParameters): number =>
    writeMeta(cpu, x.shape, [alphas.shape[2]!, blank, Number(zeroInfinity)]);
  return {
    nll(out, divisor, x, target, weight, parameters, fault) {
      const bad = abi.nll(
        codes.dtype[x.dtype],
        pointer(x),
        pointer(target),
        pointerOrNull(weight),
        pointer(out),
        pointer(divisor),
        nllMeta(x.shape, parameters),
      );
      requireNone(bad, target, fault);
    },

    nllBackward: (dx, grad, divisor, target, weight, parameters) =>
      abi.nll_backward(
        codes.dtype[dx.dtype],
        pointer(grad),
        pointer(target),
        pointerOrNull(weight),
        pointer(divisor),
        pointer(dx),
        nllMeta(dx.shape, parameters),
      ),

    multiMargin(out, x, target, weight, { p, margin, reduction }, fault) {
      const bad = abi.multi_margin(
        codes.dtype[x.dtype],
        pointer(x),
        pointer(target),
        pointerOrNull(weight),
        pointer(out),
        rowsMeta(x, reduction, p),
        margin,
      );
      requireNone(bad, target, fault);
    },

    multiMarginBackward: (dx, grad, x, target, weight, { p, margin, reduction }) =>
      abi.multi_margin_backward(
        codes.dtype[x.dtype],
        pointer(grad),
        pointer(x),
        pointer(target),
        pointerOrNull(weight),
        pointer(dx),
        rowsMeta(x, reduction, p),
        margin,
      ),

    multilabelMargin(out, x, target, reduction, fault) {
      const bad = abi.multilabel_margin(
        codes.dtype[x.dtype],
        pointer(x),
        pointer(target),
        pointer(out),
        rowsMeta(x, reduction, 1),
      );
      requireNone(bad, target, fault);
    },

    multilabelMarginBackward: (dx, grad, x, target, reduction) =>
      abi.multilabel_margin_backward(
        codes.dtype[x.dtype],
        pointer(grad),
        pointer(x),
        pointer(target),
        pointer(dx),
        rowsMeta(x, reduction, 1),
      ),

    ctc: (losses, alphas, x, labels, lengths, parameters) =>
      abi.ctc(
        codes.dtype[x.dtype],
        pointer(x),
        pointer(labels),
        pointer(lengths),
        pointer(alphas),
        pointer(losses),
        ctcMeta(x, alphas, parameters),
      ),

    ctcBackward: (dx, grad, losses, alphas, x, labels, lengths, parameters) =>
      abi.ctc_backward(
        codes.dtype[x.dtype],
        pointer(grad),
        pointer(x),
        pointer(labels),
        pointer(lengths),
        pointer(alphas),
        pointer(losses),
        pointer(dx),
        ctcMeta(x, alphas, parameters),
      ),
  };
}

export function lossKernels(cpu: CpuContext): LossEngine {
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
    ...classLossKernels(cpu),

    pointwiseLoss(loss, out, operands, parameters) {
      cpu.abi.pointwise_loss(
        codes.pointwiseLoss[loss],
        codes.dtype[out.dtype],
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
        codes.pointwiseLoss[loss],
        codes.dtype[grad.dtype],
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

    crossEntropy(out, stats, logits, target, weight, parameters, fault) {
      const bad = cpu.abi.cross_entropy(
        codes.dtype[logits.dtype],
        pointer(logits),
        pointer(target),
        pointerOrNull(weight),
        pointer(out),
        pointer(stats),
        meta(logits, parameters),
        parameters.labelSmoothing,
      );
      requireNone(bad, target, fault);
    },

    crossEntropyBackward(dx, grad, stats, logits, target, weight, parameters) {
      cpu.abi.cross_entropy_backward(
        codes.dtype[logits.dtype],
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
