import './ops/index.js';

export {
  celu,
  elu,
  type GeluOptions,
  gelu,
  glu,
  type HardtanhOptions,
  hardshrink,
  hardsigmoid,
  hardswish,
  hardtanh,
  leakyRelu,
  logsigmoid,
  mish,
  prelu,
  relu,
  relu6,
  type SoftplusOptions,
  selu,
  sigmoid,
  silu,
  softplus,
  softshrink,
  softsign,
  tanhshrink,
  threshold,
} from './ops/activations.js';
export {
  type BatchNormOptions,
  batchNorm,
  type InstanceNormOptions,
  instanceNorm,
} from './ops/batch-norm.js';
export { type ConvOptions, conv1d, conv2d, conv3d } from './ops/conv.js';
export {
  type ConvTransposeOptions,
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
} from './ops/conv-transpose.js';
export {
  type EmbeddingBagOptions,
  type EmbeddingOptions,
  embedding,
  embeddingBag,
  oneHot,
} from './ops/embedding.js';
export { type GroupNormOptions, groupNorm } from './ops/group-norm.js';
export { type LayerNormOptions, layerNorm, type RmsNormOptions, rmsNorm } from './ops/layer-norm.js';
export { bilinear, linear } from './ops/linear.js';
export {
  type LocalResponseNormOptions,
  localResponseNorm,
  type NormalizeOptions,
  normalize,
} from './ops/normalize.js';
export { type PadMode, type PadOptions, pad } from './ops/pad.js';
export { logSoftmax, type SoftmaxOptions, softmax, softmin } from './ops/softmax.js';
export { tanh } from './ops/unary.js';
