import type { SlopeEngine } from '../slope.js';
import type { SoftmaxEngine } from '../softmax.js';
import { codes } from './abi.js';
import { type CpuContext, pointer } from './context.js';
import { aroundAxis } from './reduce.js';

export const softmaxKernels = (cpu: CpuContext): SoftmaxEngine & Pick<SlopeEngine, 'softmaxBackward'> => ({
  softmax(out, x, axis, log) {
    const [outer, n, inner] = aroundAxis(x.shape, axis);
    cpu.abi.softmax(Number(log), codes.dtype[x.dtype], pointer(x), pointer(out), outer, n, inner);
  },

  softmaxBackward(dx, grad, y, axis, log) {
    const [outer, n, inner] = aroundAxis(y.shape, axis);
    cpu.abi.softmax_backward(
      Number(log),
      codes.dtype[y.dtype],
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
    cpu.abi.logsumexp(codes.dtype[x.dtype], pointer(x), pointer(out), outer, n, inner);
  },
});
