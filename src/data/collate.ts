import { ArgumentError } from '../core/errors.js';
import { stack, Tensor, tensor } from '../index.js';

/** What an example becomes when examples are collated to a batch. */
export type Collated<T> = T extends Tensor | number | boolean
  ? Tensor
  : T extends string
    ? T[]
    : T extends object
      ? { -readonly [K in keyof T]: Collated<T[K]> }
      : unknown;

/**
 * Makes a batch of examples: tensors are stacked, numbers and booleans become a tensor, strings a
 * list; lists and objects are collated item by item.
 *
 * @differs from PyTorch: numbers become int32 where all are whole, else float32
 * @throws ArgumentError for examples of several kinds
 */
export function defaultCollate<T>(examples: readonly T[]): Collated<T> {
  return collate(examples) as Collated<T>;
}

function collate(examples: readonly unknown[]): unknown {
  if (examples.length === 0) throw new ArgumentError('defaultCollate', 'there are no examples');
  const [first] = examples;
  if (first instanceof Tensor) return stack(examples as Tensor[]);
  if (typeof first === 'number') {
    const numbers = examples as number[];
    return tensor(numbers, { dtype: numbers.every(Number.isInteger) ? 'int32' : 'float32' });
  }
  if (typeof first === 'boolean') return tensor(examples as boolean[]);
  if (typeof first === 'string') return [...examples];
  if (Array.isArray(first)) {
    const lists = examples as readonly unknown[][];
    if (lists.some((list) => list.length !== first.length))
      throw new ArgumentError(
        'defaultCollate',
        'the examples are lists of several lengths; give a collate function',
      );
    return first.map((_, i) => collate(lists.map((list) => list[i])));
  }
  if (typeof first === 'object' && first !== null && Object.getPrototypeOf(first) === Object.prototype) {
    const objects = examples as Record<string, unknown>[];
    return Object.fromEntries(Object.keys(first).map((key) => [key, collate(objects.map((o) => o[key]))]));
  }
  const kind = first === null ? 'null' : typeof first === 'object' ? first.constructor.name : typeof first;
  throw new ArgumentError('defaultCollate', `cannot make a batch of ${kind}; give a collate function`);
}
