/** Random numbers by their place; kernels/words/word_draws.h draws the same. */

function scrambled(x: number): number {
  const a = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  const b = Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  return (b ^ (b >>> 16)) >>> 0;
}

export class Draws {
  #a = 0x6d79656c;
  #b = 0x696e3132;

  constructor(seed: number, epoch: number, round: number, shard: number) {
    const high = Math.floor(seed / 2 ** 32) >>> 0;
    for (const part of [seed >>> 0, high, epoch, round, shard]) {
      this.#a = scrambled(this.#a + part);
      this.#b = scrambled(this.#b ^ part);
    }
  }

  /** 32 random bits. */
  at(place: number): number {
    return scrambled(scrambled(Math.imul(place, 0x9e3779b9) + this.#a) ^ this.#b);
  }

  /** In [0, 1), with 24 random bits. */
  unit(place: number): number {
    return (this.at(place) >>> 8) * 2 ** -24;
  }

  /** 0 to n − 1. */
  below(place: number, n: number): number {
    return Math.floor((this.at(place) * n) / 2 ** 32);
  }
}
