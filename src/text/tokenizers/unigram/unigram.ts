import { defineOptions, whole, word } from '../../../core/options.js';
import { WordCache } from '../bpe/word-cache.js';
import { tokenizerFile } from '../file/write.js';
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
import { Aligned } from '../words/aligned.js';
import { nfkcNormalize } from '../words/nfkc.js';
import { learnTokens } from './learn-tokens.js';
import { Segmenter } from './segmenter.js';

/** What is done to a text before it's split: Unicode's form NFKC, or nothing. */
export type UnigramNormalizer = 'nfkc' | 'none';

export interface TrainUnigramOptions extends TrainTokenizerOptions {
  /** The most tokens there will be, special ones included (default 8000). */
  readonly vocabSize?: number;
  /** What is done to a text first: Unicode's form NFKC (`'nfkc'`, default), which turns ﬁ into fi and ² into 2, or `'none'`. */
  readonly normalizer?: UnigramNormalizer;
  /** The special token for characters that aren't in the vocabulary (default `'<unk>'`). */
  readonly unknownToken?: string;
  /** How many different characters there may be; words with rarer ones aren't learned from (default 1000). */
  readonly limitAlphabet?: number;
  /** The most characters of a token (default 16). */
  readonly maxPieceLength?: number;
}

const readTrain = defineOptions({
  ...trainOptions,
  vocabSize: whole(8000, { least: 1, most: 2 ** 24 }),
  normalizer: word(['nfkc', 'none'], 'nfkc'),
  unknownToken: { ...token, default: '<unk>' },
  limitAlphabet: whole(1000, { least: 1 }),
  maxPieceLength: whole(16, { least: 1, most: 1024 }),
});

/** What a unigram tokenizer is made of. */
export interface UnigramParts extends TokenizerParts {
  readonly normalizer: UnigramNormalizer;
  readonly unknownToken: string;
  /** Logarithmic probabilities by number of token. */
  readonly scores: Float64Array;
}

/** The character for a space in tokens. */
export const spaceMark = '▁';

/** A part of a text, normalized, with marks instead of spaces and one in front; whether the one in front was put there. */
function marked(
  text: string,
  start: number,
  end: number,
  normalizer: UnigramNormalizer,
): { aligned: Aligned; text: string; added: number } {
  const aligned = normalizer === 'nfkc' ? nfkcNormalize(text, start, end) : Aligned.same(text, start, end);
  const spaced = aligned.text.replaceAll(' ', spaceMark);
  const added = spaced.startsWith(spaceMark) || spaced === '' ? 0 : 1;
  return { aligned, text: added === 1 ? spaceMark + spaced : spaced, added };
}

/** Calls `each` with the start and the end of each word; a word starts with a mark. */
function splitAtMarks(text: string, each: (start: number, end: number) => void): void {
  for (let start = 0; start < text.length; ) {
    const next = text.indexOf(spaceMark, start + 1);
    const end = next < 0 ? text.length : next;
    each(start, end);
    start = end;
  }
}

/**
 * The unigram model, as SentencePiece has it: each token has a probability, and a text becomes the tokens with the
 * largest product of probabilities. Spaces are part of the words after them, written ▁; a text that starts without one
 * gets one. A character that isn't in any token is unknown. `decode` gives the text back in its normalized form,
 * without a first space.
 *
 * @source Kudo 2018, Subword regularization, arXiv:1804.10959; Kudo and Richardson 2018, SentencePiece, arXiv:1808.06226
 *
 * @example
 * const texts = ['new newer newest', 'low lower lowest'];
 * const tokenizer = await text.Unigram.train(texts, { vocabSize: 16 });
 * tokenizer.decode(tokenizer.encode('lower west').ids); // 'lower west'
 */
export class Unigram extends ModelTokenizer {
  readonly #parts: UnigramParts;
  readonly #segmenter: Segmenter;
  readonly #cache = new WordCache();

  /** @internal */
  constructor(operation: string, parts: UnigramParts) {
    super(parts);
    this.#parts = parts;
    const unknownId = parts.vocabulary.need(operation, 'unknownToken', parts.unknownToken);
    const isSpecial = (name: string): boolean => parts.specialTokens.has(name);
    this.#segmenter = new Segmenter(parts.vocabulary, parts.scores, isSpecial, unknownId);
  }

  /** The special token for characters that aren't in the vocabulary. */
  get unknownToken(): string {
    return this.#parts.unknownToken;
  }

  /**
   * Learns tokens and their probabilities by expectation maximization, with pruning.
   *
   * @throws ArgumentError for wrong options, a vocabulary too small for the characters, and texts without words
   */
  static async train(texts: Texts, options?: TrainUnigramOptions): Promise<Unigram> {
    const operation = 'Unigram.train';
    const read = readTrain(operation, options);
    const { normalizer, unknownToken, onProgress, startTokens, endTokens } = read;
    const counter = await countWords(
      operation,
      texts,
      (text, words) => {
        const whole = marked(text, 0, text.length, normalizer).text;
        splitAtMarks(whole, (start, end) => words.add(whole, start, end));
      },
      onProgress,
    );
    const special = allSpecial(read, unknownToken);
    const learned = await learnTokens(operation, counter, special, read);
    return new Unigram(operation, {
      startTokens,
      endTokens,
      vocabulary: new Vocabulary(learned.map(([piece], id) => [piece, id] as const)),
      specialTokens: new Map(special.map((name, id) => [name, id])),
      scores: Float64Array.from(learned, ([, score]) => score),
      normalizer,
      unknownToken,
    });
  }

  protected encodePart(
    text: string,
    start: number,
    end: number,
    ids: GrowingInts,
    offsets: GrowingInts | null,
  ): void {
    const { aligned, text: whole, added } = marked(text, start, end, this.#parts.normalizer);
    splitAtMarks(whole, (from, to) => {
      const first = ids.length;
      if (offsets === null && this.#cache.copy(whole, from, to, ids)) return;
      let at = from;
      this.#segmenter.segment(whole.slice(from, to), (id, units) => {
        ids.push(id);
        // A mark that was put in front has no place in the text.
        offsets?.push(aligned.startOf(Math.max(at - added, 0)));
        at += units;
        offsets?.push(at === added ? start : aligned.endOf(at - added));
      });
      if (offsets === null) this.#cache.keep(whole, from, to, ids, first);
    });
  }

  protected join(ids: readonly number[]): string {
    const text = ids.map((id) => this.vocabulary.tokenOf(id)).join('');
    return text.replaceAll(spaceMark, ' ').replace(/^ /, '');
  }

  toJSON(): object {
    const { normalizer, unknownToken, scores } = this.#parts;
    const metaspace = { type: 'Metaspace', replacement: spaceMark, prepend_scheme: 'always', split: true };
    return tokenizerFile(this, {
      normalizer: normalizer === 'nfkc' ? { type: 'NFKC' } : null,
      pre_tokenizer: metaspace,
      decoder: metaspace,
      model: {
        type: 'Unigram',
        unk_id: this.vocabulary.idOf(unknownToken),
        vocab: Array.from(this.vocabulary.entries(), ([piece, id]) => [piece, scores[id]]),
        byte_fallback: false,
      },
    });
  }
}
