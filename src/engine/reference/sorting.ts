import { sizeOf } from '../../core/shape.js';
import type { SortingEngine } from '../sorting.js';
import type { View } from '../storage.js';
import { linesOf, read, write } from './cells.js';
import { later, rowsOf } from './indexing.js';
import type { Faults } from './memory.js';

/** Ascending; NaN is the greatest. */
const order = (a: number, b: number): number =>
  a === b ? 0 : Number.isNaN(a) ? Number(!Number.isNaN(b)) : Number.isNaN(b) ? -1 : a - b;

/** The positions of numbers in stable order. */
const sorted = (x: readonly number[], descending: boolean): number[] =>
  x.map((_, i) => i).sort((i, j) => (descending ? order(x[j]!, x[i]!) : order(x[i]!, x[j]!)));

type Choice = (line: readonly number[]) => readonly number[];

/** For each line along an axis, writes the elements at chosen positions, and the positions; the results may lack the axis. */
function select(values: View | null, indices: View, x: View, axis: number, choose: Choice): void {
  const [from, at, elements] = [read(x), read(indices), read(indices)];
  const lacks = indices.shape.length < x.shape.length;
  const targets = linesOf(lacks ? indices.shape.toSpliced(axis, 0, 1) : indices.shape, axis);
  linesOf(x.shape, axis).forEach((line, i) => {
    choose(line.map((place) => from[place]!)).forEach((position, k) => {
      at[targets[i]![k]!] = position;
      elements[targets[i]![k]!] = from[line[position]!]!;
    });
  });
  write(indices, at);
  if (values !== null) write(values, elements);
}

/** The position of the lower median, or of the first NaN unless NaNs are ignored. */
function medianOf(line: readonly number[], ignoreNaN: boolean): number {
  const nan = line.findIndex(Number.isNaN);
  if (nan >= 0 && !ignoreNaN) return nan;
  const count = line.filter((x) => !Number.isNaN(x)).length;
  return count === 0 ? 0 : sorted(line, false)[Math.floor((count - 1) / 2)]!;
}

export const sorting = (faults: Faults): SortingEngine => ({
  sort: (values, indices, x, axis, descending) =>
    select(values, indices, x, axis, (line) => sorted(line, descending)),
  topk: (values, indices, x, axis, largest) =>
    select(values, indices, x, axis, (line) => sorted(line, largest).slice(0, indices.shape[axis] ?? 1)),
  kthValue: (values, indices, x, axis, k) =>
    select(values, indices, x, axis, (line) => [sorted(line, false)[k]!]),
  median: (values, indices, x, axis, ignoreNaN) =>
    select(values, indices, x, axis, (line) => [medianOf(line, ignoreNaN)]),
  unique(first, inverse, counts, x, rows, consecutive) {
    const list = rowsOf(read(x), rows);
    const compare = (i: number, j: number): number => {
      const at = list[i]!.findIndex((value, k) => value !== list[j]![k]);
      return at < 0 ? 0 : order(list[i]![at]!, list[j]![at]!);
    };
    const rowsInOrder = list.map((_, i) => i);
    if (!consecutive) rowsInOrder.sort(compare);
    const groups: number[][] = [];
    for (const row of rowsInOrder) {
      const group = groups.at(-1);
      if (group && list[row]!.every((value, i) => value === list[group[0]!]![i])) group.push(row);
      else groups.push([row]);
    }
    write(first, (i) => groups[i]?.[0] ?? 0);
    if (inverse !== null) write(inverse, (row) => groups.findIndex((group) => group.includes(row)));
    if (counts !== null) write(counts, (i) => groups[i]?.length ?? 0);
    return later(faults, groups.length);
  },
  nonzeroCount: (x) => later(faults, read(x).filter((value) => value !== 0).length),
  nonzero(out, x) {
    const places = read(x).flatMap((value, i) => (value === 0 ? [] : [i]));
    const inner = x.shape.map((_, axis) => sizeOf(x.shape.slice(axis + 1)));
    write(
      out,
      places.flatMap((place) => x.shape.map((n, axis) => Math.floor(place / inner[axis]!) % n)),
    );
  },
  bincountSize(x, fault) {
    const list = read(x);
    faults.requireInside(list, 0, Number.POSITIVE_INFINITY, fault);
    return later(faults, list.reduce((most, i) => Math.max(most, i), -1) + 1);
  },
  bincount(out, x, weights) {
    const [sums, added] = [new Float64Array(out.count), weights && read(weights)];
    read(x).forEach((bin, i) => {
      sums[bin]! += added?.[i] ?? 1;
    });
    write(out, sums);
  },
  searchsorted(out, sequence, values, right) {
    const rows = rowsOf(read(sequence), sizeOf(sequence.shape.slice(0, -1)));
    const [wanted, each] = [read(values), values.count / rows.length];
    write(out, (i) => {
      const row = rows[Math.floor(i / each)]!;
      const at = row.findIndex((x) => (right ? x > wanted[i]! : x >= wanted[i]!));
      return at < 0 ? row.length : at;
    });
  },
  isin(out, x, set, invert) {
    const [from, list] = [read(x), read(set)];
    write(out, (i) => Number(list.some((element) => element === from[i]) !== invert));
  },
});
