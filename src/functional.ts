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
export { bilinear, linear } from './ops/linear.js';
export { type PadMode, type PadOptions, pad } from './ops/pad.js';
export { tanh } from './ops/unary.js';
