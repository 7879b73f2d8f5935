import { DTypeError } from '../../core/errors.js';
import { exact } from '../../core/exact.js';
import { checkTensors } from '../../tensor/argument.js';
import { attach } from '../../tensor/attach.js';
import { Tensor } from '../../tensor/tensor.js';
import { zerosLike } from '../creation/creation.js';
import { checkOperand, type Operand } from '../promotion.js';
import { defineBinary, fusedGradient } from './pointwise.js';

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
  gradB: (g, a, b) => g.mul((a as Tensor).div(b)),
});

const logaddexpOp = defineBinary({
  name: 'logaddexp',
  kernel: 'logaddexp',
  floating: true,
  saves: 'operands',
  gradA: (g, a, b) => g.mul((a as Tensor).sub(b).sigmoid()),
  gradB: (g, a, b) => g.mul((b as Tensor).sub(a).sigmoid()),
});

const logaddexp2Op = defineBinary({
  name: 'logaddexp2',
  kernel: 'logaddexp2',
  floating: true,
  saves: 'operands',
  gradA: (g, a, b) => g.mul((a as Tensor).sub(b).mul(Math.LN2).sigmoid()),
  gradB: (g, a, b) => g.mul((b as Tensor).sub(a).mul(Math.LN2).sigmoid()),
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
  gradB: (g) => zerosLike(g),
});

const heavisideOp = defineBinary({
  name: 'heaviside',
  kernel: 'heaviside',
  saves: 'nothing',
  gradA: (g) => zerosLike(g),
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
      `both operands need the same dtype, got ${x.dtype} and ${values.dtype}`,
    );
  return heavisideOp(x, values.detach());
});

attach({
  atan2,
  hypot,
  xlogy,
  logaddexp,
  logaddexp2,
  copysign,
  heaviside,
});
