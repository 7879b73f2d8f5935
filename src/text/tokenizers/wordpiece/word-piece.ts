import { defineOptions, flag, whole } from '../../../core/options.js';
import { WordCache } from '../bpe/word-cache.js';
import { tokenizerFile, vocabOf } from '../file/write.js';
import { ModelTokenizer } from '../model-tokenizer.js';
import type { GrowingInts } from '../tables/growing.js';
import type { TokenizerParts } from '../tokenizer.js';
import {
  allSpecial,
  countWords,
  type Texts,
  type TrainTokenizerOptions,
  token,
  trainOptions,
} from '../training.js';
import { Vocabulary } from '../vocabulary.js';
import type { Aligned } from '../words/aligned.js';
import { type BertNormalizer, bertNormalize, normalizerFile } from '../words/bert-normalizer.js';
import { splitFile, splitWords } from '../words/split-words.js';
import { continuing } from './continuing.js';
import { learnPieces } from './learn-pieces.js';

export interface TrainWordPieceOptions extends TrainTokenizerOptions {
  /** Whether text is lowercased (default true). */
  readonly lowercase?: boolean;
  /** Whether accents are dropped: é becomes e (default: as `lowercase`). */
  readonly stripAccents?: boolean;
  /** The special token for words that can't be made of tokens (default `'[UNK]'`). */
  readonly unknownToken?: string;
  /** How many different characters there may be; words with rarer ones aren't learned from (default 1000). */
  readonly limitAlphabet?: number;
}

const readTrain = defineOptions({
  ...trainOptions,
  lowercase: flag(true),
  stripAccents: flag(undefined),
  unknownToken: { ...token, default: '[UNK]' },
  limitAlphabet: whole(1000, { least: 1 }),
});

/** What a WordPiece tokenizer is made of. */
export interface WordPieceParts extends TokenizerParts {
  readonly normalizer: BertNormalizer;
  readonly unknownToken: string;
  /** Code points of the longest word that isn't unknown. */
  readonly longestWord: number;
}

/**
 * WordPiece, as BERT has it: each word becomes the longest token that it starts with, then the longest token that
 * continues it, and so on; tokens that continue a word start with `##`. A word that can't be made of tokens is unknown.
 * `decode` puts a space between words, but not before punctuation marks.
 *
 * Training merges pairs of characters as byte-pair encoding does, like Hugging Face's trainer; Google's was never
 * published.
 *
 * @source Schuster and Nakajima 2012, Japanese and Korean voice search; Devlin et al. 2018, arXiv:1810.04805
 *
 * @example
 * const tokenizer = await text.WordPiece.train(['low lower lowest newest'], { vocabSize: 30 });
 * tokenizer.encode('Lower news').tokens; // ['lowe', '##r', 'n', '##e', '##w', '##s']
 */
export class WordPiece extends ModelTokenizer {
  readonly #parts: WordPieceParts;
  readonly #unknownId: number;
  /** Code units of the longest token. */
  readonly #longest: number;
  readonly #cache = new WordCache();

  /** @internal */
  constructor(operation: string, parts: WordPieceParts) {
    super(parts);
    this.#parts = parts;
    this.#unknownId = parts.vocabulary.need(operation, 'unknownToken', parts.unknownToken);
    let longest = 0;
    for (const [piece] of parts.vocabulary.entries()) longest = Math.max(longest, piece.length);
    this.#longest = longest;
  }

  /** The special token for words that can't be made of tokens. */
  get unknownToken(): string {
    return this.#parts.unknownToken;
  }

  /**
   * Learns a vocabulary of pieces of words.
   *
   * @throws ArgumentError for wrong options, a vocabulary too small for the characters, and texts without words
   */
  static async train(texts: Texts, options?: TrainWordPieceOptions): Promise<WordPiece> {
    const operation = 'WordPiece.train';
    const read = readTrain(operation, options);
    const { vocabSize, minFrequency, onProgress, lowercase, unknownToken, limitAlphabet, ...given } = read;
    const stripAccents = given.stripAccents ?? lowercase;
    const normalizer = { cleanText: true, splitChinese: true, lowercase, stripAccents };
    const counter = await countWords(
      operation,
      texts,
      (text, words) => {
        const aligned = bertNormalize(text, 0, text.length, normalizer);
        splitWords(aligned, 'punctuation', (start, end) => words.add(aligned.text, start, end));
      },
      onProgress,
    );
    const special = allSpecial(given, unknownToken);
    const tokens = await learnPieces(operation, counter, {
      special,
      vocabSize,
      minFrequency,
      limitAlphabet,
      onProgress,
    });
    return new WordPiece(operation, {
      startTokens: given.startTokens,
      endTokens: given.endTokens,
      vocabulary: new Vocabulary(tokens.map((piece, id) => [piece, id] as const)),
      specialTokens: new Map(special.map((name, id) => [name, id])),
      normalizer,
      unknownToken,
      longestWord: 100,
    });
  }

  protected encodePart(
    text: string,
    start: number,
    end: number,
    ids: GrowingInts,
    offsets: GrowingInts | null,
  ): void {
    const aligned = bertNormalize(text, start, end, this.#parts.normalizer);
    splitWords(aligned, 'punctuation', (from, to) => {
      const first = ids.length;
      if (!this.#cache.copy(aligned.text, from, to, ids)) {
        this.#encodeWord(aligned.text.slice(from, to), ids);
        this.#cache.keep(aligned.text, from, to, ids, first);
      }
      if (offsets !== null) this.#locate(aligned, from, to, ids.data.subarray(first, ids.length), offsets);
    });
  }

  #encodeWord(word: string, ids: GrowingInts): void {
    const first = ids.length;
    const isLong = word.length > this.#parts.longestWord && [...word].length > this.#parts.longestWord;
    for (let at = 0; at < word.length; ) {
      const prefix = at === 0 ? '' : continuing;
      let end = isLong ? at : Math.min(word.length, at + this.#longest);
      let id: number | undefined;
      while (end > at) {
        id = this.vocabulary.idOf(prefix + word.slice(at, end));
        if (id !== undefined) break;
        end--;
      }
      if (id === undefined) {
        ids.length = first;
        ids.push(this.#unknownId);
        return;
      }
      ids.push(id);
      at = end;
    }
  }

  #locate(aligned: Aligned, start: number, end: number, ids: Int32Array, offsets: GrowingInts): void {
    let at = start;
    for (const id of ids) {
      const units = this.vocabulary.tokenOf(id)!.length - (at === start ? 0 : continuing.length);
      const after = id === this.#unknownId ? end : at + units;
      offsets.push(aligned.startOf(at));
      offsets.push(aligned.endOf(after));
      at = after;
    }
  }

  protected join(ids: readonly number[]): string {
    let text = '';
    for (const id of ids) {
      const piece = this.vocabulary.tokenOf(id)!;
      if (text !== '' && piece.startsWith(continuing)) text += piece.slice(continuing.length);
      else text += text === '' ? piece : ` ${piece}`;
    }
    return text.replace(/ ([.,?!])/g, '$1');
  }

  toJSON(): object {
    const { normalizer, unknownToken, longestWord } = this.#parts;
    return tokenizerFile(this, {
      normalizer: normalizerFile(normalizer),
      pre_tokenizer: splitFile('punctuation'),
      decoder: { type: 'WordPiece', prefix: continuing, cleanup: true },
      model: {
        type: 'WordPiece',
        unk_token: unknownToken,
        continuing_subword_prefix: continuing,
        max_input_chars_per_word: longestWord,
        vocab: vocabOf(this.vocabulary),
      },
    });
  }
}
