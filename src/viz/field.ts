import type { PlaneAxes } from './chart.js';
import type { Rgb } from './colors.js';
import { imageUrl } from './image.js';

/** A part of the plane. */
export interface Frame {
  readonly x: readonly [from: number, to: number];
  readonly y: readonly [from: number, to: number];
}

/** A grid of cells over a part of the plane; cells count by rows from the top left. */
export interface Grid extends Frame {
  readonly columns: number;
  readonly rows: number;
}

/** The center of a cell. */
export const middleOf = ({ x, y, columns, rows }: Grid, cell: number): [x: number, y: number] => [
  x[0] + ((x[1] - x[0]) * ((cell % columns) + 0.5)) / columns,
  y[1] - ((y[1] - y[0]) * (Math.floor(cell / columns) + 0.5)) / rows,
];

/** The cell at a position in the grid, from 0 to 1 rightward and upward. */
export const cellAt = ({ columns, rows }: Grid, x: number, y: number): number =>
  Math.min(rows - 1, Math.floor((1 - y) * rows)) * columns + Math.min(columns - 1, Math.floor(x * columns));

/** A colored grid as a layer of Vega-Lite. */
export function gridLayer({ x, y, columns, rows }: Grid, colorOf: (cell: number) => Rgb, axes: PlaneAxes) {
  const rgb = new Uint8Array(columns * rows * 3);
  for (let cell = 0; cell < columns * rows; cell++) rgb.set(colorOf(cell), cell * 3);
  return {
    data: { values: [{ url: imageUrl(columns, rows, rgb), x: x[0], x2: x[1], y: y[0], y2: y[1] }] },
    mark: { type: 'image' as const, aspect: false, smooth: false },
    encoding: {
      ...axes,
      x2: { field: 'x2' },
      y2: { field: 'y2' },
      url: { field: 'url', type: 'nominal' as const },
    },
  };
}
