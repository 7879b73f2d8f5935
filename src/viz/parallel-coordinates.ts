import { requireList } from '../core/arguments.js';
import { plural } from '../core/describe.js';
import { anyNumber, defineOptions, listOf, word } from '../core/options.js';
import { textTable } from '../core/text-table.js';
import { heading, sizeOf } from './chart.js';
import { isDrawable, requireSameLength, requireSome } from './checks.js';
import { hexOf, ramp, viridis } from './colors.js';
import { type ChartOptions, chartSpec, Figure, titleSpec } from './figure.js';
import { axisOf, placeOn, valueAt } from './text/axis.js';
import { alike, marksAlike } from './text/numbers.js';
import { faint, ink } from './theme.js';

export interface ParallelAxis {
  readonly name: string;
  readonly log?: boolean | undefined;
  /** The value of each line: a number, or text for a category or for none. */
  readonly values: readonly (number | string)[];
}

export interface ParallelCoordinatesOptions
  extends Pick<ChartOptions, 'title' | 'subtitle' | 'width' | 'height'> {
  /** What the lines are colored by, usually the result: a number for each. */
  readonly color?: readonly number[] | undefined;
  /** Which end of the color is the best; its line is emphasized (default: `'max'`). */
  readonly best?: 'max' | 'min' | undefined;
}

/** An axis with its marks; places are from 0 (bottom) to 1. */
interface Scale {
  readonly placeOf: (value: number | string) => number;
  readonly ticks: readonly { readonly place: number; readonly text: string }[];
}

const parallelCoordinatesOptions = defineOptions({
  ...titleSpec,
  width: chartSpec.width,
  height: chartSpec.height,
  color: listOf(anyNumber(0), undefined),
  best: word(['max', 'min'], 'max'),
});

/** Numbers that come up repeatedly are choices, drawn at equal distances. */
const MOST_CHOICES = 8;
const TICKS = 5;

/** Pixels of an axis that a name needs, and the usual height. Of more names than fit on the largest axis, only some are written. */
const [NAME, USUAL_HEIGHT, LARGEST_HEIGHT] = [13, 280, 1300];

/** Numbers of an axis, all written alike, and texts unchanged. */
function textsOf(values: readonly (number | string)[]): string[] {
  const isNumber = (value: number | string): value is number => typeof value === 'number';
  const numbers = alike(values.filter(isNumber));
  return values.map((value) => (isNumber(value) ? numbers.shift()! : value));
}

function choices(values: readonly (number | string)[]): Scale {
  const placeOf = (value: number | string): number =>
    values.length === 1 ? 0.5 : values.indexOf(value) / (values.length - 1);
  const texts = textsOf(values);
  return {
    placeOf,
    ticks: values.map((value, i) => ({ place: placeOf(value), text: texts[i]! })),
  };
}

function scaleOf({ values, log = false }: ParallelAxis): Scale {
  const numbers = values.filter((value) => typeof value === 'number' && isDrawable(value, log)) as number[];
  const texts = [...new Set(values.filter((value) => typeof value === 'string'))].sort();
  const distinct = [...new Set(numbers)].sort((a, b) => a - b);
  if (numbers.length === 0 || (distinct.length <= MOST_CHOICES && distinct.length < numbers.length))
    return choices([...texts, ...distinct]);
  const axis = axisOf(numbers, log);
  // Text among numbers, for lines without a number, goes under the axis.
  const floor = texts.length > 0 ? 0.15 : 0;
  const marks = Array.from({ length: TICKS }, (_, i) => i / (TICKS - 1));
  const numerals = marksAlike(
    marks.map((place) => valueAt(axis, place)),
    3,
  );
  const lift = (place: number): number => floor + (1 - floor) * place;
  return {
    placeOf: (value) => (typeof value === 'string' ? 0 : lift(placeOn(axis, value))),
    ticks: [
      ...(texts.length > 0 ? [{ place: 0, text: texts.join(', ') }] : []),
      ...marks.map((place, i) => ({ place: lift(place), text: numerals[i]! })),
    ],
  };
}

/** Numbers of the lines from best to worst; those without a number come last. */
function ranking(color: readonly number[], best: 'max' | 'min'): number[] {
  const worth = (line: number): number => {
    const value = color[line]!;
    return Number.isFinite(value) ? (best === 'max' ? value : -value) : Number.NEGATIVE_INFINITY;
  };
  return color.map((_, line) => line).sort((a, b) => worth(b) - worth(a) || a - b);
}

const MOST_ROWS = 10;
/** Where the colors end, because lighter ones are hard to see on white. */
const LIGHTEST = 0.9;

/** Axes side by side as far as there's room, the others below them. */
function inBlocks(
  axes: readonly (readonly string[])[],
  first: readonly string[],
  columns: number,
): string[][][] {
  const blocks: string[][][] = [];
  const widthOf = (cells: readonly string[]): number => Math.max(...cells.map(({ length }) => length));
  let room = 0;
  for (const cells of axes) {
    room -= widthOf(cells) + 2;
    if (room < 0 || blocks.length === 0) {
      blocks.push([[...first]]);
      room = columns - widthOf(first) - widthOf(cells) - 2;
    }
    blocks.at(-1)!.push([...cells]);
  }
  return blocks;
}

/** The best lines with their values, for a terminal. */
function trialTable(axes: readonly ParallelAxis[], order: readonly number[], columns: number): string[] {
  const shown = order.slice(0, MOST_ROWS);
  const blocks = inBlocks(
    axes.map(({ name, values }) => [name, ...textsOf(shown.map((line) => values[line]!))]),
    ['', ...shown.map(String)],
    columns,
  );
  const more = order.length > shown.length ? [`and ${order.length - shown.length} more`] : [];
  const tables = blocks.map((block) =>
    textTable(block[0]!.map((_, row) => block.map((cells) => cells[row]!))),
  );
  return [...tables.flatMap((table, i) => (i === 0 ? table : ['', ...table])), ...more];
}

/**
 * One line per trial across an axis for each parameter, colored by rank from dark (the worst) to light (the
 * best); the best one is thick.
 *
 * @throws ArgumentError without axes or lines, or unless all axes and the color have one value per line
 * @example
 * const figure = viz.parallelCoordinates(
 *   [
 *     { name: 'lr', log: true, values: [0.001, 0.01, 0.1] },
 *     { name: 'batch size', values: [32, 64, 32] },
 *     { name: 'accuracy', values: [0.91, 0.97, 0.8] },
 *   ],
 *   { title: 'A search', color: [0.91, 0.97, 0.8] },
 * );
 * console.log(figure.toText());
 */
export function parallelCoordinates(
  axes: readonly ParallelAxis[],
  options: ParallelCoordinatesOptions,
): Figure {
  requireList('parallelCoordinates', 'axes', axes);
  parallelCoordinatesOptions('parallelCoordinates', options);
  requireSome('parallelCoordinates', 'axes', axes.length);
  requireSome('parallelCoordinates', 'lines', axes[0]!.values.length);
  const { title, color, best = 'max' } = options;
  requireSameLength('parallelCoordinates', {
    ...Object.fromEntries(axes.map(({ name, values }) => [name, values])),
    color,
  });
  const lines = axes[0]!.values.length;
  const scales = axes.map(scaleOf);
  const order = ranking(color ?? new Array<number>(lines).fill(0), best);
  // By rank, so one diverged trial doesn't make all others look alike.
  const rank = new Map(order.map((line, at) => [line, lines > 1 ? 1 - at / (lines - 1) : 1]));
  const colorOfLine = (line: number): string =>
    color && Number.isFinite(color[line]!) ? hexOf(ramp(viridis, LIGHTEST * rank.get(line)!)) : faint;
  const winner = color ? order[0]! : -1;
  const points = order.toReversed().flatMap((line) =>
    axes.map(({ values }, axis) => ({
      line,
      axis,
      place: scales[axis]!.placeOf(values[line]!),
      color: colorOfLine(line),
      best: line === winner,
    })),
  );
  const marked = points.map((point) => ({
    ...point,
    place: Number.isFinite(point.place) ? point.place : null,
  }));
  const gaps = marked.filter(({ place }) => place === null).length;
  const missing =
    gaps === 0
      ? undefined
      : `${gaps} of ${plural(marked.length, 'value')} left out: they don't fit on their axis`;
  const mostTicks = Math.max(...scales.map(({ ticks }) => ticks.length));
  const size = sizeOf(options, {
    width: Math.max(320, 150 * (axes.length - 1)),
    height: Math.min(LARGEST_HEIGHT, Math.max(USUAL_HEIGHT, NAME * (mostTicks - 1))),
  });
  /** Of names that would overlap, every second one is written, or fewer. */
  const every = (ticks: Scale['ticks']): number => Math.ceil((NAME * (ticks.length - 1)) / size.height) || 1;
  const unnamed = scales.flatMap(({ ticks }, axis) =>
    every(ticks) > 1
      ? [`${axes[axis]!.name}: ${Math.ceil(ticks.length / every(ticks))} of ${ticks.length} names written`]
      : [],
  );
  const x = {
    field: 'axis',
    type: 'quantitative' as const,
    axis: null,
    scale: { domain: [0, Math.max(1, axes.length - 1)], nice: false },
  };
  const y = {
    field: 'place',
    type: 'quantitative' as const,
    axis: null,
    scale: { domain: [0, 1], nice: false },
  };
  const raw = { field: 'color', type: 'nominal' as const, scale: null };
  const encoding = {
    x,
    y,
    stroke: raw,
    detail: { field: 'line', type: 'nominal' as const },
    order: { field: 'axis', type: 'quantitative' as const },
  };
  /** Room for a name over its axis, and for a number beside it. */
  const limit = axes.length > 1 ? size.width / (axes.length - 1) - 10 : size.width;
  const ticks = scales.flatMap((scale, axis) =>
    scale.ticks.filter((_, i) => i % every(scale.ticks) === 0).map((tick) => ({ ...tick, axis })),
  );
  /** The marks of axes: the last one's are on its right, where there are no lines; a white rim keeps lines off. */
  const tickLayers = (last: boolean) =>
    [{ stroke: 'white', strokeWidth: 3 }, {}].map((rim) => ({
      data: { values: ticks.filter(({ axis }) => (axis === axes.length - 1) === last) },
      mark: {
        type: 'text' as const,
        align: last ? ('left' as const) : ('right' as const),
        baseline: 'middle' as const,
        dx: last ? 7 : -7,
        fontSize: 10,
        limit,
        color: ink,
        ...rim,
      },
      encoding: { x, y, text: { field: 'text', type: 'nominal' as const } },
    }));
  const spec = () => ({
    title: heading(options, missing, ...unnamed),
    ...size,
    view: { stroke: null },
    layer: [
      {
        data: { values: axes.map((_, axis) => ({ axis, bottom: 0, top: 1 })) },
        mark: { type: 'rule' as const, color: faint },
        encoding: { x, y: { ...y, field: 'bottom' }, y2: { field: 'top' } },
      },
      {
        data: { values: marked.filter((point) => !point.best) },
        mark: { type: 'line' as const, strokeWidth: 1.5, opacity: 0.75 },
        encoding,
      },
      {
        data: { values: marked.filter((point) => point.best) },
        mark: { type: 'line' as const, strokeWidth: 6, color: ink },
        encoding: { x, y, order: encoding.order },
      },
      {
        data: { values: marked.filter((point) => point.best) },
        mark: { type: 'line' as const, strokeWidth: 3.5 },
        encoding,
      },
      {
        data: { values: axes.map(({ name }, axis) => ({ axis, place: 1, name })) },
        mark: {
          type: 'text' as const,
          baseline: 'bottom' as const,
          dy: -12,
          fontSize: 12,
          limit,
          color: ink,
        },
        encoding: { x, y, text: { field: 'name', type: 'nominal' as const } },
      },
      ...tickLayers(false),
      ...tickLayers(true),
    ],
  });
  return new Figure(title, spec, (columns) =>
    [title, ...trialTable(axes, order, columns), ...(missing ? [missing] : [])].join('\n'),
  );
}
