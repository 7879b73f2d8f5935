import { type ChartOptions, Figure } from './figure.js';

export interface Points {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Class of each point. */
  readonly classes?: readonly (string | number)[] | undefined;
}

/** Points in the plane, coloured by their class. */
export function scatter({ x, y, classes }: Points, { title }: ChartOptions): Figure {
  const values = x.map((at, i) => ({ x: at, y: y[i]!, name: classes?.[i] }));
  const spec = {
    title,
    data: { values },
    mark: 'point' as const,
    encoding: {
      x: { field: 'x', type: 'quantitative' as const },
      y: { field: 'y', type: 'quantitative' as const },
      color: { field: 'name' },
    },
  };
  return new Figure(title, spec, () => title);
}
