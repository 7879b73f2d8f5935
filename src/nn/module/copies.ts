import { noGrad } from '../../autograd/mode.js';
import { ArgumentError } from '../../core/errors.js';
import { outliving } from '../../tensor/memory.js';
import { Tensor } from '../../tensor/tensor.js';
import type { AnyModule } from './any-module.js';
import { installInCopy } from './computed-weight.js';
import { Buffer, Parameter } from './parameter.js';
import { isPlainObject } from './places.js';

/** In a class's source: a private name, or what tools compile it to for older engines. */
const privateNames = /\.#[\w$]|_?class_?private_?(field|method)|__private(Get|Set|Add|Method)/i;

const hasPrivate = new WeakMap<object, boolean>();

/** The class in an object's prototype chain that has private names; null if there isn't one. */
function privateClassOf(module: AnyModule, base: object): string | null {
  for (
    let at = Object.getPrototypeOf(module) as object;
    at !== base;
    at = Object.getPrototypeOf(at) as object
  ) {
    const Class = at.constructor;
    let found = hasPrivate.get(Class);
    if (found === undefined) {
      found = privateNames.test(Function.prototype.toString.call(Class));
      hasPrivate.set(Class, found);
    }
    if (found) return Class.name;
  }
  return null;
}

/** An arrow function that uses the `this` of the place where it was created. */
const bindsThis = (value: unknown): boolean =>
  typeof value === 'function' &&
  !('prototype' in value) &&
  /^(async\b\s*)?(\(|[\w$]+\s*=>)[\s\S]*\bthis\b/.test(Function.prototype.toString.call(value));

type ModuleClass = (abstract new (...args: never[]) => AnyModule) & { readonly prototype: AnyModule };

/** Makes deep copies; whatever is shared stays shared among the copies. */
export class Copies {
  readonly #copies = new Map<unknown, unknown>();

  /** @param base the base class of modules, which imports this file */
  constructor(private readonly base: ModuleClass) {}

  /** @throws ArgumentError for a value that can't be copied */
  of<T>(value: T): T {
    if (typeof value !== 'object' || value === null) return value;
    const before = this.#copies.get(value);
    if (before !== undefined) return before as T;
    return this.#new(value) as T;
  }

  /** Registers the copy of a value before its contents are copied, because they may refer back to it. */
  #begin<T>(value: unknown, copy: T): T {
    this.#copies.set(value, copy);
    return copy;
  }

  #new(value: object): unknown {
    if (value instanceof this.base) return this.#module(value);
    if (value instanceof Tensor) return this.#begin(value, copyOfTensor(value));
    if (Array.isArray(value)) {
      const list = this.#begin<unknown[]>(value, []);
      for (const item of value) list.push(this.of<unknown>(item));
      return list;
    }
    if (value instanceof Map) {
      const map = this.#begin(value, new Map<unknown, unknown>());
      for (const [key, item] of value as Map<unknown, unknown>) map.set(this.of(key), this.of(item));
      return map;
    }
    if (value instanceof Set) {
      const set = this.#begin(value, new Set<unknown>());
      for (const item of value as Set<unknown>) set.add(this.of(item));
      return set;
    }
    if (!isPlainObject(value)) return value;
    const copy = this.#begin(value, Object.create(Object.getPrototypeOf(value) as object) as object);
    this.#fields(value, copy);
    return copy;
  }

  #module(module: AnyModule): AnyModule {
    if (module.clone !== this.base.prototype.clone && this.#copies.size > 0)
      return this.#begin(module, module.clone());
    const name = privateClassOf(module, this.base.prototype);
    if (name !== null)
      throw new ArgumentError(
        'clone',
        `${name} has #private fields, which can't be copied from outside\n` +
          '  hint: declare them private instead, or override clone() in that class: create a new one and copy the ' +
          'values with loadStateDict',
      );
    const copy = this.#begin(module, Object.create(Object.getPrototypeOf(module) as object) as AnyModule);
    this.#fields(module, copy);
    installInCopy(module, copy);
    return copy;
  }

  /** Enumerable fields; the others are hooks and computed weights. */
  #fields(from: object, to: object): void {
    for (const key of Reflect.ownKeys(from)) {
      const field = Object.getOwnPropertyDescriptor(from, key)!;
      if (!field.enumerable) continue;
      if ('value' in field && bindsThis(field.value))
        throw new ArgumentError(
          'clone',
          `the field '${String(key)}' of ${from.constructor.name} is an arrow function with a \`this\`, which would be ` +
            "the original's in the copy, too\n  hint: make it a method",
        );
      Object.defineProperty(
        to,
        key,
        'value' in field ? { ...field, value: this.of<unknown>(field.value) } : field,
      );
    }
  }
}

/** A tensor with its own memory, outside the graph. */
function copyOfTensor(x: Tensor): Tensor {
  const data = outliving(() => noGrad(() => x.detach().clone()));
  if (x instanceof Parameter) return new Parameter(data, x.requiresGrad);
  if (x instanceof Buffer) return new Buffer(data, x.persistent);
  return data.requiresGrad_(x.isLeaf && x.requiresGrad);
}
