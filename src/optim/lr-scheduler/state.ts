import { ArgumentError } from '../../core/errors.js';

/** A value of a schedule's state, as JSON and `.pt` files hold it. */
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

/** A function is no value; in a list PyTorch writes None for it. */
const saved = (value: unknown): SavedValue =>
  typeof value === 'function' ? null : Array.isArray(value) ? value.map(saved) : (value as SavedValue);

export function writeSettings(settings: object): SchedulerState {
  const kept = Object.entries(settings).filter(([, value]) => typeof value !== 'function');
  return Object.fromEntries(kept.map(([name, value]) => [pythonName(name), saved(value)]));
}

const kindOf = (value: unknown): string =>
  Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value;

/** The settings that a state has, in our names. @throws ArgumentError if it has none, or of another type */
export function readSettings<S extends object>(where: string, own: S, state: SchedulerState): Partial<S> {
  const names = Object.keys(writeSettings(own));
  if (names.length > 0 && !names.some((name) => name in state))
    throw new ArgumentError(where, `this is the state of another schedule: it has no ${names.join(', ')}`);
  const found: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(own)) {
    const stored = state[pythonName(name)];
    if (stored === undefined || holdsFunctions(value)) continue;
    if (kindOf(stored) !== kindOf(value))
      throw new ArgumentError(where, `${pythonName(name)} is a ${kindOf(stored)}, not a ${kindOf(value)}`);
    found[name] = stored;
  }
  return found as Partial<S>;
}

const holdsFunctions = (value: unknown): boolean =>
  typeof value === 'function' || (Array.isArray(value) && value.some(holdsFunctions));
