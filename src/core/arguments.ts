import { describe, slip } from './describe.js';
import { ArgumentError } from './errors.js';
import { callback, checkOption, numberList, type Option, type Spec, text } from './options.js';

const anyText = text(undefined);
const anyFunction = callback();
const anyNumbers = numberList(undefined);

const anyObject: Option<unknown> = {
  wanted: 'an object',
  default: undefined,
  accepts: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};
const anySeveral: Option<unknown> = {
  wanted: 'a list or another iterable',
  default: undefined,
  accepts: (value) =>
    typeof (value as { [Symbol.iterator]?: unknown } | null)?.[Symbol.iterator] === 'function',
};

/** @throws ArgumentError unless the argument is a string */
export const requireText = (operation: string, name: string, value: unknown): void =>
  checkOption(operation, name, anyText, value);

const path: Option<unknown> = {
  wanted: "a path, a string that isn't empty",
  default: undefined,
  accepts: (value) => typeof value === 'string' && value !== '' && !value.includes('\0'),
};

/** @throws ArgumentError unless the argument can be the path of a file or a folder */
export const requirePath = (operation: string, name: string, value: unknown): void =>
  checkOption(operation, name, path, value);

const fileName: Option<unknown> = {
  wanted: 'a name that can be part of that of a file: not empty, without / and \\, not . or ..',
  default: undefined,
  accepts: (value) => path.accepts(value) && !/[/\\]|^\.{1,2}$/.test(value as string),
};

/** @throws ArgumentError unless the argument can be a file's name, which doesn't lead out of its folder */
export const requireFileName = (operation: string, name: string, value: unknown): void =>
  checkOption(operation, name, fileName, value);

/** @throws ArgumentError unless the argument is a function */
export const requireFunction = (operation: string, name: string, value: unknown): void =>
  checkOption(operation, name, anyFunction, value);

/** @throws ArgumentError unless the argument is a list */
export function requireList(operation: string, name: string, value: unknown): void {
  if (Array.isArray(value)) return;
  const hint =
    typeof value === 'number'
      ? `
  hint: several are one list, ${operation}([${value}, …])`
      : slip(value);
  throw new ArgumentError(operation, `${name} must be a list, got ${describe(value)}${hint}`);
}

/** @throws ArgumentError unless the argument is an object that isn't a list */
export const requireObject = (operation: string, name: string, value: unknown): void =>
  checkOption(operation, name, anyObject, value);

/**
 * For a constructor that only the library calls.
 *
 * @param part an object among its arguments, which is missing if JavaScript calls it
 * @param how what makes such an object instead
 * @throws ArgumentError if it's missing
 */
export function requireMade(name: string, part: unknown, how: string): void {
  if (typeof part !== 'object' || part === null)
    throw new ArgumentError(name, `can't be made with new\n  hint: ${how} makes one`);
}

/** @throws ArgumentError unless the argument can be walked with for … of */
export const requireIterable = (operation: string, name: string, value: unknown): void =>
  checkOption(operation, name, anySeveral, value);

/** The entries of an object, or of a list of pairs. @throws ArgumentError for anything else, naming the item */
export function entriesOf<T>(
  operation: string,
  items: Readonly<Record<string, T>> | Iterable<readonly [string, T]>,
): (readonly [string, T])[] {
  if (typeof items !== 'object' || items === null)
    throw new ArgumentError(operation, `needs names and values, got ${describe(items)}${slip(items)}`);
  const entries =
    Symbol.iterator in items ? [...(items as Iterable<readonly [string, T]>)] : Object.entries(items);
  for (const [i, entry] of entries.entries())
    if (!Array.isArray(entry) || entry.length !== 2 || typeof entry[0] !== 'string')
      throw new ArgumentError(operation, `item ${i} must be [name, value], got ${describe(entry)}`);
  return entries;
}

/** @throws ArgumentError unless it is an object with what the spec says; what isn't required may be absent */
export function requireRecord(operation: string, name: string, value: unknown, spec: Spec): void {
  requireObject(operation, name, value);
  for (const [key, option] of Object.entries(spec)) {
    const part = (value as Readonly<Record<string, unknown>>)[key];
    if (part !== undefined || option.required) checkOption(operation, `${name}.${key}`, option, part);
  }
}

/** @throws ArgumentError unless it is a list of objects, each with what the spec says */
export function requireRecords(operation: string, name: string, list: unknown, spec: Spec): void {
  requireList(operation, name, list);
  for (const [i, item] of (list as readonly unknown[]).entries())
    requireRecord(operation, `${name}[${i}]`, item, spec);
}

/** @throws ArgumentError unless the argument is a list of numbers, typed or not */
export const requireNumbers = (operation: string, name: string, value: unknown): void =>
  checkOption(operation, name, anyNumbers, value);

const batchesOption: Option<unknown> = {
  wanted: 'batches to walk through, such as a DataLoader',
  default: undefined,
  accepts: (value) =>
    typeof value === 'object' &&
    value !== null &&
    (Symbol.asyncIterator in value || Symbol.iterator in value),
};

/** @throws ArgumentError unless the argument can be walked with for await … of */
export const requireBatches = (operation: string, name: string, value: unknown): void =>
  checkOption(operation, name, batchesOption, value);

const bytes: Option<unknown> = {
  wanted: 'bytes, a Uint8Array',
  default: undefined,
  accepts: (value) => value instanceof Uint8Array,
};

/** @throws ArgumentError unless the argument is a Uint8Array */
export const requireBytes = (operation: string, name: string, value: unknown): void =>
  checkOption(operation, name, bytes, value);
