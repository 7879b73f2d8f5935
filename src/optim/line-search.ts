import type { Tensor } from '../tensor/tensor.js';

/** A place on a line: how far along, the value there, its derivative along the line, and its gradient. */
export interface Point {
  readonly t: number;
  readonly value: number;
  readonly slope: number;
  readonly gradient: Tensor;
}

/**
 * Where the cubic through two points, with their slopes, is smallest between the bounds; their middle
 * if it has no minimum.
 */
export function cubicMinimum(
  a: Point,
  b: Point,
  from: number = Math.min(a.t, b.t),
  to: number = Math.max(a.t, b.t),
): number {
  const d1 = a.slope + b.slope - (3 * (a.value - b.value)) / (a.t - b.t);
  const square = d1 ** 2 - a.slope * b.slope;
  if (!(square >= 0)) return (from + to) / 2;
  const d2 = Math.sqrt(square);
  const [left, right] = a.t <= b.t ? [a, b] : [b, a];
  const t = right.t - (right.t - left.t) * ((right.slope + d2 - d1) / (right.slope - left.slope + 2 * d2));
  return Math.min(Math.max(t, from), to);
}

export interface LineSearchOptions {
  /** Value and gradient at a place of the line. */
  readonly evaluate: (t: number) => Point;
  /** The place at 0, where the line falls. */
  readonly start: Point;
  /** The first place to look at. */
  readonly first: number;
  /** The largest element of the line's direction. */
  readonly width: number;
  /** An interval smaller than this, times `width`, is not searched. */
  readonly toleranceChange: number;
}

const DECREASE = 1e-4;
const CURVATURE = 0.9;
const MOST = 25;

/**
 * A point of a line that satisfies the strong Wolfe conditions: its value is less than a line of slope
 * c₁ allows, and it is c₂ times less steep than the start.
 *
 * @returns the point, and how often the function was evaluated
 * @source Nocedal and Wright, "Numerical optimization", algorithms 3.5 and 3.6
 */
export function strongWolfe(options: LineSearchOptions): { point: Point; evaluations: number } {
  const { evaluate, start } = options;
  const isHigh = (p: Point): boolean => p.value > start.value + DECREASE * p.t * start.slope;
  const isFlat = (p: Point): boolean => Math.abs(p.slope) <= -CURVATURE * start.slope;

  // Goes on along the line until an interval has a point within it.
  let before = start;
  let point = evaluate(options.first);
  let tries = 0;
  while (tries < MOST && !(isHigh(point) || (tries > 1 && point.value >= before.value))) {
    if (isFlat(point)) return { point, evaluations: tries + 1 };
    if (point.slope >= 0) break;
    const t = cubicMinimum(before, point, point.t + 0.01 * (point.t - before.t), point.t * 10);
    before = point;
    point = evaluate(t);
    tries++;
  }
  if (tries === MOST) before = start;

  // Makes the interval smaller.
  const ends: [Point, Point] = [before, point];
  const lower = (): 0 | 1 => (ends[0].value <= ends[1].value ? 0 : 1);
  let low = lower();
  let wasNearEdge = false;
  while (tries < MOST && !(Math.abs(ends[1].t - ends[0].t) * options.width < options.toleranceChange)) {
    const high = low === 0 ? 1 : 0;
    const [left, right] = [Math.min(ends[0].t, ends[1].t), Math.max(ends[0].t, ends[1].t)];
    let t = cubicMinimum(...ends);
    const margin = 0.1 * (right - left);
    const nearEdge = Math.min(right - t, t - left) < margin;
    if (nearEdge && (wasNearEdge || t >= right || t <= left)) {
      t = Math.abs(t - right) < Math.abs(t - left) ? right - margin : left + margin;
      wasNearEdge = false;
    } else wasNearEdge = nearEdge;
    const found = evaluate(t);
    tries++;
    if (isHigh(found) || found.value >= ends[low].value) {
      ends[high] = found;
      low = lower();
    } else {
      if (isFlat(found)) return { point: found, evaluations: tries + 1 };
      if (found.slope * (ends[high].t - ends[low].t) >= 0) ends[high] = ends[low];
      ends[low] = found;
    }
  }
  return { point: ends[low], evaluations: tries + 1 };
}
