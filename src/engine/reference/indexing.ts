import { isFloat } from '../../core/dtype.js';
import { sizeOf } from '../../core/shape.js';
import type { OutOfRange } from '../fault.js';
import type { IndexingEngine, ScatterMode } from '../indexing.js';
import type { View } from '../storage.js';
import { beats, memoryOf, placesOf, read, write } from './cells.js';
import type { Faults } from './memory.js';

/** How to combine an element with a new value, unless it's `mean`. */
const joins: Readonly<Record<Exclude<ScatterMode, 'mean'>, (there: number, comes: number) => number>> = {
  assign: (_, comes) => comes,
  sum: (there, comes) => there + comes,
  prod: (there, comes) => there * comes,
  amax: (there, comes) => (beats('max', comes, there) ? comes : there),
  amin: (there, comes) => (beats('min', comes, there) ? comes : there),
};

export function indexing(faults: Faults): IndexingEngine {
  /** The places of view[…, index[i], …] for each i; null if one is out of range. */
  function selected(view: View, axis: number, index: View, wrap: boolean, fault: OutOfRange | null) {
    const n = view.shape[axis]!;
    const list = read(index);
    if (!faults.requireInside(list, wrap ? -n : 0, n, fault)) return null;
    // The places of the first element along the axis, moved to each index in turn.
    const shape = view.shape.with(axis, list.length);
    const inner = sizeOf(view.shape.slice(axis + 1));
    return placesOf({ shape, strides: view.strides.with(axis, 0), offset: view.offset }).map((place, at) => {
      const i = list[Math.floor(at / inner) % list.length]!;
      return place + (i < 0 ? i + n : i) * view.strides[axis]!;
    });
  }

  /** The places of view[…, index[…, i, …], …] for each element of the index; null if one is out of range. */
  function gathered(view: View, axis: number, index: View, fault: OutOfRange) {
    const list = read(index);
    if (!faults.requireInside(list, 0, view.shape[axis]!, fault)) return null;
    const walk = { shape: index.shape, strides: view.strides.with(axis, 0), offset: view.offset };
    return placesOf(walk).map((place, i) => place + list[i]! * view.strides[axis]!);
  }

  /** The elements of x, or its only one for all. */
  const sourceOf = (x: View, count: number): number[] => {
    const elements = read(x);
    return elements.length === count ? elements : new Array<number>(count).fill(elements[0]!);
  };

  return {
    indexSelect(out, x, axis, index, wrap, fault) {
      const [places, memory] = [selected(x, axis, index, wrap, fault), memoryOf(x)];
      if (places !== null) write(out, (i) => memory[places[i]!]!);
    },
    indexCopy(out, axis, index, x, wrap, fault) {
      const [places, memory] = [selected(out, axis, index, wrap, fault), memoryOf(out)];
      if (places === null) return;
      const from = sourceOf(x, places.length);
      places.forEach((place, i) => {
        memory[place] = from[i]!;
      });
    },
    indexAdd(out, axis, index, x, alpha, wrap, fault) {
      const [places, memory, from] = [selected(out, axis, index, wrap, fault), memoryOf(out), read(x)];
      places?.forEach((place, i) => {
        memory[place]! += alpha * from[i]!;
      });
    },
    indexOffsets(out, index, size, stride, first, fault) {
      const list = read(index);
      if (!faults.requireInside(list, -size, size, fault)) return;
      const before = read(out);
      write(out, (i) => (first ? 0 : before[i]!) + stride * (list[i]! < 0 ? list[i]! + size : list[i]!));
    },
    gather(out, x, axis, index, fault) {
      const [places, memory] = [gathered(x, axis, index, fault), memoryOf(x)];
      if (places !== null) write(out, (i) => memory[places[i]!]!);
    },
    scatter(out, axis, index, x, mode, includeSelf, fault) {
      const [places, memory] = [gathered(out, axis, index, fault), memoryOf(out)];
      if (places === null) return;
      const from = sourceOf(x, places.length);
      const met = new Map<number, number>(); // how many values went to a place
      places.forEach((place, i) => {
        const times = met.get(place) ?? 0;
        const alone = times === 0 && !includeSelf;
        memory[place] = alone ? from[i]! : joins[mode === 'mean' ? 'sum' : mode](memory[place]!, from[i]!);
        met.set(place, times + 1);
      });
      if (mode !== 'mean') return;
      for (const [place, times] of met) {
        const mean = memory[place]! / (times + Number(includeSelf));
        memory[place] = isFloat(out.dtype) ? mean : Math.floor(mean);
      }
    },
    requireInside(indices, size, fault) {
      faults.requireInside(read(indices), 0, size, fault);
    },
    maskedCount: (mask) => later(faults, read(mask).filter((set) => set !== 0).length),
    maskedSelect(out, x, mask) {
      const set = read(mask);
      const kept = read(x).filter((_, i) => set[i] !== 0);
      const before = read(out);
      write(out, (i) => kept[i] ?? before[i]!);
    },
    maskedScatter(out, mask, x, fault) {
      const [set, from, before] = [read(mask), read(x), read(out)];
      faults.requireAtMost(from.length, set.filter((element) => element !== 0).length, fault);
      let next = 0;
      write(out, (i) => (set[i] !== 0 ? from[next++] : undefined) ?? before[i]!);
    },
    triangle(out, x, diagonal, upper) {
      const [rows, columns] = x.shape.slice(-2) as [number, number];
      const keeps = (i: number): boolean => {
        const off = (i % columns) - (Math.floor(i / columns) % rows) - diagonal;
        return upper ? off >= 0 : off <= 0;
      };
      const from = read(x);
      write(out, (i) => (keeps(i) ? from[i]! : 0));
    },
  };
}

/** The number of results, as a read returns it. */
export const later = (faults: Faults, count: number): Promise<number> => faults.raise().then(() => count);

export const rowsOf = (x: readonly number[], rows: number): number[][] => {
  const width = rows === 0 ? 0 : x.length / rows;
  return Array.from({ length: rows }, (_, i) => x.slice(i * width, (i + 1) * width));
};
