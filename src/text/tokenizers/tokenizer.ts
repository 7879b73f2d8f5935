import { requireList, requireMade, requireNumbers, requireText } from '../../core/arguments.js';
import { defineOptions, flag, word } from '../../core/options.js';
import { Encoding } from './encoding.js';
import { GrowingInts } from './tables/growing.js';
import type { Vocabulary } from './vocabulary.js';

export interface EncodeOptions {
  /** Whether the tokenizer's start and end tokens, if it has any, are put around the text (default true). */
  readonly addSpecialTokens?: boolean;
  /**
   * What special tokens are that the text itself contains: `'tokens'` (default), or `'text'` like any other. Take `'text'`
   * for what strangers write.
   */
  readonly specialTokens?: 'tokens' | 'text';
}

export interface DecodeOptions {
  /** Whether special tokens are left out (default true). */
  readonly skipSpecialTokens?: boolean;
}

const readEncode = defineOptions({
  addSpecialTokens: flag(true),
  specialTokens: word(['tokens', 'text'], 'tokens'),
});
const readDecode = defineOptions({ skipSpecialTokens: flag(true) });

/** What all tokenizers have apart from their model. */
export interface TokenizerParts {
  readonly vocabulary: Vocabulary;
  /** The special tokens and their numbers. */
  readonly specialTokens: ReadonlyMap<string, number>;
  /** Special tokens that are put before and behind each text. */
  readonly startTokens: readonly string[];
  readonly endTokens: readonly string[];
}

/**
 * Turns text into numbers and back. All kinds work alike, whether trained here or read from a `tokenizer.json`.
 *
 * @example
 * const tokenizer = await text.ByteLevelBPE.train(['the cat and the dog'], { vocabSize: 270 });
 * const encoding = tokenizer.encode('the cat');
 * encoding.tokens; // ['the', 'Ġ', 'c', 'a', 't']
 * encoding.offsets; // [[0, 3], [3, 4], [4, 5], [5, 6], [6, 7]]
 * tokenizer.decode(encoding.ids); // 'the cat'
 */
export abstract class Tokenizer {
  /** The special tokens and their numbers. */
  readonly specialTokens: ReadonlyMap<string, number>;
  /** Special tokens that `encode` puts before each text. */
  readonly startTokens: readonly string[];
  /** Special tokens that `encode` puts behind each text. */
  readonly endTokens: readonly string[];
  /** @internal */
  protected readonly vocabulary: Vocabulary;
  readonly #specialIds: ReadonlySet<number>;

  /** @internal */
  protected constructor(parts: TokenizerParts) {
    requireMade(
      new.target.name,
      (parts as TokenizerParts | undefined)?.vocabulary,
      `${new.target.name}.train() or text.loadTokenizer()`,
    );
    const { vocabulary, specialTokens, startTokens, endTokens } = parts;
    this.vocabulary = vocabulary;
    this.specialTokens = specialTokens;
    this.startTokens = startTokens;
    this.endTokens = endTokens;
    this.#specialIds = new Set(specialTokens.values());
  }

  /** Tokens in the vocabulary, which is one more than the largest number: `new nn.Embedding(tokenizer.vocabSize, 64)`. */
  get vocabSize(): number {
    return this.vocabulary.size;
  }

  /** The number of a token; undefined if the vocabulary doesn't have it. */
  tokenToId(token: string): number | undefined {
    return this.vocabulary.idOf(token);
  }

  /** The token of a number; undefined if there isn't one. */
  idToToken(id: number): string | undefined {
    return this.vocabulary.tokenOf(id);
  }

  /**
   * Text as numbers of tokens. An empty text gives none except start and end tokens.
   *
   * @throws ArgumentError for what isn't a string
   */
  encode(text: string, options?: EncodeOptions): Encoding {
    requireText('encode', 'text', text);
    const read = readEncode('encode', options);
    const ids = new GrowingInts();
    const run = (to: GrowingInts, offsets: GrowingInts | null): void =>
      this.encodeWhole(text, read, to, offsets);
    run(ids, null);
    return new Encoding(
      ids.toArray(),
      (id) => this.vocabulary.tokenOf(id)!,
      () => {
        const offsets = new GrowingInts();
        run(new GrowingInts(), offsets);
        return offsets.data;
      },
    );
  }

  /** Several texts, each by itself. @throws ArgumentError for what isn't a list of strings */
  encodeBatch(texts: readonly string[], options?: EncodeOptions): Encoding[] {
    requireList('encodeBatch', 'texts', texts);
    for (const [i, text] of texts.entries()) requireText('encodeBatch', `texts[${i}]`, text);
    return texts.map((text) => this.encode(text, options));
  }

  /**
   * The text of tokens.
   *
   * @param ids numbers of tokens, in an array or a typed array
   * @throws IndexError for a number that no token has
   */
  decode(ids: ArrayLike<number>, options?: DecodeOptions): string {
    requireNumbers('decode', 'ids', ids);
    const { skipSpecialTokens } = readDecode('decode', options);
    this.vocabulary.check('decode', ids);
    const kept = Array.from(ids);
    return this.join(skipSpecialTokens ? kept.filter((id) => !this.#specialIds.has(id)) : kept);
  }

  /**
   * The tokenizer as the content of a Hugging Face `tokenizer.json`: `JSON.stringify(tokenizer)` makes the file.
   */
  abstract toJSON(): object;

  /**
   * Appends the tokens of a text, and where they stand if `offsets` is given.
   *
   * @internal
   */
  protected abstract encodeWhole(
    text: string,
    options: Required<EncodeOptions>,
    ids: GrowingInts,
    offsets: GrowingInts | null,
  ): void;

  /** What tokens stand for together. @internal */
  protected abstract join(ids: readonly number[]): string;
}
