import { MyelinError } from '../core/errors.js';
import { behind, isRelaying, namedResult, noMore } from '../core/exact.js';
import { answerSnakeCase } from '../core/foreign-names.js';
import { Tensor } from './tensor.js';

type TensorFunction = (x: Tensor, ...rest: never[]) => unknown;

/**
 * Makes functions whose first parameter is a tensor methods of Tensor: `exp(x)` → `x.exp()`. The file that
 * defines an operation calls it; `npm run generate` writes the methods' types and doc comments into
 * `ops/methods.ts`.
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
          return namedResult(name, call(this, ...rest));
        } catch (error) {
          throw MyelinError.inName(error, name);
        }
      },
      writable: true,
      configurable: true,
    });
  }
  answerSnakeCase(Tensor.prototype, 'x', Object.keys(functions));
}
