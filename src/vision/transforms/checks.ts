import { describe } from '../../core/describe.js';
import { ArgumentError } from '../../core/errors.js';
import { either, number, type Option, pairOf } from '../../core/options.js';

/** The smallest and the largest value. */
export type Range = readonly [from: number, to: number];

/** A range, or two numbers of another meaning. */
export const rangeOption = <D extends Range | undefined>(defaultValue: D) => pairOf(number(0), defaultValue);

/** One number, or two. */
export const oneOrTwo = <D extends number | Range | undefined>(
  defaultValue: D,
): Option<number | Range | D> => ({
  ...either(number(undefined), rangeOption(undefined)),
  default: defaultValue,
});

const isRange = pairOf(number(0, { infinite: true }), undefined);

/** @throws ArgumentError unless p is in [0, 1] */
export function checkChance(operation: string, p: number): void {
  if (!(typeof p === 'number' && p >= 0 && p <= 1))
    throw new ArgumentError(operation, `p must be in [0, 1], got ${describe(p)}`);
}

/** @throws ArgumentError unless a range is in order and within bounds */
export function checkRange(
  operation: string,
  name: string,
  range: Range,
  [least, most]: Range = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
): void {
  if (isRange.accepts(range) && range[0] <= range[1] && range[0] >= least && range[1] <= most) return;
  const bounds = Number.isFinite(most) ? ` within [${least}, ${most}]` : ` of at least ${least}`;
  throw new ArgumentError(
    operation,
    `${name} must be a range [from, to]${Number.isFinite(least) ? bounds : ''}, got ${describe(range)}`,
  );
}

/** @throws ArgumentError unless the value is above 0 */
export function checkPositive(operation: string, name: string, ...values: readonly number[]): void {
  const wrong = values.find(
    (value) => !(typeof value === 'number' && value > 0 && value < Number.POSITIVE_INFINITY),
  );
  if (wrong !== undefined)
    throw new ArgumentError(operation, `${name} must be a number above 0, got ${describe(wrong)}`);
}

/** One number means the range around 0. @throws ArgumentError */
export function symmetric(operation: string, name: string, value: number | Range): Range {
  if (typeof value === 'number' && !(value >= 0))
    throw new ArgumentError(operation, `${name} as one number must be at least 0, got ${describe(value)}`);
  const range = typeof value === 'number' ? ([-value, value] as const) : value;
  checkRange(operation, name, range);
  return range;
}

/** A pair from one number or two. */
export const pair = (value: number | Range): Range => (typeof value === 'number' ? [value, value] : value);

/** Rounded to a whole number, halves to even. */
export function roundHalfEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  return rest < 0.5 || (rest === 0.5 && below % 2 === 0) ? below : below + 1;
}
