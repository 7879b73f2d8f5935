import { requireList, requireRecord } from '../core/arguments.js';
import { ArgumentError } from '../core/errors.js';
import { anyNumber, callback, pairOf, required } from '../core/options.js';
import { heading, numbers, sizeOf } from './chart.js';
import { mix, type Rgb, rgbOf } from './colors.js';
import { checkCurves, curveLayers, gapsOf, textLayers } from './curves.js';
import { cellAt, type Frame, type Grid, gridLayer, middleOf } from './field.js';
import { type ChartOptions, chartOptions, Figure, type Series } from './figure.js';
import { linear } from './text/axis.js';
import { alike } from './text/numbers.js';
import { textPlot } from './text/plot.js';
import { colorOf } from './theme.js';

/** A function of the plane, and where to look at it. */
export interface Surface extends Frame {
  readonly f: (x: number, y: number) => number;
}

/** Number of levels: the lowest is 2^−LEVELS of the whole height above the minimum. */
const LEVELS = 12;
/** Cells of the grid for a pixel, to make lines smooth. */
const FINE = 2;

const low: Rgb = rgbOf('#fdfdfb');
const high: Rgb = rgbOf('#b4c6d6');
const line: Rgb = rgbOf('#90a7bb');
const nowhere: Rgb = rgbOf('#d9d9d9');

interface Bands {
  /** Number of the band that each cell is in, from 0 for the lowest; −1 where f isn't finite. */
  readonly bands: Int8Array;
  readonly least: number;
  readonly most: number;
}

function bandsOf({ f }: Surface, grid: Grid): Bands {
  const heights = new Float64Array(grid.columns * grid.rows);
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let cell = 0; cell < heights.length; cell++) {
    const [x, y] = middleOf(grid, cell);
    const height = f(x, y);
    heights[cell] = height;
    if (!Number.isFinite(height)) continue;
    if (height < least) least = height;
    if (height > most) most = height;
  }
  const bands = new Int8Array(heights.length);
  for (let cell = 0; cell < heights.length; cell++) {
    const height = heights[cell]!;
    const share = most > least ? (height - least) / (most - least) : 0;
    bands[cell] = Number.isFinite(height) ? Math.max(0, Math.ceil(LEVELS + Math.log2(share))) : -1;
  }
  return { bands, least, most };
}

const range = required(pairOf(anyNumber(0), undefined));
const surfaceSpec = { f: required(callback()), x: range, y: range };

/** First and last point of each path. */
function endsOf(paths: readonly Series[]): { x: number; y: number; color: string; end: boolean }[] {
  return paths.flatMap(({ x, y, color }, i) => {
    const finite = x.flatMap((at, j) =>
      Number.isFinite(at) && Number.isFinite(y[j]!) ? [{ x: at, y: y[j]! }] : [],
    );
    return [finite[0], finite.at(-1)].flatMap((point, end) =>
      point ? [{ ...point, color: end ? colorOf(color ?? i) : 'white', end: end === 1 }] : [],
    );
  });
}

/**
 * The levels of a surface, and paths on it, such as those of optimizers. Levels halve toward the
 * minimum: each line lies half as high above it as the next one outside. A path begins at a white
 * circle and ends at a filled one.
 *
 * @throws ArgumentError for a part of the plane without area, for a function that is finite nowhere
 * there, or if a path doesn't have as many x as y
 * @example
 * const figure = viz.contour(
 *   { f: (x, y) => x * x + 20 * y * y, x: [-2, 2], y: [-1, 1] },
 *   [{ name: 'gradient descent', x: [-1.8, -1.4, -1.1], y: [0.8, -0.5, 0.3] }],
 *   { title: 'A ravine' },
 * );
 * await figure.toSvg();
 */
export function contour(surface: Surface, paths: readonly Series[], options: ChartOptions): Figure {
  requireList('contour', 'paths', paths);
  chartOptions('contour', options);
  requireRecord('contour', 'the surface', surface, surfaceSpec);
  for (const [name, [from, to]] of Object.entries({ x: surface.x, y: surface.y }))
    if (!(from < to && Number.isFinite(to - from)))
      throw new ArgumentError('contour', `${name} from ${from} to ${to} isn't a range`);
  checkCurves('contour', paths);
  const size = sizeOf(options, { width: 460, height: 340 });
  const grid = { ...surface, columns: size.width * FINE, rows: size.height * FINE };
  const { bands, least, most } = bandsOf(surface, grid);
  if (least > most)
    throw new ArgumentError('contour', "the function isn't finite anywhere in this part of the plane");
  const { columns } = grid;
  const bandColors = Array.from({ length: LEVELS + 1 }, (_, band) => mix(low, high, band / LEVELS));
  const colorOfCell = (cell: number): Rgb => {
    const band = bands[cell]!;
    if (band < 0) return nowhere;
    const right = cell % columns === columns - 1 ? band : bands[cell + 1]!;
    const below = bands[cell + columns] ?? band;
    return right !== band || below !== band ? line : bandColors[band]!;
  };
  const [x, y] = [linear(surface.x), linear(surface.y)];
  const axes = {
    x: numbers('x', x, { label: options.xLabel, exact: true, across: true }),
    y: numbers('y', y, { label: options.yLabel, exact: true }),
  };
  const gaps = gapsOf(paths, {});
  const ends = {
    data: { values: endsOf(paths) },
    mark: {
      type: 'point' as const,
      filled: true,
      size: 60,
      stroke: '#333',
      strokeWidth: 1,
      opacity: 1,
      clip: true,
    },
    encoding: { ...axes, fill: { field: 'color', type: 'nominal' as const, scale: null, legend: null } },
  };
  const range = `from ${alike([least, most], 3).join(' to ')}; each line is half as high above the minimum as the next`;
  const spec = () => ({
    title: heading(options, range, ...gaps),
    ...size,
    layer: [
      gridLayer(grid, colorOfCell, axes),
      ...curveLayers(paths, {}, axes).map((layer) => ({ ...layer, mark: { ...layer.mark, clip: true } })),
      ends,
    ],
  });
  const shades = [...' ░▒▓█'];
  return new Figure(options.title, spec, (columns, color) =>
    textPlot(
      {
        ...options,
        x,
        y,
        layers: textLayers(paths),
        background: (atX, atY) => {
          const band = bands[cellAt(grid, atX, atY)]!;
          return band < 0 ? '?' : shades[Math.floor(band / 3.25)]!;
        },
        notes: [range, ...gaps],
      },
      columns,
      color,
    ),
  );
}
