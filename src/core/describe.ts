/** Whether a value is written as options are, `{ … }`, and nothing else that is an object. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Each realm has its own Object.prototype.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

const named = (name: string): string => `${/^([AEIO]|U(?!int|RL))/.test(name) ? 'an' : 'a'} ${name}`;

/** Whether a function is a class, which only `new` may call. */
export const isClass = (value: object): boolean =>
  'prototype' in value && Object.getOwnPropertyDescriptor(value, 'prototype')?.writable === false;

/** A value as an error message shows it: `'SAME'`, `2`, `[1, 2]`, `{ dim }`, `a Tensor`. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return value.length > 40 ? `'${value.slice(0, 40)}…'` : `'${value}'`;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function' && isClass(value)) return `the class ${value.name}`;
  if (typeof value === 'function') return value.name === '' ? 'a function' : `the function ${value.name}`;
  if (typeof value === 'symbol') return 'a symbol';
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) {
    const shown = value.slice(0, 6).map((item) => (Array.isArray(item) ? '[…]' : describe(item)));
    return `[${shown.join(', ')}${value.length > 6 ? ', …' : ''}]`;
  }
  if (!isPlainObject(value)) return named(value.constructor?.name || 'object');
  const keys = Object.keys(value);
  return keys.length === 0 ? '{}' : `{ ${keys.slice(0, 6).join(', ')}${keys.length > 6 ? ', …' : ''} }`;
}

/** Words as a message offers them: `'mean', 'sum' or 'none'`. */
export const oneOfWords = (words: readonly string[]): string =>
  words
    .map((word) => `'${word}'`)
    .join(', ')
    .replace(/, ([^,]*)$/, ' or $1');

/** What to add to the message where something else was needed: the usual slips. */
export const slip = (value: unknown): string => (value instanceof Promise ? '\n  hint: await it first' : '');

/** `1 epoch`, `2 epochs` */
export const plural = (count: number, one: string, several = `${one}s`): string =>
  `${count} ${count === 1 ? one : several}`;
