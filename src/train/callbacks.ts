import { describe, isPlainObject, slip } from '../core/describe.js';
import { ArgumentError } from '../core/errors.js';
import { nearest } from '../core/nearest.js';
import type { TrainerCallback } from './trainer-options.js';

const events = {
  onStart: true,
  onStep: true,
  onEpochEnd: true,
  onEnd: true,
} satisfies Record<keyof TrainerCallback, true>;

const names = Object.keys(events) as (keyof TrainerCallback)[];

/** Names of an object's own properties and of its class's methods. */
function membersOf(object: object): string[] {
  const found = new Set<string>();
  let part: object | null = object;
  while (part !== null && part !== Object.prototype) {
    for (const name of Object.getOwnPropertyNames(part)) if (name !== 'constructor') found.add(name);
    part = Object.getPrototypeOf(part) as object | null;
  }
  return [...found];
}

/** @throws ArgumentError for callbacks that would never be called, or can't be */
export function requireCallbacks(operation: string, callbacks: readonly TrainerCallback[]): void {
  for (const [i, callback] of callbacks.entries()) {
    const members = callback as Readonly<Record<string, unknown>>;
    for (const name of names)
      if (members[name] !== undefined && typeof members[name] !== 'function')
        throw new ArgumentError(
          operation,
          `callbacks[${i}].${name} must be a function, got ${describe(members[name])}${slip(members[name])}`,
        );
    const all = membersOf(callback);
    const isCallback = names.some((name) => all.includes(name));
    for (const name of all) {
      if (name in events || !(/^on[A-Z_]/.test(name) || (!isCallback && isPlainObject(callback)))) continue;
      if (typeof members[name] !== 'function') continue;
      const near = nearest(name, names);
      throw new ArgumentError(
        operation,
        `callbacks[${i}].${name} would never be called; ${near === undefined ? `the callbacks are ${names.join(', ')}` : `did you mean '${near}'?`}`,
      );
    }
  }
}
