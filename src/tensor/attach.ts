import { MyelinError } from '../core/errors.js';
import { behind, isRelaying, noMore } from '../core/exact.js';
import { Tensor } from './tensor.js';

type TensorFunction = (x: Tensor, ...rest: never[]) => unknown;

/** The methods that functions of a tensor become: `exp(x)` → `x.exp()`. */
export type Methods<T> = {
  [K in keyof T]: T[K] extends (x: Tensor, ...rest: infer A) => infer R ? (...rest: A) => R : never;
};

/**
 * Makes functions whose first parameter is a tensor methods of Tensor. The file that defines an
 * operation calls it, and declares the same methods by augmenting the interface:
 *
 *     declare module '../tensor/tensor.js' { interface Tensor extends Methods<typeof methods> {} }
 */
export function attach(functions: Readonly<Record<string, TensorFunction>>): void {
  for (const [name, f] of Object.entries(functions)) {
    const { call: inner, signature, most } = behind(f);
    const relays = isRelaying(f);
    const call = inner as (x: Tensor, ...rest: unknown[]) => unknown;
    Object.defineProperty(Tensor.prototype, name, {
      value(this: Tensor, ...rest: unknown[]) {
        if (rest.length >= most) noMore(signature, rest.slice(0, most - 1), rest.slice(most - 1));
        if (relays) return call(this, ...rest);
        try {
          return call(this, ...rest);
        } catch (error) {
          throw MyelinError.inName(error, name);
        }
      },
      writable: true,
      configurable: true,
    });
  }
}
