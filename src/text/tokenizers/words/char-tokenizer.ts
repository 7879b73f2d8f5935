import { defineOptions, word } from '../../../core/options.js';
import { tokenizerFile, vocabOf } from '../file/write.js';
import { codePointAt, unitsOf } from '../tables/char-class.js';
import { allSpecial, countWords, type Texts } from '../training.js';
import {
  type LookupParts,
  LookupTokenizer,
  lookupOptions,
  type TrainLookupOptions,
  vocabularyOf,
} from './lookup-tokenizer.js';

/** What a character is: a code point, or what a reader takes for one. */
export type CharUnit = 'codePoint' | 'grapheme';

export interface TrainCharOptions extends TrainLookupOptions {
  /**
   * What a character is: a code point (`'codePoint'`, default), or what a reader takes for one (`'grapheme'`): a letter with
   * its accents, a whole emoji, a line break of two characters.
   */
  readonly unit?: CharUnit;
}

const readTrain = defineOptions({ ...lookupOptions, unit: word(['codePoint', 'grapheme'], 'codePoint') });

/** @internal */
export interface CharParts extends LookupParts {
  readonly unit: CharUnit;
}

/** How the units are written in files. */
export const charPatterns: Readonly<Record<CharUnit, string>> = { codePoint: '[\\s\\S]', grapheme: '\\X' };

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Calls `each` with the start and the end of each character of a part of the text. */
function splitChars(
  text: string,
  start: number,
  end: number,
  unit: CharUnit,
  each: (start: number, end: number) => void,
): void {
  if (unit === 'grapheme')
    for (const { index, segment } of graphemes.segment(text.slice(start, end)))
      each(start + index, start + index + segment.length);
  else
    for (let at = start; at < end; ) {
      const after = at + unitsOf(codePointAt(text, at, end));
      each(at, after);
      at = after;
    }
}

/**
 * Characters as tokens, the most frequent ones first. `decode` gives every text of known characters back.
 *
 * @example
 * const tokenizer = await text.CharTokenizer.train(['tattoo'], { unknownToken: null });
 * tokenizer.vocabSize; // 3
 * [...tokenizer.encode('oat').ids]; // [1, 2, 0]
 */
export class CharTokenizer extends LookupTokenizer {
  readonly #unit: CharUnit;

  /** @internal */
  constructor(operation: string, parts: CharParts) {
    super(operation, parts);
    this.#unit = parts.unit;
  }

  /**
   * Counts the characters of texts.
   *
   * @throws ArgumentError for wrong options, and texts without characters
   */
  static async train(texts: Texts, options?: TrainCharOptions): Promise<CharTokenizer> {
    const operation = 'CharTokenizer.train';
    const { vocabSize, minFrequency, onProgress, unit, unknownToken, ...given } = readTrain(
      operation,
      options,
    );
    const counter = await countWords(
      operation,
      texts,
      (text, chars) => splitChars(text, 0, text.length, unit, (start, end) => chars.add(text, start, end)),
      onProgress,
    );
    const special = allSpecial(given, ...(unknownToken === null ? [] : [unknownToken]));
    return new CharTokenizer(operation, {
      ...given,
      vocabulary: vocabularyOf(counter, special, vocabSize, minFrequency),
      specialTokens: new Map(special.map((token, id) => [token, id])),
      unknownToken,
      unit,
    });
  }

  protected split(
    text: string,
    start: number,
    end: number,
    each: (piece: string, start: number, end: number) => void,
  ): void {
    splitChars(text, start, end, this.#unit, (from, to) => each(text.slice(from, to), from, to));
  }

  protected join(ids: readonly number[]): string {
    return ids.map((id) => this.vocabulary.tokenOf(id)).join('');
  }

  toJSON(): object {
    return tokenizerFile(this, {
      pre_tokenizer: {
        type: 'Split',
        pattern: { Regex: charPatterns[this.#unit] },
        behavior: 'Isolated',
        invert: false,
      },
      decoder: { type: 'Fuse' },
      model: { type: 'WordLevel', vocab: vocabOf(this.vocabulary), unk_token: this.unknownToken },
    });
  }
}
