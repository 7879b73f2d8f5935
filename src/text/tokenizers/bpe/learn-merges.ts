import { GrowingInts } from '../tables/growing.js';
import { PairTable } from '../tables/pair-table.js';
import { PairHeap } from './pair-heap.js';

/** Different words as symbols, one after another. */
export interface SymbolWords {
  readonly symbols: Int32Array;
  /** Where each word starts, and the end of the last one. */
  readonly starts: Int32Array;
  /** How often each word occurs. */
  readonly counts: Float64Array;
}

export interface MergeLearning {
  /** The symbols at the start, by number. Merged ones are appended. */
  readonly tokens: string[];
  /** Symbols at the end; fewer if no pair is left that is frequent enough. */
  readonly vocabSize: number;
  readonly minFrequency: number;
  /** What two symbols make. */
  join(left: string, right: string): string;
  /** Is called now and then; may wait. */
  onMerge?: ((merges: number) => void | Promise<void>) | undefined;
}

/** Two symbols that become one, the earlier in the list the first. */
export interface Merges {
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** The number of the symbol that they become. */
  readonly merged: Int32Array;
}

/**
 * Byte-pair encoding: merges the most frequent pair of neighboring symbols, again and again. Of equally frequent pairs,
 * it takes the one with the smallest numbers. Counts of pairs are kept up to date: a merge visits only the words that
 * have the pair.
 *
 * @source Sennrich et al. 2016, arXiv:1508.07909
 */
export async function learnMerges(words: SymbolWords, learning: MergeLearning): Promise<Merges> {
  const { tokens, vocabSize, minFrequency } = learning;
  const numbers = new Map(tokens.map((token, i) => [token, i]));
  const counted = new CountedPairs(words);
  const [left, right, merged] = [new GrowingInts(), new GrowingInts(), new GrowingInts()];
  while (tokens.length < vocabSize) {
    const pair = counted.mostFrequent(minFrequency);
    if (pair < 0) break;
    const [a, b] = [counted.left.data[pair]!, counted.right.data[pair]!];
    const token = learning.join(tokens[a]!, tokens[b]!);
    let symbol = numbers.get(token);
    if (symbol === undefined) {
      symbol = tokens.length;
      tokens.push(token);
      numbers.set(token, symbol);
    }
    left.push(a);
    right.push(b);
    merged.push(symbol);
    counted.merge(pair, symbol);
    if (merged.length % 256 === 0) await learning.onMerge?.(merged.length);
  }
  return { left: left.toArray(), right: right.toArray(), merged: merged.toArray() };
}

/** The pairs of neighbors in words: how often each occurs, and which words it's in. */
class CountedPairs {
  readonly left = new GrowingInts();
  readonly right = new GrowingInts();
  readonly #table = new PairTable();
  #counts = new Float64Array(64);
  /** The last occurrence of each pair; an occurrence has a word and the one before. */
  readonly #last = new GrowingInts();
  readonly #occurrenceWord = new GrowingInts(1024);
  readonly #occurrenceBefore = new GrowingInts(1024);
  /** Pairs that the merge under way made more frequent. */
  readonly #raised = new Set<number>();
  readonly #heap: PairHeap;
  readonly #words: SymbolWords;
  readonly #lengths: Int32Array;

  constructor(words: SymbolWords) {
    this.#words = { ...words, symbols: words.symbols.slice() };
    const { symbols, starts, counts } = this.#words;
    this.#lengths = new Int32Array(counts.length);
    for (let word = 0; word < counts.length; word++) {
      this.#lengths[word] = starts[word + 1]! - starts[word]!;
      for (let i = starts[word]!; i + 1 < starts[word + 1]!; i++)
        this.#add(symbols[i]!, symbols[i + 1]!, word, counts[word]!);
    }
    const { left, right } = this;
    this.#heap = new PairHeap({
      get left() {
        return left.data;
      },
      get right() {
        return right.data;
      },
    });
    this.#pushRaised();
  }

  /** The most frequent pair; -1 if none occurs `least` times. */
  mostFrequent(least: number): number {
    while (this.#heap.size > 0) {
      const { pair, count } = this.#heap.pop();
      const current = this.#counts[pair]!;
      if (current === count) return count >= least && count > 0 ? pair : -1;
      // It has become rarer since it was pushed; one that has become more frequent was pushed again.
      if (current > 0 && current < count) this.#heap.push(pair, current);
    }
    return -1;
  }

  /** Replaces a pair by a symbol, wherever it occurs. */
  merge(pair: number, symbol: number): void {
    const [a, b] = [this.left.data[pair]!, this.right.data[pair]!];
    let occurrence = this.#last.data[pair]!;
    this.#last.data[pair] = -1;
    while (occurrence >= 0) {
      this.#mergeInWord(this.#occurrenceWord.data[occurrence]!, a, b, symbol);
      occurrence = this.#occurrenceBefore.data[occurrence]!;
    }
    this.#counts[pair] = 0;
    this.#raised.delete(pair);
    this.#pushRaised();
  }

  #mergeInWord(word: number, a: number, b: number, symbol: number): void {
    const { symbols, starts, counts } = this.#words;
    const start = starts[word]!;
    const end = start + this.#lengths[word]!;
    const count = counts[word]!;
    let out = start;
    for (let i = start; i < end; ) {
      if (symbols[i] !== a || i + 1 >= end || symbols[i + 1] !== b) {
        symbols[out++] = symbols[i++]!;
        continue;
      }
      if (out > start) {
        const before = symbols[out - 1]!;
        this.#remove(before, a, count);
        this.#add(before, symbol, word, count);
      }
      if (i + 2 < end) {
        const after = symbols[i + 2]!;
        this.#remove(b, after, count);
        this.#add(symbol, after, word, count);
      }
      symbols[out++] = symbol;
      i += 2;
    }
    this.#lengths[word] = out - start;
  }

  #add(left: number, right: number, word: number, count: number): void {
    const fresh = this.#last.length;
    const pair = this.#table.getOrSet(left, right, fresh);
    if (pair === fresh) {
      this.left.push(left);
      this.right.push(right);
      this.#last.push(-1);
      if (pair === this.#counts.length) {
        const counts = new Float64Array(pair * 2);
        counts.set(this.#counts);
        this.#counts = counts;
      }
    }
    this.#counts[pair]! += count;
    this.#raised.add(pair);
    const last = this.#last.data[pair]!;
    if (last >= 0 && this.#occurrenceWord.data[last] === word) return;
    this.#last.data[pair] = this.#occurrenceWord.length;
    this.#occurrenceWord.push(word);
    this.#occurrenceBefore.push(last);
  }

  #remove(left: number, right: number, count: number): void {
    this.#counts[this.#table.get(left, right)]! -= count;
  }

  #pushRaised(): void {
    for (const pair of this.#raised) {
      const count = this.#counts[pair]!;
      if (count > 0) this.#heap.push(pair, count);
    }
    this.#raised.clear();
  }
}
