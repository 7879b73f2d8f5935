import { exact } from '../../core/exact.js';
import { checkTensors } from '../../tensor/argument.js';
import { attach } from '../../tensor/attach.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Operand } from '../promotion.js';
import { defineBinary, fusedGradient } from './pointwise.js';

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

attach({
  maximum,
  minimum,
  fmax,
  fmin,
});
