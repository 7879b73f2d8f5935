import { ArgumentError } from '../core/errors.js';

/** Throws ArgumentError unless an option's value is within bounds. */
export function checkOption(owner: string, name: string, value: number, ok: boolean, bounds: string): void {
  if (!ok || Number.isNaN(value)) throw new ArgumentError(owner, `${name} must be ${bounds}, it is ${value}`);
}

export const atLeastZero = (owner: string, options: Readonly<Record<string, number>>): void => {
  for (const [name, value] of Object.entries(options))
    checkOption(owner, name, value, value >= 0, '0 or more');
};

export const positiveWhole = (owner: string, options: Readonly<Record<string, number>>): void => {
  for (const [name, value] of Object.entries(options))
    checkOption(owner, name, value, Number.isInteger(value) && value > 0, 'a positive whole number');
};

export function checkBetas(owner: string, betas: readonly [number, number]): void {
  betas.forEach((beta, i) => {
    checkOption(owner, `betas[${i}]`, beta, beta >= 0 && beta < 1, 'from 0 to less than 1');
  });
}

/** Throws ArgumentError unless `value` is one of the words. */
export function checkWord(owner: string, name: string, value: string, words: readonly string[]): void {
  if (!words.includes(value))
    throw new ArgumentError(
      owner,
      `${name} must be ${words.map((w) => `'${w}'`).join(' or ')}, it is '${value}'`,
    );
}
