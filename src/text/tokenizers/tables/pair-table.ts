/** A growing table from pairs of numbers, not negative, to numbers, by open addressing. */
export class PairTable {
  #left = new Int32Array(64).fill(-1);
  #right = new Int32Array(64);
  #values = new Int32Array(64);
  #size = 0;

  /** Pairs in it. */
  get size(): number {
    return this.#size;
  }

  /** The place of a pair, or the free one where it would be. */
  #placeOf(left: number, right: number): number {
    const mask = this.#left.length - 1;
    let hash = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca77);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    let place = (hash ^ (hash >>> 13)) & mask;
    while (this.#left[place] !== -1 && (this.#left[place] !== left || this.#right[place] !== right))
      place = (place + 1) & mask;
    return place;
  }

  /** The value of a pair; -1 if it doesn't have one. */
  get(left: number, right: number): number {
    const place = this.#placeOf(left, right);
    return this.#left[place] === -1 ? -1 : this.#values[place]!;
  }

  /** The value of a pair; if it doesn't have one, it gets `value`. */
  getOrSet(left: number, right: number, value: number): number {
    const place = this.#placeOf(left, right);
    if (this.#left[place] !== -1) return this.#values[place]!;
    this.#left[place] = left;
    this.#right[place] = right;
    this.#values[place] = value;
    if (++this.#size * 2 > this.#left.length) this.#grow();
    return value;
  }

  #grow(): void {
    const [left, right, values] = [this.#left, this.#right, this.#values];
    const length = left.length * 2;
    this.#left = new Int32Array(length).fill(-1);
    this.#right = new Int32Array(length);
    this.#values = new Int32Array(length);
    for (let i = 0; i < left.length; i++) {
      if (left[i] === -1) continue;
      const place = this.#placeOf(left[i]!, right[i]!);
      this.#left[place] = left[i]!;
      this.#right[place] = right[i]!;
      this.#values[place] = values[i]!;
    }
  }
}
