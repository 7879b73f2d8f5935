import { defineFused } from '../../autograd/fused.js';
import { requireWritable } from '../../autograd/inplace.js';
import { noGrad } from '../../autograd/mode.js';
import { ArgumentError, ShapeError } from '../../core/errors.js';
import { named } from '../../core/exact.js';
import { defineOptions, flag, nullable } from '../../core/options.js';
import { overlap } from '../../core/overlap.js';
import type { Shape } from '../../core/shape.js';
import { checkTensorOrNull, checkTensors } from '../../tensor/argument.js';
import { dense } from '../../tensor/dense.js';
import { tensorOption } from '../../tensor/option.js';
import { empty, emptyLike, type Tensor } from '../../tensor/tensor.js';
import { composes, fusedSlope } from '../elementwise/pointwise.js';
import {
  type AffineOptions,
  affineOptions,
  checkParameters,
  denseOrNull,
  epsOption,
  gradientOf,
  momentumOption,
} from './arguments.js';
import { normalized, normalizedGradients, scaled } from './normalized.js';

interface Running {
  readonly mean: Tensor;
  readonly variance: Tensor;
}

interface BatchNorm {
  readonly train: boolean;
  readonly momentum: number;
  readonly eps: number;
  readonly relu: boolean;
}

/** Runs `work` on dense tensors, then copies what it wrote to the running statistics, counted as a change. */
function withRunning(running: Running | null, changes: boolean, work: (dense: Running | null) => void): void {
  if (running === null) {
    work(null);
    return;
  }
  const own = { mean: dense(running.mean), variance: dense(running.variance) };
  work(own);
  if (!changes) return;
  for (const key of ['mean', 'variance'] as const) {
    if (own[key] !== running[key]) running[key].engine.copy(running[key], own[key]);
    running[key].storage.version++;
  }
}

/** The gradient at the input of a ReLU whose result is y, outside the graph. */
const throughRelu = (grad: Tensor, y: Tensor): Tensor =>
  composes(grad, false) ? grad.where(y.gt(0), 0) : fusedSlope('reluBackward', grad, y);

/** All axes but the channels', and the shape of per-channel values. */
const aroundChannels = ({ shape }: Tensor): { axes: number[]; perChannel: Shape } => ({
  axes: shape.map((_, i) => i).filter((i) => i !== 1),
  perChannel: shape.map((n, i) => (i === 1 ? n : 1)),
});

/** Moves running statistics toward those of x. */
function follow({ mean, variance }: Running, x: Tensor, axes: readonly number[], momentum: number): void {
  const toward = (running: Tensor, found: Tensor): void => {
    running.copy_(running.mul(1 - momentum).add(found.mul(momentum)));
  };
  noGrad(() => {
    toward(mean, x.mean(axes));
    toward(variance, x.var(axes));
  });
}

/** What the forward pass saved. */
function unpack(saved: readonly Tensor[], relu: boolean) {
  const [x, mean, rstd] = saved as [Tensor, Tensor, Tensor];
  return {
    x,
    mean,
    rstd,
    weight: saved.length - Number(relu) > 3 ? saved[3]! : null,
    y: relu ? saved[saved.length - 1]! : null,
  };
}

/** Outside the graph, also where it requires a gradient. */
const outside = (x: Tensor): Tensor => (x.requiresGrad ? x.detach() : x);

const runningIn = (mean: Tensor | null, variance: Tensor | null): Running | null =>
  mean === null || variance === null ? null : { mean, variance };

/** Running statistics are operands where the result is made of them; training moves them, which isn't recorded. */
const batchNormOp = defineFused<
  'norm',
  [
    x: Tensor,
    weight: Tensor | null,
    bias: Tensor | null,
    residual: Tensor | null,
    runningMean: Tensor | null,
    runningVar: Tensor | null,
  ],
  BatchNorm,
  Running | null
>({
  name: 'batchNorm',
  family: 'norm',
  composition([x, weight, bias, residual, ...statistics], { train, momentum, eps, relu }, moved) {
    const running = moved ?? runningIn(...statistics);
    const { axes, perChannel } = aroundChannels(x);
    const of = (statistic: Tensor): Tensor => statistic.detach().reshape(perChannel);
    const normal = train
      ? normalized({ x, axes, eps, centered: true })
      : x.sub(of(running!.mean)).mul(of(running!.variance).add(eps).rsqrt());
    if (train && running !== null) follow(running, x, axes, momentum);
    const y = scaled(normal, weight, bias, perChannel);
    const sum = residual === null ? y : y.add(residual);
    return relu ? sum.relu() : sum;
  },
  forward(
    kernels,
    ctx,
    [input, weight, bias, residual, ...statistics],
    { train, momentum, eps, relu },
    moved,
  ) {
    const running = moved ?? runningIn(...statistics);
    const x = dense(input);
    const out = emptyLike(x);
    const mean = empty([x.shape[1]!], x.dtype, x.engine);
    const rstd = emptyLike(mean);
    const affine = { weight: denseOrNull(weight), bias: denseOrNull(bias) };
    const ending = { residual: denseOrNull(residual), relu };
    withRunning(running, train, (own) =>
      kernels.batchNorm(out, x, affine, ending, { mean, rstd }, own, train, momentum, eps),
    );
    ctx.save(input, mean, rstd, ...(weight === null ? [] : [weight]), ...(relu ? [out] : []));
    return out;
  },
  backward(kernels, { saved, needs, attrs: { train, relu } }, gradient) {
    const { x, mean, rstd, weight, y } = unpack(saved, relu);
    const channels = x.shape[1]!;
    const grad = y === null ? gradient : throughRelu(gradient, y);
    const gradients = {
      x: gradientOf(needs[0], x),
      weight: gradientOf(needs[1], weight),
      bias: needs[2] ? empty([channels], x.dtype, x.engine) : null,
    };
    kernels.batchNormBackward(gradients, dense(grad), dense(x), denseOrNull(weight), { mean, rstd }, train);
    return [gradients.x, gradients.weight, gradients.bias, needs[3] ? grad : null, null, null];
  },
  gradient({ saved, needs, attrs: { train, eps, relu } }, gradient) {
    const { x, mean, rstd, weight, y } = unpack(saved, relu);
    const channels = x.shape[1]!;
    const grad = y === null ? gradient : gradient.where(y.gt(0), 0);
    const residual = needs[3] ? grad : null;
    const { axes, perChannel } = aroundChannels(x);
    const factor = weight?.reshape(perChannel) ?? null;
    if (train) {
      const [dx, dweight, dbias] = normalizedGradients({
        ...{ x, grad, weight: factor, biasShape: perChannel, axes, eps, centered: true },
      });
      return [dx!, dweight?.reshape([channels]) ?? null, dbias!.reshape([channels]), residual, null, null];
    }
    const scale = rstd.reshape(perChannel);
    const normal = x.sub(mean.reshape(perChannel)).mul(scale);
    return [
      grad.mul(factor === null ? scale : factor.mul(scale)),
      weight && grad.mul(normal).sumToSize(perChannel).reshape([channels]),
      grad.sumToSize(perChannel).reshape([channels]),
      residual,
      null,
      null,
    ];
  },
});

export interface BatchNormOptions extends AffineOptions {
  /** Whether to use the statistics of x and update the running ones (default false). */
  readonly training?: boolean;
  /** How far running statistics move toward those of x (default 0.1). */
  readonly momentum?: number;
  /** Added to the variance (default 1e-5). */
  readonly eps?: number;
  /** Added to the result, like x (default 0). */
  readonly residual?: Tensor | null;
  /** Whether to apply ReLU at the end (default false). */
  readonly relu?: boolean;
}

const readBatchNorm = defineOptions(
  {
    ...affineOptions,
    training: flag(false),
    ...momentumOption,
    ...epsOption,
    residual: nullable(tensorOption, null),
    relu: flag(false),
  },
  ['runningMean', 'runningVar'],
);

/** @throws ShapeError; ArgumentError if the running statistics can't be written independently */
function requireApart(operation: string, { mean, variance }: Running): void {
  requireWritable(operation, mean, 'runningMean');
  requireWritable(operation, variance, 'runningVar');
  if (mean.storage === variance.storage && overlap(mean, variance) !== 'none')
    throw new ArgumentError(
      operation,
      'runningMean and runningVar share elements in memory\n  hint: clone() one',
    );
}

function runningOf(
  operation: string,
  x: Tensor,
  mean: Tensor | null,
  variance: Tensor | null,
): Running | null {
  checkTensorOrNull(operation, 'runningMean', mean);
  checkTensorOrNull(operation, 'runningVar', variance);
  checkParameters(
    operation,
    x,
    { runningMean: mean, runningVar: variance },
    [x.shape[1]!],
    'the channels of x',
  );
  if ((mean === null) !== (variance === null))
    throw new ArgumentError(operation, 'runningMean and runningVar must both be given, or both be null');
  return mean === null ? null : { mean, variance: variance! };
}

/**
 * Batch normalization: y = (x − mean) / √(var + eps) · weight + bias for each channel, over the batch and
 * space. In training the statistics are those of x, and the running ones become
 * running + momentum · (x's − running), with the unbiased variance; otherwise the running ones are used.
 *
 * With `residual` and `relu` it's max(0, y + residual), as in ResNet's blocks, in one pass over memory.
 *
 * @param runningMean (C), changed in place in training, or null
 * @param runningVar (C), likewise
 * @shape x (N, C, …), weight and bias (C) → like x
 * @throws ShapeError in training with one value per channel, whose variance would be 0
 * @differs from PyTorch, which doesn't have `residual` and `relu`
 * @source notes 2.10; Ioffe and Szegedy 2015, arXiv:1502.03167
 */
export function batchNorm(
  x: Tensor,
  runningMean: Tensor | null,
  runningVar: Tensor | null,
  options?: BatchNormOptions,
): Tensor {
  checkTensors('batchNorm', { x });
  const { weight, bias, training, momentum, eps, residual, relu } = readBatchNorm('batchNorm', options);
  if (x.ndim < 2)
    throw new ShapeError('batchNorm', 'x needs a batch and channels', [{ name: 'x', shape: x.shape }]);
  const channels = x.shape[1]!;
  const running = runningOf('batchNorm', x, runningMean, runningVar);
  checkParameters('batchNorm', x, { weight, bias }, [channels], 'the channels of x');
  checkParameters('batchNorm', x, { residual }, x.shape, 'the shape of x');
  if (!training && running === null)
    throw new ArgumentError('batchNorm', 'needs { training: true } if there are no running statistics');
  if (training && x.count === channels)
    throw new ShapeError(
      'batchNorm',
      "can't train with one value per channel, which has no variance",
      [{ name: 'x', shape: x.shape, axes: '(N, C, …)' }],
      'use a larger batch, or eval()',
    );
  if (training && running !== null) requireApart('batchNorm', running);
  const used = training ? null : running;
  return batchNormOp(
    [x, weight, bias, residual, used && outside(used.mean), used && outside(used.variance)],
    { train: training, momentum, eps, relu },
    training ? running : null,
  );
}

export interface InstanceNormOptions extends AffineOptions {
  readonly runningMean?: Tensor | null;
  readonly runningVar?: Tensor | null;
  /** Whether to use the statistics of x instead of the running ones (default true). */
  readonly useInputStats?: boolean;
  /** How far running statistics move toward those of x (default 0.1). */
  readonly momentum?: number;
  /** Added to the variance (default 1e-5). */
  readonly eps?: number;
}

const readInstanceNorm = defineOptions({
  runningMean: nullable(tensorOption, null),
  runningVar: nullable(tensorOption, null),
  ...affineOptions,
  useInputStats: flag(true),
  ...momentumOption,
  ...epsOption,
});

/**
 * Instance normalization: each channel of each sample is normalized over space,
 * y = (x − mean) / √(var + eps) · weight + bias.
 *
 * @shape x (N, C, …), weight and bias (C) → like x
 * @throws ShapeError if space has only one element
 * @source Ulyanov et al. 2016, arXiv:1607.08022
 */
export const instanceNorm = named('instanceNorm', (x: Tensor, options?: InstanceNormOptions): Tensor => {
  checkTensors('instanceNorm', { x });
  const { runningMean, runningVar, weight, bias, useInputStats, momentum, eps } = readInstanceNorm(
    'instanceNorm',
    options,
  );
  if (x.ndim < 3)
    throw new ShapeError('instanceNorm', 'x needs a batch, channels, and space', [
      { name: 'x', shape: x.shape },
    ]);
  const [samples, channels] = x.shape as [number, number];
  const running = runningOf('instanceNorm', x, runningMean, runningVar);
  checkParameters('instanceNorm', x, { weight, bias }, [channels], 'the channels of x');
  if (!useInputStats) return batchNorm(x, runningMean, runningVar, { weight, bias, eps });
  if (x.count === samples * channels)
    throw new ShapeError('instanceNorm', 'needs more than one value per channel, which has no variance', [
      { name: 'x', shape: x.shape, axes: '(N, C, …)' },
    ]);
  if (running !== null) requireApart('instanceNorm', running);
  // Every channel of every sample becomes a channel of one sample.
  const repeated = (t: Tensor): Tensor => t.unsqueeze(0).expand([samples, channels]).reshape([-1]);
  const own = running && { mean: repeated(running.mean), variance: repeated(running.variance) };
  const y = batchNormOp(
    [
      x.reshape([1, samples * channels, ...x.shape.slice(2)]),
      weight && repeated(weight),
      bias && repeated(bias),
      null,
      null,
      null,
    ],
    { train: true, momentum, eps, relu: false },
    own,
  );
  if (running !== null && own !== null)
    for (const key of ['mean', 'variance'] as const)
      running[key].copy_(own[key].reshape([samples, channels]).mean(0).detach());
  return y.reshape(x.shape);
});
