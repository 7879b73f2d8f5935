export * from './activation.js';
export * from './activation-options.js';
export * from './adaptive-pool.js';
export {
  type AdaptiveLogSoftmaxOptions,
  type AdaptiveLogSoftmaxResult,
  AdaptiveLogSoftmaxWithLoss,
} from './adaptive-softmax.js';
export {
  MultiheadAttention,
  type MultiheadAttentionCall,
  type MultiheadAttentionOptions,
} from './attention/multihead-attention.js';
export { Attention, AttentionPooling, type AttentionPoolingOptions } from './attention/pooling.js';
export {
  AdditiveScore,
  BilinearScore,
  CosineScore,
  DotScore,
  MLPScore,
  type Score,
  type ScoreOptions,
} from './attention/scores.js';
export * from './avg-pool.js';
export {
  BatchNorm1d,
  BatchNorm2d,
  BatchNorm3d,
  type RunningNormOptions,
} from './batch-norm.js';
export * from './channel-shuffle.js';
export { Conv1d, Conv2d, Conv3d, type ConvOptions, type PaddingMode } from './conv.js';
export {
  ConvTranspose1d,
  ConvTranspose2d,
  ConvTranspose3d,
  type ConvTransposeOptions,
} from './conv-transpose.js';
export * from './distance.js';
export * from './dropout.js';
export {
  type Bags,
  Embedding,
  EmbeddingBag,
  type EmbeddingBagOptions,
  type EmbeddingOptions,
  type PretrainedOptions,
} from './embedding.js';
export * from './flatten.js';
export * from './fold.js';
export { type FuseOptions, fuse } from './fuse.js';
export { GLU } from './glu.js';
export { GroupNorm, type GroupNormOptions } from './group-norm.js';
export * as init from './init/index.js';
export { InstanceNorm1d, InstanceNorm2d, InstanceNorm3d } from './instance-norm.js';
export { LayerNorm, type LayerNormOptions } from './layer-norm.js';
export * from './leaky-relu.js';
export { Bilinear, Identity, Linear, type LinearOptions } from './linear.js';
export { LocalResponseNorm } from './local-response-norm.js';
export * from './loss.js';
export * from './lp-pool.js';
export * from './max-pool.js';
export {
  MaxUnpool1d,
  MaxUnpool2d,
  MaxUnpool3d,
  type MaxUnpoolOptions,
  type UnpooledSize,
} from './max-unpool.js';
export type { BackwardHook, ForwardHook, ForwardPreHook, HookHandle } from './module/hooks.js';
export { type Layer, Module } from './module/module.js';
export { Buffer, buffer, Parameter } from './module/parameter.js';
export { type LoadResult, type Misshapen, type StateDict, StateDictError } from './module/state-dict.js';
export { ModuleDict } from './module-dict.js';
export { ModuleList } from './module-list.js';
export * from './padding.js';
export { ParameterDict, ParameterList } from './parameter-containers.js';
export * from './pixel-shuffle.js';
export { alibi } from './positions/alibi.js';
export { LearnedPositions } from './positions/learned.js';
export { type RotaryOptions, RotaryPositions } from './positions/rotary.js';
export {
  type PositionsCall,
  type SinusoidalOptions,
  SinusoidalPositions,
  sinusoidalPositions,
} from './positions/sinusoidal.js';
export type { RecurrentOptions, SequenceOptions } from './recurrent/base.js';
export type { CellOptions } from './recurrent/cell-base.js';
export * from './recurrent/cells.js';
export { GRU, type GRUGates } from './recurrent/gru.js';
export { LSTM, type LSTMGates, type LSTMOptions, type LSTMState } from './recurrent/lstm.js';
export { RNN, type RNNOptions } from './recurrent/rnn.js';
export type { Sequences } from './recurrent/sequences.js';
export { RMSNorm, type RMSNormOptions } from './rms-norm.js';
export { Sequential } from './sequential.js';
export type { Size } from './sizes.js';
export { LogSoftmax, Softmax, Softmax2d, Softmin } from './softmax.js';
export { Summary, type SummaryOptions, summary } from './summary/summary.js';
export type { SummaryRow } from './summary/summary-row.js';
export { type DecoderLayerCall, TransformerDecoderLayer } from './transformer/decoder-layer.js';
export { type EncoderLayerCall, TransformerEncoderLayer } from './transformer/encoder-layer.js';
export type { TransformerActivation, TransformerLayerOptions } from './transformer/layer-options.js';
export {
  type DecoderLayer,
  type EncoderCall,
  type EncoderLayer,
  type StackOptions,
  TransformerDecoder,
  TransformerEncoder,
} from './transformer/stacks.js';
export {
  type Decoder,
  type Encoder,
  Transformer,
  type TransformerCall,
  type TransformerOptions,
} from './transformer/transformer.js';
export * from './upsample.js';
export * as utils from './utils/index.js';
