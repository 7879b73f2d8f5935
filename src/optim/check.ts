import { flag, number, pairOf } from '../core/options.js';

/** A number of at least 0. */
export const atLeastZero = <D extends number | undefined>(defaultValue: D) =>
  number(defaultValue, { least: 0 });

/** Decay of two means. */
export const betas = pairOf(number(0, { least: 0, below: 1 }), [0.9, 0.999] as const);

/** What most optimizers have. */
export const common = { weightDecay: atLeastZero(0), maximize: flag(false) };
