import { requireList, requireRecord } from '../../core/arguments.js';
import { plural } from '../../core/describe.js';
import { ArgumentError } from '../../core/errors.js';
import { anyNumber, either, listOf, required, text, whole } from '../../core/options.js';
import { textTable } from '../../core/text-table.js';

/** A table as plain data. */
export interface Table {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  /** How many of the first columns are words, which are flush left; numbers are flush right (default 1). */
  readonly left?: number;
}

/** The text of a result: lines and tables, in this order. */
export type Report = readonly (string | Table)[];

/** A table of a report. */
export const table = (
  headings: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  options: { readonly left?: number } = {},
): Table => ({ headings, rows, ...options });

const words = listOf(text(undefined), undefined);
const cells = listOf(either(text(undefined), anyNumber(undefined)), undefined);
const tableSpec = {
  headings: required(words),
  rows: required(listOf(cells, undefined)),
  left: whole(1, { least: 0 }),
};

/** @throws ArgumentError unless every row has a cell for each heading */
function checkTable(name: string, block: Table): void {
  requireRecord('reportLines', name, block, tableSpec);
  const columns = block.headings.length;
  for (const [i, row] of block.rows.entries())
    if (row.length !== columns)
      throw new ArgumentError(
        'reportLines',
        `${name}.rows[${i}] must have ${plural(columns, 'cell')}, one for each heading, got ${row.length}`,
      );
}

/**
 * A report as lines for a terminal.
 *
 * @throws ArgumentError for what isn't a list of texts and tables
 */
export function reportLines(report: Report): readonly string[] {
  requireList('reportLines', 'report', report);
  return report.flatMap((block, i) => {
    if (typeof block === 'string') return [block];
    checkTable(`report[${i}]`, block);
    return textTable([block.headings, ...block.rows], block);
  });
}

/** A number with this many digits after the point, a large one with a power of ten; `diverged` if it isn't finite. */
export function lossText(loss: number | undefined, digits = 4): string {
  if (loss === undefined || !Number.isFinite(loss)) return 'diverged';
  return loss < LARGE ? loss.toFixed(digits) : loss.toExponential(1).replace('e+', 'e');
}

/** Losses above which digits after the point say nothing. */
const LARGE = 1000;

/** Lines that say what the numbers show, if the numbers do show it. */
export const borneOut = (holds: boolean, ...lines: readonly string[]): readonly string[] =>
  holds ? lines : [];
