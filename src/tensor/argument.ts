import { describe, isPlainObject, slip } from '../core/describe.js';
import { ArgumentError } from '../core/errors.js';
import { Tensor } from './tensor.js';

/** What to write instead of something that isn't a tensor. */
function hint(value: unknown): string {
  const isNumber = typeof value === 'number' || typeof value === 'boolean';
  return isNumber || Array.isArray(value) || ArrayBuffer.isView(value)
    ? '\n  hint: tensor() makes one of numbers'
    : slip(value);
}

/** What is wrong with an argument that isn't a tensor. */
export const notTensor = (
  operation: string,
  name: string,
  value: unknown,
  wanted = 'a tensor',
): ArgumentError =>
  new ArgumentError(operation, `${name} must be ${wanted}, got ${describe(value)}${hint(value)}`);

/** @throws ArgumentError unless all are tensors, naming the one that isn't */
export function checkTensors(operation: string, named: Readonly<Record<string, unknown>>): void {
  for (const name in named)
    if (!(named[name] instanceof Tensor)) throw notTensor(operation, name, named[name]);
}

/** @throws ArgumentError unless it is a list of tensors */
export function checkTensorList(operation: string, name: string, value: unknown): void {
  if (!Array.isArray(value)) throw notTensor(operation, name, value, 'a list of tensors');
  for (let i = 0; i < value.length; i++)
    if (!(value[i] instanceof Tensor)) throw notTensor(operation, `${name}[${i}]`, value[i]);
}

/** @throws ArgumentError unless an argument that may be left out, such as a bias, is a tensor or null */
export function checkTensorOrNull(operation: string, name: string, value: unknown): void {
  if (value === null || value instanceof Tensor) return;
  const error = notTensor(operation, name, value, 'a tensor or null');
  throw isPlainObject(value)
    ? new ArgumentError(
        operation,
        `${name} must be a tensor or null, got ${describe(value)}\n` +
          `  hint: the options come after ${name}; if there's none, write null`,
      )
    : error;
}

/** One or several tensors as a list. @throws ArgumentError if there is anything else among them */
export function severalTensors(
  operation: string,
  name: string,
  value: Tensor | Iterable<Tensor>,
): readonly Tensor[] {
  if (value instanceof Tensor) return [value];
  if (typeof (value as Iterable<Tensor> | null)?.[Symbol.iterator] !== 'function')
    throw notTensor(operation, name, value, 'a tensor or a list of tensors');
  const list = [...value];
  checkTensorList(operation, name, list);
  return list;
}
