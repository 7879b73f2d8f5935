import { requireList } from './arguments.js';
import { describe, plural, slip } from './describe.js';
import { ArgumentError } from './errors.js';

/** One number for all axes, or one for each. */
export type Size = number | readonly number[];

const wanted = (least: number): string =>
  least === -Infinity ? 'a whole number' : `a whole number of at least ${least}`;

/** @throws ArgumentError unless the value is a whole number of at least `least` */
export function count(operation: string, name: string, value: number, least = 0): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new ArgumentError(
    operation,
    `${name} must be ${wanted(least)}, got ${describe(value)}${slip(value)}`,
  );
}

/** A size as one number for each of `rank` axes. @throws ArgumentError unless all are whole and at least `least` */
export function perAxis(
  operation: string,
  name: string,
  size: Size,
  rank: number,
  least: number,
): readonly number[] {
  const sizes = Array.isArray(size)
    ? (size as readonly number[])
    : new Array<number>(rank).fill(size as number);
  if (sizes.length !== rank)
    throw new ArgumentError(operation, `${name} has ${plural(sizes.length, 'number')}, needs one or ${rank}`);
  for (const n of sizes) count(operation, name, n, least);
  return sizes;
}

/** Lengths of the last axes as three; missing ones are `fill`. */
export const triple = (sizes: readonly number[], fill: number): readonly [number, number, number] => [
  sizes.length < 3 ? fill : sizes[0]!,
  sizes.length < 2 ? fill : sizes.at(-2)!,
  sizes.at(-1)!,
];

/** The most tensors that one call makes a list of: each takes hundreds of bytes, however few elements it has. */
const mostTensors = 2 ** 20;

/** @throws ArgumentError for more tensors than there should be in one list */
export function requireListable(operation: string, tensors: number): void {
  if (tensors > mostTensors)
    throw new ArgumentError(
      operation,
      `would make ${tensors} tensors, at most ${mostTensors} are made at once`,
    );
}

/** One or several, as a list. */
export const several = <T>(value: T | readonly T[]): readonly T[] =>
  Array.isArray(value) ? (value as readonly T[]) : [value as T];

/** A list of whole numbers of at least `least`. @throws ArgumentError unless it is one */
export function counts(
  operation: string,
  name: string,
  list: readonly number[],
  least = -Infinity,
): readonly number[] {
  requireList(operation, name, list);
  for (const n of list) count(operation, name, n, least);
  return list;
}
