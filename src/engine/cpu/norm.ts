import { dtypeCode } from '../../core/dtype.js';
import type { NormEngine } from '../norm.js';
import { type CpuContext, pointer, pointerOrNull } from './context.js';
import { aroundAxis } from './reduce.js';

/** The kernels of kernels/norm/norm.h. */
export interface NormAbi {
  layer_norm(
    rms: number,
    dtype: number,
    x: number,
    gamma: number,
    beta: number,
    y: number,
    mean: number,
    rstd: number,
    rows: number,
    n: number,
    eps: number,
  ): void;
  layer_norm_backward(
    rms: number,
    dtype: number,
    g: number,
    x: number,
    mean: number,
    rstd: number,
    gamma: number,
    dx: number,
    dgamma: number,
    dbeta: number,
    rows: number,
    n: number,
  ): void;
  group_norm(
    dtype: number,
    x: number,
    gamma: number,
    beta: number,
    y: number,
    mean: number,
    rstd: number,
    batch: number,
    channels: number,
    space: number,
    groups: number,
    eps: number,
  ): void;
  group_norm_backward(
    dtype: number,
    g: number,
    x: number,
    mean: number,
    rstd: number,
    gamma: number,
    dx: number,
    dgamma: number,
    dbeta: number,
    batch: number,
    channels: number,
    space: number,
    groups: number,
  ): void;
  batch_norm(
    train: number,
    relu: number,
    dtype: number,
    x: number,
    gamma: number,
    beta: number,
    residual: number,
    y: number,
    mean: number,
    rstd: number,
    runningMean: number,
    runningVar: number,
    batch: number,
    channels: number,
    space: number,
    momentum: number,
    eps: number,
  ): void;
  batch_norm_backward(
    train: number,
    dtype: number,
    g: number,
    x: number,
    mean: number,
    rstd: number,
    gamma: number,
    dx: number,
    dgamma: number,
    dbeta: number,
    batch: number,
    channels: number,
    space: number,
  ): void;
}

export const normKernels = (cpu: CpuContext<NormAbi>): NormEngine => ({
  layerNorm(out, x, { weight, bias }, mean, rstd, n, eps) {
    cpu.abi.layer_norm(
      Number(mean === null),
      dtypeCode[x.dtype],
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
      dtypeCode[x.dtype],
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
      dtypeCode[x.dtype],
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
      dtypeCode[x.dtype],
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
      dtypeCode[x.dtype],
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
      dtypeCode[x.dtype],
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
