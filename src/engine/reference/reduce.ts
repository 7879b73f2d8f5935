import { isFloat } from '../../core/dtype.js';
import type { Shape } from '../../core/shape.js';
import type { Overflow } from '../fault.js';
import type { ReduceEngine, ReduceOp } from '../reduce.js';
import type { View } from '../storage.js';
import { beats, linesOf, memoryOf, placesOf, read, write } from './cells.js';
import { logaddexp } from './functions.js';
import type { Faults } from './memory.js';

const { abs } = Math;
const sum = (x: readonly number[]): number => x.reduce((total, v) => total + v, 0);
const extreme = (op: 'max' | 'min', x: readonly number[]): number =>
  x.reduce((a, v) => (beats(op, v, a) ? v : a));

/** Functions of the reduced elements; c is the center or the exponent. */
const folds: Readonly<Record<ReduceOp, (x: readonly number[], c: number) => number>> = {
  sum,
  prod: (x) => x.reduce((product, v) => product * v, 1),
  max: (x) => extreme('max', x),
  min: (x) => extreme('min', x),
  any: (x) => Number(x.some((v) => v !== 0)),
  all: (x) => Number(x.every((v) => v !== 0)),
  countNonzero: (x) => x.filter((v) => v !== 0).length,
  sumAbs: (x) => sum(x.map(abs)),
  sumSquares: (x) => sum(x.map((v) => v * v)),
  maxAbs: (x) => extreme('max', [0, ...x.map(abs)]),
  minAbs: (x) => extreme('min', [Number.POSITIVE_INFINITY, ...x.map(abs)]),
  sumPower: (x, exponent) => sum(x.map((v) => abs(v) ** exponent)),
  sumSquaredDiff: (x, center) => sum(x.map((v) => (v - center) ** 2)),
  sumDiff: (x, center) => sum(x.map((v) => v - center)),
};

/** For each result, the places of the elements that are reduced to it. */
function groupsOf(x: View, axes: readonly number[]): number[][] {
  const pick = (list: Shape, axes: readonly number[]): Shape => axes.map((axis) => list[axis]!);
  const kept = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const steps = placesOf({ shape: pick(x.shape, axes), strides: pick(x.strides, axes), offset: 0 });
  const starts = placesOf({ shape: pick(x.shape, kept), strides: pick(x.strides, kept), offset: x.offset });
  return starts.map((start) => steps.map((step) => start + step));
}

/** The result at a place from the one before it, which is at `previous`; −1 if there's none. */
type Next = (before: number, place: number, previous: number) => number;

export function reduce(faults: Faults): ReduceEngine {
  /** Integers that int32 holds; 0 and a fault for those that it can't. */
  function fitting(results: number[], out: View, overflow: Overflow | undefined): number[] {
    if (out.dtype !== 'int32') return results;
    const fits = (value: number): boolean => value >= -(2 ** 31) && value < 2 ** 31;
    // 0 times an infinite product is NaN.
    const known = results.map((value) => (Number.isNaN(value) ? 0 : value));
    if (overflow !== undefined && !known.every(fits)) faults.watch(Promise.resolve(overflow()));
    return known.map((value) => (fits(value) ? value : 0));
  }

  /** Results computed from earlier ones, line by line along an axis of dense operands. */
  function scan(out: View, axis: number, reverse: boolean, next: Next): number[] {
    const result = new Array<number>(out.count);
    for (const line of linesOf(out.shape, axis)) {
      let [before, previous] = [Number.NaN, -1];
      for (const place of reverse ? line.toReversed() : line) {
        before = result[place] = next(before, place, previous);
        previous = place;
      }
    }
    return result;
  }

  return {
    reduce(op, out, x, axes, { divisor = 1, power = 1, exponent = 0, center, overflow } = {}) {
      const memory = memoryOf(x);
      const centers = center && read(center);
      const results = groupsOf(x, axes).map((places, i) => {
        const elements = places.map((place) => memory[place]!);
        return folds[op](elements, centers?.[i] ?? exponent);
      });
      if (isFloat(out.dtype)) write(out, (i) => (results[i]! / divisor) ** power);
      else write(out, fitting(results, out, overflow));
    },
    argReduce(op, indices, values, x, axis) {
      const memory = memoryOf(x);
      const groups = groupsOf(x, x.shape.length === 0 ? [] : [axis]);
      const found = groups.map((places) =>
        places.reduce((best, place, i) => {
          const known = memory[places[best]!]!;
          return !Number.isNaN(known) && beats(op, memory[place]!, known) ? i : best;
        }, 0),
      );
      write(indices, found);
      if (values !== null) write(values, (i) => memory[groups[i]![found[i]!]!]!);
    },
    scan(op, out, x, axis, reverse, overflow) {
      const from = read(x);
      const results = scan(out, axis, reverse, (before, place, previous) => {
        if (previous < 0) return from[place]!;
        return op === 'sum' ? before + from[place]! : before * from[place]!;
      });
      write(out, fitting(results, out, overflow));
    },
    scanLinear(out, a, b, axis, reverse) {
      const [factors, terms] = [read(a), read(b)];
      const next: Next = (before, place, previous) =>
        previous < 0 ? terms[place]! : terms[place]! + factors[reverse ? previous : place]! * before;
      write(out, scan(out, axis, reverse, next));
    },
    scanLogsumexp(out, x, axis) {
      const from = read(x);
      const next: Next = (before, place, previous) =>
        previous < 0 ? from[place]! : logaddexp(before, from[place]!);
      write(out, scan(out, axis, false, next));
    },
    scanExtreme(op, values, indices, x, axis) {
      const from = read(x);
      const at = read(indices);
      for (const line of linesOf(x.shape, axis)) {
        let best = 0;
        line.forEach((place, i) => {
          const [value, known] = [from[place]!, from[line[best]!]!];
          if (value === known || beats(op, value, known)) best = i;
          at[place] = best;
          from[place] = from[line[best]!]!;
        });
      }
      write(values, from);
      write(indices, at);
    },
  };
}
