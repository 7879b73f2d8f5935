/**
 * A table as lines of text, under a line of headings: the first `left` columns (default 1) flush left,
 * the others, which are numbers, flush right.
 */
export function table(
  headings: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  { left = 1 }: { readonly left?: number } = {},
): readonly string[] {
  const cells = [headings, ...rows].map((row) => row.map(String));
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  return cells.map((row) =>
    row
      .map((cell, column) => (column < left ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
}

/** A number with so many digits after the point, large ones with a power of ten; `diverged` where it is none. */
export function lossText(loss: number | undefined, digits = 4): string {
  if (loss === undefined || !Number.isFinite(loss)) return 'diverged';
  return loss < LARGE ? loss.toFixed(digits) : loss.toExponential(1).replace('e+', 'e');
}

/** `98.4 %` */
export const percent = (share: number, digits = 1): string =>
  `${(100 * share).toFixed(digits).replace(/^-(?=[0.]*$)/, '')} %`;

/** Losses from which on digits after the point say nothing. */
const LARGE = 1000;

/** Lines that say what the numbers show, where they do. */
export const borneOut = (holds: boolean, ...lines: readonly string[]): readonly string[] =>
  holds ? lines : [];
