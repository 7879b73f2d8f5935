import { isFloat } from '../../core/dtype.js';
import { ArgumentError, DTypeError } from '../../core/errors.js';
import { exact, named, noMore } from '../../core/exact.js';
import { anyNumber, defineOptions, nullable, word } from '../../core/options.js';
import type { BinaryOp } from '../../engine/elementwise.js';
import { checkTensors } from '../../tensor/argument.js';
import { attach } from '../../tensor/attach.js';
import { Tensor } from '../../tensor/tensor.js';
import { zerosLike } from '../creation/creation.js';
import { checkOperand, commonType, type Operand, requireWhole } from '../promotion.js';
import { binaryDirect, change, defineBinary, defineUnary, fusedGradient } from './pointwise.js';

// Gradients have the result's shape; defineBinary sums them to the operand's.

const addOp = defineBinary({
  name: 'add',
  kernel: 'add',
  boolKernel: 'bitwiseOr',
  saves: 'nothing',
  gradA: (g) => g,
  gradB: (g) => g,
});

const addScaledOp = defineBinary({
  name: 'add',
  kernel: 'addScaled',
  saves: 'nothing',
  gradA: (g) => g,
  gradB: (g, _a, _b, alpha) => g.mul(alpha),
});

const subOp = defineBinary({
  name: 'sub',
  kernel: 'sub',
  saves: 'nothing',
  gradA: (g) => g,
  gradB: (g) => g.neg(),
});

const mulOp = defineBinary({
  name: 'mul',
  kernel: 'mul',
  boolKernel: 'bitwiseAnd',
  saves: 'operands',
  gradA: (g, _, b) => g.mul(b),
  gradB: (g, a) => g.mul(a),
});

const divOp = defineBinary({
  name: 'div',
  kernel: 'div',
  floating: true,
  saves: 'operands',
  gradA: (g, _, b) => g.div(b),
  gradB: (g, a, b) => g.mul(divOp(divOp(a, b), b)).neg(),
  fusedB: (g, a, b) => fusedGradient('divBackward', g, a, b, -1),
});

/** The gradient of a function that's constant wherever it has a slope. */
const zero = (g: Tensor): Tensor => zerosLike(g);

const floorDivideOp = defineBinary({
  name: 'floorDivide',
  kernel: 'floorDivide',
  divides: true,
  saves: 'nothing',
  gradA: zero,
  gradB: zero,
});

const truncDivideOp = defineBinary({
  name: 'div',
  kernel: 'truncDivide',
  divides: true,
  saves: 'nothing',
  gradA: zero,
  gradB: zero,
});

const remainderOp = defineBinary({
  name: 'remainder',
  kernel: 'remainder',
  divides: true,
  saves: 'operands',
  gradA: (g) => g,
  gradB: (g, a, b) => g.mul(floorDivideOp(a, b)).neg(),
});

const fmodOp = defineBinary({
  name: 'fmod',
  kernel: 'fmod',
  divides: true,
  saves: 'operands',
  gradA: (g) => g,
  gradB: (g, a, b) => g.mul(truncDivideOp(a, b)).neg(),
});

const cubeOp = defineUnary({
  name: 'pow',
  kernel: 'cube',
  attributes: { number: 3 },
  fused: 'cubeBackward',
  gradient: (g, x) => g.mul(x.square().mul(3)),
});

const powOp = defineBinary({
  name: 'pow',
  kernel: 'pow',
  saves: 'operands',
  gradA(g, a, b) {
    if (!(b instanceof Tensor))
      return Number(b) === 0 ? zero(g) : g.mul(pow(a as Tensor, Number(b) - 1).mul(b));
    return g.mul(b.mul(powOp(a, b.sub(1)))).where(b.ne(0), 0);
  },
  gradB(g, a, b) {
    const y = powOp(a, b);
    const slope = y.mul(a instanceof Tensor ? a.log() : Math.log(Number(a)));
    // 0^b is 0 for every b > 0, no matter what the logarithm says.
    const flat = (b as Tensor).ge(0);
    if (!(a instanceof Tensor))
      return Number(a) === 0 ? g.mul(slope).where(flat.logicalNot(), 0) : g.mul(slope);
    return g.mul(slope).where(a.eq(0).logicalAnd(flat).logicalNot(), 0);
  },
  fusedA: (g, a, b) => fusedGradient('powBackward', g, a, b),
  fusedB: (g, a, b) => fusedGradient('powExponentBackward', g, a, b),
});

/** Ties share the gradient; where one is NaN, both get it, as in PyTorch. */
const winner = (g: Tensor, mine: Operand, other: Operand, loses: 'gt' | 'lt'): Tensor => {
  const x = mine as Tensor;
  return g.div(2).where(x.eq(other), g.where(x[loses](other).logicalNot(), 0));
};

const maximumOp = defineBinary({
  name: 'maximum',
  kernel: 'maximum',
  boolKernel: 'bitwiseOr',
  saves: 'operands',
  gradA: (g, a, b) => winner(g, a, b, 'lt'),
  gradB: (g, a, b) => winner(g, b, a, 'lt'),
  fusedA: (g, a, b) => fusedGradient('maximumBackward', g, a, b),
  fusedB: (g, a, b) => fusedGradient('maximumBackward', g, b, a),
});

const minimumOp = defineBinary({
  name: 'minimum',
  kernel: 'minimum',
  boolKernel: 'bitwiseAnd',
  saves: 'operands',
  gradA: (g, a, b) => winner(g, a, b, 'gt'),
  gradB: (g, a, b) => winner(g, b, a, 'gt'),
  fusedA: (g, a, b) => fusedGradient('minimumBackward', g, a, b),
  fusedB: (g, a, b) => fusedGradient('minimumBackward', g, b, a),
});

/** Where the result is the first operand: it wins ties, and wherever the other is NaN. */
const taken = (a: Operand, b: Operand, wins: 'ge' | 'le'): Tensor =>
  (a as Tensor)[wins](b).logicalOr((b as Tensor).isnan());

const fmaxOp = defineBinary({
  name: 'fmax',
  kernel: 'fmax',
  floating: true,
  saves: 'operands',
  gradA: (g, a, b) => g.where(taken(a, b, 'ge'), 0),
  gradB: (g, a, b) => g.where(taken(a, b, 'ge').logicalNot(), 0),
});

const fminOp = defineBinary({
  name: 'fmin',
  kernel: 'fmin',
  floating: true,
  saves: 'operands',
  gradA: (g, a, b) => g.where(taken(a, b, 'le'), 0),
  gradB: (g, a, b) => g.where(taken(a, b, 'le').logicalNot(), 0),
});

const squaredNorm = (a: Operand, b: Operand): Tensor => (a as Tensor).square().add((b as Tensor).square());

const atan2Op = defineBinary({
  name: 'atan2',
  kernel: 'atan2',
  floating: true,
  saves: 'operands',
  gradA: (g, a, b) => g.mul(b).div(squaredNorm(a, b)),
  gradB: (g, a, b) => g.mul(a).div(squaredNorm(a, b)).neg(),
  fusedA: (g, a, b) => fusedGradient('atan2Backward', g, a, b, 1),
  fusedB: (g, a, b) => fusedGradient('atan2Backward', g, b, a, -1),
});

const hypotOp = defineBinary({
  name: 'hypot',
  kernel: 'hypot',
  floating: true,
  saves: 'operands',
  gradA: (g, a, b) => g.mul(a).div(hypotOp(a, b)),
  gradB: (g, a, b) => g.mul(b).div(hypotOp(a, b)),
  fusedA: (g, a, b) => fusedGradient('hypotBackward', g, a, b),
  fusedB: (g, a, b) => fusedGradient('hypotBackward', g, b, a),
});

const xlogyOp = defineBinary({
  name: 'xlogy',
  kernel: 'xlogy',
  floating: true,
  saves: 'operands',
  gradA: (g, a, b) => {
    const log = b instanceof Tensor ? b.log() : Math.log(Number(b));
    const silent = (a as Tensor).eq(0);
    return g
      .mul(log)
      .where(b instanceof Tensor ? silent.logicalAnd(b.le(0)).logicalNot() : silent.logicalNot(), 0);
  },
  gradB: (g, a, b) => g.mul(divOp(a, b)),
});

const logaddexpOp = defineBinary({
  name: 'logaddexp',
  kernel: 'logaddexp',
  floating: true,
  saves: 'operands',
  gradA: (g, a, b) => g.mul(subOp(a, b).sigmoid()),
  gradB: (g, a, b) => g.mul(subOp(b, a).sigmoid()),
});

const logaddexp2Op = defineBinary({
  name: 'logaddexp2',
  kernel: 'logaddexp2',
  floating: true,
  saves: 'operands',
  gradA: (g, a, b) => g.mul(subOp(a, b).mul(Math.LN2).sigmoid()),
  gradB: (g, a, b) => g.mul(subOp(b, a).mul(Math.LN2).sigmoid()),
});

const copysignOp = defineBinary({
  name: 'copysign',
  kernel: 'copysign',
  floating: true,
  saves: 'operands',
  gradA: (g, a, b) => {
    const y = copysignOp(a, b);
    return g.mul(y.div(a)).where((a as Tensor).ne(0), 0);
  },
  fusedA: (g, a, b) => fusedGradient('copysignBackward', g, a, b),
  gradB: zero,
});

const heavisideOp = defineBinary({
  name: 'heaviside',
  kernel: 'heaviside',
  saves: 'nothing',
  gradA: zero,
});

export interface AlphaOptions {
  /** The factor of the second operand (default 1). */
  readonly alpha?: number;
}

const readAlpha = defineOptions({ alpha: anyNumber(1) });

/** a + alpha · b. For booleans, a or b. */
export function add(a: Tensor, b: Operand, options?: AlphaOptions): Tensor {
  checkTensors('add', { a });
  const { alpha } = readAlpha('add', options);
  if (alpha === 1) return addOp(a, b);
  checkAlpha('add', alpha, a, b);
  return typeof b === 'number' ? addOp(a, alpha * b) : addScaledOp(a, b, alpha);
}

/** a - alpha · b. @throws DTypeError for booleans; see logicalXor */
export function sub(a: Tensor, b: Operand, options?: AlphaOptions): Tensor {
  checkTensors('sub', { a });
  const { alpha } = readAlpha('sub', options);
  if (alpha === 1) return subOp(a, b);
  checkAlpha('sub', alpha, a, b);
  return typeof b === 'number' ? subOp(a, alpha * b) : addScaledOp(a, b, -alpha);
}

/** @throws ArgumentError for a fractional factor of integers */
function checkAlpha(operation: string, alpha: number, a: Operand, b: Operand): void {
  if (!Number.isInteger(alpha) && !isFloat(commonType(operation, a, b)))
    requireWhole(operation, 'alpha', alpha);
}

/** b - alpha · a. */
export const rsub = named('rsub', (a: Tensor, b: Operand, options?: AlphaOptions): Tensor => {
  checkTensors('rsub', { a });
  const { alpha } = readAlpha('rsub', options);
  checkOperand('rsub', 'b', b);
  checkAlpha('rsub', alpha, a, b);
  if (b instanceof Tensor) return alpha === 1 ? subOp(b, a) : addScaledOp(b, a, -alpha);
  return subOp(b, alpha === 1 ? a : mulOp(a, alpha));
});

/** a · b. For booleans, a and b. */
export const mul = exact('mul(a, b)', (a: Tensor, b: Operand): Tensor => mulOp(a, b));

export interface DivOptions {
  /** `'trunc'` rounds the quotient toward zero, `'floor'` down (default: no rounding). */
  readonly roundingMode?: 'trunc' | 'floor' | null;
}

const readDiv = defineOptions({ roundingMode: nullable(word(['trunc', 'floor'], undefined), null) });

/**
 * a / b; for integers, float32 unless it's rounded.
 *
 * @throws ArgumentError for integers divided by the number 0, if the quotient is rounded
 * @differs a rounded quotient of an integer and a 0 in a tensor is 0 (PyTorch throws)
 */
export function div(a: Tensor, b: Operand, options?: DivOptions): Tensor {
  checkTensors('div', { a });
  const { roundingMode } = readDiv('div', options);
  if (roundingMode === null) return divOp(a, b);
  return roundingMode === 'floor' ? floorDivideOp(a, b) : truncDivideOp(a, b);
}

/**
 * ⌊a / b⌋.
 * @throws ArgumentError for integers divided by the number 0
 * @differs integers divided by a 0 in a tensor give 0 (PyTorch throws)
 */
export const floorDivide = exact('floorDivide(a, b)', (a: Tensor, b: Operand): Tensor => floorDivideOp(a, b));

/**
 * a - b·⌊a/b⌋: the remainder with the sign of b, like Python's `%`.
 * @throws ArgumentError for integers divided by the number 0
 * @differs integers divided by a 0 in a tensor stay as they are (PyTorch throws)
 */
export const remainder = exact('remainder(a, b)', (a: Tensor, b: Operand): Tensor => remainderOp(a, b));

/**
 * The remainder with the sign of a, like C's `fmod`.
 * @throws ArgumentError for integers divided by the number 0
 * @differs integers divided by a 0 in a tensor stay as they are (PyTorch throws)
 */
export const fmod = exact('fmod(a, b)', (a: Tensor, b: Operand): Tensor => fmodOp(a, b));

/**
 * a^b; either may be a number.
 * @throws ArgumentError for integers to the power of a negative whole number
 */
export function pow(a: Tensor, b: Operand): Tensor;
export function pow(a: number, b: Tensor): Tensor;
export function pow(a: Operand, b: Operand, ...surplus: readonly never[]): Tensor {
  noMore('pow(a, b)', [a, b], surplus);
  if (a instanceof Tensor && typeof b === 'number') {
    if (b === 2 && a.dtype !== 'bool') return a.square();
    const floating = a.dtype.startsWith('float');
    if (floating && b === 1) return a.clone();
    if (floating && b === 3) return cubeOp(a);
    if (floating && b === 0.5) return a.sqrt();
    if (floating && b === -1) return a.reciprocal();
    if (floating && b === -0.5) return a.rsqrt();
    if (!floating && b < 0 && Number.isInteger(b))
      throw new ArgumentError(
        'pow',
        `integers to the power ${b} aren't integers\n  hint: convert with to('float32')`,
      );
  }
  return powOp(a, b);
}

/** The larger of a and b; NaN if either is. Where they're equal, each gets half of the gradient. */
export const maximum = exact('maximum(a, b)', (a: Tensor, b: Operand): Tensor => maximumOp(a, b));

/** The smaller of a and b; NaN if either is. */
export const minimum = exact('minimum(a, b)', (a: Tensor, b: Operand): Tensor => minimumOp(a, b));

/** The larger of a and b; if one is NaN, the other. */
export const fmax = exact('fmax(a, b)', (a: Tensor, b: Tensor): Tensor => {
  checkTensors('fmax', { a, b });
  return fmaxOp(a, b);
});

/** The smaller of a and b; if one is NaN, the other. */
export const fmin = exact('fmin(a, b)', (a: Tensor, b: Tensor): Tensor => {
  checkTensors('fmin', { a, b });
  return fminOp(a, b);
});

/** The angle of the point (b, a), in (-π, π]. */
export const atan2 = exact('atan2(a, b)', (a: Tensor, b: Tensor): Tensor => {
  checkTensors('atan2', { a, b });
  return atan2Op(a, b);
});

/** √(a² + b²), without overflow. */
export const hypot = exact('hypot(a, b)', (a: Tensor, b: Tensor): Tensor => {
  checkTensors('hypot', { a, b });
  return hypotOp(a, b);
});

/** a · log b, and 0 where a = 0. */
export const xlogy = exact('xlogy(a, b)', (a: Tensor, b: Operand): Tensor => xlogyOp(a, b));

/** log(e^a + e^b), without overflow. */
export const logaddexp = exact('logaddexp(a, b)', (a: Tensor, b: Tensor): Tensor => {
  checkTensors('logaddexp', { a, b });
  return logaddexpOp(a, b);
});

/** log₂(2^a + 2^b), without overflow. */
export const logaddexp2 = exact('logaddexp2(a, b)', (a: Tensor, b: Tensor): Tensor => {
  checkTensors('logaddexp2', { a, b });
  return logaddexp2Op(a, b);
});

/** |a| with the sign of b. */
export const copysign = exact('copysign(a, b)', (a: Tensor, b: Operand): Tensor => copysignOp(a, b));

/**
 * 0 where x < 0, `values` where x = 0, 1 where x > 0; its gradient is zero.
 *
 * @param values a tensor of x's dtype, or a number; it gets no gradient
 * @throws DTypeError if the dtypes differ
 * @differs PyTorch has no gradient here, and takes no number
 * @source notes 2.2
 */
export const heaviside = exact('heaviside(x, values)', (x: Tensor, values: Tensor | number): Tensor => {
  checkTensors('heaviside', { x });
  checkOperand('heaviside', 'values', values);
  if (!(values instanceof Tensor)) return heavisideOp(x, values);
  if (x.dtype !== values.dtype)
    throw new DTypeError(
      'heaviside',
      `both operands need the same dtype, they are ${x.dtype} and ${values.dtype}`,
    );
  return heavisideOp(x, values.detach());
});

const inPlaceForm = (name: string, f: (x: Tensor, other: Operand) => Tensor, kernel: BinaryOp) =>
  exact(
    `${name}(x, other)`,
    (x: Tensor, other: Operand): Tensor =>
      change(
        name,
        x,
        [other],
        (y) => f(y, other),
        () => binaryDirect(kernel, x, other),
      ),
  );

/** x += alpha · other. */
export function add_(x: Tensor, other: Operand, options?: AlphaOptions): Tensor {
  const { alpha } = readAlpha('add_', options);
  return change(
    'add_',
    x,
    [other],
    (y) => add(y, other, options),
    () => (alpha === 1 ? binaryDirect('add', x, other) : binaryDirect('addScaled', x, other, alpha)),
  );
}

/** x -= alpha · other. */
export function sub_(x: Tensor, other: Operand, options?: AlphaOptions): Tensor {
  const { alpha } = readAlpha('sub_', options);
  return change(
    'sub_',
    x,
    [other],
    (y) => sub(y, other, options),
    () => (alpha === 1 ? binaryDirect('sub', x, other) : binaryDirect('addScaled', x, other, -alpha)),
  );
}

/** x *= other. */
export const mul_ = inPlaceForm('mul_', mulOp, 'mul');
/** x /= other. */
export function div_(x: Tensor, other: Operand, options?: DivOptions): Tensor {
  const { roundingMode } = readDiv('div_', options);
  return change(
    'div_',
    x,
    [other],
    (y) => div(y, other, options),
    () => roundingMode === null && binaryDirect('div', x, other),
  );
}
/** x = x^other. */
export const pow_ = inPlaceForm('pow_', pow, 'pow');
/** x = remainder(x, other). */
export const remainder_ = inPlaceForm('remainder_', remainderOp, 'remainder');

attach({
  add,
  sub,
  rsub,
  mul,
  div,
  floorDivide,
  remainder,
  fmod,
  /**
   * x^exponent.
   * @throws ArgumentError for integers to the power of a negative whole number
   */
  pow: exact('pow(x, exponent)', (x: Tensor, exponent: Operand): Tensor => pow(x, exponent)),
  maximum,
  minimum,
  fmax,
  fmin,
  atan2,
  hypot,
  xlogy,
  logaddexp,
  logaddexp2,
  copysign,
  heaviside,
  add_,
  sub_,
  mul_,
  div_,
  pow_,
  remainder_,
});
