import { isFloat } from '../../core/dtype.js';
import type { Generator } from '../../core/random.js';
import type { RandomEngine } from '../random.js';
import type { View } from '../storage.js';
import { read, rounded, write } from './cells.js';
import { rowsOf } from './indexing.js';
import { erfInverse, normalCdf } from './special.js';

const { cos, log, log1p, sin, sqrt, PI } = Math;
const words = 624;

/** A generator's numbers, in the order that kernels/random takes them. */
class Stream {
  readonly #state: Uint32Array;
  readonly #kept: DataView;

  constructor({ state }: Generator) {
    this.#state = state;
    this.#kept = new DataView(state.buffer, state.byteOffset + (words + 2) * 4, 8);
  }

  /** The next 32 bits of the Mersenne twister. */
  word(): number {
    const state = this.#state;
    if (state[words]! >= words) {
      for (let i = 0; i < words; i++) {
        const y = (state[i]! & 0x80000000) | (state[(i + 1) % words]! & 0x7fffffff);
        state[i] = state[(i + 397) % words]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
      }
      state[words] = 0;
    }
    let y = state[state[words]!++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /** In [0, 1): 53 bits, from two words. */
  double(): number {
    const high = this.word() & 0x1fffff;
    return (high * 2 ** 32 + this.word()) / 2 ** 53;
  }

  /** In [0, 1), with as many bits as the dtype holds. */
  unit({ dtype }: View): number {
    return dtype === 'float32' ? (this.word() & 0xffffff) / 2 ** 24 : this.double();
  }

  /** A sample of N(0, 1); every second one was made with the one before it. */
  normal(): number {
    if (this.#state[words + 1] !== 0) {
      const kept = this.#kept.getFloat64(0, true);
      this.#state.fill(0, words + 1);
      return kept;
    }
    const angle = 2 * PI * this.double();
    const radius = sqrt(-2 * log1p(-this.double()));
    this.#kept.setFloat64(0, radius * sin(angle), true);
    this.#state[words + 1] = 1;
    return radius * cos(angle);
  }
}

/** Fills `out` with numbers drawn one by one; integers stop at their dtype's largest. */
function fill(out: View, generator: Generator, draw: (stream: Stream, i: number) => number): void {
  const stream = new Stream(generator);
  const most = isFloat(out.dtype) ? Number.POSITIVE_INFINITY : out.dtype === 'int32' ? 2 ** 31 - 1 : 255;
  write(out, (i) => Math.min(draw(stream, i), most));
}

/** Sixteen uniform numbers become normal ones, in pairs eight apart. */
function boxMuller(x: number[], first: number, mean: number, std: number): void {
  for (let i = first; i < first + 8; i++) {
    const [radius, angle] = [sqrt(-2 * log(1 - x[i]!)), 2 * PI * x[i + 8]!];
    x[i] = radius * cos(angle) * std + mean;
    x[i + 8] = radius * sin(angle) * std + mean;
  }
}

export const random: RandomEngine = {
  randomUniform(out, from, to, generator) {
    const low = rounded(from, out.dtype);
    const width = rounded(rounded(to, out.dtype) - low, out.dtype);
    fill(out, generator, (stream) => stream.unit(out) * width + low);
  },
  randomNormal(out, mean, std, oneByOne, generator) {
    const n = out.count;
    if (n < 16 || oneByOne) {
      fill(out, generator, (stream) => stream.normal() * std + mean);
      return;
    }
    const stream = new Stream(generator);
    const x = Array.from({ length: n }, () => stream.unit(out));
    for (let i = 0; i + 16 <= n; i += 16) boxMuller(x, i, mean, std);
    if (n % 16 !== 0) {
      for (let i = n - 16; i < n; i++) x[i] = stream.unit(out);
      boxMuller(x, n - 16, mean, std);
    }
    write(out, x);
  },
  randomIntegers(out, from, to, generator) {
    const stream = new Stream(generator);
    const span = to - from;
    const long = (): bigint => (BigInt(stream.word()) << 32n) | BigInt(stream.word());
    write(out, () => from + (span < 2 ** 32 ? stream.word() % span : Number(long() % BigInt(span))));
  },
  randomPermutation(out, generator) {
    const [stream, n] = [new Stream(generator), out.count];
    const x = Array.from({ length: n }, (_, i) => i);
    for (let i = 0; i < n - 1; i++) {
      const j = i + (stream.word() % (n - i));
      [x[i], x[j]] = [x[j]!, x[i]!];
    }
    write(out, x);
  },
  randomBernoulli: (out, p, generator) => fill(out, generator, (stream) => Number(stream.double() < p)),
  randomBernoulliEach(out, p, generator) {
    const chances = read(p);
    fill(out, generator, (stream, i) => Number(stream.unit(p) < chances[i]!));
  },
  randomRRelu(out, slopes, x, lower, upper, generator) {
    const from = read(x);
    fill(slopes, generator, (stream, i) => (from[i]! <= 0 ? stream.double() * (upper - lower) + lower : 1));
    const drawn = read(slopes);
    write(out, (i) => from[i]! * drawn[i]!);
  },
  randomExponential: (out, rate, generator) =>
    fill(out, generator, (stream) => log1p(-stream.double()) / -rate),
  randomLogNormal: (out, mean, std, generator) =>
    fill(out, generator, (stream) => Math.exp(stream.normal() * std + mean)),
  randomCauchy: (out, median, sigma, generator) =>
    fill(out, generator, (stream) => median + sigma * Math.tan(PI * (stream.double() - 0.5))),
  randomGeometric: (out, p, generator) =>
    fill(out, generator, (stream) => Math.ceil(log(stream.double()) / log1p(-p))),
  randomTruncatedNormal(out, mean, std, low, high, generator) {
    const quantile = (limit: number): number => 2 * normalCdf((limit - mean) / std) - 1;
    random.randomUniform(out, quantile(low), quantile(high), generator);
    const drawn = read(out).map((u) => erfInverse(u) * std * Math.SQRT2 + mean);
    write(out, (i) => Math.min(Math.max(drawn[i]!, low), high));
  },
  randomMultinomial(out, weights, replacement, generator) {
    const stream = new Stream(generator);
    const [n, samples] = [weights.shape.at(-1)!, out.shape.at(-1)!];
    const draws = rowsOf(read(weights), weights.count / n).flatMap((row) => {
      if (replacement && samples > 1) {
        const cumulative = row.map((_, i) => row.slice(0, i + 1).reduce((sum, w) => sum + w, 0));
        return Array.from({ length: samples }, () => {
          const wanted = stream.double() * cumulative.at(-1)!;
          return Math.min(n - 1, cumulative.filter((reached) => reached < wanted).length);
        });
      }
      const keys = row.map((w) => w / rounded(-log1p(-stream.double()), weights.dtype));
      return row
        .map((_, i) => i)
        .sort((i, j) => keys[j]! - keys[i]!)
        .slice(0, samples);
    });
    write(out, draws);
  },
};
