import { isPlainObject } from '../core/describe.js';
import { ArgumentError } from '../core/errors.js';
import { checkOption, instance, listOf, type Range, number as someNumber, whole } from '../core/options.js';
import { snakeCase } from '../core/snake-case.js';
import { elementsNow } from '../tensor/inspect.js';
import { Tensor } from '../tensor/tensor.js';
import { sameKind } from './same-kind.js';

type SlotValue = Tensor | number | null;

/** What a state dict keeps for one parameter: tensors under PyTorch's names, numbers, and lists of them. */
export type SlotState = Readonly<Record<string, SlotValue | readonly SlotValue[] | undefined>>;

type Option = number | boolean | string | null | readonly number[];

/** A group: its options under PyTorch's names, and its parameters' numbers. */
export type GroupState = { readonly params: readonly number[] } & Readonly<Record<string, Option>>;

/** An optimizer's state in PyTorch's layout. */
export interface OptimizerState {
  readonly state: Readonly<Record<number, SlotState>>;
  readonly param_groups: readonly GroupState[];
}

/** A number that PyTorch keeps as a tensor. */
const plainNumber = (where: string, value: unknown): unknown =>
  value instanceof Tensor && value.count === 1
    ? elementsNow(where, value, 'in the state, write await x.item() in place of x')[0]
    : value;

/**
 * Reads a number from a slot, where it may be a tensor.
 *
 * @throws ArgumentError if it isn't a number or is out of range
 */
export function readNumber(where: string, path: string, value: unknown, range: Range = {}): number {
  const read = plainNumber(where, value);
  checkOption(where, path, someNumber(0, range), read);
  return read as number;
}

/**
 * Reads a count from a slot, where it may be a tensor.
 *
 * @throws ArgumentError unless it's a whole number of at least 0
 */
export function readCount(where: string, path: string, value: unknown): number {
  const read = plainNumber(where, value);
  checkOption(where, path, whole(0, { least: 0 }), read);
  return read as number;
}

/** A group's options under their Python names. */
export function describeGroup(group: object, params: readonly number[]): GroupState {
  const options = Object.entries(group)
    .filter(([name]) => name !== 'params')
    .map(
      ([name, value]) => [snakeCase(name), Array.isArray(value) ? [...value] : (value as Option)] as const,
    );
  return { ...Object.fromEntries(options), params };
}

const rate = someNumber(undefined, { least: 0 });
const momentum = someNumber(undefined, { least: 0, below: 1 });

/** What schedules keep in a group. It's present even before the schedule is recreated. */
const ofSchedules = {
  initialLr: rate,
  maxLr: rate,
  minLr: rate,
  maxMomentum: momentum,
  baseMomentum: momentum,
  swaLr: rate,
};

export const namesOfSchedules: readonly string[] = Object.keys(ofSchedules);

/** @throws ArgumentError if what schedules keep in a group is invalid */
export function checkOfSchedules(owner: string, group: object): void {
  for (const [name, option] of Object.entries(ofSchedules)) {
    const value: unknown = (group as Readonly<Record<string, unknown>>)[name];
    if (value !== undefined) checkOption(owner, name, option, value);
  }
}

/**
 * The options of `group` that a saved group also has, under our names. Unknown options are ignored; missing ones keep
 * their values.
 * @throws ArgumentError for a value of the wrong type
 */
export function readGroup(
  where: string,
  path: string,
  group: object,
  saved: GroupState,
): Record<string, Option> {
  const options: Record<string, Option> = {};
  for (const [name, value] of Object.entries({
    ...Object.fromEntries(namesOfSchedules.map((name) => [name, 0])),
    ...group,
  })) {
    const stored: unknown = saved[snakeCase(name)];
    if (name === 'params' || stored === undefined) continue;
    const option = typeof value === 'number' ? plainNumber(where, stored) : stored;
    checkOption(where, `${path}.${snakeCase(name)}`, sameKind(value), option);
    options[name] = option as Option;
  }
  return options;
}

/** A Map doesn't count, because its entries wouldn't be found. */
const object = instance('an object', (value): value is object => isPlainObject(value));

/**
 * A state with the right layout; its options and slots haven't been read yet.
 *
 * @param counts how many parameters the optimizer has in each group
 * @throws ArgumentError naming where it departs from PyTorch's layout or doesn't match these groups
 */
export function readLayout(where: string, saved: unknown, counts: readonly number[]): OptimizerState {
  checkOption(where, 'the state', object, saved);
  const { state, param_groups: groups } = saved as Partial<OptimizerState>;
  if (state === undefined || groups === undefined)
    throw new ArgumentError(
      where,
      `this isn't the state of an optimizer: it has no ${groups === undefined ? 'param_groups' : 'state'}`,
    );
  checkOption(where, 'state', object, state);
  checkOption(where, 'param_groups', listOf(object, undefined), groups);
  for (const [i, { params }] of groups.entries())
    checkOption(where, `param_groups[${i}].params`, listOf(whole(0, { least: 0 }), undefined), params);
  const found = groups.map(({ params }) => params.length).join(', ');
  if (found !== counts.join(', '))
    throw new ArgumentError(
      where,
      `the state has groups of ${found} parameters, but the optimizer has groups of ${counts.join(', ')}`,
    );
  const numbers = new Set(groups.flatMap(({ params }) => params));
  if (numbers.size < counts.reduce((sum, count) => sum + count, 0))
    throw new ArgumentError(where, 'param_groups names a parameter twice');
  for (const [number, slot] of Object.entries(state)) {
    if (!numbers.has(Number(number)))
      throw new ArgumentError(where, `state[${number}] belongs to a parameter that isn't in any group`);
    checkOption(where, `state[${number}]`, object, slot);
  }
  return { state, param_groups: groups };
}
