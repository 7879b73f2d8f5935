/**
 * Cells in columns, a line for each row: the first `left` columns (default 1) flush left, the others, which are
 * numbers, flush right.
 */
export function textTable(
  rows: readonly (readonly (string | number)[])[],
  { left = 1 }: { readonly left?: number | undefined } = {},
): string[] {
  const cells = rows.map((row) => row.map(String));
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  return cells.map((row) =>
    row
      .map((cell, column) => (column < left ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
}
