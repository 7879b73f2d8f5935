import { isFloat } from '../../core/dtype.js';
import { exact, named } from '../../core/exact.js';
import { anyNumber, defineOptions } from '../../core/options.js';
import { checkTensors } from '../../tensor/argument.js';
import { attach } from '../../tensor/attach.js';
import { Tensor } from '../../tensor/tensor.js';
import { checkOperand, commonType, type Operand, requireWhole } from '../promotion.js';
import { binaryDirect, binaryInPlace, change } from './in-place.js';
import { defineBinary } from './pointwise.js';

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
export const mul_ = binaryInPlace('mul_', 'mul', mulOp);

attach({
  add,
  sub,
  rsub,
  mul,
  add_,
  sub_,
  mul_,
});
