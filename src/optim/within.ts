import { ArgumentError } from '../core/errors.js';

/** Runs a check on values in a state or a group; errors name the path. */
export function within<R>(where: string, path: string, check: () => R): R {
  try {
    return check();
  } catch (error) {
    if (error instanceof ArgumentError) throw new ArgumentError(where, `${path}: ${error.detail}`);
    throw error;
  }
}
