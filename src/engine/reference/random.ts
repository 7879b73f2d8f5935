import { choices, integers, normals, permutation, Stream, uniforms } from '../../core/draws.js';
import { isFloat } from '../../core/dtype.js';
import type { Generator } from '../../core/random.js';
import type { RandomEngine } from '../random.js';
import type { View } from '../storage.js';
import { read, write } from './cells.js';
import { rowsOf } from './indexing.js';
import { erfInverse, normalCdf } from './special.js';

/** Fills `out` with numbers drawn one by one; integers stop at their dtype's largest. */
function fill(out: View, generator: Generator, draw: (stream: Stream, i: number) => number): void {
  const stream = new Stream(generator);
  const most = isFloat(out.dtype) ? Number.POSITIVE_INFINITY : out.dtype === 'int32' ? 2 ** 31 - 1 : 255;
  write(out, (i) => Math.min(draw(stream, i), most));
}

export const random: RandomEngine = {
  randomUniform: (out, from, to, generator) =>
    write(out, uniforms(out.count, out.dtype, from, to, generator)),
  randomNormal: (out, mean, std, oneByOne, generator) =>
    write(out, normals(out.count, out.dtype, { mean, std, oneByOne }, generator)),
  randomIntegers: (out, from, to, generator) => write(out, integers(out.count, from, to, generator)),
  randomPermutation: (out, generator) => write(out, permutation(out.count, generator)),
  randomBernoulli: (out, p, generator) => fill(out, generator, (stream) => Number(stream.double() < p)),
  randomBernoulliEach(out, p, generator) {
    const chances = read(p);
    fill(out, generator, (stream, i) => Number(stream.unit(p.dtype) < chances[i]!));
  },
  randomRRelu(out, slopes, x, lower, upper, generator) {
    const from = read(x);
    fill(slopes, generator, (stream, i) => (from[i]! <= 0 ? stream.double() * (upper - lower) + lower : 1));
    const drawn = read(slopes);
    write(out, (i) => from[i]! * drawn[i]!);
  },
  randomExponential: (out, rate, generator) =>
    fill(out, generator, (stream) => Math.log1p(-stream.double()) / -rate),
  randomLogNormal: (out, mean, std, generator) =>
    fill(out, generator, (stream) => Math.exp(stream.normal() * std + mean)),
  randomCauchy: (out, median, sigma, generator) =>
    fill(out, generator, (stream) => median + sigma * Math.tan(Math.PI * (stream.double() - 0.5))),
  randomGeometric: (out, p, generator) =>
    fill(out, generator, (stream) => Math.ceil(Math.log(stream.double()) / Math.log1p(-p))),
  randomTruncatedNormal(out, mean, std, low, high, generator) {
    const quantile = (limit: number): number => 2 * normalCdf((limit - mean) / std) - 1;
    random.randomUniform(out, quantile(low), quantile(high), generator);
    const drawn = read(out).map((u) => erfInverse(u) * std * Math.SQRT2 + mean);
    write(out, (i) => Math.min(Math.max(drawn[i]!, low), high));
  },
  randomMultinomial(out, weights, replacement, generator) {
    const stream = new Stream(generator);
    const [n, samples] = [weights.shape.at(-1)!, out.shape.at(-1)!];
    const options = { replacement, dtype: weights.dtype };
    const rows = rowsOf(read(weights), weights.count / n);
    write(
      out,
      rows.flatMap((row) => choices(row, samples, options, stream)),
    );
  },
};
