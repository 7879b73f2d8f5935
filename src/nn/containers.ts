import { entriesOf, requireIterable } from '../core/arguments.js';
import { describe, slip } from '../core/describe.js';
import { ArgumentError, IndexError } from '../core/errors.js';
import { noMore } from '../core/exact.js';
import { answerHabits } from '../core/foreign-names.js';
import { containerHabits } from '../core/habits.js';
import type { Tensor } from '../tensor/tensor.js';
import { forwardBoth } from './ending.js';
import { type Layer, type Member, Module } from './module/module.js';

/** A symbol, which `clone` copies but which isn't a name in the state dict and can't clash with a subclass's field. */
const held = Symbol('held');

/** What to write instead, when a class or function was passed instead of a module. */
function hintFor(value: unknown): string {
  if (typeof value !== 'function') return slip(value);
  if (value.prototype instanceof Module) return `\n  hint: new ${value.name}()`;
  return '\n  hint: call functions in the forward of a module; many are layers too: for relu, use new nn.ReLU()';
}

/** @throws ArgumentError unless `value` is a module */
function requireModule<M>(container: string, name: string | number, value: M): M {
  if (!(value instanceof Module))
    throw new ArgumentError(
      container,
      `argument ${name} must be a module, got ${describe(value)}${hintFor(value)}`,
    );
  return value;
}

/**
 * Modules applied one after another: y = fₙ(… f₂(f₁(x))).
 *
 * Takes the modules, or an object that names them; the names become keys in the state dict. A ReLU, Tanh, Sigmoid, or
 * GELU after a layer runs in that layer's own pass over memory if neither has hooks.
 *
 * @example
 * const model = new nn.Sequential(new nn.Linear(2, 8), new nn.ReLU(), new nn.Linear(8, 1));
 */
export class Sequential extends Module {
  private readonly [held]: Map<string, Layer>;

  constructor(layers: Readonly<Record<string, Layer>>);
  constructor(...layers: Layer[]);
  constructor(...layers: (Layer | Readonly<Record<string, Layer>>)[]) {
    super();
    const [first] = layers;
    const entries: [string, Layer][] =
      typeof first === 'object' && !(first instanceof Module)
        ? Object.entries(first)
        : (layers as Layer[]).map((layer, i) => [String(i), layer]);
    this[held] = new Map(entries);
    for (const [name, layer] of this[held]) requireModule('Sequential', name, layer);
  }

  override *members(): Iterable<[string, Member]> {
    yield* this[held];
  }

  protected override replaceMembers(replace: (member: Member) => Member): void {
    for (const [name, layer] of this[held]) this[held].set(name, replace(layer) as Layer);
  }

  /** Number of layers. */
  get length(): number {
    return this[held].size;
  }

  /** The layer at an index, counting from the end if negative. */
  at(index: number): Layer {
    const layer = [...this].at(index);
    if (layer === undefined)
      throw new IndexError('Sequential', `no layer at ${index}; there are ${this.length}`);
    return layer;
  }

  /** The layers from `start` up to, but excluding, `end`, shared with this module. */
  slice(start?: number, end?: number): Sequential {
    return new Sequential(Object.fromEntries([...this[held]].slice(start, end)));
  }

  /** Adds a layer at the end. */
  append(layer: Layer): this {
    const name = String(this[held].size);
    this[held].set(name, requireModule('Sequential', name, layer));
    return this;
  }

  /** Replaces the layer at an index, for example to attach a new head: `model.set(-1, new nn.Linear(512, 3))`. */
  set(index: number, layer: Layer): this {
    this.at(index);
    this[held].set([...this[held].keys()].at(index)!, requireModule('Sequential', index, layer));
    return this;
  }

  [Symbol.iterator](): Iterator<Layer> {
    return this[held].values();
  }

  /** Applies the layers one after another. */
  override forward(x: Tensor): Tensor {
    let y = x;
    const layers = [...this[held].values()];
    for (let i = 0; i < layers.length; i++) {
      const [layer, next] = [layers[i]!, layers[i + 1]];
      const both = next === undefined ? null : forwardBoth(layer, next, y);
      if (both !== null) i++;
      y = both ?? layer.forward(y);
    }
    return y;
  }
}

/** A list of modules without a forward; keys in the state dict are indices: `0.weight`, … */
export class ModuleList<M extends Module = Layer> extends Module {
  private readonly [held]: M[];

  constructor(items: Iterable<M> = [], ...surplus: readonly never[]) {
    super();
    noMore('ModuleList(items)', [items], surplus);
    this[held] = Array.from(items, (item, i) => requireModule('ModuleList', i, item));
  }

  override *members(): Iterable<[string, Member]> {
    for (const [i, item] of this[held].entries()) yield [String(i), item];
  }

  protected override replaceMembers(replace: (member: Member) => Member): void {
    for (const [i, item] of this[held].entries()) this[held][i] = replace(item) as M;
  }

  /** Number of modules. */
  get length(): number {
    return this[held].length;
  }

  /** The module at an index, counting from the end if negative. */
  at(index: number): M {
    const item = this[held].at(index);
    if (item === undefined)
      throw new IndexError('ModuleList', `no module at ${index}; there are ${this.length}`);
    return item;
  }

  [Symbol.iterator](): Iterator<M> {
    return this[held][Symbol.iterator]();
  }

  /** Adds a module at the end. */
  append(item: M): this {
    this[held].push(requireModule('ModuleList', this.length, item));
    return this;
  }

  /** Adds modules at the end. */
  extend(items: Iterable<M>): this {
    requireIterable('ModuleList', 'items', items);
    for (const item of items) this.append(item);
    return this;
  }

  /** Replaces the module at an index. */
  set(index: number, item: M): this {
    this.at(index);
    this[held].splice(index, 1, requireModule('ModuleList', index, item));
    return this;
  }

  /** Inserts a module before the one at `index`. */
  insert(index: number, item: M): this {
    this[held].splice(index, 0, requireModule('ModuleList', index, item));
    return this;
  }

  /** @throws ArgumentError always: a list computes nothing */
  override forward(): never {
    throw new ArgumentError('ModuleList', 'a list of modules has no forward; call its modules');
  }
}

/** Modules by name, without a forward. Names become keys in the state dict unchanged. */
export class ModuleDict<M extends Module = Layer> extends Module {
  private readonly [held]: Map<string, M>;

  constructor(
    items: Readonly<Record<string, M>> | Iterable<readonly [string, M]> = [],
    ...surplus: readonly never[]
  ) {
    super();
    noMore('ModuleDict(items)', [items], surplus);
    if (typeof items !== 'object' || items === null)
      throw new ArgumentError(
        'ModuleDict',
        `needs an object of modules by name, got ${describe(items)}${slip(items)}`,
      );
    this[held] = new Map(entriesOf('ModuleDict', items));
    for (const [name, item] of this[held]) requireModule('ModuleDict', name, item);
  }

  override *members(): Iterable<[string, Member]> {
    yield* this[held];
  }

  protected override replaceMembers(replace: (member: Member) => Member): void {
    for (const [name, item] of this[held]) this[held].set(name, replace(item) as M);
  }

  /** Number of modules. */
  get length(): number {
    return this[held].size;
  }

  /** The module with a name. @throws IndexError if there isn't one */
  get(name: string): M {
    const item = this[held].get(name);
    if (item === undefined)
      throw new IndexError(
        'ModuleDict',
        `no module '${name}'; there are ${[...this[held].keys()].join(', ')}`,
      );
    return item;
  }

  /** Whether there's a module with a name. */
  has(name: string): boolean {
    return this[held].has(name);
  }

  /** Adds a module, replacing any with the same name. */
  set(name: string, module: M): this {
    this[held].set(name, requireModule('ModuleDict', name, module));
    return this;
  }

  /** Removes a module and returns whether there was one with that name. */
  delete(name: string): boolean {
    return this[held].delete(name);
  }

  /** The names, in insertion order. */
  keys(): string[] {
    return [...this[held].keys()];
  }

  /** The modules, in insertion order. */
  values(): M[] {
    return [...this[held].values()];
  }

  /** The names and modules, in insertion order. */
  entries(): [string, M][] {
    return [...this[held].entries()];
  }

  [Symbol.iterator](): Iterator<[string, M]> {
    return this[held][Symbol.iterator]();
  }

  /** @throws ArgumentError always: a dictionary computes nothing */
  override forward(): never {
    throw new ArgumentError('ModuleDict', 'a dictionary of modules has no forward; call its modules');
  }
}

for (const container of [Sequential, ModuleList]) answerHabits(container.prototype, containerHabits);
