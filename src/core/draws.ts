import type { DType } from './dtype.js';
import type { Generator } from './random.js';

const { cos, log, log1p, sin, sqrt, PI } = Math;
const words = 624;

/** A generator's numbers, drawn in the order of kernels/random, for those who need them at once on any engine. */
export class Stream {
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
  unit(dtype: DType): number {
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

/** Sixteen uniform numbers become normal ones, in pairs eight apart. */
function boxMuller(x: number[], first: number, mean: number, std: number): void {
  for (let i = first; i < first + 8; i++) {
    const [radius, angle] = [sqrt(-2 * log(1 - x[i]!)), 2 * PI * x[i + 8]!];
    x[i] = radius * cos(angle) * std + mean;
    x[i + 8] = radius * sin(angle) * std + mean;
  }
}

/** A number, rounded to float32 or float64. */
export const rounded = (x: number, dtype: DType): number => (dtype === 'float32' ? Math.fround(x) : x);

const listOf = (count: number, draw: () => number): number[] => Array.from({ length: count }, draw);

/** `count` numbers from U[from, to), with the bits of the dtype. */
export function uniforms(
  count: number,
  dtype: DType,
  from: number,
  to: number,
  generator: Generator,
): number[] {
  const stream = new Stream(generator);
  const low = rounded(from, dtype);
  const width = rounded(rounded(to, dtype) - low, dtype);
  return listOf(count, () => rounded(stream.unit(dtype) * width + low, dtype));
}

/** `count` numbers from N(mean, std²); `oneByOne` reads the stream as for fewer than 16. */
export function normals(
  count: number,
  dtype: DType,
  { mean, std, oneByOne }: { readonly mean: number; readonly std: number; readonly oneByOne: boolean },
  generator: Generator,
): number[] {
  const stream = new Stream(generator);
  if (count < 16 || oneByOne) return listOf(count, () => stream.normal() * std + mean);
  const x = listOf(count, () => stream.unit(dtype));
  for (let i = 0; i + 16 <= count; i += 16) boxMuller(x, i, mean, std);
  if (count % 16 !== 0) {
    for (let i = count - 16; i < count; i++) x[i] = stream.unit(dtype);
    boxMuller(x, count - 16, mean, std);
  }
  return x;
}

/** `count` whole numbers from U{from, …, to − 1}. */
export function integers(count: number, from: number, to: number, generator: Generator): number[] {
  const stream = new Stream(generator);
  const span = to - from;
  const long = (): bigint => (BigInt(stream.word()) << 32n) | BigInt(stream.word());
  return listOf(count, () => from + (span < 2 ** 32 ? stream.word() % span : Number(long() % BigInt(span))));
}

/** 0 … count − 1 in random order. */
export function permutation(count: number, generator: Generator): Int32Array {
  const stream = new Stream(generator);
  const x = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = 0; i < count - 1; i++) {
    const j = i + (stream.word() % (count - i));
    [x[i], x[j]] = [x[j]!, x[i]!];
  }
  return x;
}

/** The position of the first of the rising numbers that's at least `wanted`; the last one if none is. */
function reaching(rising: readonly number[], wanted: number): number {
  let [low, high] = [0, rising.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * `samples` positions, drawn by their weights.
 *
 * @param weights at least 0, some above
 * @param dtype whose precision the draws without replacement have
 */
export function choices(
  weights: readonly number[],
  samples: number,
  { replacement, dtype }: { readonly replacement: boolean; readonly dtype: DType },
  stream: Stream,
): number[] {
  if (replacement && samples > 1) {
    const sums: number[] = [];
    for (const weight of weights) sums.push((sums.at(-1) ?? 0) + weight);
    return listOf(samples, () => reaching(sums, stream.double() * sums.at(-1)!));
  }
  const keys = weights.map((w) => w / rounded(-log1p(-stream.double()), dtype));
  return keys
    .map((_, i) => i)
    .sort((i, j) => keys[j]! - keys[i]!)
    .slice(0, samples);
}
