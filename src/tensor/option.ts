import { describe, slip } from '../core/describe.js';
import { ArgumentError } from '../core/errors.js';
import { instance, isOptionsObject, type Option } from '../core/options.js';
import { Tensor } from './tensor.js';

/** An option that is a tensor. */
export const tensorOption: Option<Tensor | undefined> = instance(
  'a tensor',
  (value): value is Tensor => value instanceof Tensor,
);

/** @throws ArgumentError unless an argument before the options, such as a bias, is a tensor or null */
export function checkTensorOrNull(operation: string, name: string, value: unknown): void {
  if (value === null || value instanceof Tensor) return;
  const hint = isOptionsObject(value)
    ? `\n  hint: the options come after ${name}; where there is none, write null`
    : slip(value);
  throw new ArgumentError(operation, `${name} must be a tensor or null, got ${describe(value)}${hint}`);
}
