import { ArgumentError } from '../core/errors.js';
import { Tensor } from '../tensor/tensor.js';

type SlotValue = Tensor | number | null;

/** What a state dict keeps of one parameter: tensors by PyTorch's names, numbers, and lists of them. */
export type SlotState = Readonly<Record<string, SlotValue | readonly SlotValue[] | undefined>>;

type Option = number | boolean | string | null | readonly number[];

/** A group: its options under PyTorch's names, and its parameters' numbers. */
export type GroupState = { readonly params: readonly number[] } & Readonly<Record<string, Option>>;

/** PyTorch's layout of an optimizer's state. */
export interface OptimizerState {
  readonly state: Readonly<Record<number, SlotState>>;
  readonly param_groups: readonly GroupState[];
}

/** `weightDecay` → `weight_decay` */
const pythonName = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A number, which PyTorch may keep as a tensor. */
export const numberOf = (value: unknown): number =>
  value instanceof Tensor ? value.itemSync() : (value as number);

/** A group's options under their Python names. */
export function describeGroup(group: object, params: readonly number[]): GroupState {
  const options = Object.entries(group)
    .filter(([name]) => name !== 'params')
    .map(
      ([name, value]) => [pythonName(name), Array.isArray(value) ? [...value] : (value as Option)] as const,
    );
  return { ...Object.fromEntries(options), params };
}

/** What schedules keep in a group: it is there before the schedule is made again. */
const ofSchedules = { initialLr: 0, maxLr: 0, minLr: 0, maxMomentum: 0, baseMomentum: 0 };

const kindOf = (value: unknown): string =>
  Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value;

/** Options that are a word or nothing. */
const isWord = (value: unknown): boolean => value === null || typeof value === 'string';

/**
 * The options of `group` that a saved group has, in our names; what we have not is left out.
 * @throws ArgumentError for a value of another type
 */
export function readGroup(where: string, group: object, saved: GroupState): Record<string, Option> {
  const options: Record<string, Option> = {};
  for (const [name, value] of Object.entries({ ...ofSchedules, ...group })) {
    const stored: Option | Tensor | undefined = saved[pythonName(name)];
    if (name === 'params' || stored === undefined) continue;
    const option = typeof value === 'number' ? numberOf(stored) : stored;
    if (kindOf(option) !== kindOf(value) && !(isWord(option) && isWord(value)))
      throw new ArgumentError(where, `${pythonName(name)} is a ${kindOf(option)}, not a ${kindOf(value)}`);
    options[name] = option;
  }
  return options;
}
