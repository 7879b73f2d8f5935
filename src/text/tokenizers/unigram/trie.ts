import { GrowingInts } from '../tables/growing.js';
import { PairTable } from '../tables/pair-table.js';

/** Sequences of numbers, each with a value, found step by step from the first number on. */
export class Trie {
  readonly #children = new PairTable();
  readonly #values = new GrowingInts();

  constructor() {
    this.#values.push(-1);
  }

  /** Gives a sequence a value. */
  set(sequence: ArrayLike<number>, value: number): void {
    let node = 0;
    for (let i = 0; i < sequence.length; i++) {
      const fresh = this.#values.length;
      node = this.#children.getOrSet(node, sequence[i]!, fresh);
      if (node === fresh) this.#values.push(-1);
    }
    this.#values.data[node] = value;
  }

  /** The node behind a node for the next number; -1 if no sequence goes on so. The first node is 0. */
  step(node: number, next: number): number {
    return this.#children.get(node, next);
  }

  /** The value of the sequence that ends at a node; -1 if none does. */
  valueAt(node: number): number {
    return this.#values.data[node]!;
  }
}
