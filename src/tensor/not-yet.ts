import { ArgumentError } from '../core/errors.js';
import { type Habit, hintOf } from '../core/habits.js';

/**
 * The same promise, which complains if it's used as the value that it will have: `total += x.item()` would
 * otherwise make the text `0[object Promise]`.
 */
export function notYet<T>(operation: string, promise: Promise<T>, habit: Habit): Promise<T> {
  return Object.defineProperty(promise, Symbol.toPrimitive, {
    value: () => {
      // If it fails, nobody's waiting for it anymore.
      promise.catch(() => {});
      throw new ArgumentError(operation, `a promise isn't a number yet${hintOf(habit)}`);
    },
    configurable: true,
  });
}
