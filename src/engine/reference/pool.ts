import type { AdaptiveWindow, AverageOptions, PoolEngine, PoolWindow } from '../pool.js';
import type { View } from '../storage.js';
import { beats, read, write } from './cells.js';
import { placesIn } from './conv.js';

/** A window of a plane: its elements, and what to divide their sum by. */
type Cell = readonly [elements: readonly number[], divisor: number];

/** The elements of a plane where three lists of coordinates meet. */
const crossing = ([, h, w]: readonly number[], [a, b, c]: readonly number[][]): number[] =>
  a!.flatMap((i) => b!.flatMap((j) => c!.map((k) => (i * h! + j) * w! + k)));

function sliding(window: PoolWindow, options: AverageOptions): Cell[] {
  const { input, output, kernel, stride, padding, dilation } = window;
  return placesIn(output).map((place) => {
    let padded = 1;
    const axes = place.map((at, axis) => {
      const first = at * stride[axis]! - padding[axis]!;
      const all = Array.from({ length: kernel[axis]! }, (_, k) => first + k * dilation[axis]!);
      padded *= all.filter((i) => i < input[axis]! + padding[axis]!).length;
      return all.filter((i) => i >= 0 && i < input[axis]!);
    });
    const elements = crossing(input, axes);
    return [elements, options.divisor ?? (options.countPadding ? padded : elements.length)];
  });
}

const adaptive = ({ input, output }: AdaptiveWindow): Cell[] =>
  placesIn(output).map((place) => {
    const axes = place.map((at, axis) => {
      const first = Math.floor((at * input[axis]!) / output[axis]!);
      const end = Math.ceil(((at + 1) * input[axis]!) / output[axis]!);
      return Array.from({ length: end - first }, (_, i) => first + i);
    });
    const elements = crossing(input, axes);
    return [elements, elements.length];
  });

const all: AverageOptions = { countPadding: false, divisor: null };

function largest(y: View, indices: View | null, x: View, cells: readonly Cell[], size: number): void {
  const from = read(x);
  const found = Array.from({ length: y.count }, (_, at) => {
    const plane = Math.floor(at / cells.length) * size;
    const [elements] = cells[at % cells.length]!;
    return elements.reduce((best, i) => (beats('max', from[plane + i]!, from[plane + best]!) ? i : best));
  });
  write(y, (at) => from[Math.floor(at / cells.length) * size + found[at]!]!);
  if (indices !== null) write(indices, found);
}

function averages(y: View, x: View, cells: readonly Cell[], size: number): void {
  const from = read(x);
  write(y, (at) => {
    const [elements, divisor] = cells[at % cells.length]!;
    const plane = Math.floor(at / cells.length) * size;
    return elements.reduce((sum, i) => sum + from[plane + i]!, 0) / divisor;
  });
}

function spread(dx: View, dy: View, cells: readonly Cell[], size: number): void {
  const result = new Float64Array(dx.count);
  read(dy).forEach((g, at) => {
    const [elements, divisor] = cells[at % cells.length]!;
    for (const i of elements) result[Math.floor(at / cells.length) * size + i]! += g / divisor;
  });
  write(dx, result);
}

const volume = ({ input: [d, h, w] }: AdaptiveWindow): number => d * h * w;

export const pool: PoolEngine = {
  maxPool: (y, indices, x, window) => largest(y, indices, x, sliding(window, all), volume(window)),
  averagePool: (y, x, window, options) => averages(y, x, sliding(window, options), volume(window)),
  averagePoolBackward: (dx, dy, window, options) => spread(dx, dy, sliding(window, options), volume(window)),
  adaptiveMaxPool: (y, indices, x, window) => largest(y, indices, x, adaptive(window), volume(window)),
  adaptiveAveragePool: (y, x, window) => averages(y, x, adaptive(window), volume(window)),
  adaptiveAveragePoolBackward: (dx, dy, window) => spread(dx, dy, adaptive(window), volume(window)),
};
