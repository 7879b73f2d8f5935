import { requireList, requireRecords } from '../core/arguments.js';
import { anyNumber, defineOptions, number, required, text } from '../core/options.js';
import { heading, numbers, sizeOf } from './chart.js';
import { isDrawable, leftOut, requireSome } from './checks.js';
import { type ChartOptions, chartSpec, Figure } from './figure.js';
import { textWidth } from './font.js';
import { type Axis, axisOf } from './text/axis.js';
import { horizontalBar } from './text/bars.js';
import { inColor } from './text/color.js';
import { alike } from './text/numbers.js';
import { shortened } from './text/wrap.js';
import { colorOf, ink } from './theme.js';

/** A value and its name. */
export interface Bar {
  readonly label: string;
  readonly value: number;
  /** Bars with the same label are side by side, one per group. */
  readonly group?: string | undefined;
  /** Text next to it (default: the value). */
  readonly text?: string | undefined;
}

export interface BarChartOptions extends ChartOptions {
  /** The largest value there can be, such as 1 for shares: the axis isn't marked beyond it (default: any). */
  readonly most?: number | undefined;
}

const barOptions = defineOptions({ ...chartSpec, most: number(undefined) });

const barSpec = { label: required(text('')), value: required(anyNumber(0)), group: text(''), text: text('') };

const distinct = (values: readonly string[]): string[] => [...new Set(values)];

const LABEL_SIZE = 11;
/** Sizes in pixels: of a vertical bar, of a horizontal one, between bars, and of the chart. */
const STANDING = 44;
const LYING = 18;
const GAP = 24;
const MIN_WIDTH = 100;
const MAX_WIDTH = 640;
const VALUE_SIZE = 10;
/** Height that a value above a bar takes, in pixels. */
const VALUE_ROOM = VALUE_SIZE + 6;
/** Share of its slot that a bar, or a group of bars, fills. */
const BAND = 0.8;

/** The axis from the base of the bars to beyond the longest, with room for the values at their ends. */
function rangeOf(values: readonly number[], ground: number, room: number, log: boolean): Axis {
  const [least, most] = [Math.min(ground, ...values), Math.max(ground, ...values)];
  const beyond = (end: number): number =>
    end === ground ? end : log ? end * (end / ground) ** room : end + Math.sign(end) * room * (most - least);
  return least < most ? { from: beyond(least), to: beyond(most), log } : axisOf([], log);
}

/** What's beside the bars. */
function textsOf(bars: readonly Bar[], digits?: number): string[] {
  const values = alike(
    bars.map(({ value }) => value),
    digits,
  );
  return bars.map(({ text }, i) => text ?? values[i]!);
}

function barText(
  bars: readonly Bar[],
  { title, yLog }: ChartOptions,
  columns: number,
  color: boolean,
): string {
  const groups = distinct(bars.map(({ group = '' }) => group));
  const names = bars.map(({ label, group }) => (group === undefined ? label : `${label} ${group}`));
  const values = textsOf(bars);
  const nameWidth = Math.min(Math.max(...names.map(({ length }) => length)), Math.floor(columns / 2));
  const valueWidth = Math.max(...values.map(({ length }) => length));
  const finite = bars.map(({ value }) => value).filter((value) => isDrawable(value, yLog));
  const [least, most] = yLog
    ? [Math.log(Math.min(...finite)) - 1, Math.log(Math.max(...finite))]
    : [Math.min(0, ...finite), Math.max(0, ...finite)];
  const room = Math.max(4, columns - nameWidth - valueWidth - 3);
  const lines = bars.map(({ value, group = '' }, i) => {
    const place = (at: number): number => (most > least ? (at - least) / (most - least) : 0);
    const at = place(yLog ? Math.log(value) : value);
    const zero = yLog ? 0 : place(0);
    const bar = !isDrawable(value, yLog)
      ? ''
      : at >= zero
        ? ' '.repeat(Math.round(zero * room)) + horizontalBar(at - zero, room)
        : ' '.repeat(Math.round(at * room)) + '█'.repeat(Math.round(zero * room) - Math.round(at * room));
    const name = shortened(names[i]!, nameWidth);
    return `${name.padEnd(nameWidth)} ${values[i]!.padStart(valueWidth)} ${inColor(bar, groups.indexOf(group), color)}`.trimEnd();
  });
  return [title, ...lines].join('\n');
}

/**
 * One bar per value, labeled with the value; side by side if bars have groups. Bars are horizontal if their
 * labels are too long to fit under them. `xLabel` names the labels, `yLabel` and `yLog` concern
 * the values.
 *
 * @throws ArgumentError without bars
 * @example
 * const figure = viz.barChart(
 *   [
 *     { label: 'SGD', value: 0.91 },
 *     { label: 'Adam', value: 0.97 },
 *   ],
 *   { title: 'Accuracy' },
 * );
 * console.log(figure.toText({ columns: 40 }));
 */
export function barChart(bars: readonly Bar[], options: BarChartOptions): Figure {
  requireList('barChart', 'bars', bars);
  const { most } = barOptions('barChart', options);
  requireRecords('barChart', 'bars', bars, barSpec);
  requireSome('barChart', 'bars', bars.length);
  const { title, xLabel, yLabel, yLog = false } = options;
  const labels = distinct(bars.map(({ label }) => label));
  const groups = distinct(bars.map(({ group = '' }) => group));
  const drawn = bars.filter(({ value }) => isDrawable(value, yLog));
  const missing = leftOut({ values: bars.map(({ value }) => value), log: yLog });
  const size = sizeOf(options, {
    width: Math.min(MAX_WIDTH, labels.length * (groups.length * STANDING + GAP) + MIN_WIDTH),
    height: 280,
  });
  const widest = Math.max(...labels.map((label) => textWidth(label, LABEL_SIZE)));
  const lying = (widest + 10) * labels.length > size.width;
  const values = drawn.map(({ value }) => value);
  /** Where bars start: a logarithmic axis has no 0. */
  const ground = yLog && values.length > 0 ? 10 ** Math.floor(Math.log10(Math.min(...values)) - 0.01) : 0;
  const shown = textsOf(drawn, 3);
  const rows = drawn.map(({ label, value, group = '' }, i) => ({
    label,
    value,
    group,
    ground,
    text: shown[i]!,
    below: value < 0,
  }));
  const place = {
    field: 'label',
    type: 'nominal' as const,
    // All labels, including the labels of bars that are left out.
    scale: { domain: labels },
    title: xLabel ?? null,
  };
  // Both ends may need room, which the axis has beside its values.
  const standing = Math.max(0.08, VALUE_ROOM / Math.max(size.height - 2 * VALUE_ROOM, VALUE_ROOM));
  const range = rangeOf(values, ground, lying ? 0.15 : standing, yLog);
  const amount = numbers('value', range, { label: yLabel, exact: true, most });
  const offset = { field: 'group', type: 'nominal' as const, sort: groups };
  const encoding = lying
    ? {
        y: { ...place, axis: { labelLimit: 240 } },
        x: amount,
        ...(groups.length > 1 ? { yOffset: offset } : {}),
      }
    : {
        x: { ...place, axis: { labelAngle: 0 } },
        y: amount,
        ...(groups.length > 1 ? { xOffset: offset } : {}),
      };
  const color = {
    field: 'group',
    type: 'nominal' as const,
    title: null,
    scale: { domain: groups, range: groups.map((_, i) => colorOf(i)) },
    ...(groups.length === 1 ? { legend: null } : {}),
  };
  const barWidth = (size.width / labels.length / groups.length) * BAND;
  const hasRoom = lying || rows.every(({ text }) => textWidth(text, VALUE_SIZE) <= barWidth);
  const valueText = (below: boolean) => ({
    data: { values: rows.filter((row) => row.below === below) },
    mark: {
      type: 'text' as const,
      fontSize: VALUE_SIZE,
      color: ink,
      ...(lying
        ? { align: below ? ('right' as const) : ('left' as const), dx: below ? -4 : 4 }
        : { baseline: below ? ('top' as const) : ('bottom' as const), dy: below ? 3 : -3 }),
    },
    encoding: { ...encoding, text: { field: 'text', type: 'nominal' as const } },
  });
  const spec = () => ({
    title: heading(options, missing),
    ...size,
    ...(lying && options.height === undefined
      ? { height: Math.max(60, labels.length * (groups.length * LYING + 6)) }
      : {}),
    layer: [
      {
        data: { values: rows },
        mark: { type: 'bar' as const },
        encoding: {
          ...encoding,
          ...(lying ? { x2: { field: 'ground' } } : { y2: { field: 'ground' } }),
          color,
        },
      },
      ...(hasRoom ? [valueText(false), valueText(true)] : []),
    ],
  });
  return new Figure(title, spec, (columns, withColor) => barText(bars, options, columns, withColor));
}
