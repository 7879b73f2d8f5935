import { isGradEnabled } from '../../autograd/mode.js';
import { MyelinError } from '../../core/errors.js';
import type { AnyModule } from './any-module.js';
import { lookingAt, wasLookedAt } from './hidden.js';

/** While an error propagates outward: the module whose forward threw it. */
const origins = new WeakMap<MyelinError, AnyModule>();
const prepared = new WeakSet<object>();

export type Forward = (this: AnyModule, ...inputs: unknown[]) => unknown;

/** Adds the path inside `module` to an error: the path to the module whose forward threw. */
function locate(error: MyelinError, module: AnyModule): void {
  const origin = origins.get(error);
  if (origin === undefined) {
    origins.set(error, module);
    return;
  }
  const found = module.namedModules().find(([, inner]) => inner === origin);
  if (found && found[0] !== '') error.locate(found[0]);
}

/** Whether a forward is running, so the next one is nested in it. */
let underway = false;

function run(module: AnyModule, forward: Forward, inputs: unknown[]): unknown {
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

/** Runs `work` as if it were the module's forward, called from another. */
export const within = <R>(module: AnyModule, work: () => R): R => run(module, work, []) as R;

/**
 * The same forward, but errors carry the path of the module that threw. The first call that records a graph checks
 * for parameters that the module hides.
 */
export function locating(forward: Forward): Forward {
  return function (...inputs) {
    return underway || !isGradEnabled() || wasLookedAt(this)
      ? run(this, forward, inputs)
      : lookingAt(this, inputs, () => run(this, forward, inputs));
  };
}

/** Wraps the `forward` of a class and its ancestors, once each. */
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
