import { describe } from '../core/describe.js';
import { ArgumentError, formatShape } from '../core/errors.js';
import { Tensor } from '../index.js';
import type { Scalars } from './trainer-options.js';

const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof (value as { then?: unknown } | null | undefined)?.then === 'function';

const RETURN = '\n  hint: write return { loss }';

function mistakeOf(value: unknown): string | undefined {
  if (isPromise(value)) {
    // Whether it resolves or rejects, this error is the one to report.
    value.then(undefined, () => {});
    return "a promise, but it isn't awaited\n  hint: remove 'async' and 'await', and return the tensors to read: the trainer reads and averages them";
  }
  if (value instanceof Tensor) return `a bare tensor${RETURN}`;
  if (value === undefined) return `nothing${RETURN}`;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return `${describe(value)}, which isn't an object of tensors${RETURN}`;
  return undefined;
}

function mistakeOfMember(name: string, value: unknown): string | undefined {
  if (value instanceof Tensor) {
    const hint = name === 'loss' ? `\n  hint: ${name}.mean()` : '';
    return value.count === 1
      ? undefined
      : `'${name}' of shape ${formatShape(value.shape)}, but it needs one element${hint}`;
  }
  const kind = typeof value === 'number' ? `the number ${value}` : isPromise(value) ? 'a promise' : undefined;
  return `'${name}' as ${kind ?? describe(value)}, but it needs a tensor\n  hint: return the tensor itself, without item() or itemSync()`;
}

/**
 * Checks and returns what a step or an update returned.
 *
 * @param who the function, for messages
 * @param needsLoss whether there must be a `loss` among the values
 * @throws ArgumentError naming the mistake
 */
export function scalarsOf<S extends Scalars>(
  operation: string,
  who: string,
  value: S,
  needsLoss: boolean,
): S {
  const wrong = (mistake: string): ArgumentError =>
    new ArgumentError(operation, `${who} returned ${mistake}`);
  const mistake = mistakeOf(value);
  if (mistake !== undefined) throw wrong(mistake);
  if (needsLoss && value.loss === undefined) throw wrong(`${describe(value)}, without a loss${RETURN}`);
  for (const [name, member] of Object.entries(value)) {
    const mistaken = mistakeOfMember(name, member);
    if (mistaken !== undefined) throw wrong(mistaken);
  }
  return value;
}
