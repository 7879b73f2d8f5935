import { PairTable } from '../tables/pair-table.js';

/** Words with more symbols than this use the algorithm that takes O(n log n) instead of O(n²). */
const longWord = 48;

/** Merges a word's symbols as byte-pair encoding learned it: the earliest merge first, and of equal ones the leftmost. */
export class MergeTable {
  readonly #ranks = new PairTable();
  readonly #merged: number[] = [];
  #pairRanks = new Int32Array(longWord);

  /** Adds the next merge. Whether it is new. */
  add(left: number, right: number, merged: number): boolean {
    const rank = this.#merged.length;
    if (this.#ranks.getOrSet(left, right, rank) !== rank) return false;
    this.#merged.push(merged);
    return true;
  }

  /** Merges `length` symbols in place; how many are left. */
  apply(symbols: Int32Array, length: number): number {
    return length > longWord ? this.#applyToLong(symbols, length) : this.#applyToShort(symbols, length);
  }

  #applyToShort(symbols: Int32Array, length: number): number {
    const ranks = this.#pairRanks;
    for (let i = 0; i + 1 < length; i++) ranks[i] = this.#ranks.get(symbols[i]!, symbols[i + 1]!);
    let left = length;
    for (;;) {
      let best = -1;
      for (let i = 0; i + 1 < left; i++)
        if (ranks[i]! >= 0 && (best < 0 || ranks[i]! < ranks[best]!)) best = i;
      if (best < 0) return left;
      symbols[best] = this.#merged[ranks[best]!]!;
      left--;
      for (let i = best + 1; i < left; i++) {
        symbols[i] = symbols[i + 1]!;
        ranks[i] = ranks[i + 1]!;
      }
      if (best > 0) ranks[best - 1] = this.#ranks.get(symbols[best - 1]!, symbols[best]!);
      if (best + 1 < left) ranks[best] = this.#ranks.get(symbols[best]!, symbols[best + 1]!);
    }
  }

  #applyToLong(symbols: Int32Array, length: number): number {
    // A list of symbols linked by places; `next` of one that's merged into another is 0.
    const next = Int32Array.from({ length }, (_, i) => i + 1);
    const before = Int32Array.from({ length }, (_, i) => i - 1);
    const queue = new PlaceQueue();
    const consider = (place: number): void => {
      if (place < 0 || next[place]! >= length) return;
      const rank = this.#ranks.get(symbols[place]!, symbols[next[place]!]!);
      if (rank >= 0) queue.push(rank, place);
    };
    for (let i = 0; i < length; i++) consider(i);
    while (queue.size > 0) {
      const { rank, place } = queue.pop();
      const second = next[place]!;
      if (second === 0 || second >= length) continue;
      if (this.#ranks.get(symbols[place]!, symbols[second]!) !== rank) continue;
      symbols[place] = this.#merged[rank]!;
      next[place] = next[second]!;
      if (next[place]! < length) before[next[place]!] = place;
      next[second] = 0;
      consider(before[place]!);
      consider(place);
    }
    let left = 0;
    for (let i = 0; i < length; i = next[i]!) symbols[left++] = symbols[i]!;
    return left;
  }
}

const places = 2 ** 31;

/** Places in a word, the one of the earliest merge first; of equals the leftmost. */
class PlaceQueue {
  /** rank · 2³¹ + place, as a binary heap. */
  readonly #keys: number[] = [];

  get size(): number {
    return this.#keys.length;
  }

  push(rank: number, place: number): void {
    const keys = this.#keys;
    const key = rank * places + place;
    let at = keys.length;
    keys.push(key);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (keys[parent]! <= key) break;
      keys[at] = keys[parent]!;
      at = parent;
    }
    keys[at] = key;
  }

  pop(): { readonly rank: number; readonly place: number } {
    const keys = this.#keys;
    const first = keys[0]!;
    const key = keys.pop()!;
    let at = 0;
    for (let child = 1; child < keys.length; child = at * 2 + 1) {
      if (child + 1 < keys.length && keys[child + 1]! < keys[child]!) child++;
      if (keys[child]! >= key) break;
      keys[at] = keys[child]!;
      at = child;
    }
    if (keys.length > 0) keys[at] = key;
    return { rank: Math.floor(first / places), place: first % places };
  }
}
