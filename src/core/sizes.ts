import { ArgumentError } from './errors.js';

/** One number for all axes, or one for each. */
export type Size = number | readonly number[];

/** A size as one number for each of `rank` axes. @throws ArgumentError unless all are whole and at least `least` */
export function perAxis(
  operation: string,
  option: string,
  size: Size,
  rank: number,
  least: number,
): readonly number[] {
  const sizes = typeof size === 'number' ? new Array<number>(rank).fill(size) : size;
  if (sizes.length !== rank)
    throw new ArgumentError(operation, `${option} has ${sizes.length} numbers, needs one or ${rank}`);
  for (const n of sizes)
    if (!Number.isInteger(n) || n < least)
      throw new ArgumentError(operation, `${option} must be a whole number of at least ${least}, not ${n}`);
  return sizes;
}
