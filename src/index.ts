import './ops/index.js';

export { type BackwardOptions, backward, type GradOptions, grad } from './autograd/backward.js';
export { type GradcheckOptions, gradcheck, gradgradcheck } from './autograd/gradcheck.js';
export { detectAnomaly, enableGrad, isGradEnabled, noGrad } from './autograd/mode.js';
export type { DType, TypedArray } from './core/dtype.js';
export {
  ArgumentError,
  AutogradError,
  DisposedError,
  DTypeError,
  EngineError,
  FileFormatError,
  IndexError,
  MyelinError,
  NonFiniteError,
  ShapeError,
} from './core/errors.js';
export { Generator, getRngState, initialSeed, manualSeed, setRngState } from './core/random.js';
export type { EngineInfo, EngineName } from './engine/engine.js';
export { engineInfo, setEngine, setThreads } from './engine/registry.js';
export {
  arange,
  type CreationOptions,
  empty,
  emptyLike,
  eye,
  full,
  fullLike,
  linspace,
  logspace,
  ones,
  onesLike,
  tensor,
  zeros,
  zerosLike,
} from './ops/creation.js';
export {
  cat,
  concat,
  hstack,
  type MeshgridOptions,
  meshgrid,
  repeatInterleave,
  stack,
  tile,
  vstack,
} from './ops/join.js';
export {
  bernoulli,
  multinomial,
  normal,
  rand,
  randint,
  randintLike,
  randLike,
  randn,
  randnLike,
  randperm,
} from './ops/random.js';
export {
  type DiagEmbedOptions,
  diag,
  diagEmbed,
  flip,
  fliplr,
  flipud,
  roll,
  rot90,
  type TriangleOptions,
  tril,
  triu,
} from './ops/rearrange.js';
export { chunk, type DiagonalOptions, diagonal, narrow, select, split, unbind } from './ops/slices.js';
export {
  broadcastTensors,
  broadcastTo,
  type FlattenOptions,
  flatten,
  moveaxis,
  movedim,
  permute,
  reshape,
  squeeze,
  swapaxes,
  swapdims,
  t,
  transpose,
  unflatten,
  unsqueeze,
} from './ops/views.js';
export { type NestedArray, Tensor } from './tensor/tensor.js';
export { tidy } from './tensor/tidy.js';
