import { flag, number, pairOf } from '../core/options.js';

/** A number of at least 0. */
export const atLeastZero = <D extends number | undefined>(defaultValue: D) =>
  number(defaultValue, { least: 0 });

/** Decay rates of two means. */
export const betas = pairOf(number(0, { least: 0, below: 1 }), [0.9, 0.999] as const);

/** Options that most optimizers share. */
export const common = { weightDecay: atLeastZero(0), maximize: flag(false) };
