import type { BinaryOp, CompareOp, TernaryOp, TestOp, UnaryOp } from '../elementwise.js';
import { digamma, erf, erfc, erfInverse, logGamma, normalCdf, trigamma } from './special.js';

const { abs, ceil, floor, trunc, sqrt, exp, expm1, log, log2, log10, log1p, min, max } = Math;
const { sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh, atanh, atan2, imul, PI } = Math;

const infinity = Number.POSITIVE_INFINITY;
const clamp = (x: number, low: number, high: number): number => min(max(x, low), high);
export const relu = (x: number): number => max(x, 0);
export const sigmoid = (x: number): number => 1 / (1 + exp(-x));
export const gelu = (x: number): number => x * normalCdf(x);
const softplus = (x: number): number => max(x, 0) + log1p(exp(-abs(x)));
const isNegative = (x: number): boolean => x < 0 || Object.is(x, -0);
const copySign = (x: number, of: number): number => (isNegative(of) ? -abs(x) : abs(x));

/** The nearest whole number; ties go to the even one. */
function roundEven(x: number): number {
  const whole = Math.round(x);
  return abs(x % 1) === 0.5 && whole % 2 !== 0 ? whole - 1 : whole;
}

type Unary = (x: number, p: number, q: number) => number;

export const unary: Readonly<Record<UnaryOp, Unary>> = {
  ...{ abs, ceil, floor, trunc, sqrt, exp, expm1, log, log2, log10, log1p, relu, clamp, sigmoid, gelu },
  ...{ sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh, atanh },
  ...{ erf, erfc, erfinv: erfInverse, lgamma: logGamma, digamma, trigamma, round: roundEven },
  neg: (x) => -x,
  sign: (x) => (x > 0 ? 1 : x < 0 ? -1 : 0),
  square: (x) => x * x,
  cube: (x) => x * x * x,
  bitwiseNot: (x) => ~x,
  frac: (x) => x - trunc(x),
  rsqrt: (x) => 1 / sqrt(x),
  reciprocal: (x) => 1 / x,
  exp2: (x) => 2 ** x,
  nanToNum: (x, p, q) => (Number.isNaN(x) ? p : abs(x) === infinity ? copySign(q, x) : x),
  logSigmoid: (x) => -softplus(-x),
  leakyRelu: (x, p) => (x > 0 ? x : x * p),
  elu: (x, p) => (x > 0 ? x : expm1(x) * p),
  selu: (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * expm1(x)),
  celu: (x, p) => (x > 0 ? x : expm1(x / p) * p),
  geluTanh: (x) => (x / 2) * (1 + tanh(sqrt(2 / PI) * (x + 0.044715 * x ** 3))),
  silu: (x) => x * sigmoid(x),
  mish: (x) => x * tanh(softplus(x)),
  softplus: (x, p, q) => (x * p > q ? x : softplus(x * p) / p),
  softsign: (x) => x / (abs(x) + 1),
  hardsigmoid: (x) => clamp(x + 3, 0, 6) / 6,
  hardswish: (x) => (x * clamp(x + 3, 0, 6)) / 6,
  hardshrink: (x, p) => (x >= -p && x <= p ? 0 : x),
  softshrink: (x, p) => (x > p ? x - p : x < -p ? x + p : 0),
  tanhshrink: (x) => x - tanh(x),
  threshold: (x, p, q) => (x <= p ? q : x),
  sinc: (x) => (x === 0 ? 1 : sin(PI * x) / (PI * x)),
  logit(x, p) {
    const z = p < 0 ? x : clamp(x, p, 1 - p);
    return log(z / (1 - z));
  },
};

export const test: Readonly<Record<TestOp, (x: number) => boolean>> = {
  ...{ isnan: Number.isNaN, isfinite: Number.isFinite, signbit: isNegative },
  logicalNot: (x) => x === 0,
  isinf: (x) => abs(x) === infinity,
  isposinf: (x) => x === infinity,
  isneginf: (x) => x === -infinity,
};

export const compare: Readonly<Record<CompareOp, (a: number, b: number) => boolean>> = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  lt: (a, b) => a < b,
  le: (a, b) => a <= b,
  gt: (a, b) => a > b,
  ge: (a, b) => a >= b,
  logicalAnd: (a, b) => a !== 0 && b !== 0,
  logicalOr: (a, b) => a !== 0 || b !== 0,
  logicalXor: (a, b) => (a !== 0) !== (b !== 0),
};

/** a − b⌊a/b⌋, with the sign of b. */
function remainder(a: number, b: number): number {
  const r = a % b;
  return r !== 0 && r < 0 !== b < 0 ? r + b : r;
}

function floorDivide(a: number, b: number): number {
  if (b === 0) return a / b;
  const quotient = (a - remainder(a, b)) / b;
  return quotient === 0 ? copySign(0, a / b) : Math.round(quotient);
}

/** log(e^a + e^b) */
export const logaddexp = (a: number, b: number): number =>
  a === b ? a + Math.LN2 : max(a, b) + log1p(exp(-abs(a - b)));

type Binary = (a: number, b: number, p: number) => number;

export const binary: Readonly<Record<BinaryOp, Binary>> = {
  ...{ floorDivide, remainder, atan2, logaddexp, copysign: copySign },
  add: (a, b) => a + b,
  addScaled: (a, b, p) => a + b * p,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  maximum: (a, b) => max(a, b),
  minimum: (a, b) => min(a, b),
  truncDivide: (a, b) => trunc(a / b),
  fmod: (a, b) => a % b,
  // JavaScript returns NaN for ±1 to the power of ±∞ or NaN.
  pow: (a, b) => (a === 1 || (a === -1 && abs(b) === infinity) ? 1 : a ** b),
  heaviside: (a, b) => (a > 0 ? 1 : a === 0 ? b : 0),
  bitwiseAnd: (a, b) => a & b,
  bitwiseOr: (a, b) => a | b,
  bitwiseXor: (a, b) => a ^ b,
  shiftLeft: (a, b) => (b < 0 || b >= 32 ? 0 : a << b),
  shiftRight: (a, b) => a >> (b < 0 ? 31 : min(b, 31)),
  fmax: (a, b) => (Number.isNaN(b) || a > b ? a : b),
  fmin: (a, b) => (Number.isNaN(b) || a < b ? a : b),
  hypot: (a, b) => Math.hypot(a, b),
  xlogy: (a, b) => (a === 0 && !Number.isNaN(b) ? 0 : a * log(b)),
  logaddexp2: (a, b) => logaddexp(a * Math.LN2, b * Math.LN2) / Math.LN2,
  prelu: (a, b) => (a > 0 ? a : a * b),
  gate: (a, b) => a * sigmoid(b),
};

/** a to the power of b modulo 2³²; results between −1 and 1 are 0. */
function integerPower(a: number, b: number): number {
  if (b < 0) return abs(a) === 1 ? a ** (b % 2) : 0;
  let result = 1;
  for (let base = a, n = b; n > 0; n = floor(n / 2), base = imul(base, base))
    if (n % 2 === 1) result = imul(result, base);
  return result;
}

const unlessZero =
  (f: Binary): Binary =>
  (a, b, p) =>
    b === 0 ? 0 : f(a, b, p);

/** Where integers differ: products modulo 2³², and 0 for division by 0. */
export const integerBinary: Partial<Record<BinaryOp, Binary>> = {
  ...{ mul: imul, pow: integerPower, remainder: unlessZero(remainder) },
  addScaled: (a, b, p) => a + imul(b, p),
  floorDivide: unlessZero((a, b) => floor(a / b)),
  truncDivide: unlessZero((a, b) => trunc(a / b)),
  fmod: unlessZero((a, b) => a % b),
};

export const integerUnary: Partial<Record<UnaryOp, Unary>> = {
  square: (x) => imul(x, x),
  cube: (x) => imul(imul(x, x), x),
};

type Ternary = (a: number, b: number, c: number, p: number) => number;

export const ternary: Readonly<Record<TernaryOp, Ternary>> = {
  clampTensor: clamp,
  lerp: (a, b, weight) => (weight < 0.5 ? a + weight * (b - a) : b - (b - a) * (1 - weight)),
  addcmul: (a, b, c, p) => a + p * b * c,
  addcdiv: (a, b, c, p) => a + (p * b) / c,
};
