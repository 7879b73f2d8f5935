import { FileFormatError } from '../../core/errors.js';
import { UnsupportedError } from '../unsupported.js';

export const operation = 'loadTorch';

/** What errors say the file isn't. */
export const expected = 'a PyTorch file (.pt)';

/**
 * Called with the byte and the problem; throws.
 *
 * @param supported false if the file is fine, but this value isn't supported (default true)
 */
export type Fail = (at: number, problem: string, supported?: boolean) => never;

/** The failure of reading a file of this name. */
export const failure =
  (file: string): Fail =>
  (at, problem, supported = true) => {
    throw new (supported ? FileFormatError : UnsupportedError)(operation, file, at, problem);
  };

/** A problem with what a file describes; the reader adds the position. */
export class Refusal extends Error {}

export const refuse = (problem: string): never => {
  throw new Refusal(problem);
};

/** Text from a file as an error shows it. */
export const quoted = (text: string): string =>
  JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
