import type { NormEngine } from '../norm.js';
import { codes } from './abi.js';
import { type CpuContext, pointer, pointerOrNull } from './context.js';
import { aroundAxis } from './reduce.js';

export const normKernels = (cpu: CpuContext): NormEngine => ({
  layerNorm(out, x, { weight, bias }, mean, rstd, n, eps) {
    cpu.abi.layer_norm(
      Number(mean === null),
      codes.dtype[x.dtype],
      pointer(x),
      pointerOrNull(weight),
      pointerOrNull(bias),
      pointer(out),
      pointerOrNull(mean),
      pointer(rstd),
      rstd.count,
      n,
      eps,
    );
  },

  layerNormBackward(gradients, grad, x, weight, mean, rstd, n) {
    cpu.abi.layer_norm_backward(
      Number(mean === null),
      codes.dtype[x.dtype],
      pointer(grad),
      pointer(x),
      pointerOrNull(mean),
      pointer(rstd),
      pointerOrNull(weight),
      pointerOrNull(gradients.x),
      pointerOrNull(gradients.weight),
      pointerOrNull(gradients.bias),
      rstd.count,
      n,
    );
  },

  groupNorm(out, x, { weight, bias }, { mean, rstd }, groups, eps) {
    const [batch, channels, space] = aroundAxis(x.shape, 1);
    cpu.abi.group_norm(
      codes.dtype[x.dtype],
      pointer(x),
      pointerOrNull(weight),
      pointerOrNull(bias),
      pointer(out),
      pointer(mean),
      pointer(rstd),
      batch,
      channels,
      space,
      groups,
      eps,
    );
  },

  groupNormBackward(gradients, grad, x, weight, { mean, rstd }, groups) {
    const [batch, channels, space] = aroundAxis(x.shape, 1);
    cpu.abi.group_norm_backward(
      codes.dtype[x.dtype],
      pointer(grad),
      pointer(x),
      pointer(mean),
      pointer(rstd),
      pointerOrNull(weight),
      pointerOrNull(gradients.x),
      pointerOrNull(gradients.weight),
      pointerOrNull(gradients.bias),
      batch,
      channels,
      space,
      groups,
    );
  },

  batchNorm(out, x, { weight, bias }, { residual, relu }, { mean, rstd }, running, train, momentum, eps) {
    const [batch, channels, space] = aroundAxis(x.shape, 1);
    cpu.abi.batch_norm(
      Number(train),
      Number(relu),
      codes.dtype[x.dtype],
      pointer(x),
      pointerOrNull(weight),
      pointerOrNull(bias),
      pointerOrNull(residual),
      pointer(out),
      pointer(mean),
      pointer(rstd),
      pointerOrNull(running?.mean ?? null),
      pointerOrNull(running?.variance ?? null),
      batch,
      channels,
      space,
      momentum,
      eps,
    );
  },

  batchNormBackward(gradients, grad, x, weight, { mean, rstd }, train) {
    const [batch, channels, space] = aroundAxis(x.shape, 1);
    cpu.abi.batch_norm_backward(
      Number(train),
      codes.dtype[x.dtype],
      pointer(grad),
      pointer(x),
      pointer(mean),
      pointer(rstd),
      pointerOrNull(weight),
      pointerOrNull(gradients.x),
      pointerOrNull(gradients.weight),
      pointerOrNull(gradients.bias),
      batch,
      channels,
      space,
    );
  },
});
