/** A range of values, and whether its scale is logarithmic. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly log: boolean;
}

/** The axis that covers the values; a single value gets room on both sides. */
export function axisOf(values: Iterable<number>, log = false): Axis {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value) || (log && value <= 0)) continue;
    if (value < from) from = value;
    if (value > to) to = value;
  }
  if (from > to) return log ? { from: 1, to: 10, log } : { from: 0, to: 1, log };
  if (from < to) return { from, to, log };
  if (log) return { from: from / 2, to: to * 2, log };
  const room = Math.abs(from) / 2 || 0.5;
  return { from: from - room, to: to + room, log };
}

/** Where a value is on the axis: 0 at its start, 1 at its end. */
export function placeOn({ from, to, log }: Axis, value: number): number {
  return log
    ? (Math.log(value) - Math.log(from)) / (Math.log(to) - Math.log(from))
    : (value - from) / (to - from);
}

/** The value at a position from 0 to 1. */
export function valueAt({ from, to, log }: Axis, place: number): number {
  return log ? from * (to / from) ** place : from + (to - from) * place;
}

export const linear = ([from, to]: readonly [number, number]): Axis => ({ from, to, log: false });
