import { FileFormatError } from '../core/errors.js';

/** A file that is in order, but has a value that Myelin has no type for: text, complex numbers, an integer beyond int32. */
export class UnsupportedError extends FileFormatError {}

/**
 * Sets a property to what `read` returns. Where that is not supported, the others stay readable: the property is
 * there, and whoever asks for it gets the error.
 */
export function setReadable(target: object, key: PropertyKey, read: () => unknown): void {
  let found: PropertyDescriptor;
  try {
    found = { value: read(), writable: true };
  } catch (error) {
    if (!(error instanceof UnsupportedError)) throw error;
    found = {
      get: () => {
        throw error;
      },
    };
  }
  // Defined, not assigned: a key such as __proto__ is a key like any other.
  Object.defineProperty(target, key, { ...found, enumerable: true, configurable: true });
}
