import { GrowingInts } from '../tables/growing.js';
import { Trie } from './trie.js';

/** ln(eᵃ + eᵇ) */
function logAdd(a: number, b: number): number {
  if (a < b) return logAdd(b, a);
  const difference = b - a;
  return difference < -40 ? a : a + Math.log1p(Math.exp(difference));
}

/** All ways to make a word of pieces that each have a logarithmic probability. Single symbols are pieces. */
export class Lattice {
  readonly #trie = new Trie();
  readonly #scores: Float64Array;
  // The pieces in the word, by the place where they start.
  readonly #from = new GrowingInts();
  readonly #to = new GrowingInts();
  readonly #piece = new GrowingInts();
  #alpha = new Float64Array(64);
  #beta = new Float64Array(64);
  #back = new Int32Array(64);

  /** @param sequenceOf the symbols of a piece */
  constructor(scores: Float64Array, sequenceOf: (piece: number) => Int32Array) {
    this.#scores = scores;
    for (let piece = 0; piece < scores.length; piece++) this.#trie.set(sequenceOf(piece), piece);
  }

  /** Pieces that there are. */
  get size(): number {
    return this.#scores.length;
  }

  #fill(symbols: Int32Array, start: number, end: number): void {
    this.#from.length = this.#to.length = this.#piece.length = 0;
    for (let from = start; from < end; from++) {
      let node = 0;
      for (let to = from; to < end; ) {
        node = this.#trie.step(node, symbols[to]!);
        if (node < 0) break;
        to++;
        const piece = this.#trie.valueAt(node);
        if (piece < 0) continue;
        this.#from.push(from - start);
        this.#to.push(to - start);
        this.#piece.push(piece);
      }
    }
    if (end - start >= this.#alpha.length) {
      const length = (end - start + 1) * 2;
      this.#alpha = new Float64Array(length);
      this.#beta = new Float64Array(length);
      this.#back = new Int32Array(length);
    }
  }

  /**
   * Adds to `expected` how often each piece occurs in the word, on average over all ways to make it, times `count`.
   *
   * @returns the logarithm of the word's probability
   */
  expect(symbols: Int32Array, start: number, end: number, count: number, expected: Float64Array): number {
    this.#fill(symbols, start, end);
    const length = end - start;
    const [alpha, beta, scores] = [this.#alpha, this.#beta, this.#scores];
    const [from, to, pieces] = [this.#from.data, this.#to.data, this.#piece.data];
    alpha.fill(-Infinity, 0, length + 1);
    beta.fill(-Infinity, 0, length + 1);
    alpha[0] = 0;
    beta[length] = 0;
    const edges = this.#from.length;
    for (let e = 0; e < edges; e++)
      alpha[to[e]!] = logAdd(alpha[to[e]!]!, alpha[from[e]!]! + scores[pieces[e]!]!);
    for (let e = edges - 1; e >= 0; e--)
      beta[from[e]!] = logAdd(beta[from[e]!]!, beta[to[e]!]! + scores[pieces[e]!]!);
    const total = alpha[length]!;
    for (let e = 0; e < edges; e++) {
      const share = Math.exp(alpha[from[e]!]! + scores[pieces[e]!]! + beta[to[e]!]! - total);
      expected[pieces[e]!]! += count * share;
    }
    return total;
  }

  /**
   * The most probable pieces of a word, the last one first.
   *
   * @param without a piece that isn't taken
   */
  best(
    symbols: Int32Array,
    start: number,
    end: number,
    without: number,
    each: (piece: number) => void,
  ): void {
    this.#fill(symbols, start, end);
    const length = end - start;
    const [alpha, back, scores] = [this.#alpha, this.#back, this.#scores];
    alpha.fill(-Infinity, 0, length + 1);
    alpha[0] = 0;
    for (let e = 0; e < this.#from.length; e++) {
      const piece = this.#piece.data[e]!;
      if (piece === without) continue;
      const score = alpha[this.#from.data[e]!]! + scores[piece]!;
      const to = this.#to.data[e]!;
      if (score <= alpha[to]!) continue;
      alpha[to] = score;
      back[to] = e;
    }
    for (let at = length; at > 0; at = this.#from.data[back[at]!]!) each(this.#piece.data[back[at]!]!);
  }
}
