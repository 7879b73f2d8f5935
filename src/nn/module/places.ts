import { snakeCase } from '../../core/snake-case.js';

/** A place inside a module where something was found. */
export interface Place<T> {
  /** Its path from the module, as the state dict spells it. */
  readonly name: string;
  readonly value: T;
  /** Replaces the value there. */
  put(value: T): void;
}

type Entry = readonly [name: string, value: unknown, put: (value: unknown) => void];

export const isPlainObject = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

const fieldsOf = (holder: object): Entry[] =>
  Object.entries(holder).map(([key, value]) => [
    snakeCase(key),
    value,
    (replacement) => Reflect.set(holder, key, replacement),
  ]);

const isName = (key: unknown): boolean => typeof key === 'string' || typeof key === 'number';

/** Replaces one value with another, keeping the order. */
function replaceInSet(set: Set<unknown>, old: unknown, replacement: unknown): void {
  const items = [...set];
  set.clear();
  for (const item of items) set.add(item === old ? replacement : item);
}

/** The contents of a list, plain object, Map, or Set, by name; null for anything else. */
function entriesOf(holder: unknown): Entry[] | null {
  if (typeof holder !== 'object' || holder === null) return null;
  if (Array.isArray(holder))
    return Array.from(holder, (value: unknown, i) => [
      String(i),
      value,
      (replacement) => {
        holder[i] = replacement;
      },
    ]);
  if (holder instanceof Map)
    return [...(holder as Map<unknown, unknown>)].map(([key, value], i) => [
      isName(key) ? String(key) : String(i),
      value,
      (replacement) => holder.set(key, replacement),
    ]);
  if (holder instanceof Set)
    return [...(holder as Set<unknown>)].map((value, i) => [
      String(i),
      value,
      (replacement) => replaceInSet(holder, value, replacement),
    ]);
  return isPlainObject(holder) ? fieldsOf(holder) : null;
}

/**
 * Walks the fields of a module and any nested lists, plain objects, Maps, and Sets. Names are snake case for fields
 * of objects, unchanged keys for Maps, and indices for lists and Sets. A container that contains itself is walked
 * once.
 */
export function* placesIn<T>(
  module: object,
  wanted: (value: unknown) => value is T,
): Generator<Place<T>, void> {
  const open = new Set<unknown>();
  function* visit(entries: readonly Entry[], prefix: string): Generator<Place<T>, void> {
    for (const [key, value, put] of entries) {
      if (wanted(value)) {
        yield { name: prefix + key, value, put };
        continue;
      }
      if (open.has(value)) continue;
      const inner = entriesOf(value);
      if (inner === null) continue;
      open.add(value);
      yield* visit(inner, `${prefix}${key}.`);
      open.delete(value);
    }
  }
  yield* visit(fieldsOf(module), '');
}
