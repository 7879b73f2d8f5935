/** Sampling of volumes, and of images by cubic curves, composed of operations; grid.ts has what's done by a kernel. */
import type { GridPadding } from '../../engine/resample.js';
import type { Tensor } from '../../tensor/tensor.js';
import { onesLike } from '../creation/creation.js';

export interface ComposedOptions {
  readonly mode: 'bilinear' | 'nearest' | 'bicubic';
  readonly padding: GridPadding;
  readonly alignCorners: boolean;
}

/** A coordinate in [−1, 1], in elements of an axis of length n. */
const inElements = (coordinate: Tensor, n: number, alignCorners: boolean): Tensor =>
  alignCorners ? coordinate.add(1).mul((n - 1) / 2) : coordinate.add(1).mul(n).sub(1).div(2);

/** Reflected at `low` and `high` until it's between them. */
function reflected(at: Tensor, low: number, high: number): Tensor {
  const span = high - low;
  if (span <= 0) return at.mul(0);
  const distance = at.sub(low).abs();
  const turns = distance.detach().div(span).floor();
  const rest = distance.fmod(span);
  return rest.where(turns.remainder(2).eq(0), rest.rsub(span)).add(low);
}

/** Where the padding moves a place on an axis of length n; NaN moves to the first element, infinity doesn't move. */
function padded(at: Tensor, n: number, { padding, alignCorners }: ComposedOptions): Tensor {
  if (padding === 'zeros') return at.where(at.detach().isfinite(), Number.NaN);
  const inner =
    padding === 'border' ? at : alignCorners ? reflected(at, 0, n - 1) : reflected(at, -0.5, n - 0.5);
  const above = inner.detach().gt(0);
  const edge = above.to(at.dtype).mul(n - 1);
  return inner.where(above.logicalAnd(inner.detach().lt(n - 1)), edge);
}

/** An element that takes part, by its position on an axis, and its weight. */
interface Neighbor {
  readonly index: Tensor;
  readonly weight: Tensor;
}

/** The cubic convolution kernel with a = −0.75 at distances t + 1, t, 1 − t and 2 − t. */
function cubicWeights(t: Tensor): Tensor[] {
  const a = -0.75;
  const near = (x: Tensor): Tensor =>
    x
      .mul(a + 2)
      .sub(a + 3)
      .mul(x)
      .mul(x)
      .add(1);
  const far = (x: Tensor): Tensor =>
    x
      .mul(a)
      .sub(5 * a)
      .mul(x)
      .add(8 * a)
      .mul(x)
      .sub(4 * a);
  return [far(t.add(1)), near(t), near(t.rsub(1)), far(t.rsub(2))];
}

function neighbors(coordinate: Tensor, n: number, options: ComposedOptions): Neighbor[] {
  const at = inElements(coordinate, n, options.alignCorners);
  if (options.mode === 'bicubic') {
    const first = at.detach().floor();
    return cubicWeights(at.sub(first)).map((weight, i) => ({
      index: padded(first.add(i - 1), n, options),
      weight,
    }));
  }
  // Anything farther outside makes no difference.
  const place = padded(at, n, options).clamp(-100, n + 100);
  if (options.mode === 'nearest') {
    // 1, with a gradient of 0.
    const weight = place.maskedFill(onesLike(place, { dtype: 'bool' }), 1);
    return [{ index: place.detach().round(), weight }];
  }
  const first = place.detach().floor();
  const part = place.sub(first);
  return [
    { index: first, weight: part.rsub(1) },
    { index: first.add(1), weight: part },
  ];
}

/**
 * @param x (N, C, …), with D axes after the channels
 * @param grid (N, …, D), with the last axis's coordinate first
 */
export function sampleComposed(x: Tensor, grid: Tensor, options: ComposedOptions): Tensor {
  const [n, c, ...sizes] = x.shape as [number, number, ...number[]];
  const outside = grid.shape.slice(1, -1);
  const count = outside.reduce((a, b) => a * b, 1);
  const elements = x.reshape([n, c, sizes.reduce((a, b) => a * b, 1)]);
  const axes = sizes.map((size, axis) =>
    neighbors(grid.select(-1, sizes.length - 1 - axis).reshape([n, 1, count]), size, options),
  );
  // [position, whether inside, weight] for each choice of neighbors along the axes so far
  type Choice = readonly [position: Tensor, inside: Tensor, weight: Tensor];
  let choices: readonly Choice[] = [];
  sizes.forEach((size, axis) => {
    const own = axes[axis]!.map(({ index, weight }): Choice => {
      const inside = index.ge(0).logicalAnd(index.lt(size));
      return [index.where(inside, 0).to('int32'), inside, weight];
    });
    choices =
      axis === 0
        ? own
        : choices.flatMap(([position, inside, weight]) =>
            own.map(
              ([at, here, share]): Choice => [
                position.mul(size).add(at),
                inside.logicalAnd(here),
                weight.mul(share),
              ],
            ),
          );
  });
  const parts = choices.map(([position, inside, weight]) => {
    const value = elements.gather(2, position.expand([n, c, count])).where(inside, 0);
    return value.mul(weight);
  });
  return parts.reduce((sum, part) => sum.add(part)).reshape([n, c, ...outside]);
}
