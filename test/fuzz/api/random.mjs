/** A small generator of random numbers: the same for the same seed and number of the call. */
export class Random {
  #state;

  constructor(seed, call) {
    this.#state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(call + 1, 0xc2b2ae35)) | 0;
    for (let i = 0; i < 4; i++) this.unit();
  }

  /** A number in [0, 1). */
  unit() {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  below(n) {
    return Math.floor(this.unit() * n);
  }

  chance(p) {
    return this.unit() < p;
  }

  pick(list) {
    return list[this.below(list.length)];
  }
}
