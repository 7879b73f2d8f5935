import { requireText } from '../../core/arguments.js';
import { ArgumentError } from '../../core/errors.js';
import { checkOption, instance, listOf, number, whole } from '../../core/options.js';
import { sameKind } from '../same-kind.js';

/** A value in a schedule's state that JSON and `.pt` files can hold. */
export type SavedValue =
  | number
  | string
  | boolean
  | null
  | readonly SavedValue[]
  | { readonly [key: string]: SavedValue };

/** A schedule's state under PyTorch's names. */
export interface SchedulerState {
  readonly [name: string]: SavedValue;
}

/** `totalIters` → `total_iters`, `tMax` → `T_max` */
const pythonName = (name: string): string =>
  name.replace(/[A-Z0-9]/g, (character) => `_${character.toLowerCase()}`).replace(/^t_/, 'T_');

/** A function isn't a value; PyTorch writes None for one in a list. */
const saved = (value: unknown): SavedValue =>
  typeof value === 'function' ? null : Array.isArray(value) ? value.map(saved) : (value as SavedValue);

export function writeSettings(settings: object): SchedulerState {
  const kept = Object.entries(settings).filter(([, value]) => typeof value !== 'function');
  return Object.fromEntries(kept.map(([name, value]) => [pythonName(name), saved(value)]));
}

/**
 * The settings in a state, under our names.
 * @param optional those that PyTorch doesn't save
 * @throws ArgumentError if one is missing or has the wrong type
 */
export function readSettings<S extends object>(
  where: string,
  own: S,
  state: SchedulerState,
  optional: readonly string[],
): Partial<S> {
  const kept = Object.entries(own).filter(([, value]) => !holdsFunctions(value));
  const missing = kept.filter(([name]) => state[pythonName(name)] === undefined && !optional.includes(name));
  if (missing.length > 0)
    throw new ArgumentError(
      where,
      `it has no ${missing.map(([name]) => pythonName(name)).join(', ')}; is it the state of a different schedule?`,
    );
  const found: Record<string, unknown> = {};
  for (const [name, value] of kept) {
    const stored = state[pythonName(name)];
    if (stored === undefined) continue;
    checkOption(where, pythonName(name), sameKind(value, true), stored);
    found[name] = stored;
  }
  return found as Partial<S>;
}

const holdsFunctions = (value: unknown): boolean =>
  typeof value === 'function' || (Array.isArray(value) && value.some(holdsFunctions));

const rate = number(0, { least: 0 });

/** The rates in a state, one for each parameter group. @throws ArgumentError if they aren't */
export function readRates(where: string, name: string, values: unknown, groups: number): readonly number[] {
  checkOption(where, name, listOf(rate, undefined), values);
  const rates = values as readonly number[];
  if (rates.length !== groups)
    throw new ArgumentError(
      where,
      `the schedule was for ${rates.length} parameter groups, but the optimizer has ${groups}`,
    );
  return rates;
}

/** A count of steps in a state. @throws ArgumentError unless it is a whole number of at least `least` */
export function readSteps(where: string, name: string, value: unknown, least: number): number {
  checkOption(where, name, whole(0, { least }), value);
  return value as number;
}

const object = instance(
  'an object',
  (value): value is object => typeof value === 'object' && value !== null && !Array.isArray(value),
);

/** @throws ArgumentError for a value that can't be a schedule's state */
export function checkLayout(where: string, state: unknown): void {
  requireText('readState', 'where', where);
  checkOption(where, 'the state', object, state);
}
