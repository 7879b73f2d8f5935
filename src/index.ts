import './ops/index.js';

export { type BackwardOptions, backward, type GradOptions, grad } from './autograd/backward.js';
export { checkpoint } from './autograd/checkpoint.js';
export { defineFunction, type FunctionDefinition } from './autograd/function.js';
export type { FunctionContext } from './autograd/function-call.js';
export { type GradcheckOptions, gradcheck, gradgradcheck } from './autograd/gradcheck.js';
export { type AnomalyOptions, detectAnomaly, enableGrad, isGradEnabled, noGrad } from './autograd/mode.js';
export type { DType, TypedArray } from './core/dtype.js';
export type { EngineName } from './core/engine-names.js';
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
export type { KernelBuild } from './engine/engines.js';
export { type EngineInfo, engineInfo, setEngine, setThreads } from './engine/registry.js';
export type { Dims, KeepDimOptions } from './ops/axes.js';
export { clone } from './ops/cast.js';
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
} from './ops/creation/creation.js';
export { asTensor, isTensor } from './ops/creation/new.js';
export { type TriangleIndicesOptions, trilIndices, triuIndices } from './ops/creation/triangle-indices.js';
export { relu, sigmoid } from './ops/elementwise/activations.js';
export { type AlphaOptions, add, mul, rsub, sub } from './ops/elementwise/arithmetic.js';
export { atan2, copysign, heaviside, hypot, logaddexp, logaddexp2, xlogy } from './ops/elementwise/binary.js';
export {
  bitwiseAnd,
  bitwiseLeftShift,
  bitwiseNot,
  bitwiseOr,
  bitwiseRightShift,
  bitwiseXor,
} from './ops/elementwise/bitwise.js';
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
} from './ops/elementwise/compare.js';
export { type DivOptions, div, floorDivide, fmod, remainder } from './ops/elementwise/division.js';
export { fmax, fmin, maximum, minimum } from './ops/elementwise/maximum.js';
export { pow } from './ops/elementwise/power.js';
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
} from './ops/elementwise/ternary.js';
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
} from './ops/elementwise/unary.js';
export {
  gather,
  type ScatterReduceOptions,
  type ScatterReduction,
  scatter,
  scatterAdd,
  scatterReduce,
  takeAlongDim,
} from './ops/indexing/gather.js';
export {
  type IndexAddOptions,
  indexAdd,
  indexCopy,
  indexFill,
  indexSelect,
  take,
} from './ops/indexing/index-axis.js';
export {
  type Index,
  indexPut,
  indexPutAsync,
  type SetAtOptions,
  Slice,
  slice,
} from './ops/indexing/indexing.js';
export { maskedFill, maskedScatter, maskedSelect, maskedSelectAsync } from './ops/indexing/masked.js';
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
export { type CdistOptions, cdist, pdist } from './ops/products/distances.js';
export { einsum } from './ops/products/einsum.js';
export { type AddmmOptions, addmm, baddbmm } from './ops/products/linear.js';
export { bmm, dot, matmul, mm, mv, outer } from './ops/products/matmul.js';
export { cross, kron, tensordot, trace, vdot } from './ops/products/products.js';
export { type Operand, promoteTypes, resultType } from './ops/promotion.js';
export {
  normal,
  rand,
  randint,
  randintLike,
  randLike,
  randn,
  randnLike,
  randperm,
} from './ops/random/random.js';
export { bernoulli, multinomial } from './ops/random/sampling.js';
export { amax, amin, argmax, argmin, max, min } from './ops/reduce/extremes.js';
export { norm, std, stdMean, type VarianceOptions, var, varMean } from './ops/reduce/moments.js';
export { nanquantile, type QuantileOptions, quantile } from './ops/reduce/quantile.js';
export { all, any, countNonzero, logsumexp, mean, prod, type SumOptions, sum } from './ops/reduce/reduce.js';
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
} from './ops/reduce/scans.js';
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
} from './ops/reduce/statistics.js';
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
} from './ops/shape/join.js';
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
} from './ops/shape/rearrange.js';
export { chunk, type DiagonalOptions, diagonal, narrow, select, split, unbind } from './ops/shape/slices.js';
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
} from './ops/shape/views.js';
export { logSoftmax, type SoftmaxOptions, softmax } from './ops/softmax.js';
export { type PrintOptions, setPrintoptions } from './tensor/print.js';
export { type NestedArray, Tensor } from './tensor/tensor.js';
export { tidy } from './tensor/tidy.js';
