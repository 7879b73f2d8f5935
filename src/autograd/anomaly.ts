import { isFloat } from '../core/dtype.js';
import { formatShape, NonFiniteError } from '../core/errors.js';
import { elementsNow } from '../tensor/inspect.js';
import type { Tensor } from '../tensor/tensor.js';

type Operands = Tensor | readonly (Tensor | null)[];

/** Looks at what an operation made; throws if it finds a fault. */
export type Inspection = (
  operation: string,
  phase: 'forward' | 'backward',
  operands: Operands,
  results: Operands,
  attrs: unknown,
  /** Number of the operation's node in the graph, if it was recorded. */
  sequence?: number,
) => void;

const instead = "detectAnomaly looks at every result: make the model after setEngine('wasm')";

/** The first tensor with an element that is `bad`, and that element. */
function find(
  tensors: Operands,
  bad: (value: number) => boolean,
): { tensor: Tensor; value: number } | undefined {
  const list = Array.isArray(tensors) ? (tensors as readonly (Tensor | null)[]) : [tensors as Tensor];
  for (const tensor of list) {
    if (tensor === null || !isFloat(tensor.dtype)) continue;
    const value = elementsNow('detectAnomaly', tensor, instead).find(bad);
    if (value !== undefined) return { tensor, value };
  }
  return undefined;
}

const isInfinite = (value: number): boolean => value === Infinity || value === -Infinity;

const describe = ({ tensor }: { tensor: Tensor }): string =>
  `in a ${tensor.dtype} tensor ${formatShape(tensor.shape)}`;

/** Throws if a result has a NaN, saying whether the operands had one already. */
export const inspectNaN: Inspection = (operation, phase, operands, results) => {
  const bad = find(results, Number.isNaN);
  if (!bad) return;
  throw new NonFiniteError(
    operation,
    `${phase} made a NaN ${describe(bad)}` +
      (find(operands, Number.isNaN) ? ', an operand of which had a NaN already' : '; its operands have none'),
  );
};

/** Whether an infinity was asked for: the fill of a mask, a bound. */
const asksForInfinity = (attrs: unknown): boolean =>
  typeof attrs === 'object' &&
  attrs !== null &&
  Object.values(attrs).some((value) => typeof value === 'number' && isInfinite(value));

/** Throws if a result has a NaN that no operand has, or an infinity where all operands are finite. */
export const inspectNonFinite: Inspection = (operation, phase, operands, results, attrs) => {
  const nan = find(results, Number.isNaN);
  if (nan && !find(operands, Number.isNaN))
    throw new NonFiniteError(operation, `${phase} made a NaN ${describe(nan)}; its operands have none`);
  const infinite = find(results, isInfinite);
  if (infinite && !asksForInfinity(attrs) && !find(operands, (value) => !Number.isFinite(value)))
    throw new NonFiniteError(
      operation,
      `${phase} made ${infinite.value} ${describe(infinite)}; its operands are finite`,
    );
};
