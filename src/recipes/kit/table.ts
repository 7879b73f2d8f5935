import { textTable } from '../../core/text-table.js';

/** A table as lines of text, under a line of headings. */
export const table = (
  headings: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  options: { readonly left?: number } = {},
): readonly string[] => textTable([headings, ...rows], options);

/** A number with so many digits after the point, large ones with a power of ten; `diverged` where it is none. */
export function lossText(loss: number | undefined, digits = 4): string {
  if (loss === undefined || !Number.isFinite(loss)) return 'diverged';
  return loss < LARGE ? loss.toFixed(digits) : loss.toExponential(1).replace('e+', 'e');
}

/** Losses from which on digits after the point say nothing. */
const LARGE = 1000;

/** Lines that say what the numbers show, where they do. */
export const borneOut = (holds: boolean, ...lines: readonly string[]): readonly string[] =>
  holds ? lines : [];
