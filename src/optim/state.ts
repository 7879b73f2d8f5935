import type { Tensor } from '../tensor/tensor.js';

/** What a state dict keeps of one parameter: tensors by PyTorch's names, and the count of steps. */
export type SlotState = Readonly<Record<string, Tensor | number | null | undefined>>;

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

/** A group's options under their Python names. */
export function describeGroup(group: object, params: readonly number[]): GroupState {
  const options = Object.entries(group)
    .filter(([name]) => name !== 'params')
    .map(
      ([name, value]) => [pythonName(name), Array.isArray(value) ? [...value] : (value as Option)] as const,
    );
  return { ...Object.fromEntries(options), params };
}

/** The options of `group` that a saved group has, in our names; what we have not is left out. */
export function readGroup(group: object, saved: GroupState): Record<string, Option> {
  const options: Record<string, Option> = {};
  for (const [name, value] of Object.entries(group)) {
    const stored = saved[pythonName(name)];
    if (name !== 'params' && stored !== undefined && typeof stored === typeof value) options[name] = stored;
  }
  return options;
}
