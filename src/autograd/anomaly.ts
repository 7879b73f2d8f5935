import { isFloat } from '../core/dtype.js';
import { formatShape, NonFiniteError } from '../core/errors.js';
import type { Tensor } from '../tensor/tensor.js';

type Operands = Tensor | readonly (Tensor | null)[];

function firstNaN(tensors: Operands): Tensor | undefined {
  const list = Array.isArray(tensors) ? (tensors as readonly (Tensor | null)[]) : [tensors as Tensor];
  for (const x of list) if (x && isFloat(x.dtype) && x.dataSync().some(Number.isNaN)) return x;
  return undefined;
}

/** Throws if a result has a NaN, saying whether the operands had one already. */
export function checkFinite(
  operation: string,
  phase: 'forward' | 'backward',
  operands: Operands,
  results: Operands,
): void {
  const bad = firstNaN(results);
  if (!bad) return;
  const inherited = firstNaN(operands);
  throw new NonFiniteError(
    operation,
    `${phase} made a NaN in a ${bad.dtype} tensor ${formatShape(bad.shape)}` +
      (inherited ? ', an operand of which had a NaN already' : '; its operands have none'),
  );
}
