import { FileFormatError } from '../core/errors.js';

/** A valid file with a value that Myelin has no type for: text, complex numbers, an integer beyond int32. */
export class UnsupportedError extends FileFormatError {}

/**
 * Sets a property to what `read` returns. If the value isn't supported, the others stay readable: the property
 * exists, but accessing it throws.
 */
export function setReadable<K extends string | number>(target: object, key: K, read: () => unknown): void {
  let value: unknown;
  try {
    value = read();
  } catch (error) {
    if (!(error instanceof UnsupportedError)) throw error;
    const get = (): never => {
      throw error;
    };
    Object.defineProperty(target, key, { get, enumerable: true, configurable: true });
    return;
  }
  // A key like any other.
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  else (target as Record<K, unknown>)[key] = value;
}
