import { host } from '#host';
import { describe } from '../../core/describe.js';
import { ArgumentError } from '../../core/errors.js';
import { callback, listOf, type Option, text, whole } from '../../core/options.js';
import { WordCounter } from './word-counter.js';

/** Texts to learn from: a list, or something that yields them one by one, so they needn't fit in memory. */
export type Texts = Iterable<string> | AsyncIterable<string>;

/** How far a training is. */
export interface TokenizerProgress {
  /** What is being done: words are counted, pairs merged, or pieces of words weighed. */
  readonly stage: 'count' | 'merge' | 'prune';
  /** UTF-16 code units read, merges made, or pieces left. */
  readonly done: number;
  /** Of how many; null while nobody knows. */
  readonly total: number | null;
}

export interface SpecialTokenOptions {
  /** Tokens with a special meaning, such as `'<pad>'`; they get the first numbers, in this order (default none). */
  readonly specialTokens?: readonly string[];
  /** Special tokens that `encode` puts before each text, such as `['<s>']` (default none). */
  readonly startTokens?: readonly string[];
  /** Special tokens that `encode` puts after each text, such as `['</s>']` (default none). */
  readonly endTokens?: readonly string[];
}

export interface TrainTokenizerOptions extends SpecialTokenOptions {
  /** The most tokens there will be, special ones included (default 30,000). */
  readonly vocabSize?: number;
  /** How often something must occur to become a token (default 2). */
  readonly minFrequency?: number;
  /** Is called now and then with how far the training is. */
  readonly onProgress?: (progress: TokenizerProgress) => void;
}

/** A token: a text that isn't empty. */
export const token: Option<string | undefined> = {
  ...text(undefined),
  wanted: 'a string that is not empty',
  accepts: (value) => typeof value === 'string' && value !== '',
};

const tokenList = (): Option<readonly string[]> =>
  listOf(token, [] as readonly string[]) as Option<readonly string[]>;

export const specialTokenOptions = {
  specialTokens: tokenList(),
  startTokens: tokenList(),
  endTokens: tokenList(),
};

export const trainOptions = {
  ...specialTokenOptions,
  vocabSize: whole(30_000, { least: 1, most: 2 ** 24 }),
  minFrequency: whole(2, { least: 1 }),
  onProgress: callback<(progress: TokenizerProgress) => void>(),
};

/** All special tokens without repetition, the start and end tokens included. */
export const allSpecial = (
  { specialTokens, startTokens, endTokens }: Required<SpecialTokenOptions>,
  ...more: readonly string[]
): string[] => [...new Set([...specialTokens, ...more, ...startTokens, ...endTokens])];

/** Code units after which waiting events run. */
const stretch = 2 ** 22;

/**
 * Counts the words of texts.
 *
 * @param split calls the counter for each word of a text
 * @throws ArgumentError if the texts aren't strings, or have no words
 */
export async function countWords(
  operation: string,
  texts: Texts,
  split: (text: string, counter: WordCounter) => void,
  onProgress?: (progress: TokenizerProgress) => void,
): Promise<WordCounter> {
  const given: unknown = texts;
  if (
    typeof given !== 'object' ||
    given === null ||
    !(Symbol.iterator in given || Symbol.asyncIterator in given)
  )
    throw new ArgumentError(
      operation,
      `texts must be a list of strings, or yield strings, got ${describe(given)}${typeof given === 'string' ? '\n  hint: one text is a list, too: [text]' : ''}`,
    );
  const counter = new WordCounter();
  let done = 0;
  let reported = 0;
  let place = 0;
  for await (const item of texts) {
    if (typeof item !== 'string')
      throw new ArgumentError(operation, `texts[${place}] must be a string, got ${describe(item)}`);
    split(item, counter);
    place++;
    done += item.length;
    if (done - reported < stretch) continue;
    reported = done;
    onProgress?.({ stage: 'count', done, total: null });
    await host.turn();
  }
  if (counter.size === 0)
    throw new ArgumentError(
      operation,
      `the texts have no words to learn from: there ${place === 1 ? 'is 1 text' : `are ${place} texts`}, and ${done} characters`,
    );
  return counter;
}
