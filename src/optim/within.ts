import { ArgumentError } from '../core/errors.js';

/** Runs a check of values that come from a state; its error says where in the state they stand. */
export function within<R>(where: string, path: string, check: () => R): R {
  try {
    return check();
  } catch (error) {
    if (error instanceof ArgumentError) throw new ArgumentError(where, `${path}: ${error.detail}`);
    throw error;
  }
}
