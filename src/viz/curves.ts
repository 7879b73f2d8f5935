import { requireRecords } from '../core/arguments.js';
import { anyNumber, either, flag, listOf, required, text, whole, word } from '../core/options.js';
import type { PlaneAxes } from './chart.js';
import { isDrawable, leftOut, requireSameLength } from './checks.js';
import type { ChartOptions, Series } from './figure.js';
import type { Layer } from './text/plot.js';
import { colorOf } from './theme.js';

const isJoined = ({ points }: Series): boolean => points !== 'only';

/** A curve through a single value would be invisible, so the value is marked. */
const isMarked = ({ points, y }: Series): boolean =>
  points === true || (points !== 'only' && y.filter(Number.isFinite).length === 1);

/** Area of marks in square pixels; above this number of points in a curve they are smaller. */
const MANY = 60;
const [SMALL, USUAL] = [10, 36];

const markSize = (curves: readonly Series[]): number =>
  Math.max(...curves.map(({ x }) => x.length)) > MANY ? SMALL : USUAL;

/** Shapes for the legend, from −1 to 1: a curve is a line as wide as that, points alone are a ring within. */
const RING = 0.45;
const line = 'M-1,0L1,0';
const ring = `M${-RING},0A${RING},${RING},0,1,1,${RING},0A${RING},${RING},0,1,1,${-RING},0Z`;

/** Curves as layers of Vega-Lite, also to be drawn over something else; `axes` are shared with it. */
export function curveLayers(
  curves: readonly Series[],
  { xLog, yLog }: Pick<ChartOptions, 'xLog' | 'yLog'>,
  axes: PlaneAxes,
) {
  const rowsOf = (wanted: (curve: Series) => boolean) =>
    curves.flatMap((curve, c) =>
      wanted(curve)
        ? curve.x.map((x, at) => ({
            name: curve.name,
            color: colorOf(curve.color ?? c),
            curve: c,
            at,
            x: isDrawable(x, xLog) ? x : null,
            y: isDrawable(curve.y[at]!, yLog) ? curve.y[at]! : null,
          }))
        : [],
    );
  const domain = curves.map(({ name }) => name);
  const byName = <T>(choose: (curve: Series, i: number) => T) => ({
    field: 'name',
    type: 'nominal' as const,
    title: null,
    scale: { domain, range: curves.map(choose) },
    ...(curves.length === 1 ? { legend: null } : { legend: { symbolType: line, symbolSize: 150 } }),
  });
  const colors = byName(({ color }, i) => colorOf(color ?? i));
  const mark = { type: 'point' as const, opacity: 1 };
  const lines = {
    data: { values: rowsOf(isJoined) },
    mark: { type: 'line' as const },
    encoding: {
      ...axes,
      stroke: colors,
      strokeDash: byName(({ dashed }) => (dashed ? [4, 3] : [1, 0])),
      detail: { field: 'curve', type: 'nominal' as const },
      order: { field: 'at', type: 'quantitative' as const },
    },
  };
  const marks = {
    data: { values: rowsOf(isMarked) },
    mark: { ...mark, filled: true, size: markSize(curves.filter(isMarked)) },
    encoding: { ...axes, fill: { field: 'color', type: 'nominal' as const, scale: null } },
  };
  const points = curves.filter((curve) => !isJoined(curve));
  const alone = {
    data: { values: rowsOf((curve) => !isJoined(curve)) },
    mark: { ...mark, filled: false, strokeWidth: 1.5, size: markSize(points) / RING ** 2 },
    encoding: { ...axes, stroke: colors, shape: byName((curve) => (isJoined(curve) ? line : ring)) },
  };
  return [lines, marks, ...(points.length > 0 ? [alone] : [])];
}

export const textLayers = (curves: readonly Series[]): Layer[] =>
  curves.map((curve) => ({ name: curve.name, x: curve.x, y: curve.y, joined: isJoined(curve) }));

const coordinates = required(listOf(anyNumber(0), undefined));
const seriesSpec = {
  name: required(text('')),
  x: coordinates,
  y: coordinates,
  dashed: flag(false),
  points: either(flag(false), word(['only'], 'only')),
  color: whole(0, { least: 0 }),
};

/** @throws ArgumentError unless curves are what `Series` says, with as many values as places */
export function checkCurves(operation: string, curves: readonly Series[]): void {
  requireRecords(operation, 'curves', curves, seriesSpec);
  for (const { name, x, y } of curves)
    requireSameLength(operation, { [`x of '${name}'`]: x, [`y of '${name}'`]: y });
}

/** Curves that end in values that aren't finite, such as the loss of a training that diverged. */
const diverging = (curves: readonly Series[]): readonly Series[] =>
  curves.filter(({ y }) => y.length > 0 && !Number.isFinite(y.at(-1)!));

/** Says how many points of the curves don't fit on the axes, and which curves end in such points. */
export function gapsOf(
  curves: readonly Series[],
  { xLog, yLog }: Pick<ChartOptions, 'xLog' | 'yLog'>,
): readonly string[] {
  const missing = leftOut(
    { values: curves.flatMap(({ x }) => x), log: xLog },
    { values: curves.flatMap(({ y }) => y), log: yLog },
  );
  const names = diverging(curves).map(({ name }) => name);
  return [
    ...(missing === undefined ? [] : [missing]),
    ...(names.length === 0 ? [] : [`diverges: ${names.join(', ')}`]),
  ];
}
