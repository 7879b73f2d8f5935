import { Figure } from './figure.js';

export interface PanelsOptions {
  readonly title: string;
  /** Panels in a row (default: 2, or 3 from five panels on). */
  readonly columns?: number | undefined;
}

/** Several figures in one picture. */
export function panels(figures: readonly Figure[], { title, columns = 2 }: PanelsOptions): Figure {
  const spec = { title, concat: figures.map(({ spec }) => spec), columns };
  return new Figure(title, spec, (columns) =>
    [title, ...figures.map((figure) => figure.toText({ columns }))].join('\n\n'),
  );
}
