import { defineOptions, flag } from '../../../core/options.js';
import { tokenizerFile, vocabOf } from '../file/write.js';
import { allSpecial, countWords, type Texts } from '../training.js';
import { type BertNormalizer, bertNormalize, normalizerFile } from './bert-normalizer.js';
import {
  type LookupParts,
  LookupTokenizer,
  lookupOptions,
  type TrainLookupOptions,
  vocabularyOf,
} from './lookup-tokenizer.js';
import { splitFile, splitWords, type WordSplit, wordSplitOption } from './split-words.js';

export interface TrainWordOptions extends TrainLookupOptions {
  /** Whether words are lowercased (default false). */
  readonly lowercase?: boolean;
  /** Whether accents are dropped: é becomes e (default false). */
  readonly stripAccents?: boolean;
  /**
   * Where words end: at white space and around each punctuation mark (`'punctuation'`, default), or only at
   * `'whitespace'`, for text with words that are already separated, such as SST-2's.
   */
  readonly split?: WordSplit;
}

const readTrain = defineOptions({
  ...lookupOptions,
  lowercase: flag(false),
  stripAccents: flag(false),
  split: wordSplitOption,
});

/** @internal */
export interface WordParts extends LookupParts {
  readonly normalizer: BertNormalizer;
  readonly split: WordSplit;
}

/**
 * Words as tokens, the most frequent ones first. `decode` puts a space between them.
 *
 * @example
 * const tokenizer = await text.WordTokenizer.train(['The cat.', 'The dog?'], { lowercase: true });
 * tokenizer.encode('The bird.').tokens; // ['the', '<unk>', '.']
 */
export class WordTokenizer extends LookupTokenizer {
  readonly #parts: WordParts;

  /** @internal */
  constructor(operation: string, parts: WordParts) {
    super(operation, parts);
    this.#parts = parts;
  }

  /**
   * Counts the words of texts.
   *
   * @throws ArgumentError for wrong options, and texts without words
   */
  static async train(texts: Texts, options?: TrainWordOptions): Promise<WordTokenizer> {
    const operation = 'WordTokenizer.train';
    const { vocabSize, minFrequency, onProgress, lowercase, stripAccents, split, unknownToken, ...given } =
      readTrain(operation, options);
    const normalizer = { cleanText: false, splitChinese: false, lowercase, stripAccents };
    const counter = await countWords(
      operation,
      texts,
      (text, words) => {
        const aligned = bertNormalize(text, 0, text.length, normalizer);
        splitWords(aligned, split, (start, end) => words.add(aligned.text, start, end));
      },
      onProgress,
    );
    const special = allSpecial(given, ...(unknownToken === null ? [] : [unknownToken]));
    return new WordTokenizer(operation, {
      ...given,
      vocabulary: vocabularyOf(counter, special, vocabSize, minFrequency),
      specialTokens: new Map(special.map((token, id) => [token, id])),
      unknownToken,
      normalizer,
      split,
    });
  }

  protected split(
    text: string,
    start: number,
    end: number,
    each: (piece: string, start: number, end: number) => void,
  ): void {
    const aligned = bertNormalize(text, start, end, this.#parts.normalizer);
    splitWords(aligned, this.#parts.split, (from, to) =>
      each(aligned.text.slice(from, to), aligned.startOf(from), aligned.endOf(to)),
    );
  }

  protected join(ids: readonly number[]): string {
    return ids.map((id) => this.vocabulary.tokenOf(id)).join(' ');
  }

  toJSON(): object {
    const { normalizer, split } = this.#parts;
    return tokenizerFile(this, {
      normalizer: normalizerFile(normalizer),
      pre_tokenizer: splitFile(split),
      decoder: null,
      model: { type: 'WordLevel', vocab: vocabOf(this.vocabulary), unk_token: this.unknownToken },
    });
  }
}
