import type { ChartOptions } from './figure.js';
import type { Axis } from './text/axis.js';
import { size } from './theme.js';

/** Title of a chart, with the subtitle and any notes under it. */
export function heading(
  { title, subtitle }: Pick<ChartOptions, 'title' | 'subtitle'>,
  ...notes: readonly (string | undefined)[]
): { text: string; subtitle?: string[] } {
  const lines = [subtitle, ...notes].filter((line) => line !== undefined);
  return lines.length === 0 ? { text: title } : { text: title, subtitle: lines };
}

/** Size of the plotting area: as asked for, or as the kind of chart has it. */
export const sizeOf = (
  { width, height }: Pick<ChartOptions, 'width' | 'height'>,
  usual: { readonly width: number; readonly height: number } = size,
): { width: number; height: number } => ({ width: width ?? usual.width, height: height ?? usual.height });

interface AxisOptions {
  readonly label?: string | undefined;
  /** Whether the axis ends exactly where its range does (default: a linear axis ends at round numbers). */
  readonly exact?: boolean | undefined;
  /** Whether points on the ends of the range lie inside the axes (default false). */
  readonly roomy?: boolean | undefined;
  /** Whether numbers stand side by side along the axis, and need more room (default false). */
  readonly across?: boolean | undefined;
  /** Whether only whole numbers are marked (default false). */
  readonly whole?: boolean | undefined;
  /** No larger numbers are marked (default: any). */
  readonly most?: number | undefined;
}

const MANY_DECADES = 8;

/** With fewer marks than this, an axis doesn't show the values between them. */
const LEAST_MARKS = 3;

/** Round numbers at even distances. */
function evenTicks({ from, to }: Axis): number[] {
  const rough = (to - from) / LEAST_MARKS;
  const power = Math.floor(Math.log10(rough));
  const digit = [5, 2, 1].find((each) => each * 10 ** power <= rough) ?? 1;
  const step = digit * 10 ** power;
  const first = Math.ceil(from / step - 1e-9);
  const count = Math.floor(to / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, i) => Number(`${(first + i) * digit}e${power}`));
}

/**
 * Marks of a logarithmic axis: powers of ten; over less than two decades, also twice and half of them; over even
 * less, other round numbers.
 */
function logTicks(axis: Axis): number[] {
  const { from, to } = axis;
  const decades = Math.log10(to / from);
  const step = Math.ceil(decades / MANY_DECADES);
  const first = Math.floor(Math.log10(from));
  const powers = Array.from({ length: Math.ceil(decades) + 2 }, (_, i) => first + i);
  const marks = powers
    .filter((power) => power % step === 0)
    .flatMap((power) => (decades < 2 ? [1, 2, 5] : [1]).map((digit) => Number(`${digit}e${power}`)))
    .filter((value) => value >= from * (1 - 1e-9) && value <= to * (1 + 1e-9));
  return marks.length < LEAST_MARKS && from < to ? evenTicks(axis) : marks;
}

/** At or above the first value, and below the second, numbers are written with powers of ten. */
const [LARGE, SMALL] = [1e5, 1e-3];

/** A number of an axis with a power of ten, except for zero. */
const powers = "datum.value === 0 ? '0' : replace(format(datum.value, '.4~e'), '+', '')";

/** How the numbers of an axis are written, all in the same way; undefined for the usual way. */
function formatOf({ from, to, log }: Axis): { labelExpr?: string } {
  const most = Math.max(Math.abs(from), Math.abs(to));
  if (most >= LARGE || (log ? from : most) < SMALL) return { labelExpr: powers };
  return log ? { labelExpr: "format(datum.value, '~g')" } : {};
}

/** About how many numbers fit along a horizontal axis. */
const MARKED = 6;
/** Whole numbers below this need little room. */
const WIDE = 1000;

/** Pixels between points and axes. */
const ROOM = 8;

/** Marks of an axis up to a value. */
const ticksOf = (range: Axis, most: number): number[] =>
  range.log ? logTicks(range).filter((value) => value <= most) : evenTicks({ ...range, to: most });

/** A channel with an axis of numbers. */
export const numbers = (
  field: string,
  range: Axis,
  { label, exact = false, roomy = false, across = false, whole = false, most = range.to }: AxisOptions = {},
) => ({
  field,
  type: 'quantitative' as const,
  title: label ?? null,
  scale: {
    ...(range.log ? { type: 'log' as const } : { zero: false }),
    domain: [range.from, range.to],
    nice: !exact && !range.log,
    ...(roomy ? { padding: ROOM } : {}),
  },
  axis: {
    ...(range.log || most < range.to ? { values: ticksOf(range, most) } : {}),
    ...formatOf(range),
    ...(across && !range.log && !(whole && range.to < WIDE) ? { tickCount: MARKED } : {}),
    ...(whole ? { tickMinStep: 1, format: ',d' } : {}),
  },
});

/** Channels of a plane. */
export interface PlaneAxes {
  readonly x: ReturnType<typeof numbers>;
  readonly y: ReturnType<typeof numbers>;
}
