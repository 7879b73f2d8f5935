import { GrowingInts } from '../tables/growing.js';
import { WordTable } from '../tables/word-table.js';

/** Longer words aren't kept: they rarely come again. */
const longest = 48;
/** Words kept before all are dropped. */
const most = 1 << 18;

/** The tokens of words that came before. */
export class WordCache {
  #words = new WordTable();
  #starts = new GrowingInts();
  #ids = new GrowingInts();

  constructor() {
    this.clear();
  }

  clear(): void {
    this.#words = new WordTable();
    this.#starts = new GrowingInts();
    this.#starts.push(0);
    this.#ids = new GrowingInts();
  }

  /** Appends the tokens of a word, if it's known. */
  copy(text: string, start: number, end: number, to: GrowingInts): boolean {
    const word = this.#words.find(text, start, end);
    if (word < 0) return false;
    to.append(this.#ids.data, this.#starts.data[word]!, this.#starts.data[word + 1]!);
    return true;
  }

  /** Keeps the tokens of a new word, the numbers of `ids` from `first` on. */
  keep(text: string, start: number, end: number, ids: GrowingInts, first: number): void {
    if (end - start > longest) return;
    if (this.#words.size >= most) this.clear();
    this.#words.add(text, start, end);
    this.#ids.append(ids.data, first, ids.length);
    this.#starts.push(this.#ids.length);
  }
}
