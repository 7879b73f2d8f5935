import { requireList } from '../core/arguments.js';
import { defineOptions, listOf, text } from '../core/options.js';
import { textTable } from '../core/text-table.js';
import { heading } from './chart.js';
import { leftOut, requireMatrix, requireSameLength } from './checks.js';
import { diverging, hexOf, isDark, type Rgb, ramp, viridis } from './colors.js';
import { type ChartOptions, chartSpec, Figure } from './figure.js';
import { textWidth } from './font.js';
import { imageUrl } from './image.js';
import { momentsOf } from './statistics.js';
import { type Shading, shadedImage } from './text/image.js';
import { alike } from './text/numbers.js';
import { ink } from './theme.js';

export interface HeatmapOptions extends ChartOptions {
  /** Text in each cell (default: the value), shown if there's room. */
  readonly labels?: readonly (readonly string[])[] | undefined;
  /** Names of the columns and of the rows (default: their numbers). */
  readonly xNames?: readonly string[] | undefined;
  readonly yNames?: readonly string[] | undefined;
}

const heatmapOptions = defineOptions({
  ...chartSpec,
  labels: listOf(listOf(text(''), undefined), undefined),
  xNames: listOf(text(''), undefined),
  yNames: listOf(text(''), undefined),
});

/** Cells of a matrix, ready to draw. */
export interface Cells {
  /** Lines of text in each cell; none if there's no room. */
  readonly texts: readonly (readonly (readonly string[])[])[];
  readonly colors: readonly (readonly Rgb[])[];
  readonly xNames: readonly string[];
  readonly yNames: readonly string[];
}

const FONT = 11;
/** Pixels between the names of columns. */
const NAME_GAP = 4;
const LINE = FONT + 3;
/** Sides of cells, and the usual width of all of them, in pixels. */
const [SMALLEST, LARGEST, USUAL] = [1, 90, 480];
/** More cells than this are the pixels of an image. */
const MOST_CELLS = 10_000;
/** Up to this many names, all are written, however much room they need; of more, only some. */
const MOST_NAMES = 100;
const unknown: Rgb = [217, 217, 217];

/** Size of a cell in pixels: room for texts and names, within a picture's size. */
function cellSize({ texts, xNames, yNames }: Cells): number {
  const widest = [...texts.flat(2), ...xNames].reduce(
    (most, text) => Math.max(most, textWidth(text, FONT)),
    20,
  );
  const least = Math.max(xNames.length, yNames.length) <= MOST_NAMES ? FONT + 2 : SMALLEST;
  return Math.max(least, Math.min(widest + 10, LARGEST, USUAL / xNames.length));
}

/** Cells as the pixels of one image over the whole. */
function pixelLayer(colors: Cells['colors'], width: number, height: number) {
  const url = imageUrl(colors[0]!.length, colors.length, Uint8Array.from(colors.flat(2)));
  return {
    data: { values: [{ url }] },
    mark: {
      type: 'image' as const,
      aspect: false,
      smooth: false,
      align: 'left' as const,
      baseline: 'top' as const,
      width,
      height,
    },
    encoding: { x: { value: 0 }, y: { value: 0 }, url: { field: 'url', type: 'nominal' as const } },
  };
}

/** Colored cells with texts, row 0 at the top, as layers of Vega-Lite. */
export function cellLayers(cells: Cells, options: Omit<ChartOptions, 'title'>) {
  const { texts, colors, xNames, yNames } = cells;
  const cell = cellSize(cells);
  const lines = texts.flat().reduce((most, { length }) => Math.max(most, length), 0);
  const width = options.width ?? cell * xNames.length;
  const height = options.height ?? cell * yNames.length;
  const isRoomy =
    height / yNames.length > lines * LINE &&
    texts.flat(2).every((text) => textWidth(text, FONT) <= width / xNames.length - 4);
  const cellRows = () =>
    colors.flatMap((row, y) =>
      row.map((color, x) => ({
        x,
        y,
        color: hexOf(color),
        ink: isDark(color) ? '#ffffff' : ink,
        text: texts[y]![x]!,
      })),
    );
  const axis = (field: 'x' | 'y', names: readonly string[], label: string | undefined) => ({
    field,
    type: 'ordinal' as const,
    title: label ?? null,
    scale: { padding: 0 },
    axis: {
      domain: false,
      ticks: false,
      labelExpr: `${JSON.stringify(names)}[datum.value]`,
      labelLimit: 120,
      labelPadding: 6,
      ...(field === 'x'
        ? {
            labelAngle: !names.some((name) => textWidth(name, FONT) + NAME_GAP > width / names.length)
              ? 0
              : width / names.length < 2 * FONT
                ? -90
                : -45,
          }
        : {}),
      labelOverlap: names.length > MOST_NAMES ? ('greedy' as const) : false,
    },
  });
  const axes = { x: axis('x', xNames, options.xLabel), y: axis('y', yNames, options.yLabel) };
  const raw = (field: string) => ({ field, type: 'nominal' as const, scale: null, legend: null });
  /** Texts of this many lines, centered in their cells. */
  const textLayer = (count: number) => ({
    transform: [{ filter: `datum.text.length === ${count}` }],
    mark: {
      type: 'text' as const,
      fontSize: FONT,
      lineHeight: LINE,
      baseline: 'middle' as const,
      dy: ((1 - count) * LINE) / 2,
    },
    encoding: { ...axes, text: { field: 'text', type: 'nominal' as const }, color: raw('ink') },
  });
  const textLayers = Array.from({ length: lines }, (_, line) => textLayer(line + 1));
  const rectLayer = {
    mark: { type: 'rect' as const, stroke: 'white', strokeWidth: cell > 12 ? 1 : 0 },
    encoding: { ...axes, color: raw('color') },
  };
  /** The names of rows and columns, if no cells carry them. */
  const axesLayer = {
    data: {
      values: Array.from({ length: Math.max(xNames.length, yNames.length) }, (_, i) => ({
        x: i % xNames.length,
        y: i % yNames.length,
      })),
    },
    mark: { type: 'rect' as const, opacity: 0 },
    encoding: axes,
  };
  return {
    width,
    height,
    view: { stroke: null },
    ...(xNames.length * yNames.length > MOST_CELLS
      ? { layer: [pixelLayer(colors, width, height), axesLayer] }
      : { data: { values: cellRows() }, layer: [rectLayer, ...(isRoomy ? textLayers : [])] }),
  };
}

/** The table for a terminal, or, if it would be too wide, shades that `legend` explains. */
export function cellText(
  { title, xLabel, yLabel }: ChartOptions,
  table: readonly (readonly string[])[],
  image: Shading,
  legend: string,
  columns: number,
): string {
  const lines = textTable(table);
  const axes = [yLabel && `rows: ${yLabel}`, xLabel && `columns: ${xLabel}`].filter(Boolean).join(', ');
  const fits = lines.every(({ length }) => length <= columns);
  return [title, ...(axes ? [axes] : []), ...(fits ? lines : [...shadedImage(image, columns), legend])].join(
    '\n',
  );
}

/** States the range of the finite values. */
function rangeText(least: number, most: number): string {
  if (!(least <= most)) return 'no finite values';
  return least === most
    ? `all values ${alike([most], 3)[0]}`
    : `values from ${alike([least, most], 3).join(' to ')}`;
}

/**
 * A matrix as colored cells, row 0 at the top. If values have both signs, blue is negative and
 * red positive.
 *
 * @throws ArgumentError for an empty matrix, rows of different lengths, or the wrong number of names
 * @example
 * const figure = viz.heatmap([[1, 0.2], [0.2, 1]], { title: 'Correlation', xNames: ['a', 'b'], yNames: ['a', 'b'] });
 * console.log(figure.toText());
 */
export function heatmap(matrix: readonly (readonly number[])[], options: HeatmapOptions): Figure {
  requireList('heatmap', 'matrix', matrix);
  heatmapOptions('heatmap', options);
  requireMatrix('heatmap', matrix);
  const xNames = options.xNames ?? matrix[0]!.map((_, i) => String(i));
  const yNames = options.yNames ?? matrix.map((_, i) => String(i));
  const oddRow = options.labels?.find((row) => row.length !== matrix[0]!.length);
  requireSameLength('heatmap', { 'the matrix': matrix, yNames, labels: options.labels });
  requireSameLength('heatmap', { 'a row': matrix[0]!, xNames, 'a row of labels': oddRow });
  const values = matrix.flat();
  // A label may say what a cell without a value is.
  const missing = options.labels ? undefined : leftOut({ values });
  const { least, most } = momentsOf(values);
  const range = rangeText(least, most);
  const reach = Math.max(-least, most);
  const [from, to, stops] = least < 0 && most > 0 ? [-reach, reach, diverging] : [least, most, viridis];
  const share = (value: number): number => (to > from ? (value - from) / (to - from) : 0.5);
  const shown = alike(values, 3);
  const width = xNames.length;
  const texts = options.labels ?? matrix.map((_, y) => shown.slice(y * width, (y + 1) * width));
  const cells = cellLayers(
    {
      texts: texts.map((row) => row.map((text) => [text])),
      colors: matrix.map((row) =>
        row.map((value) => (Number.isFinite(value) ? ramp(stops, share(value)) : unknown)),
      ),
      xNames,
      yNames,
    },
    options,
  );
  const spec = () => ({ title: heading(options, range, missing), ...cells });
  return new Figure(
    options.title,
    spec,
    (columns) =>
      cellText(
        options,
        [['', ...xNames], ...texts.map((row, y) => [yNames[y]!, ...row])],
        { width, height: yNames.length, at: (x, y) => share(matrix[y]![x]!) },
        range,
        columns,
      ),
    false,
  );
}
