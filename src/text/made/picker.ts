import { defineOptions, whole } from '../../core/options.js';
import { Draw } from '../../data/made/draw.js';

/** Options of every synthetic text. */
export interface MadeTextOptions {
  /** Number of examples, at most 2²⁰ (default 1,000). */
  readonly n?: number | undefined;
  /** Seed of the text (default 0). Doesn't touch the default generator. */
  readonly seed?: number | undefined;
}

/** What `MadeTextOptions` may be. */
export const madeTextSpec = { n: whole(1000, { least: 1, most: 2 ** 20 }), seed: whole(0) };

export const madeTextOptions = defineOptions(madeTextSpec);

/** Numbers drawn at once. */
const BLOCK = 4096;

/** Random choices from a separate stream. */
export class Picker {
  readonly #draw: Draw;
  #block: Float64Array = new Float64Array();
  #used = 0;

  constructor(seed: number) {
    this.#draw = new Draw(seed);
  }

  /** A number from 0 up to 1. */
  next(): number {
    if (this.#used === this.#block.length) {
      this.#block = this.#draw.uniform(BLOCK);
      this.#used = 0;
    }
    return this.#block[this.#used++]!;
  }

  /** A whole number from `least` to `most`. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** One of a list. */
  from<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)]!;
  }
}

export const words = (list: string): readonly string[] => list.split(' ');
