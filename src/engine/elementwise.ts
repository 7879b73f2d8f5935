import type { View } from './storage.js';

/** One operand, for every dtype but bool. */
const unaryNumberOps = ['abs', 'neg', 'sign', 'square', 'cube', 'relu', 'clamp', 'bitwiseNot'] as const;

/** One operand, floating. */
const unaryFloatOps = [
  ...(['ceil', 'floor', 'round', 'trunc', 'frac', 'sqrt', 'rsqrt', 'reciprocal'] as const),
  ...(['exp', 'exp2', 'expm1', 'log', 'log2', 'log10', 'log1p'] as const),
  ...(['sin', 'cos', 'tan', 'asin', 'acos', 'atan'] as const),
  ...(['sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh'] as const),
  ...(['erf', 'erfc', 'erfinv', 'lgamma', 'digamma', 'trigamma', 'nanToNum'] as const),
  ...([
    'sigmoid',
    'logSigmoid',
    'leakyRelu',
    'elu',
    'selu',
    'celu',
    'gelu',
    'geluTanh',
    'silu',
    'mish',
  ] as const),
  ...([
    'softplus',
    'softsign',
    'hardsigmoid',
    'hardswish',
    'hardshrink',
    'softshrink',
    'tanhshrink',
  ] as const),
  'threshold',
  'sinc',
  'logit',
] as const;

export const unaryOps = [...unaryNumberOps, ...unaryFloatOps] as const;

/** One operand of any dtype → bool. */
export const testOps = [
  'logicalNot',
  'isnan',
  'isinf',
  'isfinite',
  'isposinf',
  'isneginf',
  'signbit',
] as const;

/** Two operands, for every dtype but bool; the bitwise ones also take bool. */
const binaryNumberOps = [
  ...(['add', 'addScaled', 'sub', 'mul', 'maximum', 'minimum'] as const),
  ...(['floorDivide', 'truncDivide', 'remainder', 'fmod', 'pow', 'heaviside'] as const),
  ...(['bitwiseAnd', 'bitwiseOr', 'bitwiseXor', 'shiftLeft', 'shiftRight'] as const),
] as const;

/** Two operands, floating. */
const binaryFloatOps = [
  ...(['div', 'fmax', 'fmin', 'atan2', 'hypot', 'xlogy', 'logaddexp', 'logaddexp2', 'copysign'] as const),
  ...(['prelu', 'gate'] as const),
] as const;

export const binaryOps = [...binaryNumberOps, ...binaryFloatOps] as const;

/** Two operands of any dtype → bool. */
export const compareOps = [
  ...(['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'logicalAnd', 'logicalOr', 'logicalXor'] as const),
] as const;

/** Three operands; clampTensor is for every dtype but bool, the others are floating. */
export const ternaryOps = ['clampTensor', 'lerp', 'addcmul', 'addcdiv'] as const;

export type UnaryOp = (typeof unaryOps)[number];
export type TestOp = (typeof testOps)[number];
export type BinaryOp = (typeof binaryOps)[number];
export type CompareOp = (typeof compareOps)[number];
export type TernaryOp = (typeof ternaryOps)[number];

/**
 * Element-wise kernels. Operands broadcast to the shape of `out` and may have any strides; `out` may
 * be one of the operands. Operands have out's dtype unless noted otherwise. p and q are parameters
 * of the operation (alpha, slope, limits …).
 */
export interface ElementwiseEngine {
  unary(op: UnaryOp, out: View, a: View, p?: number, q?: number): void;
  /** out is bool. */
  test(op: TestOp, out: View, a: View): void;
  binary(op: BinaryOp, out: View, a: View, b: View, p?: number, q?: number): void;
  /** `b` is a number. */
  binaryNumber(op: BinaryOp, out: View, a: View, b: number, p?: number, q?: number): void;
  /** `a` is a number. */
  numberBinary(op: BinaryOp, out: View, a: number, b: View, p?: number, q?: number): void;
  /** out is bool; a and b have the same dtype. */
  compare(op: CompareOp, out: View, a: View, b: View): void;
  /** out is bool. */
  compareNumber(op: CompareOp, out: View, a: View, b: number): void;
  /** out = a is b, or |a − b| ≤ atol + rtol·|b| in float64, or if `equalNan`, both are NaN; out is bool. */
  isClose(out: View, a: View, b: View, rtol: number, atol: number, equalNan: boolean): void;
  /** Cross products along an axis of length 3 of dense a and b of out's shape. */
  cross(out: View, a: View, b: View, axis: number): void;
  ternary(op: TernaryOp, out: View, a: View, b: View, c: View, p?: number): void;
  /** condition ? a : b; the condition is bool. */
  where(out: View, condition: View, a: View, b: View): void;
  /** out = a in out's dtype: floats are truncated toward zero, and anything but 0 is true. */
  copy(out: View, a: View): void;
  fill(out: View, value: number): void;
  /**
   * out[i] = first + i·step for i < half, last − (n − 1 − i)·step after that, computed in float64, for a
   * dense `out` of floats or int32 that holds these numbers.
   */
  ramp(out: View, first: number, step: number, last: number, half: number): void;
}
