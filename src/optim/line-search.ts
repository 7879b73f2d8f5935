import type { Tensor } from '../tensor/tensor.js';

/** A point on a line: its position, the value there, the derivative along the line, and the gradient. */
export interface Point {
  readonly t: number;
  readonly value: number;
  readonly slope: number;
  readonly gradient: Tensor;
}

/**
 * The minimum, between the bounds, of the cubic through two points with their slopes; the midpoint of the bounds if
 * it has no minimum.
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
  /** The value and gradient at a position on the line. */
  readonly evaluate: (t: number) => Point;
  /** The point at 0, where the line descends. */
  readonly start: Point;
  /** The first position to try. */
  readonly first: number;
  /** The largest absolute element of the line's direction. */
  readonly width: number;
  /** Intervals smaller than this divided by `width` aren't searched. */
  readonly toleranceChange: number;
}

const DECREASE = 1e-4;
const CURVATURE = 0.9;
const MOST = 25;

/**
 * Finds a point on a line that satisfies the strong Wolfe conditions: its value has dropped by at least c₁ times the
 * initial slope's prediction, and it's at most c₂ times as steep there as at the start.
 *
 * @returns the point, and the number of function evaluations
 * @source Nocedal and Wright, "Numerical optimization", algorithms 3.5 and 3.6
 */
export function strongWolfe(options: LineSearchOptions): { point: Point; evaluations: number } {
  const { evaluate, start } = options;
  const isHigh = (p: Point): boolean => p.value > start.value + DECREASE * p.t * start.slope;
  const isFlat = (p: Point): boolean => Math.abs(p.slope) <= -CURVATURE * start.slope;

  // Moves along the line until an interval contains such a point.
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

  // Narrows the interval.
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
