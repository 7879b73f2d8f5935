import { describe, slip } from '../../core/describe.js';
import { ArgumentError, IndexError } from '../../core/errors.js';
import { Module } from './module.js';

/**
 * Where a container keeps its items: a symbol, which `clone` copies but which isn't a name in the state dict and can't
 * clash with a subclass's field.
 */
export const held = Symbol('held');

/** What to write instead, when a class or function was passed instead of a module. */
function hintFor(value: unknown): string {
  if (typeof value !== 'function') return slip(value);
  if (value.prototype instanceof Module) return `\n  hint: new ${value.name}()`;
  return '\n  hint: call functions in the forward of a module; many are layers too: for relu, use new nn.ReLU()';
}

/** @throws ArgumentError unless an item of a container is a module */
export function requireItem<M>(container: string, name: string | number, value: M): M {
  if (!(value instanceof Module))
    throw new ArgumentError(
      container,
      `argument ${name} must be a module, got ${describe(value)}${hintFor(value)}`,
    );
  return value;
}

/**
 * An item of a container.
 *
 * @param kind what the container calls its items
 * @param index counts from the end if negative
 * @throws IndexError unless there is one
 */
export function itemAt<T>(container: string, kind: string, items: readonly T[], index: number): T {
  const item = Number.isInteger(index) ? items.at(index) : undefined;
  if (item === undefined)
    throw new IndexError(container, `no ${kind} at ${describe(index)}; there are ${items.length}`);
  return item;
}
