import { FileFormatError } from '../core/errors.js';

/** A file that is in order, but has a value that Myelin has no type for: text, complex numbers, an integer beyond int32. */
export class UnsupportedError extends FileFormatError {}

/**
 * Sets a property to what `read` returns. Where that is not supported, the others stay readable: the property is
 * there, and whoever asks for it gets the error.
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
