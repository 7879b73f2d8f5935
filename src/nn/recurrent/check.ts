import { DTypeError } from '../../core/errors.js';
import type { Tensor } from '../../tensor/tensor.js';

/** @throws DTypeError unless an operand has the dtype of the weights */
export function requireDTypeOf(
  owner: string,
  weight: Tensor,
  operands: Readonly<Record<string, Tensor | null>>,
): void {
  for (const [name, x] of Object.entries(operands))
    if (x !== null && x.dtype !== weight.dtype)
      throw new DTypeError(
        owner,
        `${name} is ${x.dtype}, the weights are ${weight.dtype}\n  hint: ${
          x.dtype === 'int32' ? 'nn.Embedding makes vectors of indices' : 'convert one with to()'
        }`,
      );
}
