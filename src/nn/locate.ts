import { isGradEnabled } from '../autograd/mode.js';
import { MyelinError } from '../core/errors.js';
import { lookingAt, wasLookedAt } from './hidden.js';
import type { Module } from './module.js';

/** The module whose forward threw, as long as the error travels outwards. */
const origins = new WeakMap<MyelinError, Module>();
const prepared = new WeakSet<object>();

export type Forward = (this: Module, ...inputs: unknown[]) => unknown;

/** Tells an error where in `module` it arose: the path to the module whose forward threw. */
function locate(error: MyelinError, module: Module): void {
  const origin = origins.get(error);
  if (origin === undefined) {
    origins.set(error, module);
    return;
  }
  const found = module.namedModules().find(([, inner]) => inner === origin);
  if (found && found[0] !== '') error.locate(found[0]);
}

/** Whether a forward is under way, so that the next one is from within it. */
let underway = false;

function run(module: Module, forward: Forward, inputs: unknown[]): unknown {
  const outer = underway;
  underway = true;
  try {
    return forward.apply(module, inputs);
  } catch (error) {
    if (error instanceof MyelinError) locate(error, module);
    throw error;
  } finally {
    underway = outer;
  }
}

/** Runs `work` as if it were the module's forward, called from within another. */
export const within = <R>(module: Module, work: () => R): R => run(module, work, []) as R;

/**
 * The same forward, with errors that know the path of the module in which they arose; the first one that records a
 * graph looks for parameters that the module hides.
 */
export function locating(forward: Forward): Forward {
  return function (...inputs) {
    return underway || !isGradEnabled() || wasLookedAt(this)
      ? run(this, forward, inputs)
      : lookingAt(this, inputs, () => run(this, forward, inputs));
  };
}

/** Wraps the `forward` of a class and of those it extends, once each. */
export function locateErrors(prototype: object, base: object): void {
  for (let at = prototype; at !== base && !prepared.has(at); at = Object.getPrototypeOf(at) as object) {
    prepared.add(at);
    const forward = Object.getOwnPropertyDescriptor(at, 'forward')?.value as Forward | undefined;
    if (typeof forward !== 'function') continue;
    Object.defineProperty(at, 'forward', {
      value: locating(forward),
      writable: true,
      configurable: true,
      enumerable: false,
    });
  }
}
