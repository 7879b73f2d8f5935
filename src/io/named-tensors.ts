import { describe, isPlainObject, slip } from '../core/describe.js';
import { ArgumentError } from '../core/errors.js';
import { Module } from '../nn/module/module.js';

/** @throws ArgumentError unless `tensors` is an object of tensors by name */
export function requireNamedTensors(operation: string, tensors: unknown): void {
  if (tensors instanceof Module)
    throw new ArgumentError(operation, 'tensors is a module; save its weights: model.stateDict()');
  if (!isPlainObject(tensors))
    throw new ArgumentError(
      operation,
      `tensors must be an object of tensors by name, got ${describe(tensors)}${slip(tensors)}`,
    );
}
