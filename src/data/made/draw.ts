import { number, whole } from '../../core/options.js';
import { Generator, type Tensor, tensor } from '../../index.js';
import { normalsNow, permutationNow, uniformsNow } from '../../ops/random/at-once.js';

/** Points of a generated set and the class of each. */
export interface MadeSet {
  /** @shape (n, features), float32 */
  readonly x: Tensor;
  /** @shape (n), int32: classes from 0 */
  readonly y: Tensor;
}

/** Options of every generated set. */
export interface MadeOptions {
  /** Number of points (default 200). */
  readonly n?: number;
  /** Seed of the points (default 0). Doesn't touch the default generator. */
  readonly seed?: number;
}

/** What `MadeOptions` may be. */
export const madeSpec = { n: whole(200, { least: 1 }), seed: whole(0) };

/** A spread, or a distance. */
export const spread = (defaultValue: number) => number(defaultValue, { least: 0 });

/** Random numbers from a separate stream. */
export class Draw {
  readonly #generator: Generator;

  constructor(seed: number) {
    this.#generator = new Generator(seed);
  }

  /** `count` numbers from `low` up to `high`. */
  uniform(count: number, low = 0, high = 1): Float64Array {
    const values = uniformsNow(count, 'float64', this.#generator);
    return Float64Array.from(values, (value) => low + (high - low) * value);
  }

  /** `count` samples of the normal distribution with mean 0. */
  normal(count: number, std = 1): Float64Array {
    const values = normalsNow(count, 'float64', this.#generator);
    return Float64Array.from(values, (value) => std * value);
  }

  /** 0 … count−1 in random order. */
  order(count: number): ArrayLike<number> {
    return permutationNow(count, this.#generator);
  }
}

/**
 * Points around given places: point i is at `place(i)`, with normal noise added to each coordinate.
 *
 * @param classOf class of point i
 */
export function scattered(
  n: number,
  features: number,
  noise: Float64Array,
  place: (i: number) => ArrayLike<number>,
  classOf: (i: number) => number,
): MadeSet {
  const x = new Float32Array(n * features);
  const y = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    const at = place(i);
    for (let f = 0; f < features; f++) x[i * features + f] = at[f]! + noise[i * features + f]!;
    y[i] = classOf(i);
  }
  return { x: tensor(x, [n, features]), y: tensor(y, [n]) };
}
