import { FileFormatError } from '../../core/errors.js';
import { UnsupportedError } from '../unsupported.js';

export const operation = 'loadTorch';

/** What files of other kinds are not. */
export const expected = 'a file of PyTorch (.pt)';

/**
 * Called with the byte and the problem; throws.
 *
 * @param supported false if the file is in order, and only this value of it cannot be had (default true)
 */
export type Fail = (at: number, problem: string, supported?: boolean) => never;

/** The failure of reading a file of this name. */
export const failure =
  (file: string): Fail =>
  (at, problem, supported = true) => {
    throw new (supported ? FileFormatError : UnsupportedError)(operation, file, at, problem);
  };

/** A problem in what a file describes; who reads the file adds the place. */
export class Refusal extends Error {}

export const refuse = (problem: string): never => {
  throw new Refusal(problem);
};

/** Text of a file as an error shows it. */
export const quoted = (text: string): string =>
  JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
