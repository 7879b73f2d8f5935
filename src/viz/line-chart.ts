import { type ChartOptions, Figure, type Series } from './figure.js';

/** Curves over a common axis. */
export function lineChart(series: readonly Series[], { title }: ChartOptions): Figure {
  const values = series.flatMap(({ name, x, y }) => x.map((at, i) => ({ name, x: at, y: y[i]! })));
  const spec = {
    title,
    data: { values },
    mark: 'line' as const,
    encoding: {
      x: { field: 'x', type: 'quantitative' as const },
      y: { field: 'y', type: 'quantitative' as const },
      color: { field: 'name' },
    },
  };
  return new Figure(title, spec, () => title);
}
