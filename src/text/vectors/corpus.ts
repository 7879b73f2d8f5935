import { requireIterable, requireMade } from '../../core/arguments.js';
import { describe, plural } from '../../core/describe.js';
import { ArgumentError } from '../../core/errors.js';
import { defineOptions, whole } from '../../core/options.js';
import { type TokenLists, Vocab } from '../vocab.js';

export interface WordCorpusOptions {
  /** How often a word must occur; rarer ones are left out as if they weren't there (default 5). */
  readonly minCount?: number | undefined;
  /** Most words: the rarest are left out (default: no limit). */
  readonly maxWords?: number | undefined;
}

const corpusOptions = defineOptions({
  minCount: whole(5, { least: 1 }),
  maxWords: whole(undefined, { least: 1, most: 2 ** 28 }),
});

/** Stands between sentences. */
const END = -1;

/** Kernels number the places of a corpus in int32. */
const MOST_TOKENS = 2 ** 31 - 2 ** 16;

/** Numbers that are appended one by one. */
class Numbers {
  #values = new Int32Array(2 ** 16);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) {
      const more = new Int32Array(Math.min(2 * this.length, MOST_TOKENS));
      more.set(this.#values);
      this.#values = more;
    }
    this.#values[this.length++] = value;
  }

  values(): Int32Array {
    return this.#values.subarray(0, this.length);
  }
}

/**
 * A text as the numbers of its words, for training word vectors. Words are numbered by frequency, and words of equal
 * frequency in the order of the text. It's kept in memory: four bytes per word.
 *
 * @example
 * const corpus = await text.WordCorpus.from([['a', 'rose', 'is', 'a', 'rose']], { minCount: 2 });
 * corpus.vocab.itos; // ['a', 'rose']
 * Array.from(corpus.tokens); // [0, 1, 0, 1, -1]
 */
export class WordCorpus {
  private constructor(
    readonly vocab: Vocab,
    /** How often each word occurs. */
    readonly counts: Int32Array,
    /** The numbers of the words; −1 ends a sentence. */
    readonly tokens: Int32Array,
  ) {
    requireMade('WordCorpus', tokens, 'await text.WordCorpus.from(sentences)');
  }

  /**
   * Reads a text once.
   *
   * @param sentences lists of words, such as `readTokens` gives; no window reaches from one into the next
   * @throws ArgumentError for anything but lists of strings, or if no word is left
   */
  static async from(sentences: TokenLists, options?: WordCorpusOptions): Promise<WordCorpus> {
    const operation = 'WordCorpus.from';
    const { minCount, maxWords } = corpusOptions(operation, options);
    if (!(Symbol.asyncIterator in Object(sentences))) requireIterable(operation, 'sentences', sentences);
    const numbers = new Map<string, number>();
    const seen: number[] = [];
    const all = new Numbers();
    for await (const sentence of sentences) {
      if (!Array.isArray(sentence))
        throw new ArgumentError(
          operation,
          `each sentence must be a list of words, got ${describe(sentence)}\n  hint: for one text, pass [words]`,
        );
      if (all.length + sentence.length >= MOST_TOKENS)
        throw new ArgumentError(
          operation,
          `the text has more than ${MOST_TOKENS} words; train on a part of it`,
        );
      for (const word of sentence as readonly unknown[]) {
        if (typeof word !== 'string')
          throw new ArgumentError(operation, `each word must be a string, got ${describe(word)}`);
        let number = numbers.get(word);
        if (number === undefined) {
          number = seen.length;
          numbers.set(word, number);
          seen.push(0);
        }
        seen[number]! += 1;
        all.push(number);
      }
      all.push(END);
    }
    const kept = [...seen.keys()]
      .filter((number) => seen[number]! >= minCount)
      .sort((a, b) => seen[b]! - seen[a]! || a - b)
      .slice(0, maxWords);
    if (kept.length === 0)
      throw new ArgumentError(
        operation,
        seen.length === 0
          ? 'there are no words'
          : `no word occurs ${minCount} times; the ${seen.length} different words are rarer\n  hint: lower minCount, or give more text`,
      );
    const words = [...numbers.keys()];
    const renumbered = new Int32Array(seen.length).fill(-2);
    kept.forEach((number, i) => {
      renumbered[number] = i;
    });
    const tokens = all.values();
    let count = 0;
    for (const token of tokens) {
      const number = token === END ? END : renumbered[token]!;
      if (number >= 0 || (number === END && count > 0 && tokens[count - 1] !== END)) tokens[count++] = number;
    }
    return new WordCorpus(
      new Vocab(kept.map((number) => words[number]!)),
      Int32Array.from(kept, (number) => seen[number]!),
      tokens.slice(0, count),
    );
  }

  /** Number of words of the text, without those left out. */
  get length(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }
}

/** Kernels trust the numbers. @throws ArgumentError if somebody changed them since the text was read */
function requireWhole(operation: string, { vocab, counts, tokens }: WordCorpus): void {
  const found = new Int32Array(vocab.length);
  for (const [place, token] of tokens.entries())
    if (token >= 0 && token < found.length) found[token]! += 1;
    else if (token !== END)
      throw new ArgumentError(
        operation,
        `tokens[${place}] of the corpus is ${token}, which isn't one of its ${plural(vocab.length, 'word')}`,
      );
  const word = found.findIndex((count, i) => count !== counts[i]);
  if (word >= 0 || counts.length !== found.length)
    throw new ArgumentError(
      operation,
      `the corpus's counts don't match its tokens: word ${word} occurs ${found[word]} times, not ${counts[word]}`,
    );
}

/** @throws ArgumentError unless it's a corpus */
export function requireCorpus(operation: string, corpus: unknown): void {
  if (!(corpus instanceof WordCorpus))
    throw new ArgumentError(
      operation,
      `the first argument must be a WordCorpus, got ${describe(corpus)}\n  hint: await text.WordCorpus.from(sentences) makes one`,
    );
  requireWhole(operation, corpus);
}
