import { uniforms } from '../../core/draws.js';
import { defaultGenerator } from '../../core/random.js';
import { empty, type Generator, rand, randn, type Tensor } from '../../index.js';
import { integersNow, normalsNow, permutationNow } from '../../ops/random/at-once.js';

/** A transform's random numbers, drawn the way torchvision draws them. */
export class Draws {
  readonly #generator: Generator;
  readonly #options: { readonly generator: Generator };
  /** Where single numbers are drawn from. */
  readonly #one = empty([1]);

  /** @param generator default: the one that `manualSeed` seeds */
  constructor(generator: Generator = defaultGenerator) {
    this.#generator = generator;
    this.#options = { generator };
  }

  /** A float32 number from [from, to). */
  uniform(from: number, to: number): number {
    if (!this.#one.engine.synchronous) return uniforms(1, 'float32', from, to, this.#generator)[0]!;
    return this.#one.uniform_(from, to, this.#options).dataSync()[0]!;
  }

  /** True with probability p. */
  chance(p: number): boolean {
    return this.uniform(0, 1) < Math.fround(p);
  }

  /** A whole number from 0 to n − 1. */
  below(n: number): number {
    return integersNow(0, n, 1, this.#generator)[0]!;
  }

  /** 0 … n − 1 in random order. */
  order(n: number): number[] {
    return [...permutationNow(n, this.#generator)];
  }

  /** A float32 number from N(0, 1). */
  normal(): number {
    return normalsNow(1, 'float32', this.#generator)[0]!;
  }

  /** U[0, 1) for each element. */
  uniforms(shape: readonly number[]): Tensor {
    return rand(shape, this.#options);
  }

  /** N(0, 1) for each element. */
  normals(shape: readonly number[]): Tensor {
    return randn(shape, this.#options);
  }
}
