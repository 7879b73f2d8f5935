import { ArgumentError } from '../core/errors.js';

/** One number for all axes, or one for each. */
export type Size = number | readonly number[];

/** A size as one number for each of `rank` axes. */
export function perAxis(module: string, option: string, size: Size, rank: number): number[] {
  const sizes = typeof size === 'number' ? new Array<number>(rank).fill(size) : [...size];
  if (sizes.length !== rank || !sizes.every(Number.isInteger))
    throw new ArgumentError(
      module,
      `${option} must be a whole number or ${rank} of them, not ${JSON.stringify(size)}`,
    );
  return sizes;
}

/** A whole number of at least `least`. */
export function count(module: string, option: string, value: number, least = 0): number {
  if (!Number.isInteger(value) || value < least)
    throw new ArgumentError(module, `${option} must be a whole number of at least ${least}, not ${value}`);
  return value;
}

/** `kernelSize=[3, 3], stride=1`: options as the printed form of a module shows them. */
export const show = (options: Readonly<Record<string, unknown>>): string =>
  Object.entries(options)
    .map(([name, value]) => `${name}=${Array.isArray(value) ? `[${value.join(', ')}]` : String(value)}`)
    .join(', ');
