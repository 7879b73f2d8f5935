import { codePointAt, unitsOf } from '../tables/char-class.js';
import type { Vocabulary } from '../vocabulary.js';
import { Trie } from './trie.js';

/** How much less probable than the least probable token an unknown character is, in nats. */
const unknownPenalty = 10;

/** Finds the most probable way to make a word of tokens. */
export class Segmenter {
  readonly #trie = new Trie();
  readonly #scores: Float64Array;
  readonly #unknownId: number;
  readonly #unknownScore: number;
  #best = new Float64Array(64);
  #from = new Int32Array(64);
  #id = new Int32Array(64);

  /** @param scores logarithmic probabilities by number of token */
  constructor(
    vocabulary: Vocabulary,
    scores: Float64Array,
    isSpecial: (token: string) => boolean,
    unknownId: number,
  ) {
    this.#scores = scores;
    this.#unknownId = unknownId;
    let least = 0;
    for (const [token, id] of vocabulary.entries()) {
      least = Math.min(least, scores[id]!);
      if (!isSpecial(token)) this.#trie.set(Array.from(token, codeUnits).flat(), id);
    }
    this.#unknownScore = least - unknownPenalty;
  }

  /** Calls `each` with every token of a word and its code units, from the first on. Unknown characters in a row are one token. */
  segment(word: string, each: (id: number, units: number) => void): void {
    const length = word.length;
    if (length >= this.#best.length) {
      this.#best = new Float64Array(length * 2);
      this.#from = new Int32Array(length * 2);
      this.#id = new Int32Array(length * 2);
    }
    this.#best.fill(-Infinity, 0, length + 1);
    this.#best[0] = 0;
    for (let at = 0; at < length; ) {
      const next = at + unitsOf(codePointAt(word, at, length));
      if (!this.#take(word, at, next)) this.#offer(at, next, this.#unknownId, this.#unknownScore);
      at = next;
    }
    this.#emit(length, each);
  }

  /** Offers all tokens that start at a place; whether one of them is the character up to `next`. */
  #take(word: string, at: number, next: number): boolean {
    let node = 0;
    let single = false;
    for (let to = at; to < word.length; ) {
      node = this.#trie.step(node, word.charCodeAt(to++));
      if (node < 0) break;
      const id = this.#trie.valueAt(node);
      if (id < 0) continue;
      this.#offer(at, to, id, this.#scores[id]!);
      if (to === next) single = true;
    }
    return single;
  }

  #offer(at: number, to: number, id: number, score: number): void {
    const sum = this.#best[at]! + score;
    if (sum <= this.#best[to]!) return;
    this.#best[to] = sum;
    this.#from[to] = at;
    this.#id[to] = id;
  }

  #emit(length: number, each: (id: number, units: number) => void): void {
    const ends: number[] = [];
    for (let at = length; at > 0; at = this.#from[at]!) {
      const above = ends.at(-1);
      const joins =
        above !== undefined && this.#id[at] === this.#unknownId && this.#id[above] === this.#unknownId;
      if (!joins) ends.push(at);
    }
    let start = 0;
    for (const end of ends.reverse()) {
      each(this.#id[end]!, end - start);
      start = end;
    }
  }
}

const codeUnits = (char: string): number[] =>
  char.length === 1 ? [char.charCodeAt(0)] : [char.charCodeAt(0), char.charCodeAt(1)];
