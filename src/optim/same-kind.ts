import { flag, instance, listOf, nullable, number, type Option, text } from '../core/options.js';

const anything = instance('a value', (value): value is unknown => value !== undefined);

const objectOf = (item: Option<unknown>): Option<object | undefined> =>
  instance(
    `an object in which each value is ${item.wanted}`,
    (value): value is object =>
      typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      Object.values(value).every((v) => item.accepts(v)),
  );

/**
 * What may replace a value in a state: a number for a number, a list of the same length for a list, a string or null
 * for either, and an object with similar values for an object.
 *
 * @param infinite whether numbers may be infinite, like the best loss before the first step
 */
export function sameKind(value: unknown, infinite = false): Option<unknown> {
  if (typeof value === 'number') return number(0, { infinite });
  if (typeof value === 'boolean') return flag(false);
  if (typeof value === 'string' || value === null) return nullable(text(''), null);
  if (Array.isArray(value))
    return listOf(
      new Set(value.map((item) => typeof item)).size === 1 ? sameKind(value[0], infinite) : anything,
      undefined,
      value.length,
    );
  return typeof value === 'object'
    ? objectOf(Object.values(value).map((v) => sameKind(v, infinite))[0] ?? anything)
    : anything;
}
