import './ops/index.js';

export { type BackwardOptions, backward, type GradOptions, grad } from './autograd/backward.js';
export { defineFunction, type FunctionDefinition } from './autograd/function.js';
export type { FunctionContext } from './autograd/function-call.js';
export { type GradcheckOptions, gradcheck, gradgradcheck } from './autograd/gradcheck.js';
export { type AnomalyOptions, detectAnomaly, enableGrad, isGradEnabled, noGrad } from './autograd/mode.js';
export type { DType, TypedArray } from './core/dtype.js';
export {
  ArgumentError,
  AutogradError,
  DisposedError,
  DTypeError,
  EngineError,
  FileError,
  FileFormatError,
  HostError,
  IndexError,
  MissingPackageError,
  MyelinError,
  NameError,
  NonFiniteError,
  ShapeError,
  WorkerError,
} from './core/errors.js';
export { Generator, getRngState, initialSeed, manualSeed, setRngState } from './core/random.js';
export { onWarning, type Warning, type WarningHandler } from './core/warn.js';
export type { EngineName, KernelBuild } from './engine/engines.js';
export { type EngineInfo, engineInfo, setEngine, setThreads } from './engine/registry.js';
export { relu, sigmoid } from './ops/activations.js';
export type { Dims, KeepDimOptions } from './ops/axes.js';
export {
  type AlphaOptions,
  add,
  atan2,
  copysign,
  type DivOptions,
  div,
  floorDivide,
  fmax,
  fmin,
  fmod,
  heaviside,
  hypot,
  logaddexp,
  logaddexp2,
  maximum,
  minimum,
  mul,
  pow,
  remainder,
  rsub,
  sub,
  xlogy,
} from './ops/binary.js';
export {
  bitwiseAnd,
  bitwiseLeftShift,
  bitwiseNot,
  bitwiseOr,
  bitwiseRightShift,
  bitwiseXor,
} from './ops/bitwise.js';
export { clone } from './ops/cast.js';
export {
  allclose,
  allcloseSync,
  eq,
  equal,
  equalSync,
  ge,
  gt,
  isclose,
  isfinite,
  isinf,
  isnan,
  isneginf,
  isposinf,
  le,
  logicalAnd,
  logicalNot,
  logicalOr,
  logicalXor,
  lt,
  ne,
  signbit,
  type ToleranceOptions,
} from './ops/compare.js';
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
export { type CdistOptions, cdist, pdist } from './ops/distances.js';
export { einsum } from './ops/einsum.js';
export { amax, amin, argmax, argmin, max, min } from './ops/extremes.js';
export {
  gather,
  type ScatterReduceOptions,
  type ScatterReduction,
  scatter,
  scatterAdd,
  scatterReduce,
  takeAlongDim,
} from './ops/gather.js';
export { type IndexAddOptions, indexAdd, indexCopy, indexFill, indexSelect, take } from './ops/index-axis.js';
export { type Index, indexPut, indexPutAsync, type SetAtOptions, Slice, slice } from './ops/indexing.js';
export {
  cat,
  concat,
  hstack,
  type MeshgridOptions,
  meshgrid,
  repeatInterleave,
  repeatInterleaveAsync,
  stack,
  tile,
  vstack,
} from './ops/join.js';
export { type AddmmOptions, addmm, baddbmm } from './ops/linear.js';
export { maskedFill, maskedScatter, maskedSelect, maskedSelectAsync } from './ops/masked.js';
export { bmm, dot, matmul, mm, mv, outer } from './ops/matmul.js';
export { norm, std, stdMean, type VarianceOptions, var, varMean } from './ops/moments.js';
export { asTensor, isTensor } from './ops/new.js';
export {
  argsort,
  type KeepdimOptions,
  kthvalue,
  median,
  msort,
  nanmedian,
  type SortOptions,
  sort,
  type TopkOptions,
  topk,
  type ValuesAndIndices,
} from './ops/ordering.js';
export { cross, kron, tensordot, trace, vdot } from './ops/products.js';
export { type Operand, promoteTypes, resultType } from './ops/promotion.js';
export { nanquantile, type QuantileOptions, quantile } from './ops/quantile.js';
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
export { all, any, countNonzero, logsumexp, mean, prod, type SumOptions, sum } from './ops/reduce.js';
export {
  cummax,
  cummin,
  cumprod,
  cumsum,
  type DiffOptions,
  type DTypeOptions,
  diff,
  type Extremes,
  logcumsumexp,
} from './ops/scans.js';
export {
  argwhere,
  argwhereAsync,
  type BincountOptions,
  bincount,
  bincountAsync,
  bucketize,
  type IsinOptions,
  isin,
  nonzero,
  nonzeroAsync,
  type SearchsortedOptions,
  searchsorted,
  type UniqueOptions,
  unique,
  uniqueAsync,
  uniqueConsecutive,
  uniqueConsecutiveAsync,
} from './ops/search.js';
export { chunk, type DiagonalOptions, diagonal, narrow, select, split, unbind } from './ops/slices.js';
export { logSoftmax, type SoftmaxOptions, softmax } from './ops/softmax.js';
export {
  type AminmaxOptions,
  aminmax,
  type CovOptions,
  corrcoef,
  cov,
  type HistcOptions,
  histc,
  mode,
  nanmean,
  nansum,
} from './ops/statistics.js';
export {
  addcdiv,
  addcmul,
  type ClampOptions,
  clamp,
  clampMax,
  clampMin,
  clip,
  lerp,
  type ValueOptions,
  where,
} from './ops/ternary.js';
export { type TriangleIndicesOptions, trilIndices, triuIndices } from './ops/triangle-indices.js';
export {
  abs,
  acos,
  acosh,
  asin,
  asinh,
  atan,
  atanh,
  ceil,
  cos,
  cosh,
  deg2rad,
  digamma,
  erf,
  erfc,
  erfinv,
  exp,
  exp2,
  expm1,
  floor,
  frac,
  type LogitOptions,
  lgamma,
  log,
  log1p,
  log2,
  log10,
  logit,
  type NanToNumOptions,
  nanToNum,
  neg,
  polygamma,
  positive,
  type RoundOptions,
  rad2deg,
  reciprocal,
  round,
  rsqrt,
  sgn,
  sign,
  sin,
  sinc,
  sinh,
  sqrt,
  square,
  tan,
  tanh,
  trunc,
} from './ops/unary.js';
export {
  broadcastTensors,
  broadcastTo,
  type FlattenOptions,
  flatten,
  moveaxis,
  movedim,
  permute,
  ravel,
  reshape,
  squeeze,
  swapaxes,
  swapdims,
  t,
  transpose,
  unflatten,
  unsqueeze,
} from './ops/views.js';
export { type PrintOptions, setPrintoptions } from './tensor/print.js';
export { type NestedArray, Tensor } from './tensor/tensor.js';
export { tidy } from './tensor/tidy.js';
