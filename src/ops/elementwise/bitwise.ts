import { defineOp } from '../../autograd/op.js';
import { isFloat } from '../../core/dtype.js';
import { DTypeError } from '../../core/errors.js';
import { exact } from '../../core/exact.js';
import { checkTensors } from '../../tensor/argument.js';
import { attach } from '../../tensor/attach.js';
import { emptyLike, type Tensor } from '../../tensor/tensor.js';
import { commonType, type Operand } from '../promotion.js';
import { defineBinary } from './pointwise.js';

/** An operation on the bits of integers, and of booleans if `bool` is true. */
function bits(
  name: string,
  kernel: 'bitwiseAnd' | 'bitwiseOr' | 'bitwiseXor' | 'shiftLeft' | 'shiftRight',
  bool: boolean,
) {
  const op = defineBinary(
    bool ? { name, kernel, boolKernel: kernel, saves: 'nothing' } : { name, kernel, saves: 'nothing' },
  );
  return exact(`${name}(a, b)`, (a: Tensor, b: Operand): Tensor => {
    const dtype = commonType(name, a, b);
    if (isFloat(dtype))
      throw new DTypeError(name, `is defined for integers${bool ? ' and bool' : ''}, not ${dtype}`);
    return op(a, b);
  });
}

/** The bits that are set in both a and b. */
export const bitwiseAnd = bits('bitwiseAnd', 'bitwiseAnd', true);
/** The bits that are set in a or b. */
export const bitwiseOr = bits('bitwiseOr', 'bitwiseOr', true);
/** The bits that are set in exactly one of a and b. */
export const bitwiseXor = bits('bitwiseXor', 'bitwiseXor', true);
/** a · 2^b; bits that are shifted out are lost. */
export const bitwiseLeftShift = bits('bitwiseLeftShift', 'shiftLeft', false);
/** ⌊a / 2^b⌋. */
export const bitwiseRightShift = bits('bitwiseRightShift', 'shiftRight', false);

const notOp = defineOp<[Tensor]>({
  name: 'bitwiseNot',
  forward(_, [x]) {
    const out = emptyLike(x);
    if (x.dtype === 'bool') out.engine.test('logicalNot', out, x);
    else out.engine.unary('bitwiseNot', out, x);
    return out;
  },
});

/** The bits that aren't set in x; for booleans, not x. */
export const bitwiseNot = exact('bitwiseNot(x)', (x: Tensor): Tensor => {
  checkTensors('bitwiseNot', { x });
  if (isFloat(x.dtype))
    throw new DTypeError('bitwiseNot', `is defined for integers and bool, not ${x.dtype}`);
  return notOp([x]);
});

attach({ bitwiseAnd, bitwiseOr, bitwiseXor, bitwiseLeftShift, bitwiseRightShift, bitwiseNot });
