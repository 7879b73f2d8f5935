import { entriesOf, requireText } from '../core/arguments.js';
import { describe, slip } from '../core/describe.js';
import { ArgumentError, IndexError } from '../core/errors.js';
import { noMore } from '../core/exact.js';
import { held, requireItem } from './module/contained.js';
import { type Layer, type Member, Module } from './module/module.js';

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
    for (const [name, item] of this[held]) requireItem('ModuleDict', name, item);
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
    requireText('ModuleDict', 'name', name);
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
    requireText('ModuleDict', 'name', name);
    this[held].set(name, requireItem('ModuleDict', name, module));
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
