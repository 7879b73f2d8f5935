import { empty, type Generator, rand, randint, randn, randperm, type Tensor } from '../../index.js';

/** Where a transform's random numbers come from, in the forms in which torchvision draws them. */
export class Draws {
  readonly #options: { readonly generator?: Generator };
  /** Where single numbers are drawn. */
  readonly #one = empty([1]);

  /** @param generator default: the one that `manualSeed` seeds */
  constructor(generator?: Generator) {
    this.#options = generator ? { generator } : {};
  }

  /** A float32 number from [from, to). */
  uniform(from: number, to: number): number {
    return this.#one.uniform_(from, to, this.#options).dataSync()[0]!;
  }

  /** True with probability p. */
  chance(p: number): boolean {
    return this.uniform(0, 1) < Math.fround(p);
  }

  /** A whole number from 0 to n − 1. */
  below(n: number): number {
    return randint(n, [1], this.#options).dataSync()[0]!;
  }

  /** 0 … n − 1 in random order. */
  order(n: number): number[] {
    return [...randperm(n, this.#options).dataSync()];
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
