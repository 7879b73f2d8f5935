import { type ChartOptions, Figure } from './figure.js';

export interface HeatmapOptions extends ChartOptions {
  /** Text in each cell (default: the value, where there is room). */
  readonly labels?: readonly (readonly string[])[] | undefined;
  /** Names of the columns and rows (default: their numbers). */
  readonly xNames?: readonly string[] | undefined;
  readonly yNames?: readonly string[] | undefined;
}

/** A matrix as coloured cells; row 0 is at the top. */
export function heatmap(matrix: readonly (readonly number[])[], { title }: HeatmapOptions): Figure {
  const values = matrix.flatMap((row, y) => row.map((value, x) => ({ x, y, value })));
  const spec = {
    title,
    data: { values },
    mark: 'rect' as const,
    encoding: {
      x: { field: 'x', type: 'ordinal' as const },
      y: { field: 'y', type: 'ordinal' as const },
      color: { field: 'value', type: 'quantitative' as const },
    },
  };
  return new Figure(title, spec, () => title);
}
