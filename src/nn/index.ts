export * from './activation.js';
export * from './activation-options.js';
export {
  type AdaptiveLogSoftmaxOptions,
  type AdaptiveLogSoftmaxResult,
  AdaptiveLogSoftmaxWithLoss,
} from './adaptive-softmax.js';
export {
  BatchNorm1d,
  BatchNorm2d,
  BatchNorm3d,
  type NormEnding,
  type RunningNormOptions,
} from './batch-norm.js';
export { ModuleDict, ModuleList, Sequential } from './containers.js';
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
} from './embedding.js';
export * as init from './init/index.js';
export { InstanceNorm1d, InstanceNorm2d, InstanceNorm3d } from './instance-norm.js';
export * from './layer-norm.js';
export { Bilinear, Identity, Linear, type LinearOptions } from './linear.js';
export * from './loss.js';
export type { BackwardHook, ForwardHook, ForwardPreHook, HookHandle } from './module/hooks.js';
export { type Layer, Module } from './module/module.js';
export { Buffer, buffer, Parameter } from './module/parameter.js';
export { type LoadResult, type Misshapen, type StateDict, StateDictError } from './module/state-dict.js';
export * from './padding.js';
export { ParameterDict, ParameterList } from './parameter-containers.js';
export * from './pooling.js';
export type { RecurrentOptions, SequenceOptions } from './recurrent/base.js';
export type { CellOptions } from './recurrent/cell-base.js';
export * from './recurrent/cells.js';
export { GRU, type GRUGates } from './recurrent/gru.js';
export { LSTM, type LSTMGates, type LSTMOptions, type LSTMState } from './recurrent/lstm.js';
export { RNN, type RNNOptions } from './recurrent/rnn.js';
export type { Sequences } from './recurrent/sequences.js';
export * from './shape.js';
export type { Size } from './sizes.js';
export { Summary, type SummaryOptions, summary } from './summary/summary.js';
export type { SummaryRow } from './summary/summary-row.js';
export {
  MaxUnpool1d,
  MaxUnpool2d,
  MaxUnpool3d,
  type MaxUnpoolOptions,
  type UnpooledSize,
} from './unpooling.js';
export * as utils from './utils/index.js';
