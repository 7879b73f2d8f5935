import { describe, isPlainObject } from './describe.js';
import { ArgumentError } from './errors.js';

// JavaScript drops the arguments that a function doesn't take. Here they are an error: `relu(x, true)` is not
// what whoever wrote it believes.

type AnyFunction = (...args: never[]) => unknown;

interface Exact {
  readonly call: AnyFunction;
  /** How a call is written: `adaptiveAvgPool2d(x, outputSize)`. */
  readonly signature: string;
  /** How many arguments there are at most. */
  readonly most: number;
}

/** What is behind the functions that `exact` made. */
const made = new WeakMap<AnyFunction, Exact>();

/** What to say to whoever asks for `inplace`. */
export const inplaceHint =
  '\n  hint: leave inplace out: memory is reused as soon as nothing needs it; relu_() and its kind change a tensor itself';

const parametersIn = (signature: string): readonly string[] => signature.match(/\w+(?=[,)])/g) ?? [];

/**
 * @param own arguments that the function does take; of a method, those after the tensor
 * @throws ArgumentError if there are more than these
 */
export function noMore(signature: string, own: readonly unknown[], surplus: readonly unknown[]): void {
  if (surplus.length === 0) return;
  const operation = signature.slice(0, signature.indexOf('('));
  const all = parametersIn(signature);
  const names = all.slice(all.length - own.length);
  const many = surplus.length === 1 ? 'an argument' : `${surplus.length} arguments`;
  const takes = names.length === 0 ? 'no arguments, got' : `(${names.join(', ')}), got ${many} too many:`;
  const list = [own.at(-1), ...surplus];
  let hint = '';
  if (surplus.some((value) => isPlainObject(value) && 'inplace' in value)) hint = inplaceHint;
  else if (/(s|shape)$/.test(names.at(-1) ?? '') && list.every((value) => typeof value === 'number'))
    hint = `\n  hint: several are one list, ${operation}(${[...names.slice(0, -1), `[${list.join(', ')}]`].join(', ')})`;
  throw new ArgumentError(operation, `takes ${takes} ${surplus.map(describe).join(', ')}${hint}`);
}

/** Whether a function of one argument was given to `map`, which calls it with the index and the list, too. */
const isFromMap = ([item, index, list]: readonly unknown[]): boolean =>
  Array.isArray(list) && typeof index === 'number' && list[index] === item;

/**
 * The same function, with an error for arguments that it doesn't take.
 *
 * @param signature how a call is written: `adaptiveAvgPool2d(x, outputSize)`
 */
export function exact<F extends AnyFunction>(signature: string, f: F): F {
  const most = parametersIn(signature).length;
  const call = f as AnyFunction as (...args: unknown[]) => unknown;
  const checked = (...args: unknown[]): unknown => {
    if (args.length > most && !(most === 1 && args.length === 3 && isFromMap(args)))
      noMore(signature, args.slice(0, most), args.slice(most));
    return call(...args);
  };
  made.set(checked, { call: f, signature, most });
  return checked as AnyFunction as F;
}

/** The function that `exact` was given, for callers that count themselves. */
export const behind = (f: AnyFunction): Exact =>
  made.get(f) ?? { call: f, signature: '', most: Number.POSITIVE_INFINITY };
