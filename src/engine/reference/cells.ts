import { bytesPerElement, type TypedArray, typedArray } from '../../core/dtype.js';
import { type Shape, sizeOf } from '../../core/shape.js';
import type { Storage, View } from '../storage.js';

/** This engine's storage, which has its elements in an array. */
export const bufferOf = (storage: Storage): ArrayBuffer =>
  (storage as Storage & { buffer: ArrayBuffer }).buffer;

/** All elements of a view's memory. */
export function memoryOf({ storage, dtype }: View): TypedArray {
  const buffer = bufferOf(storage);
  return typedArray(dtype, buffer, 0, Math.floor(buffer.byteLength / bytesPerElement[dtype]));
}

/** What determines places in memory. */
export type Walk = Pick<View, 'shape' | 'strides' | 'offset'>;

/** The places of the elements of a view that broadcasts to a shape, in row-major order. */
export function placesOf(view: Walk, shape: Shape = view.shape): number[] {
  const added = shape.length - view.shape.length;
  let places = [view.offset];
  shape.forEach((n, axis) => {
    const own = axis - added;
    const step = own < 0 || view.shape[own] === 1 ? 0 : view.strides[own]!;
    places = places.flatMap((place) => Array.from({ length: n }, (_, i) => place + i * step));
  });
  return places;
}

/** The elements of a view that broadcasts to a shape, in row-major order. */
export function read(view: View, shape: Shape = view.shape): number[] {
  const memory = memoryOf(view);
  return placesOf(view, shape).map((place) => memory[place]!);
}

/** Writes the elements of a view in row-major order; they round, and integers wrap, as its dtype does. */
export function write(out: View, elements: ArrayLike<number> | ((i: number) => number)): void {
  const memory = memoryOf(out);
  placesOf(out).forEach((place, i) => {
    memory[place] = typeof elements === 'function' ? elements(i) : elements[i]!;
  });
}

/** For each line along an axis of a dense array, the places of its elements; a scalar is one line. */
export function linesOf(shape: Shape, axis: number): number[][] {
  const n = shape[axis] ?? 1;
  const inner = sizeOf(shape.slice(axis + 1));
  const outer = sizeOf(shape.slice(0, axis));
  return Array.from({ length: outer * inner }, (_, line) => {
    const first = Math.floor(line / inner) * n * inner + (line % inner);
    return Array.from({ length: n }, (_, i) => first + i * inner);
  });
}

/** Whether `x` replaces the largest number so far, or the smallest; NaN always does. */
export const beats = (op: 'max' | 'min', x: number, best: number): boolean =>
  Number.isNaN(x) || (op === 'max' ? x > best : x < best);
