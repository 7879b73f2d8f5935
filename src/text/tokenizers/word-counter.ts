import { WordTable } from './tables/word-table.js';

/** Counts the words of texts; the strings of the words are made only at the end. */
export class WordCounter {
  readonly #table = new WordTable();
  #counts = new Float64Array(512);

  /** Counts a word once more. */
  add(text: string, start: number, end: number, times = 1): void {
    const index = this.#table.add(text, start, end);
    if (index >= this.#counts.length) {
      const counts = new Float64Array(this.#counts.length * 2);
      counts.set(this.#counts);
      this.#counts = counts;
    }
    this.#counts[index]! += times;
  }

  /** Different words so far. */
  get size(): number {
    return this.#table.size;
  }

  /** UTF-16 code units of all different words. */
  get units(): number {
    return this.#table.units;
  }

  /** How often each word was counted, in the order of their first appearance. */
  get counts(): Float64Array {
    return this.#counts.subarray(0, this.#table.size);
  }

  wordAt(index: number): string {
    return this.#table.wordAt(index);
  }
}
