import './ops/index.js';

export { type AttentionOptions, scaledDotProductAttention } from './ops/attention/attention.js';
export { type ConvOptions, conv1d, conv2d, conv3d } from './ops/conv/conv.js';
export {
  type ConvTransposeOptions,
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
} from './ops/conv/conv-transpose.js';
export {
  channelShuffle,
  fold,
  type PatchOptions,
  pixelShuffle,
  pixelUnshuffle,
  unfold,
} from './ops/conv/patches.js';
export {
  celu,
  type EluOptions,
  elu,
  type GeluOptions,
  gelu,
  glu,
  type HardtanhOptions,
  hardshrink,
  hardsigmoid,
  hardswish,
  hardtanh,
  type LeakyReluOptions,
  leakyRelu,
  logsigmoid,
  mish,
  prelu,
  relu,
  relu6,
  type ShrinkOptions,
  type SoftplusOptions,
  selu,
  sigmoid,
  silu,
  softplus,
  softshrink,
  softsign,
  tanhshrink,
  threshold,
} from './ops/elementwise/activations.js';
export { tanh } from './ops/elementwise/unary.js';
export {
  type EmbeddingBagOptions,
  type EmbeddingOptions,
  embedding,
  embeddingBag,
  oneHot,
  oneHotAsync,
} from './ops/indexing/embedding.js';
export {
  type BinaryCrossEntropyOptions,
  type BinaryCrossEntropyWithLogitsOptions,
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
} from './ops/losses/binary-cross-entropy.js';
export {
  type CrossEntropyOptions,
  crossEntropy,
  type NllLossOptions,
  nllLoss,
} from './ops/losses/cross-entropy.js';
export { type CtcLengths, type CtcLossOptions, ctcLoss, ctcLossAsync } from './ops/losses/ctc.js';
export {
  type GaussianNllLossOptions,
  gaussianNllLoss,
  type KlDivOptions,
  klDiv,
  type PoissonNllLossOptions,
  poissonNllLoss,
} from './ops/losses/likelihood.js';
export {
  type CosineEmbeddingLossOptions,
  cosineEmbeddingLoss,
  type HingeEmbeddingLossOptions,
  hingeEmbeddingLoss,
  type MarginRankingLossOptions,
  marginRankingLoss,
  type TripletMarginLossOptions,
  type TripletMarginWithDistanceLossOptions,
  tripletMarginLoss,
  tripletMarginWithDistanceLoss,
} from './ops/losses/margin.js';
export {
  type MultiMarginLossOptions,
  multilabelMarginLoss,
  multiMarginLoss,
} from './ops/losses/multi-margin.js';
export type { LossOptions, Reduction } from './ops/losses/reduction.js';
export {
  type HuberLossOptions,
  huberLoss,
  l1Loss,
  mseLoss,
  type SmoothL1LossOptions,
  smoothL1Loss,
} from './ops/losses/regression.js';
export {
  type MultilabelSoftMarginLossOptions,
  multilabelSoftMarginLoss,
  softMarginLoss,
} from './ops/losses/soft-margin.js';
export {
  type BatchNormOptions,
  batchNorm,
  type InstanceNormOptions,
  instanceNorm,
} from './ops/norm/batch-norm.js';
export { type GroupNormOptions, groupNorm } from './ops/norm/group-norm.js';
export { type LayerNormOptions, layerNorm, type RmsNormOptions, rmsNorm } from './ops/norm/layer-norm.js';
export {
  type LocalResponseNormOptions,
  localResponseNorm,
  type NormalizeOptions,
  normalize,
} from './ops/norm/normalize.js';
export {
  type AdaptiveMaxPoolOptions,
  type AdaptiveSize,
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
  type MaxUnpoolOptions,
  maxUnpool1d,
  maxUnpool2d,
  maxUnpool3d,
} from './ops/pool/adaptive-pooling.js';
export {
  type AvgPoolDivisorOptions,
  type AvgPoolOptions,
  avgPool1d,
  avgPool2d,
  avgPool3d,
  type LpPoolOptions,
  lpPool1d,
  lpPool2d,
  type MaxPoolOptions,
  maxPool1d,
  maxPool2d,
  maxPool3d,
} from './ops/pool/pooling.js';
export {
  type CdistOptions,
  type CosineSimilarityOptions,
  cosineSimilarity,
  type PairwiseDistanceOptions,
  pairwiseDistance,
  pdist,
} from './ops/products/distances.js';
export { bilinear, linear } from './ops/products/linear.js';
export {
  alphaDropout,
  type DropoutOptions,
  dropout,
  dropout1d,
  dropout2d,
  dropout3d,
  featureAlphaDropout,
} from './ops/random/dropout.js';
export { type GumbelSoftmaxOptions, gumbelSoftmax } from './ops/random/gumbel-softmax.js';
export { type RReluOptions, rrelu } from './ops/random/rrelu.js';
export { affineGrid, type GridSampleOptions, gridSample } from './ops/resample/grid.js';
export {
  type InterpolateMode,
  type InterpolateOptions,
  interpolate,
  upsample,
} from './ops/resample/resample.js';
export { type PadMode, type PadOptions, pad } from './ops/shape/pad.js';
export { logSoftmax, type SoftmaxOptions, softmax, softmin } from './ops/softmax.js';
