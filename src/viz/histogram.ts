import { requireList, requireRecords } from '../core/arguments.js';
import { defineOptions, numberList, required, text, whole } from '../core/options.js';
import { countInto, usualBins } from './bins.js';
import { heading, numbers, sizeOf } from './chart.js';
import { isDrawable, leftOut, requireSome } from './checks.js';
import { type ChartOptions, chartSpec, Figure } from './figure.js';
import { type Axis, axisOf, placeOn, valueAt } from './text/axis.js';
import { risingBars } from './text/bars.js';
import { inColor } from './text/color.js';
import { marksAlike } from './text/numbers.js';
import { colorOf } from './theme.js';

/** Values of one kind. */
export interface Sample {
  readonly name: string;
  readonly values: readonly number[] | Float32Array;
}

const sampleSpec = { name: required(text('')), values: required(numberList(undefined)) };

export interface HistogramOptions extends ChartOptions {
  /** Number of bins, at most 10,000 (default: by the number and the spread of the values, at most 60). */
  readonly bins?: number | undefined;
}

/** The bars of a sample, each with its number of values. */
interface Counted {
  readonly name: string;
  readonly counts: readonly number[];
}

const histogramOptions = defineOptions({ ...chartSpec, bins: whole(undefined, { least: 1, most: 10_000 }) });

const ROWS = 8;

function histogramText(
  samples: readonly Counted[],
  axis: Axis,
  { title, xLabel }: ChartOptions,
  missing: string | undefined,
  columns: number,
  color: boolean,
): string {
  const most = Math.max(...samples.flatMap(({ counts }) => counts));
  const gutter = String(most).length;
  const wide = Math.max(1, Math.floor((columns - gutter - 2) / samples[0]!.counts.length));
  const width = wide * samples[0]!.counts.length;
  const rows = samples.length === 1 ? ROWS : ROWS / 2;
  const [from, to] = marksAlike([axis.from, axis.to]) as [string, string];
  const lines = samples.flatMap(({ name, counts }, i) => [
    ...(samples.length === 1 ? [] : [name]),
    ...risingBars(counts, most, rows).map((line, row) => {
      const bars = [...line]
        .map((block) => block.repeat(wide))
        .join('')
        .trimEnd();
      return `${(row === 0 ? String(most) : '').padStart(gutter)} ${row === 0 ? '┤' : '│'}${inColor(bars, i, color)}`;
    }),
  ]);
  const label = xLabel ?? '';
  const room = Math.max(label.length + 2, width - from.length - to.length);
  const left = Math.floor((room - label.length) / 2);
  return [
    title,
    ...lines,
    `${' '.repeat(gutter)} └${'─'.repeat(width)}`,
    `${' '.repeat(gutter + 2)}${from}${label.padStart(left + label.length).padEnd(room)}${to}`,
    ...(missing ? [missing] : []),
  ].join('\n');
}

/**
 * How many values fall into each of equally wide bins, which all samples share. Values that aren't
 * finite are left out, and the picture says so.
 *
 * @throws ArgumentError without samples or values, or for an invalid number of bins
 * @example
 * const figure = viz.histogram([{ name: 'weights', values: [...(await randn([1000]).data())] }], {
 *   title: 'Normal numbers',
 *   bins: 20,
 * });
 * console.log(figure.toText());
 */
export function histogram(samples: readonly Sample[], options: HistogramOptions): Figure {
  requireList('histogram', 'samples', samples);
  histogramOptions('histogram', options);
  requireRecords('histogram', 'samples', samples, sampleSpec);
  requireSome('histogram', 'samples', samples.length);
  const { title, bins, xLabel, yLabel = 'count', xLog = false, yLog = false } = options;
  const total = samples.reduce((n, { values }) => n + values.length, 0);
  requireSome('histogram', 'values', total);
  const sorted = samples.map(({ values }) =>
    Float64Array.from(values)
      .filter((value) => isDrawable(value, xLog))
      .sort(),
  );
  const axis = axisOf(
    sorted.flatMap((values) => [values[0] ?? Number.NaN, values.at(-1) ?? Number.NaN]),
    xLog,
  );
  const missing = leftOut({ values: samples.flatMap(({ values }) => Array.from(values)), log: xLog });
  const places = sorted.map((values) => values.map((value) => placeOn(axis, value)));
  const n = bins ?? Math.max(1, ...places.map((values) => (values.length > 0 ? usualBins(values) : 1)));
  const counted = samples.map(
    ({ name }, i): Counted => ({ name, counts: countInto(places[i]!, (place) => place, n) }),
  );
  /** Where bars start: a logarithmic axis has no 0. */
  const ground = yLog ? 0.5 : 0;
  const range: Axis = {
    from: yLog ? ground : 0,
    to: Math.max(1, ...counted.flatMap(({ counts }) => counts)),
    log: yLog,
  };
  // The outline of each sample: every bin's count holds from its left edge on.
  const rows = counted.flatMap(({ name, counts }) =>
    [...counts, 0].map((count, i) => ({
      name,
      count: Math.max(count, ground),
      edge: valueAt(axis, i / n),
      ground,
    })),
  );
  const single = samples.length === 1;
  const color = {
    field: 'name',
    type: 'nominal' as const,
    title: null,
    scale: { domain: samples.map(({ name }) => name), range: samples.map((_, i) => colorOf(i)) },
    ...(single ? { legend: null } : {}),
  };
  const spec = () => ({
    title: heading(options, missing),
    ...sizeOf(options),
    data: { values: rows },
    mark: {
      type: 'area' as const,
      interpolate: 'step-after' as const,
      fillOpacity: single ? 0.9 : 0.25,
      ...(single ? {} : { line: { strokeWidth: 1.5 } }),
    },
    encoding: {
      x: numbers('edge', axis, { label: xLabel, across: true }),
      y: { ...numbers('count', range, { label: yLabel, whole: !yLog }), stack: null },
      y2: { field: 'ground' },
      color,
    },
  });
  return new Figure(title, spec, (columns, color) =>
    histogramText(counted, axis, options, missing, columns, color),
  );
}
