import type { ConvActivation, ConvEngine, ConvGeometry, Triple } from '../conv.js';
import type { View } from '../storage.js';
import { read, write } from './cells.js';
import { relu } from './functions.js';

/** All places of a box, in row-major order. */
export const placesIn = ([d, h, w]: Triple): Triple[] =>
  Array.from({ length: d * h * w }, (_, i) => [Math.floor(i / (h * w)), Math.floor(i / w) % h, i % w]);

/** Calls `visit` with the positions in y, x and w of each product that a convolution sums. */
function products(g: ConvGeometry, visit: (y: number, x: number, w: number) => void): void {
  const size = ([d, h, w]: Triple): number => d * h * w;
  const [inputs, outputs] = [g.inChannels / g.groups, g.outChannels / g.groups];
  const [taps, places] = [placesIn(g.kernel), placesIn(g.output)];
  for (let n = 0; n < g.batch; n++)
    for (let o = 0; o < g.outChannels; o++)
      for (let c = 0; c < inputs; c++)
        places.forEach((place, at) => {
          taps.forEach((tap, k) => {
            const from = place.map(
              (i, axis) => i * g.stride[axis]! - g.padding[axis]! + tap[axis]! * g.dilation[axis]!,
            ) as [number, number, number];
            if (from.some((i, axis) => i < 0 || i >= g.input[axis]!)) return;
            const channel = Math.floor(o / outputs) * inputs + c;
            visit(
              (n * g.outChannels + o) * size(g.output) + at,
              (n * g.inChannels + channel) * size(g.input) +
                (from[0] * g.input[1] + from[1]) * g.input[2] +
                from[2],
              (o * inputs + c) * size(g.kernel) + k,
            );
          });
        });
}

/** The channel of an element of a tensor (N, C, …). */
const channelOf = ({ shape, count }: View, i: number): number =>
  Math.floor(i / (count / (shape[0]! * shape[1]!))) % shape[1]!;

/** Writes sums with the bias of their channels added. */
function finish(out: View, sums: Float64Array, bias: View | null, activation: ConvActivation): void {
  const added = bias && read(bias);
  const activate = activation === 'relu' ? relu : (x: number): number => x;
  write(out, (i) => activate(sums[i]! + (added?.[channelOf(out, i)] ?? 0)));
}

export const conv: ConvEngine = {
  convForward(y, x, w, bias, geometry, activation = 'none') {
    const [from, weights, sums] = [read(x), read(w), new Float64Array(y.count)];
    products(geometry, (at, i, k) => {
      sums[at]! += from[i]! * weights[k]!;
    });
    finish(y, sums, bias, activation);
  },
  convInputGradient(dx, dy, w, bias, geometry, activation = 'none') {
    const [from, weights, sums] = [read(dy), read(w), new Float64Array(dx.count)];
    products(geometry, (at, i, k) => {
      sums[i]! += from[at]! * weights[k]!;
    });
    finish(dx, sums, bias, activation);
  },
  convWeightGradient(dw, dbias, x, dy, geometry) {
    const [from, gradients, sums] = [read(x), read(dy), new Float64Array(dw.count)];
    products(geometry, (at, i, k) => {
      sums[k]! += from[i]! * gradients[at]!;
    });
    write(dw, sums);
    if (dbias === null) return;
    const totals = new Float64Array(geometry.outChannels);
    gradients.forEach((g, i) => {
      totals[channelOf(dy, i)]! += g;
    });
    write(dbias, totals);
  },
};
