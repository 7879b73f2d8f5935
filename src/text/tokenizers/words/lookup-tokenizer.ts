import { describe } from '../../../core/describe.js';
import { ArgumentError } from '../../../core/errors.js';
import { type Option, whole } from '../../../core/options.js';
import { ModelTokenizer } from '../model-tokenizer.js';
import type { GrowingInts } from '../tables/growing.js';
import type { TokenizerParts } from '../tokenizer.js';
import { type TrainTokenizerOptions, token, trainOptions } from '../training.js';
import { Vocabulary } from '../vocabulary.js';
import type { WordCounter } from '../word-counter.js';

export interface TrainLookupOptions extends TrainTokenizerOptions {
  /** How often something must occur to become a token (default 1). */
  readonly minFrequency?: number;
  /** The special token for what isn't in the vocabulary (default `'<unk>'`); with null, that's an error. */
  readonly unknownToken?: string | null;
}

export const unknownOption = (name: string): Option<string | null> => ({
  ...token,
  wanted: 'a string that is not empty, or null',
  default: name,
  accepts: (value) => value === null || token.accepts(value),
});

export const lookupOptions = {
  ...trainOptions,
  minFrequency: whole(1, { least: 1 }),
  unknownToken: unknownOption('<unk>'),
};

export interface LookupParts extends TokenizerParts {
  readonly unknownToken: string | null;
}

/** A tokenizer that splits a text into pieces, each of which is a token or unknown. */
export abstract class LookupTokenizer extends ModelTokenizer {
  /** The special token for what isn't in the vocabulary; null if that's an error. */
  readonly unknownToken: string | null;
  readonly #unknownId: number;

  /** @internal */
  protected constructor(operation: string, parts: LookupParts) {
    super(parts);
    const { vocabulary, unknownToken } = parts;
    this.unknownToken = unknownToken;
    this.#unknownId = unknownToken === null ? -1 : vocabulary.need(operation, 'unknownToken', unknownToken);
  }

  /** Calls `each` for each piece of a part of the text, with its place. @internal */
  protected abstract split(
    text: string,
    start: number,
    end: number,
    each: (piece: string, start: number, end: number) => void,
  ): void;

  protected encodePart(
    text: string,
    start: number,
    end: number,
    ids: GrowingInts,
    offsets: GrowingInts | null,
  ): void {
    this.split(text, start, end, (piece, from, to) => {
      const id = this.vocabulary.idOf(piece) ?? this.#unknownId;
      if (id < 0)
        throw new ArgumentError(
          'encode',
          `${describe(piece)}, at character ${from} of the text, isn't in the vocabulary\n  hint: train with an unknownToken`,
        );
      ids.push(id);
      offsets?.push(from);
      offsets?.push(to);
    });
  }
}

/**
 * The vocabulary of what was counted: special tokens, then the others, the most frequent first; equally frequent ones
 * are in the order of their characters.
 */
export function vocabularyOf(
  counter: WordCounter,
  special: readonly string[],
  vocabSize: number,
  minFrequency: number,
): Vocabulary {
  const { counts } = counter;
  const words = Array.from(counts, (count, i) => ({ word: counter.wordAt(i), count }))
    .filter(({ word, count }) => count >= minFrequency && !special.includes(word))
    .sort((a, b) => b.count - a.count || (a.word < b.word ? -1 : 1));
  const tokens = [...special, ...words.map(({ word }) => word)].slice(0, Math.max(vocabSize, special.length));
  return new Vocabulary(tokens.map((token, id) => [token, id] as const));
}
