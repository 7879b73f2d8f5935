import { requireObject, requireRecord } from '../core/arguments.js';
import { anyNumber, either, listOf, required, text } from '../core/options.js';
import { heading, numbers, type PlaneAxes, sizeOf } from './chart.js';
import { isDrawable, leftOut, requireSameLength, requireSome } from './checks.js';
import { type ChartOptions, chartOptions, Figure } from './figure.js';
import { axisOf } from './text/axis.js';
import { type Layer, textPlot } from './text/plot.js';
import { colorOf, palette } from './theme.js';

/** Points in the plane. */
export interface Points {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Class of each point. */
  readonly classes?: readonly (string | number)[] | undefined;
  /** What is written beside each point, but not in a terminal. */
  readonly labels?: readonly string[] | undefined;
}

/** The classes that occur, in order: numbers by size, then names alphabetically. */
export function classesOf(classes: readonly (string | number)[]): (string | number)[] {
  const all = [...new Set(classes)];
  const isNumber = (value: string | number): value is number => typeof value === 'number';
  return [...all.filter(isNumber).sort((a, b) => a - b), ...all.filter((value) => !isNumber(value)).sort()];
}

/** The points that fit on the axes. */
export function drawable(
  { x, y, classes, labels }: Points,
  { xLog, yLog }: Pick<ChartOptions, 'xLog' | 'yLog'>,
): { x: number; y: number; name: string; label: string }[] {
  return x.flatMap((at, i) =>
    isDrawable(at, xLog) && isDrawable(y[i]!, yLog)
      ? [{ x: at, y: y[i]!, name: String(classes?.[i] ?? ''), label: labels?.[i] ?? '' }]
      : [],
  );
}

const shapes = ['circle', 'square', 'triangle-up', 'diamond', 'cross'] as const;

/** Above these numbers of points, the marks are smaller. */
const markSize = (points: number): number => (points > 2000 ? 8 : points > 300 ? 18 : 40);

/** Points as a layer of Vega-Lite; classes beyond the tenth have another shape. */
export function pointLayer(
  rows: readonly { readonly x: number; readonly y: number; readonly name: string }[],
  names: readonly string[],
  axes: PlaneAxes,
  outline: boolean,
) {
  const byName = <T>(range: T[]) => ({
    field: 'name',
    type: 'nominal' as const,
    title: null,
    scale: { domain: [...names], range },
    legend:
      names.length > 1 ? { symbolSize: 60, symbolOpacity: 1, columns: Math.ceil(names.length / 14) } : null,
  });
  return {
    data: { values: [...rows] },
    mark: {
      type: 'point' as const,
      filled: true,
      size: markSize(rows.length),
      opacity: outline ? 1 : 0.8,
      ...(outline ? { stroke: 'white', strokeWidth: 0.8 } : {}),
    },
    encoding: {
      ...axes,
      fill: byName(names.map((_, i) => colorOf(i))),
      ...(names.length > palette.length
        ? { shape: byName(names.map((_, i) => shapes[Math.floor(i / palette.length) % shapes.length]!)) }
        : {}),
    },
  };
}

/** The labels of points as a layer of Vega-Lite. */
const labelLayer = (rows: ReturnType<typeof drawable>, axes: PlaneAxes) => ({
  data: { values: rows },
  mark: { type: 'text' as const, align: 'left' as const, dx: 5, dy: -4, fontSize: 9 },
  encoding: { ...axes, text: { field: 'label', type: 'nominal' as const } },
});

export const pointTextLayers = (rows: ReturnType<typeof drawable>, names: readonly string[]): Layer[] =>
  names.map((name) => {
    const mine = rows.filter((row) => row.name === name);
    return { name, x: mine.map(({ x }) => x), y: mine.map(({ y }) => y), joined: false };
  });

const coordinates = required(listOf(anyNumber(0), undefined));
const pointsSpec = {
  x: coordinates,
  y: coordinates,
  classes: listOf(either(anyNumber(0), text('')), undefined),
  labels: listOf(text(''), undefined),
};

/** @throws ArgumentError without points, or if not all have two coordinates and a class */
export function checkPoints(operation: string, points: Points): void {
  requireRecord(operation, 'the points', points, pointsSpec);
  const { x, y, classes, labels } = points;
  requireSome(operation, 'points', x.length);
  requireSameLength(operation, { x, y, classes, labels });
}

/**
 * Points in the plane, colored by their class, with labels if there are any. Points that aren't finite are left out, and the
 * picture says so.
 *
 * @throws ArgumentError without points, or unless x, y, classes, and labels have the same length
 * @example
 * const figure = viz.scatter(
 *   { x: [0, 1, 2, 3], y: [0, 1, 0, 1], classes: ['cat', 'dog', 'cat', 'dog'] },
 *   { title: 'Two classes' },
 * );
 * await figure.toSvg();
 */
export function scatter(points: Points, options: ChartOptions): Figure {
  chartOptions('scatter', options);
  requireObject('scatter', 'points', points);
  checkPoints('scatter', points);
  const { title, xLabel, yLabel, xLog, yLog } = options;
  const rows = drawable(points, options);
  const names = classesOf(points.classes ?? ['']).map(String);
  const missing = leftOut({ values: points.x, log: xLog }, { values: points.y, log: yLog });
  const x = axisOf(
    rows.map((row) => row.x),
    xLog,
  );
  const y = axisOf(
    rows.map((row) => row.y),
    yLog,
  );
  const axes = {
    x: numbers('x', x, { label: xLabel, roomy: true, across: true }),
    y: numbers('y', y, { label: yLabel, roomy: true }),
  };
  const spec = () => ({
    title: heading(options, missing),
    ...sizeOf(options, { width: 420, height: 360 }),
    layer: [pointLayer(rows, names, axes, false), ...(points.labels ? [labelLayer(rows, axes)] : [])],
  });
  return new Figure(title, spec, (columns, color) =>
    textPlot({ ...options, x, y, layers: pointTextLayers(rows, names), notes: [missing] }, columns, color),
  );
}
