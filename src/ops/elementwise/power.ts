import { ArgumentError } from '../../core/errors.js';
import { exact, noMore } from '../../core/exact.js';
import { attach } from '../../tensor/attach.js';
import { Tensor } from '../../tensor/tensor.js';
import { zerosLike } from '../creation/creation.js';
import type { Operand } from '../promotion.js';
import { binaryInPlace } from './in-place.js';
import { defineBinary, defineUnary, fusedGradient } from './pointwise.js';

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
      return Number(b) === 0 ? zerosLike(g) : g.mul(pow(a as Tensor, Number(b) - 1).mul(b));
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

/** x = x^other. */
export const pow_ = binaryInPlace('pow_', 'pow', pow);

attach({
  /**
   * x^exponent.
   * @throws ArgumentError for integers to the power of a negative whole number
   */
  pow: exact('pow(x, exponent)', (x: Tensor, exponent: Operand): Tensor => pow(x, exponent)),
  pow_,
});
