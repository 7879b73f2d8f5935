import { noMore } from '../../core/exact.js';
import { checkOption, defineOptions, instance, type Option, withLeading } from '../../core/options.js';
import { Module } from './module.js';

const anyModule = instance('a Module', (value): value is Module => value instanceof Module);

/** @throws ArgumentError unless the argument is a module */
export const requireModule = (operation: string, name: string, value: unknown): void =>
  checkOption(operation, name, anyModule, value);

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
