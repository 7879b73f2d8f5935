import { type ChartOptions, Figure } from './figure.js';

export interface Sample {
  readonly name: string;
  readonly values: readonly number[] | Float32Array;
}

export interface HistogramOptions extends ChartOptions {
  /** Number of bins (default: by the number of values). */
  readonly bins?: number | undefined;
}

/** How often values fall into each of equally wide bins. */
export function histogram(series: readonly Sample[], { title }: HistogramOptions): Figure {
  const values = series.flatMap(({ name, values }) => [...values].map((value) => ({ name, value })));
  const spec = {
    title,
    data: { values },
    mark: 'bar' as const,
    encoding: { x: { field: 'value', bin: true }, y: { aggregate: 'count' as const } },
  };
  return new Figure(title, spec, () => title);
}
