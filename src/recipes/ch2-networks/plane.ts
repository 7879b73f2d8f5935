import type { Series } from '../../viz/index.js';
import type { PlanePoints } from '../kit/index.js';

/** The bounds of a picture of the plane. */
export interface Box {
  readonly x: readonly [from: number, to: number];
  readonly y: readonly [from: number, to: number];
}

/** The line w₀x + w₁y + b = 0 on which a neuron with two inputs changes its mind. */
export type Line = readonly [w0: number, w1: number, b: number];

/** A box with room around points. */
export function boxAround({ x, y }: PlanePoints, room = 0.2): Box {
  const side = (values: readonly number[]): [number, number] => {
    const [from, to] = [Math.min(...values), Math.max(...values)];
    return [from - room * (to - from), to + room * (to - from)];
  };
  return { x: side(x), y: side(y) };
}

/** The points of each class as marks. */
export const marks = ({ x, y, classes }: PlanePoints): Series[] =>
  [...new Set(classes)]
    .sort((a, b) => a - b)
    .map((which) => ({
      name: `class ${which}`,
      x: x.filter((_, i) => classes[i] === which),
      y: y.filter((_, i) => classes[i] === which),
      points: 'only',
    }));

/** The part of a line inside the box; nothing if the line misses it. */
export function lineIn({ x, y }: Box, [w0, w1, b]: Line, name: string, dashed = false): Series[] {
  const inside = (value: number, [from, to]: readonly [number, number]): boolean =>
    value >= from && value <= to;
  const ends = [
    ...x.map((at): [number, number] => [at, -(w0 * at + b) / w1]).filter(([, at]) => inside(at, y)),
    ...y.map((at): [number, number] => [-(w1 * at + b) / w0, at]).filter(([at]) => inside(at, x)),
  ];
  const [first, second] = [ends[0], ends.at(-1)];
  if (!first || !second || first === second) return [];
  return [{ name, x: [first[0], second[0]], y: [first[1], second[1]], dashed }];
}
