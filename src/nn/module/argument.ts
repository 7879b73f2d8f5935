import { DTypeError } from '../../core/errors.js';
import { noMore } from '../../core/exact.js';
import { checkOption, defineOptions, instance, type Option, withLeading } from '../../core/options.js';
import { checkTensors } from '../../tensor/argument.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Module } from './module.js';

/** An option that is a module. */
export const moduleOption = instance('a Module', (value): value is Module => value instanceof Module);

/** @throws ArgumentError unless the argument is a module */
export const requireModule = (operation: string, name: string, value: unknown): void =>
  checkOption(operation, name, moduleOption, value);

/** Elements of what a call took or gave, for `multiplyAdds`. @throws ArgumentError unless it's a tensor */
export function elementsOf(layer: Module, name: string, value: unknown): number {
  checkTensors(layer.constructor.name, { [name]: value });
  return (value as Tensor).count;
}

/**
 * Reads a layer's only option, which can be passed directly: `new nn.LeakyReLU(0.2)` is
 * `new nn.LeakyReLU({ negativeSlope: 0.2 })`.
 *
 * @throws ArgumentError for a wrong value, and for more arguments
 */
export function soleOption<T>(name: string, option: Option<T>) {
  const read = defineOptions({ [name]: option });
  return (layer: string, value: unknown, surplus: readonly never[]): T => {
    noMore(`${layer}(${name})`, [value], surplus);
    return read(layer, withLeading(layer, { [name]: value as T }))[name]!;
  };
}

/** @throws DTypeError unless an operand has the dtype of the weights */
export function requireDTypeOf(
  owner: string,
  weight: Tensor,
  operands: Readonly<Record<string, Tensor | null>>,
): void {
  for (const [name, x] of Object.entries(operands))
    if (x !== null && x.dtype !== weight.dtype)
      throw new DTypeError(
        owner,
        `${name} is ${x.dtype}, the weights are ${weight.dtype}\n  hint: ${
          x.dtype === 'int32' ? 'nn.Embedding makes vectors of indices' : 'convert one with to()'
        }`,
      );
}
