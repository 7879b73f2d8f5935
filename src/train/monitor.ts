import { ArgumentError } from '../core/errors.js';

/** A value that says how good an epoch is, and which way is better. */
export interface Monitor {
  /** Its name among what `step` gives; the validation's where there is one, else the training's. */
  readonly name: string;
  /** Whether less or more is better (default `'min'`). */
  readonly mode?: 'min' | 'max';
}

/** The value of a monitor. @throws ArgumentError naming the values there are */
export function monitored(operation: string, name: string, values: Readonly<Record<string, number>>): number {
  const value = values[name];
  if (value === undefined)
    throw new ArgumentError(
      operation,
      `there is no value '${name}' to monitor; there are ${Object.keys(values).join(', ')}`,
    );
  return value;
}

/** Whether `value` is better than `best` by more than `minDelta`; anything is better than nothing but NaN. */
export function improves(value: number, best: number | null, mode: 'min' | 'max', minDelta = 0): boolean {
  if (best === null) return !Number.isNaN(value);
  return mode === 'min' ? value < best - minDelta : value > best + minDelta;
}
