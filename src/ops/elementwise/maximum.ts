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

const extreme = (name: 'maximum' | 'minimum', boolKernel: 'bitwiseOr' | 'bitwiseAnd', loses: 'gt' | 'lt') =>
  defineBinary({
    name,
    kernel: name,
    boolKernel,
    saves: 'operands',
    gradA: (g, a, b) => winner(g, a, b, loses),
    gradB: (g, a, b) => winner(g, b, a, loses),
    fusedA: (g, a, b) => fusedGradient(`${name}Backward`, g, a, b),
    fusedB: (g, a, b) => fusedGradient(`${name}Backward`, g, b, a),
  });

const maximumOp = extreme('maximum', 'bitwiseOr', 'lt');
const minimumOp = extreme('minimum', 'bitwiseAnd', 'gt');

/** Where the result is the first operand: it wins ties, and wherever the other is NaN. */
const taken = (a: Operand, b: Operand, wins: 'ge' | 'le'): Tensor =>
  (a as Tensor)[wins](b).logicalOr((b as Tensor).isnan());

const extremeNumber = (name: 'fmax' | 'fmin', wins: 'ge' | 'le') =>
  defineBinary({
    name,
    kernel: name,
    floating: true,
    saves: 'operands',
    gradA: (g, a, b) => g.where(taken(a, b, wins), 0),
    gradB: (g, a, b) => g.where(taken(a, b, wins).logicalNot(), 0),
  });

const fmaxOp = extremeNumber('fmax', 'ge');
const fminOp = extremeNumber('fmin', 'le');

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
