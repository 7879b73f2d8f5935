import { MyelinError } from '../core/errors.js';
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

/** The same forward, with errors that know the path of the module in which they arose. */
export function locating(forward: Forward): Forward {
  return function (...inputs) {
    try {
      return forward.apply(this, inputs);
    } catch (error) {
      if (error instanceof MyelinError) locate(error, this);
      throw error;
    }
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
