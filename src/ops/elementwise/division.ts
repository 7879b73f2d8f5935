import { exact } from '../../core/exact.js';
import { defineOptions, nullable, word } from '../../core/options.js';
import { checkTensors } from '../../tensor/argument.js';
import { attach } from '../../tensor/attach.js';
import type { Tensor } from '../../tensor/tensor.js';
import { zerosLike } from '../creation/creation.js';
import type { Operand } from '../promotion.js';
import { binaryDirect, binaryInPlace, change } from './in-place.js';
import { defineBinary, fusedGradient } from './pointwise.js';

const divOp = defineBinary({
  name: 'div',
  kernel: 'div',
  floating: true,
  saves: 'operands',
  gradA: (g, _, b) => g.div(b),
  gradB: (g, a, b) => g.mul(divOp(divOp(a, b), b)).neg(),
  fusedB: (g, a, b) => fusedGradient('divBackward', g, a, b, -1),
});

const floorDivideOp = defineBinary({
  name: 'floorDivide',
  kernel: 'floorDivide',
  divides: true,
  saves: 'nothing',
  gradA: (g) => zerosLike(g),
  gradB: (g) => zerosLike(g),
});

const truncDivideOp = defineBinary({
  name: 'div',
  kernel: 'truncDivide',
  divides: true,
  saves: 'nothing',
  gradA: (g) => zerosLike(g),
  gradB: (g) => zerosLike(g),
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
 * @differs integers divided by a 0 in a tensor stay unchanged (PyTorch throws)
 */
export const remainder = exact('remainder(a, b)', (a: Tensor, b: Operand): Tensor => remainderOp(a, b));

/**
 * The remainder with the sign of a, like C's `fmod`.
 * @throws ArgumentError for integers divided by the number 0
 * @differs integers divided by a 0 in a tensor stay unchanged (PyTorch throws)
 */
export const fmod = exact('fmod(a, b)', (a: Tensor, b: Operand): Tensor => fmodOp(a, b));

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

/** x = remainder(x, other). */
export const remainder_ = binaryInPlace('remainder_', 'remainder', remainderOp);

attach({
  div,
  floorDivide,
  remainder,
  fmod,
  div_,
  remainder_,
});
