import { entriesOf, requireIterable, requireText } from '../core/arguments.js';
import { describe, slip } from '../core/describe.js';
import { isFloat } from '../core/dtype.js';
import { ArgumentError, IndexError } from '../core/errors.js';
import { noMore } from '../core/exact.js';
import { answerHabits } from '../core/foreign-names.js';
import { containerHabits } from '../core/habits.js';
import { Tensor } from '../tensor/tensor.js';
import { held, itemAt } from './module/contained.js';
import { type Member, Module } from './module/module.js';
import { Parameter } from './module/parameter.js';

/**
 * Turns a plain tensor into a parameter that shares its memory.
 *
 * @throws ArgumentError for anything but a floating-point tensor
 */
function asParameter(container: string, x: Tensor): Parameter {
  if (x instanceof Parameter) return x;
  if (x instanceof Tensor && isFloat(x.dtype)) return new Parameter(x);
  throw new ArgumentError(
    container,
    `holds only floating-point tensors, got ${x instanceof Tensor ? `one of ${x.dtype}` : describe(x)}`,
  );
}

const shapeOf = (parameter: Parameter): string => `Parameter([${parameter.shape.join(', ')}])`;

/**
 * A list of parameters without a forward; keys in the state dict are indices: `0`, `1`, … Plain tensors become
 * parameters.
 *
 * @example
 * const scales = new nn.ParameterList([ones([3]), ones([4])]);
 * scales.at(-1).shape; // [4]
 */
export class ParameterList extends Module {
  private readonly [held]: Parameter[];

  constructor(items: Iterable<Tensor> = [], ...surplus: readonly never[]) {
    super();
    noMore('ParameterList(items)', [items], surplus);
    requireIterable('ParameterList', 'items', items);
    this[held] = Array.from(items, (item) => asParameter('ParameterList', item));
  }

  override *members(): Iterable<[string, Member]> {
    for (const [i, item] of this[held].entries()) yield [String(i), item];
  }

  protected override replaceMembers(replace: (member: Member) => Member): void {
    for (const [i, item] of this[held].entries()) this[held][i] = replace(item) as Parameter;
  }

  /** Number of parameters. */
  get length(): number {
    return this[held].length;
  }

  /** The parameter at an index, counting from the end if negative. */
  at(index: number): Parameter {
    return itemAt('ParameterList', 'parameter', this[held], index);
  }

  [Symbol.iterator](): Iterator<Parameter> {
    return this[held][Symbol.iterator]();
  }

  /** Adds a parameter at the end. */
  append(item: Tensor): this {
    this[held].push(asParameter('ParameterList', item));
    return this;
  }

  /** Adds parameters at the end. */
  extend(items: Iterable<Tensor>): this {
    requireIterable('ParameterList', 'items', items);
    for (const item of items) this.append(item);
    return this;
  }

  /** @throws ArgumentError always: a list computes nothing */
  override forward(): never {
    throw new ArgumentError('ParameterList', 'a list of parameters has no forward; use its parameters');
  }

  protected override describe(): string {
    return this[held].map(shapeOf).join(', ');
  }
}

/** Parameters by name, otherwise like `ParameterList`. Names become keys in the state dict unchanged. */
export class ParameterDict extends Module {
  private readonly [held]: Map<string, Parameter>;

  constructor(
    items: Readonly<Record<string, Tensor>> | Iterable<readonly [string, Tensor]> = [],
    ...surplus: readonly never[]
  ) {
    super();
    noMore('ParameterDict(items)', [items], surplus);
    if (typeof items !== 'object' || items === null)
      throw new ArgumentError(
        'ParameterDict',
        `needs an object of tensors by name, got ${describe(items)}${slip(items)}`,
      );
    const entries = entriesOf('ParameterDict', items);
    this[held] = new Map(entries.map(([name, item]) => [name, asParameter('ParameterDict', item)]));
  }

  override *members(): Iterable<[string, Member]> {
    yield* this[held];
  }

  protected override replaceMembers(replace: (member: Member) => Member): void {
    for (const [name, item] of this[held]) this[held].set(name, replace(item) as Parameter);
  }

  /** Number of parameters. */
  get length(): number {
    return this[held].size;
  }

  /** The parameter with a name. @throws IndexError if there isn't one */
  get(name: string): Parameter {
    requireText('ParameterDict', 'name', name);
    const item = this[held].get(name);
    if (item === undefined)
      throw new IndexError('ParameterDict', `no parameter '${name}'; there are ${this.keys().join(', ')}`);
    return item;
  }

  /** Whether there's a parameter with a name. */
  has(name: string): boolean {
    return this[held].has(name);
  }

  /** Adds a parameter, replacing any with the same name. */
  set(name: string, item: Tensor): this {
    requireText('ParameterDict', 'name', name);
    this[held].set(name, asParameter('ParameterDict', item));
    return this;
  }

  /** Removes a parameter and returns whether there was one with that name. */
  delete(name: string): boolean {
    return this[held].delete(name);
  }

  /** The names, in insertion order. */
  keys(): string[] {
    return [...this[held].keys()];
  }

  /** The parameters, in insertion order. */
  values(): Parameter[] {
    return [...this[held].values()];
  }

  /** The names and parameters, in insertion order. */
  entries(): [string, Parameter][] {
    return [...this[held].entries()];
  }

  [Symbol.iterator](): Iterator<[string, Parameter]> {
    return this[held][Symbol.iterator]();
  }

  /** @throws ArgumentError always: a dictionary computes nothing */
  override forward(): never {
    throw new ArgumentError('ParameterDict', 'a dictionary of parameters has no forward; use its parameters');
  }

  protected override describe(): string {
    return this.entries()
      .map(([name, item]) => `${name}=${shapeOf(item)}`)
      .join(', ');
  }
}

answerHabits(ParameterList.prototype, containerHabits);
