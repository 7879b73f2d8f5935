/** Resizing composed of operations, axis by axis; see resample.ts. */
import type { DType } from '../../core/dtype.js';
import type { ResizeGeometry } from '../../engine/resample.js';
import { floatTensor, int32Tensor } from '../../tensor/list.js';
import type { Tensor } from '../../tensor/tensor.js';

/** Input elements that contribute to the output: for each output element, a position and its weight. */
interface Tap {
  readonly places: readonly number[];
  /** null means 1. */
  readonly weights: readonly number[] | null;
}

const { fround } = Math;

/** Keys's cubic convolution with a = −¾, at a distance from a sample. */
function cubicWeight(distance: number): number {
  const a = -0.75;
  const x = Math.abs(distance);
  return x <= 1 ? ((a + 2) * x - (a + 3)) * x * x + 1 : ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
}

/** Steps in float32 whatever the dtype, like PyTorch: which side of a border a place is on depends on it. */
function nearestTap(input: number, output: number, scale: number, exact: boolean): Tap {
  const ratio = fround(scale > 0 ? scale : fround(input) / fround(output));
  const places = Array.from({ length: output }, (_, i) =>
    Math.min(input - 1, Math.floor(fround((exact ? i + 0.5 : i) * ratio))),
  );
  return { places, weights: null };
}

/** What happens along an axis. */
function tapsOf(
  [input, output, scale]: readonly [number, number, number],
  { mode, alignCorners }: ResizeGeometry,
  dtype: DType,
): Tap[] {
  if (mode === 'nearest' || mode === 'nearest-exact')
    return [nearestTap(input, output, scale, mode === 'nearest-exact')];
  if (input === output && (mode === 'linear' || scale <= 0 || scale === 1)) return [];
  const round = dtype === 'float32' ? fround : (x: number): number => x;
  const steps = scale > 0 ? scale : input / output;
  const ratio = round(alignCorners ? (output > 1 ? (input - 1) / (output - 1) : 0) : steps);
  const at = Array.from({ length: output }, (_, i) => {
    const place = alignCorners ? i * ratio : round(round(ratio * (i + 0.5)) - 0.5);
    return mode === 'linear' ? Math.max(0, place) : place;
  });
  const within = (i: number): number => Math.min(Math.max(i, 0), input - 1);
  const offsets = mode === 'linear' ? [0, 1] : [-1, 0, 1, 2];
  return offsets.map((offset) => ({
    places: at.map((place) => within(Math.floor(place) + offset)),
    weights: at.map((place) => {
      const distance = place - Math.floor(place) - offset;
      return mode === 'linear' ? 1 - Math.abs(distance) : cubicWeight(distance);
    }),
  }));
}

/** x (N, C, …) with the axes after the channels resized. */
export function resizeComposed(x: Tensor, geometry: ResizeGeometry): Tensor {
  const rank = x.ndim - 2;
  let y = x;
  for (let k = 3 - rank; k < 3; k++) {
    const axis = x.ndim - 3 + k;
    const taps = tapsOf([geometry.input[k]!, geometry.output[k]!, geometry.scales[k]!], geometry, x.dtype);
    if (taps.length === 0) continue;
    const shape = x.shape.map((_, i) => (i === axis ? geometry.output[k]! : 1));
    const parts = taps.map(({ places, weights }) => {
      const part = y.indexSelect(axis, int32Tensor(places, x.engine));
      return weights === null ? part : part.mul(floatTensor(weights, x.dtype, x.engine, shape));
    });
    y = parts.reduce((sum, part) => sum.add(part));
  }
  return y === x ? x.clone() : y;
}
