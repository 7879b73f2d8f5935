/** Pairs of symbols, the most frequent one first; of equally frequent ones, the one with the smallest numbers. */
export class PairHeap {
  #counts = new Float64Array(1024);
  #pairs = new Int32Array(1024);
  #size = 0;

  /** The symbols of pair `i` are `left[i]` and `right[i]`, in lists that may still grow. */
  constructor(readonly symbolsOf: { readonly left: Int32Array; readonly right: Int32Array }) {}

  get size(): number {
    return this.#size;
  }

  /** Whether the first pair comes before the second. */
  #before(count: number, pair: number, otherCount: number, otherPair: number): boolean {
    if (count !== otherCount) return count > otherCount;
    const { left, right } = this.symbolsOf;
    if (left[pair] !== left[otherPair]) return left[pair]! < left[otherPair]!;
    return right[pair]! < right[otherPair]!;
  }

  push(pair: number, count: number): void {
    if (this.#size === this.#pairs.length) this.#grow();
    let place = this.#size++;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.#before(count, pair, this.#counts[parent]!, this.#pairs[parent]!)) break;
      this.#counts[place] = this.#counts[parent]!;
      this.#pairs[place] = this.#pairs[parent]!;
      place = parent;
    }
    this.#counts[place] = count;
    this.#pairs[place] = pair;
  }

  /** Takes the first pair out. */
  pop(): { readonly pair: number; readonly count: number } {
    const first = { pair: this.#pairs[0]!, count: this.#counts[0]! };
    const last = --this.#size;
    const count = this.#counts[last]!;
    const pair = this.#pairs[last]!;
    let place = 0;
    for (;;) {
      let child = place * 2 + 1;
      if (child >= last) break;
      const next = child + 1;
      if (
        next < last &&
        this.#before(this.#counts[next]!, this.#pairs[next]!, this.#counts[child]!, this.#pairs[child]!)
      )
        child = next;
      if (!this.#before(this.#counts[child]!, this.#pairs[child]!, count, pair)) break;
      this.#counts[place] = this.#counts[child]!;
      this.#pairs[place] = this.#pairs[child]!;
      place = child;
    }
    this.#counts[place] = count;
    this.#pairs[place] = pair;
    return first;
  }

  #grow(): void {
    const counts = new Float64Array(this.#counts.length * 2);
    counts.set(this.#counts);
    this.#counts = counts;
    const pairs = new Int32Array(counts.length);
    pairs.set(this.#pairs);
    this.#pairs = pairs;
  }
}
