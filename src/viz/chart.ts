import type { ChartOptions } from './figure.js';
import { size } from './theme.js';

/** Title of a chart, with the subtitle and what else has to be said under it. */
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
  readonly log?: boolean | undefined;
  /** Ends of the axis (default: round numbers around the values). */
  readonly domain?: readonly [number, number] | undefined;
  /** Whether only whole numbers are marked (default false). */
  readonly whole?: boolean | undefined;
}

/** A channel with an axis of numbers. */
export const numbers = (field: string, { label, log = false, domain, whole = false }: AxisOptions = {}) => ({
  field,
  type: 'quantitative' as const,
  title: label ?? null,
  scale: {
    ...(log ? { type: 'log' as const } : { zero: false }),
    ...(domain ? { domain: [...domain], nice: false } : { nice: !log }),
  },
  axis: {
    ...(log
      ? {
          tickCount: 5,
          labelExpr: "format(datum.value, datum.value < 1e-3 || datum.value >= 1e5 ? '~e' : '~g')",
        }
      : {}),
    ...(whole ? { tickMinStep: 1, format: ',d' } : {}),
  },
});
