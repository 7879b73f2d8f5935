import type { Tensor } from '../../index.js';
import type { Series } from '../../viz/index.js';

/** The bounds of a picture of the plane. */
export interface Box {
  readonly x: readonly [from: number, to: number];
  readonly y: readonly [from: number, to: number];
}

/** The line w₀x + w₁y + b = 0 on which a neuron with two inputs changes its mind. */
export type Line = readonly [w0: number, w1: number, b: number];

/** A box with room around points. @shape points (n, 2) */
export function boxAround(points: Tensor, room = 0.2): Box {
  const side = (axis: number): [number, number] => {
    const values = points.select(1, axis).dataSync() as Float32Array;
    const [from, to] = [Math.min(...values), Math.max(...values)];
    return [from - room * (to - from), to + room * (to - from)];
  };
  return { x: side(0), y: side(1) };
}

/** The points of each class as marks. @shape points (n, 2), classes (n) */
export function marks(points: Tensor, classes: Tensor): Series[] {
  const [x, y] = [points.select(1, 0).dataSync(), points.select(1, 1).dataSync()];
  const of = [...classes.dataSync()];
  return [...new Set(of)]
    .sort((a, b) => a - b)
    .map((which) => ({
      name: `class ${which}`,
      x: [...x].filter((_, i) => of[i] === which),
      y: [...y].filter((_, i) => of[i] === which),
      points: 'only',
    }));
}

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
