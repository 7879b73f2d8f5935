import { type ChartOptions, Figure } from './figure.js';

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** Bars of one label stand side by side, one a group. */
  readonly group?: string | undefined;
}

/** A bar a value. */
export function barChart(bars: readonly Bar[], { title }: ChartOptions): Figure {
  const spec = {
    title,
    data: { values: [...bars] },
    mark: 'bar' as const,
    encoding: {
      x: { field: 'label' },
      xOffset: { field: 'group' },
      y: { field: 'value', type: 'quantitative' as const },
    },
  };
  return new Figure(title, spec, () => title);
}
