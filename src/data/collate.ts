import { requireList } from '../core/arguments.js';
import { isPlainObject } from '../core/describe.js';
import type { TypedArray } from '../core/dtype.js';
import { ArgumentError } from '../core/errors.js';
import { stack, Tensor, tensor } from '../index.js';

/** What an example becomes when examples are collated into a batch. */
export type Collated<T> = T extends Tensor | TypedArray | number | boolean
  ? Tensor
  : T extends string
    ? T[]
    : T extends object
      ? { -readonly [K in keyof T]: Collated<T[K]> }
      : unknown;

/**
 * Makes a batch of examples: tensors are stacked, typed arrays become rows, numbers and booleans become a
 * tensor, and strings a list; lists and objects are collated item by item.
 *
 * @differs from PyTorch: numbers become int32 if all are whole, else float32; objects whose keys differ
 * from the first's are an error
 * @throws ArgumentError for examples of different kinds, lengths, or keys, and for whole numbers beyond int32
 */
export function defaultCollate<T>(examples: readonly T[]): Collated<T> {
  requireList('defaultCollate', 'examples', examples);
  return collate(examples, '', []) as Collated<T>;
}

/**
 * @param path where in each example these are, such as `.image.0`
 * @param within what holds the first of them
 */
function collate(examples: readonly unknown[], path: string, within: readonly unknown[]): unknown {
  const fail = (problem: string): never => {
    throw new ArgumentError('defaultCollate', `${problem}; pass a collate function`);
  };
  if (examples.length === 0) throw new ArgumentError('defaultCollate', 'there are no examples');
  const [first] = examples;
  const kind = kindOf(first);
  const other = examples.findIndex((example) => kindOf(example) !== kind);
  if (other >= 0)
    fail(
      `the examples are of different kinds: 0${path} is ${kind}, ${other}${path} is ${kindOf(examples[other])}`,
    );
  if (typeof first === 'object' && within.includes(first)) fail(`0${path} contains itself`);
  const inside = [...within, first];
  if (first instanceof Tensor) return stack(examples as Tensor[]);
  if (typeof first === 'number') return collateNumbers(examples as number[], path, fail);
  if (typeof first === 'boolean') return tensor(examples as boolean[]);
  if (typeof first === 'string') return [...examples];
  if (isTypedArray(first)) {
    const rows = examples as TypedArray[];
    if (rows.some((row) => row.length !== first.length)) fail(`the ${kind}s have different lengths`);
    return stack(rows.map((row) => tensor(row, [row.length])));
  }
  if (Array.isArray(first)) {
    const lists = examples as readonly unknown[][];
    if (lists.some((list) => list.length !== first.length))
      fail('the examples are lists of different lengths');
    return first.map((_, i) =>
      collate(
        lists.map((list) => list[i]),
        `${path}.${i}`,
        inside,
      ),
    );
  }
  if (kind !== 'object') return fail(`can't make a batch of ${kind}`);
  const objects = examples as Record<string, unknown>[];
  const keys = Object.keys(first as object);
  for (const [i, object] of objects.entries()) {
    const odd =
      keys.find((key) => !Object.hasOwn(object, key)) ??
      Object.keys(object).find((key) => !Object.hasOwn(first as object, key));
    if (odd !== undefined) fail(`only one of 0${path} and ${i}${path} has the key ${JSON.stringify(odd)}`);
  }
  return Object.fromEntries(
    keys.map((key) => [
      key,
      collate(
        objects.map((object) => object[key]),
        `${path}.${key}`,
        inside,
      ),
    ]),
  );
}

function collateNumbers(numbers: readonly number[], path: string, fail: (problem: string) => never): Tensor {
  if (!numbers.every(Number.isInteger)) return tensor([...numbers], { dtype: 'float32' });
  const beyond = numbers.findIndex((number) => number !== (number | 0));
  if (beyond >= 0) fail(`${beyond}${path} is ${numbers[beyond]}, which doesn't fit in int32`);
  return tensor([...numbers], { dtype: 'int32' });
}

const isTypedArray = (value: unknown): value is TypedArray =>
  value instanceof Float32Array ||
  value instanceof Float64Array ||
  value instanceof Int32Array ||
  value instanceof Uint8Array;

/** The kind of an example, for comparison and for messages. */
function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  return isPlainObject(value) ? 'object' : (value.constructor?.name ?? 'object');
}
