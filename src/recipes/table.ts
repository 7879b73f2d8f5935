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

/** `98.4 %` */
export const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`;

/** Lines that say what the numbers show, where they do. */
export const borneOut = (holds: boolean, ...lines: readonly string[]): readonly string[] =>
  holds ? lines : [];
