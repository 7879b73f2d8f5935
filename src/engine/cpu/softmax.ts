import { dtypeCode } from '../../core/dtype.js';
import type { SoftmaxEngine } from '../softmax.js';
import { type CpuContext, pointer } from './context.js';
import { aroundAxis } from './reduce.js';

/** The kernels of kernels/softmax/softmax.h. */
export interface SoftmaxAbi {
  softmax(log: number, dtype: number, x: number, y: number, outer: number, n: number, inner: number): void;
  softmax_backward(
    log: number,
    dtype: number,
    g: number,
    y: number,
    dx: number,
    outer: number,
    n: number,
    inner: number,
  ): void;
  logsumexp(dtype: number, x: number, y: number, outer: number, n: number, inner: number): void;
}

export const softmaxKernels = (cpu: CpuContext<SoftmaxAbi>): SoftmaxEngine => ({
  softmax(out, x, axis, log) {
    const [outer, n, inner] = aroundAxis(x.shape, axis);
    cpu.abi.softmax(Number(log), dtypeCode[x.dtype], pointer(x), pointer(out), outer, n, inner);
  },

  softmaxBackward(dx, grad, y, axis, log) {
    const [outer, n, inner] = aroundAxis(y.shape, axis);
    cpu.abi.softmax_backward(
      Number(log),
      dtypeCode[y.dtype],
      pointer(grad),
      pointer(y),
      pointer(dx),
      outer,
      n,
      inner,
    );
  },

  logsumexp(out, x, axis) {
    const [outer, n, inner] = aroundAxis(x.shape, axis);
    cpu.abi.logsumexp(dtypeCode[x.dtype], pointer(x), pointer(out), outer, n, inner);
  },
});
