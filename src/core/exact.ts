import { describe, isPlainObject } from './describe.js';
import { ArgumentError, MyelinError } from './errors.js';

// JavaScript drops the arguments that a function doesn't take. Here they are an error: `relu(x, true)` isn't
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

const operationIn = (signature: string): string => signature.slice(0, signature.indexOf('('));

const parametersIn = (signature: string): readonly string[] => signature.match(/\w+(?=[,)])/g) ?? [];

/**
 * @param own arguments that the function does take; of a method, those after the tensor
 * @throws ArgumentError if there are more than these
 */
export function noMore(signature: string, own: readonly unknown[], surplus: readonly unknown[]): void {
  if (surplus.length === 0) return;
  const operation = operationIn(signature);
  const all = parametersIn(signature);
  const names = all.slice(all.length - own.length);
  const many = surplus.length === 1 ? 'an argument' : `${surplus.length} arguments`;
  const takes = names.length === 0 ? 'no arguments, got' : `(${names.join(', ')}), got ${many} too many:`;
  const list = [own.at(-1), ...surplus];
  let hint = '';
  if (surplus.some((value) => isPlainObject(value) && 'inplace' in value)) hint = inplaceHint;
  else if (/(s|shape)$/.test(names.at(-1) ?? '') && list.every((value) => typeof value === 'number'))
    hint = `\n  hint: several are one list, ${operation}(${[...names.slice(0, -1), `[${list.join(', ')}]`].join(', ')})`;
  else if (names.length === 1 && typeof surplus[0] === 'number')
    hint = `\n  hint: as a callback, write (${names[0]}) => ${operation}(${names[0]})`;
  throw new ArgumentError(operation, `takes ${takes} ${surplus.map(describe).join(', ')}${hint}`);
}

/**
 * Whether a function was given to `map`, `reduce` or `forEach`, which call it with the place of its last argument
 * and the whole, too.
 */
function isFromWhole(args: readonly unknown[], most: number): boolean {
  if (args.length !== most + 2 || most === 0) return false;
  const [item, place, whole] = args.slice(most - 1);
  if (whole instanceof Set || whole instanceof Map) return true;
  return Array.isArray(whole) && typeof place === 'number' && whole[place] === item;
}

const relays = new WeakSet<AnyFunction>();

/** The same function, which runs work of the caller's: errors of that work keep their names. */
export function relaying<F extends AnyFunction>(f: F): F {
  relays.add(f);
  return f;
}

export const isRelaying = (f: AnyFunction): boolean => relays.has(f);

/** What an operation gave; errors of a promise name the operation. */
export const namedResult = (operation: string, result: unknown): unknown =>
  result instanceof Promise
    ? result.catch((error: unknown) => {
        throw MyelinError.inName(error, operation);
      })
    : result;

/** The same function of others, whose errors, and those of its promise, name it instead of the part that threw. */
export function named<F extends AnyFunction>(operation: string, f: F): F {
  const call = f as AnyFunction as (...args: unknown[]) => unknown;
  const outer = (...args: unknown[]): unknown => {
    try {
      return namedResult(operation, call(...args));
    } catch (error) {
      throw MyelinError.inName(error, operation);
    }
  };
  Object.defineProperty(outer, 'name', { value: operation });
  const own = made.get(f);
  if (own !== undefined) made.set(outer, { ...own, signature: own.signature.replace(/^\w+/, operation) });
  return outer as AnyFunction as F;
}

/**
 * The same function, with an error for arguments that it doesn't take, and its name in all that it
 * throws.
 *
 * @param signature how a call is written: `adaptiveAvgPool2d(x, outputSize)`
 * @param errors 'relays' if it runs the caller's code, whose errors keep their names
 */
export function exact<F extends AnyFunction>(signature: string, f: F, errors?: 'relays'): F {
  const most = parametersIn(signature).length;
  const operation = operationIn(signature);
  const call = f as AnyFunction as (...args: unknown[]) => unknown;
  const checked = (...args: unknown[]): unknown => {
    if (args.length > most && !isFromWhole(args, most))
      noMore(signature, args.slice(0, most), args.slice(most));
    if (errors === 'relays') return call(...args);
    try {
      return namedResult(operation, call(...args));
    } catch (error) {
      throw MyelinError.inName(error, operation);
    }
  };
  Object.defineProperty(checked, 'name', { value: operation });
  made.set(checked, { call: f, signature, most });
  return checked as AnyFunction as F;
}

/** The function that `exact` was given, for callers that count themselves. */
export const behind = (f: AnyFunction): Exact =>
  made.get(f) ?? { call: f, signature: '', most: Number.POSITIVE_INFINITY };
