import { textTable } from '../../core/text-table.js';

/** A table as plain data. */
export interface Table {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  /** How many columns, from the first on, are words, which are flush left; numbers are flush right (default 1). */
  readonly left?: number;
}

/** What is there to read about a result: lines of text and tables, in this order. */
export type Report = readonly (string | Table)[];

/** A table of a report. */
export const table = (
  headings: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  options: { readonly left?: number } = {},
): Table => ({ headings, rows, ...options });

/** A report as lines for a terminal. */
export const reportLines = (report: Report): readonly string[] =>
  report.flatMap((block) =>
    typeof block === 'string' ? [block] : textTable([block.headings, ...block.rows], block),
  );

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
