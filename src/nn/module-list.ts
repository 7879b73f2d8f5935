import { requireIterable } from '../core/arguments.js';
import { ArgumentError } from '../core/errors.js';
import { noMore } from '../core/exact.js';
import { answerHabits } from '../core/foreign-names.js';
import { containerHabits } from '../core/habits.js';
import { held, itemAt, requireItem } from './module/contained.js';
import { type Layer, type Member, Module } from './module/module.js';
import { count } from './sizes.js';

/** A list of modules without a forward; keys in the state dict are indices: `0.weight`, … */
export class ModuleList<M extends Module = Layer> extends Module {
  private readonly [held]: M[];

  constructor(items: Iterable<M> = [], ...surplus: readonly never[]) {
    super();
    noMore('ModuleList(items)', [items], surplus);
    this[held] = Array.from(items, (item, i) => requireItem('ModuleList', i, item));
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
    return itemAt('ModuleList', 'module', this[held], index);
  }

  [Symbol.iterator](): Iterator<M> {
    return this[held][Symbol.iterator]();
  }

  /** Adds a module at the end. */
  append(item: M): this {
    this[held].push(requireItem('ModuleList', this.length, item));
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
    this[held].splice(index, 1, requireItem('ModuleList', index, item));
    return this;
  }

  /** Inserts a module before the one at `index`. */
  insert(index: number, item: M): this {
    count('ModuleList', 'index', index, -Infinity);
    this[held].splice(index, 0, requireItem('ModuleList', index, item));
    return this;
  }

  /** @throws ArgumentError always: a list computes nothing */
  override forward(): never {
    throw new ArgumentError('ModuleList', 'a list of modules has no forward; call its modules');
  }
}

answerHabits(ModuleList.prototype, containerHabits);
