import { describe, slip } from './describe.js';
import { ArgumentError } from './errors.js';
import { callback, checkOption, type Option, text } from './options.js';

const anyText = text(undefined);
const anyFunction = callback();

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
  wanted: 'a path, a string that is not empty',
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
  throw new ArgumentError(operation, `${name} must be a list, not ${describe(value)}${hint}`);
}

/** @throws ArgumentError unless the argument is an object that is no list */
export const requireObject = (operation: string, name: string, value: unknown): void =>
  checkOption(operation, name, anyObject, value);

/** @throws ArgumentError unless the argument can be walked with for … of */
export const requireIterable = (operation: string, name: string, value: unknown): void =>
  checkOption(operation, name, anySeveral, value);

const bytes: Option<unknown> = {
  wanted: 'bytes, a Uint8Array',
  default: undefined,
  accepts: (value) => value instanceof Uint8Array,
};

/** @throws ArgumentError unless the argument is a Uint8Array */
export const requireBytes = (operation: string, name: string, value: unknown): void =>
  checkOption(operation, name, bytes, value);
