import { defineOp } from '../../autograd/op.js';
import { describe } from '../../core/describe.js';
import { isFloat } from '../../core/dtype.js';
import { ArgumentError, DTypeError } from '../../core/errors.js';
import { exact, named } from '../../core/exact.js';
import { anyNumber, defineOptions, nullable, number, whole } from '../../core/options.js';
import type { UnaryOp } from '../../engine/elementwise.js';
import { checkTensors } from '../../tensor/argument.js';
import { attach } from '../../tensor/attach.js';
import { emptyLike, type Tensor } from '../../tensor/tensor.js';
import { zerosLike } from '../creation/creation.js';
import { tanhRule } from '../ending.js';
import { change, unaryInPlace } from './in-place.js';
import { defineUnary, toFloat, type UnaryRule } from './pointwise.js';

/** A function of floating numbers; integers and booleans become float32. */
const floating = (rule: UnaryRule & { readonly name: UnaryOp }): ((x: Tensor) => Tensor) => {
  const op = defineUnary(rule);
  return exact(`${rule.name}(x)`, (x: Tensor): Tensor => op(toFloat(rule.name, x)));
};

/** A function that also takes integers, and keeps their dtype. */
const numeric = (rule: UnaryRule & { readonly name: UnaryOp }): ((x: Tensor) => Tensor) => {
  const op = defineUnary(rule);
  return exact(`${rule.name}(x)`, (x: Tensor): Tensor => {
    checkTensors(rule.name, { x });
    if (x.dtype === 'bool')
      throw new DTypeError(rule.name, "isn't defined for bool\n  hint: convert with to()");
    return op(x);
  });
};

/** A function that doesn't change integers and has slope 0. */
const rounding = (name: UnaryOp): ((x: Tensor) => Tensor) => {
  const op = defineUnary({ name, saves: 'nothing', gradient: (g) => zerosLike(g) });
  return exact(`${name}(x)`, (x: Tensor): Tensor => {
    checkTensors(name, { x });
    return isFloat(x.dtype) ? op(x) : x.clone();
  });
};

/** |x|. Its gradient at 0 is 0. */
export const abs = numeric({
  name: 'abs',
  fused: 'absBackward',
  gradient: (g, x) => g.where(x.gt(0), g.neg().where(x.lt(0), 0)),
});
/** -x. */
export const neg = numeric({ name: 'neg', saves: 'nothing', gradient: (g) => g.neg() });
/** x². */
export const square = numeric({
  name: 'square',
  fused: 'squareBackward',
  gradient: (g, x) => g.mul(x.mul(2)),
});

const signOp = numeric({ name: 'sign', saves: 'nothing', gradient: (g) => zerosLike(g) });
/** -1, 0, or 1 by the sign of x; 0 for NaN. */
export const sign = exact('sign(x)', (x: Tensor): Tensor => {
  checkTensors('sign', { x });
  return x.dtype === 'bool' ? x.clone() : signOp(x);
});

/** The same as `sign`: there are no complex numbers here. */
export const sgn = named('sgn', sign);

/** x itself. @throws DTypeError for booleans */
export const positive = exact('positive(x)', (x: Tensor): Tensor => {
  checkTensors('positive', { x });
  if (x.dtype === 'bool')
    throw new DTypeError('positive', "isn't defined for bool\n  hint: convert with to()");
  return x;
});

/** sin(πx) / (πx), and 1 at 0, where its gradient is 0. */
export const sinc = floating({
  name: 'sinc',
  fused: 'sincBackward',
  gradient: (g, x) => {
    const angle = x.mul(Math.PI);
    const scale = angle.mul(x);
    const slope = angle
      .mul(angle.cos())
      .sub(angle.sin())
      .div(scale.where(scale.ne(0), 1));
    return g.mul(slope.where(scale.ne(0), 0));
  },
});

/** The smallest whole number ≥ x. */
export const ceil = rounding('ceil');
/** The largest whole number ≤ x. */
export const floor = rounding('floor');
/** x without its fraction. */
export const trunc = rounding('trunc');
const roundOp = rounding('round');

export interface RoundOptions {
  /** The digits to keep after the decimal point; negative numbers round before it (default 0). */
  readonly decimals?: number;
}

const readRound = defineOptions({ decimals: whole(0) });

/** The nearest whole number; ties go to the even one. */
export function round(x: Tensor, options?: RoundOptions): Tensor {
  checkTensors('round', { x });
  const { decimals } = readRound('round', options);
  if (decimals === 0 || !isFloat(x.dtype)) return roundOp(x);
  const scale = 10 ** Math.abs(decimals);
  return decimals > 0 ? roundOp(x.mul(scale)).div(scale) : roundOp(x.div(scale)).mul(scale);
}

/** x - trunc(x). */
export const frac = floating({ name: 'frac', saves: 'nothing', gradient: (g) => g });
/** √x. */
export const sqrt = floating({
  name: 'sqrt',
  saves: 'result',
  fused: 'sqrtBackward',
  gradient: (g, y) => g.div(y.mul(2)),
});
/** 1/√x. */
export const rsqrt = floating({
  name: 'rsqrt',
  saves: 'result',
  fused: 'rsqrtBackward',
  gradient: (g, y) => g.mul(y.pow(3)).mul(-0.5),
});
/** 1/x. */
export const reciprocal = floating({
  name: 'reciprocal',
  saves: 'result',
  fused: 'reciprocalBackward',
  gradient: (g, y) => g.mul(y.square()).neg(),
});

/** e^x. */
export const exp = floating({ name: 'exp', saves: 'result', gradient: (g, y) => g.mul(y) });
/** 2^x. */
export const exp2 = floating({
  name: 'exp2',
  fused: 'exp2Backward',
  saves: 'result',
  gradient: (g, y) => g.mul(y).mul(Math.LN2),
});
/** e^x - 1, accurate near 0. */
export const expm1 = floating({
  name: 'expm1',
  fused: 'expm1Backward',
  saves: 'result',
  gradient: (g, y) => g.mul(y.add(1)),
});
/** The natural logarithm. */
export const log = floating({ name: 'log', gradient: (g, x) => g.div(x) });
/** The logarithm to base 2. */
export const log2 = floating({
  name: 'log2',
  fused: 'log2Backward',
  gradient: (g, x) => g.div(x.mul(Math.LN2)),
});
/** The logarithm to base 10. */
export const log10 = floating({
  name: 'log10',
  fused: 'log10Backward',
  gradient: (g, x) => g.div(x.mul(Math.LN10)),
});
/** ln(1 + x), accurate near 0. */
export const log1p = floating({ name: 'log1p', fused: 'log1pBackward', gradient: (g, x) => g.div(x.add(1)) });

/** The sine of an angle in radians. */
export const sin = floating({ name: 'sin', fused: 'sinBackward', gradient: (g, x) => g.mul(x.cos()) });
/** The cosine of an angle in radians. */
export const cos = floating({
  name: 'cos',
  fused: 'cosBackward',
  gradient: (g, x) => g.mul(x.sin()).neg(),
});
/** The tangent of an angle in radians. */
export const tan = floating({
  name: 'tan',
  fused: 'tanBackward',
  saves: 'result',
  gradient: (g, y) => g.mul(y.square().add(1)),
});
/** The angle in [−π/2, π/2] whose sine is x; NaN outside [−1, 1]. */
export const asin = floating({
  name: 'asin',
  fused: 'asinBackward',
  gradient: (g, x) => g.mul(x.square().rsub(1).rsqrt()),
});
/** The angle in [0, π] whose cosine is x; NaN outside [−1, 1]. */
export const acos = floating({
  name: 'acos',
  fused: 'acosBackward',
  gradient: (g, x) => g.mul(x.square().rsub(1).rsqrt()).neg(),
});
/** The angle in (−π/2, π/2) whose tangent is x. */
export const atan = floating({
  name: 'atan',
  fused: 'atanBackward',
  gradient: (g, x) => g.div(x.square().add(1)),
});
/** The hyperbolic sine: (e^x − e^−x) / 2. */
export const sinh = floating({ name: 'sinh', fused: 'sinhBackward', gradient: (g, x) => g.mul(x.cosh()) });
/** The hyperbolic cosine: (e^x + e^−x) / 2. */
export const cosh = floating({ name: 'cosh', fused: 'coshBackward', gradient: (g, x) => g.mul(x.sinh()) });
/** The hyperbolic tangent: (e^x − e^−x) / (e^x + e^−x), between −1 and 1. */
export const tanh = floating(tanhRule);
/** The inverse of `sinh`: ln(x + √(x² + 1)). */
export const asinh = floating({
  name: 'asinh',
  fused: 'asinhBackward',
  gradient: (g, x) => g.mul(x.square().add(1).rsqrt()),
});
/** The inverse of `cosh`: ln(x + √(x² − 1)); NaN below 1. */
export const acosh = floating({
  name: 'acosh',
  fused: 'acoshBackward',
  gradient: (g, x) => g.mul(x.square().sub(1).rsqrt()),
});
/** The inverse of `tanh`: ½ ln((1 + x) / (1 − x)); NaN outside [−1, 1]. */
export const atanh = floating({
  name: 'atanh',
  fused: 'atanhBackward',
  gradient: (g, x) => g.div(x.square().rsub(1)),
});

const twoOverRootPi = 2 / Math.sqrt(Math.PI);
const bell = (x: Tensor): Tensor => x.square().neg().exp().mul(twoOverRootPi);

/** The error function, 2/√π ∫₀ˣ e^(-t²) dt. */
export const erf = floating({ name: 'erf', fused: 'erfBackward', gradient: (g, x) => g.mul(bell(x)) });
/** 1 - erf(x), accurate where that's small. */
export const erfc = floating({
  name: 'erfc',
  fused: 'erfcBackward',
  gradient: (g, x) => g.mul(bell(x)).neg(),
});
/** The inverse of `erf`. */
export const erfinv = floating({
  name: 'erfinv',
  saves: 'result',
  gradient: (g, y) => g.mul(y.square().exp().div(twoOverRootPi)),
});

const trigammaOp = defineOp<[Tensor]>({
  name: 'polygamma',
  forward(_, [x]) {
    const out = emptyLike(x);
    out.engine.unary('trigamma', out, x);
    return out;
  },
});
const trigamma = (x: Tensor): Tensor => trigammaOp([toFloat('polygamma', x)]);

/** ψ(x), the derivative of `lgamma`. */
export const digamma = floating({ name: 'digamma', gradient: (g, x) => g.mul(trigamma(x)) });
/** ln |Γ(x)|. */
export const lgamma = floating({ name: 'lgamma', gradient: (g, x) => g.mul(digamma(x)) });

/**
 * The n-th derivative of `digamma`.
 * @differs n must be 0 or 1, and for n = 1 there's no gradient
 */
export const polygamma = exact('polygamma(n, x)', (n: number, x: Tensor): Tensor => {
  checkTensors('polygamma', { x });
  if (n === 0) return digamma(x);
  if (n === 1) return trigamma(x);
  throw new ArgumentError('polygamma', `n must be 0 or 1, got ${describe(n)}`);
});

export interface LogitOptions {
  /** Limits x to [eps, 1 - eps] first (default: no limits). */
  readonly eps?: number | null;
}

const readLogit = defineOptions({ eps: nullable(number(undefined), null) });

/** The kernel takes eps, or −1 for none, and the gradient outside the limits. */
const logitOp = defineUnary({
  name: 'logit',
  parameters: ['eps', 'beyond'],
  fused: 'logitBackward',
  gradient: (g, x, eps, beyond) => {
    const low = Math.max(eps, 0);
    const outside = x.lt(low).logicalOr(x.gt(1 - low));
    return g.div(x.mul(x.rsub(1))).where(outside.logicalNot(), beyond);
  },
});

/** ln(x / (1 - x)), the inverse of `sigmoid`. */
export function logit(x: Tensor, options?: LogitOptions): Tensor {
  checkTensors('logit', { x });
  const { eps } = readLogit('logit', options);
  const z = toFloat('logit', x);
  // The gradient is infinite at 0 and 1, NaN outside; 0 outside the limits.
  return eps === null ? logitOp(z, -1, Number.NaN) : logitOp(z, eps, 0);
}

const degree = Math.PI / 180;
/** Degrees to radians. */
export const deg2rad = exact('deg2rad(x)', (x: Tensor): Tensor => toFloat('deg2rad', x).mul(degree));
/** Radians to degrees. */
export const rad2deg = exact('rad2deg(x)', (x: Tensor): Tensor => toFloat('rad2deg', x).mul(1 / degree));

const nanToNumOp = defineOp<[Tensor], { nan: number; limit: number }>({
  name: 'nanToNum',
  forward(ctx, [x], { nan, limit }) {
    const out = emptyLike(x);
    out.engine.unary('nanToNum', out, x, nan, limit);
    ctx.save(x);
    return out;
  },
  backward: ({ saved }, g) => [g.where(saved[0]!.isfinite(), 0)],
});

export interface NanToNumOptions {
  /** The replacement for NaN (default 0). */
  readonly nan?: number;
  /** The replacement for ∞ (default: the dtype's largest number). */
  readonly posinf?: number | null;
  /** The replacement for -∞ (default: the dtype's smallest number). */
  readonly neginf?: number | null;
}

const readNanToNum = defineOptions({
  nan: anyNumber(0),
  posinf: nullable(anyNumber(undefined), null),
  neginf: nullable(anyNumber(undefined), null),
});

const largest = { float32: 3.4028234663852886e38, float64: Number.MAX_VALUE } as const;

/** Replaces NaN and the infinities with numbers. */
export function nanToNum(x: Tensor, options?: NanToNumOptions): Tensor {
  checkTensors('nanToNum', { x });
  const { nan, posinf, neginf } = readNanToNum('nanToNum', options);
  if (x.dtype !== 'float32' && x.dtype !== 'float64') return x.clone();
  const high = posinf ?? largest[x.dtype];
  const low = neginf ?? -largest[x.dtype];
  const y = nanToNumOp([x], { nan, limit: high });
  return low === -high ? y : y.where(x.isneginf().logicalNot(), low);
}

/** x = −x. */
export const neg_ = unaryInPlace('neg_', 'neg', neg);
/** x = |x|. */
export const abs_ = unaryInPlace('abs_', 'abs', abs);
/** x = e^x. */
export const exp_ = unaryInPlace('exp_', 'exp', exp);
/** x = ln x. */
export const log_ = unaryInPlace('log_', 'log', log);
/** x = √x. */
export const sqrt_ = unaryInPlace('sqrt_', 'sqrt', sqrt);
/** x = 1/√x. */
export const rsqrt_ = unaryInPlace('rsqrt_', 'rsqrt', rsqrt);
/** x = x². */
export const square_ = unaryInPlace('square_', 'square', square);
/** x = 1/x. */
export const reciprocal_ = unaryInPlace('reciprocal_', 'reciprocal', reciprocal);
/** x = tanh(x). */
export const tanh_ = unaryInPlace('tanh_', 'tanh', tanh);
/** x = floor(x). */
export const floor_ = unaryInPlace('floor_', 'floor', floor);
/** x = ceil(x). */
export const ceil_ = unaryInPlace('ceil_', 'ceil', ceil);
/** x = trunc(x). */
export const trunc_ = unaryInPlace('trunc_', 'trunc', trunc);
/** x = round(x, options). */
export const round_ = (x: Tensor, options?: RoundOptions): Tensor =>
  change('round_', x, [], (y) => round(y, options));
/** x = nanToNum(x, options). */
export const nanToNum_ = (x: Tensor, options?: NanToNumOptions): Tensor =>
  change('nanToNum_', x, [], (y) => nanToNum(y, options));

attach({
  abs,
  neg,
  square,
  sign,
  sgn,
  positive,
  sinc,
  ceil,
  floor,
  trunc,
  round,
  frac,
  sqrt,
  rsqrt,
  reciprocal,
  exp,
  exp2,
  expm1,
  log,
  log2,
  log10,
  log1p,
  sin,
  cos,
  tan,
  asin,
  acos,
  atan,
  sinh,
  cosh,
  tanh,
  asinh,
  acosh,
  atanh,
  erf,
  erfc,
  erfinv,
  digamma,
  lgamma,
  logit,
  deg2rad,
  rad2deg,
  nanToNum,
  neg_,
  abs_,
  exp_,
  log_,
  sqrt_,
  rsqrt_,
  square_,
  reciprocal_,
  tanh_,
  floor_,
  ceil_,
  trunc_,
  round_,
  nanToNum_,
});
