import { requireBytes, requireNumbers, requireObject } from '../../../core/arguments.js';
import { describe } from '../../../core/describe.js';
import { ArgumentError } from '../../../core/errors.js';
import { count } from '../../../core/sizes.js';
import { tokenizerFile, vocabOf } from '../file/write.js';
import { ModelTokenizer } from '../model-tokenizer.js';
import { codePointAt, unitsOf } from '../tables/char-class.js';
import { GrowingInts } from '../tables/growing.js';
import type { Texts } from '../training.js';
import { largestId, Vocabulary } from '../vocabulary.js';
import { toChars } from './bytes.js';
import { type ByteLevelParts, learnBytes, type TrainByteLevelBPEOptions } from './learn-bytes.js';
import { MergeTable } from './merge-table.js';
import { mergesOfRanks, type TokenRanks } from './ranks.js';
import { endOfWord } from './scan-words.js';
import { TokenBytes } from './token-bytes.js';
import { bytesOf, fromUtf8, writeUtf8 } from './utf8.js';
import { WordCache } from './word-cache.js';

/**
 * Byte-pair encoding of bytes, as GPT-2 has it. The 256 bytes are in the vocabulary, so every text can be encoded, and
 * `decode` gives it back exactly: spaces, line breaks, and emoji too. A lone surrogate, which no UTF-8 file can have,
 * becomes U+FFFD. Texts are split into words first, by an expression that keeps a space with the word after it; no
 * token spans two words.
 *
 * @source Sennrich et al. 2016, arXiv:1508.07909; Radford et al. 2019, Language models are unsupervised multitask learners
 * @differs Hugging Face's Python library: white space is what JavaScript's `\s` matches; U+FEFF is, U+0085 isn't.
 *
 * @example
 * const tokenizer = await text.ByteLevelBPE.train(['low lower lowest'], { vocabSize: 260 });
 * tokenizer.encode('lower').tokens; // ['low', 'e', 'r']
 * tokenizer.decode(tokenizer.encode('größer 👍').ids); // 'größer 👍'
 */
export class ByteLevelBPE extends ModelTokenizer {
  readonly #parts: ByteLevelParts;
  readonly #merges = new MergeTable();
  /** Numbers of the tokens of single bytes. */
  readonly #byteIds: Int32Array;
  readonly #bytes: TokenBytes;
  readonly #cache = new WordCache();

  /** @internal */
  constructor(operation: string, parts: ByteLevelParts) {
    super(parts);
    this.#parts = parts;
    const { vocabulary } = parts;
    this.#byteIds = Int32Array.from({ length: 256 }, (_, byte) =>
      vocabulary.need(operation, `the byte ${byte}, written`, toChars(Uint8Array.of(byte))),
    );
    for (const [left, right] of parts.merges)
      this.#merges.add(
        vocabulary.need(operation, 'what is merged,', left),
        vocabulary.need(operation, 'what is merged,', right),
        vocabulary.need(operation, 'the merged token', left + right),
      );
    this.#bytes = new TokenBytes(vocabulary, (token) => parts.specialTokens.has(token));
  }

  /**
   * Learns a vocabulary of bytes and merges of them.
   *
   * @param texts a list of strings, or what yields them; a word doesn't reach over two of them
   * @throws ArgumentError for wrong options, a vocabulary too small for 256 bytes, and texts without words
   */
  static async train(texts: Texts, options?: TrainByteLevelBPEOptions): Promise<ByteLevelBPE> {
    const operation = 'ByteLevelBPE.train';
    return new ByteLevelBPE(operation, await learnBytes(operation, texts, options));
  }

  /**
   * A tokenizer of tokens by rank, as the package `gpt-tokenizer` has them for GPT-2 and GPT-3. The words of a text are
   * GPT-2's, so its tables for newer models, which split text in other ways, don't fit.
   *
   * @param ranks each token as a string, or as bytes where these aren't UTF-8; its place is its number
   * @param specialTokens special tokens and their numbers: `{ '<|endoftext|>': 50256 }`
   * @throws ArgumentError if ranks aren't such a list, or two tokens have one number
   *
   * @example
   * const bytes = Array.from({ length: 256 }, (_, byte) => [byte]);
   * const tokenizer = text.ByteLevelBPE.fromRanks([...bytes, 'th', 'the'], { '<|end|>': 258 });
   * [...tokenizer.encode('the<|end|>').ids]; // [257, 258]
   */
  static fromRanks(ranks: TokenRanks, specialTokens: Readonly<Record<string, number>> = {}): ByteLevelBPE {
    const operation = 'ByteLevelBPE.fromRanks';
    const { tokens, merges } = mergesOfRanks(operation, ranks);
    requireObject(operation, 'specialTokens', specialTokens);
    const special = Object.entries(specialTokens);
    for (const [token, id] of special) {
      count(operation, `specialTokens[${describe(token)}]`, id);
      if (
        ranks[id] !== undefined ||
        special.some(([name, other]) => other === id && name !== token) ||
        id > largestId
      )
        throw new ArgumentError(
          operation,
          `specialTokens[${describe(token)}] is ${id}: that number is taken, or too large`,
        );
    }
    return new ByteLevelBPE(operation, {
      vocabulary: new Vocabulary([...tokens, ...special]),
      specialTokens: new Map(special),
      startTokens: [],
      endTokens: [],
      merges,
      addPrefixSpace: false,
    });
  }

  /** Bytes as numbers of tokens; they needn't be UTF-8. `decodeBytes` gives them back exactly. */
  encodeBytes(bytes: Uint8Array): Int32Array {
    requireBytes('encodeBytes', 'bytes', bytes);
    const ids = new GrowingInts();
    const text = fromUtf8(bytes);
    this.#encodeWords(text, 0, text.length, ids, true);
    return ids.toArray();
  }

  /**
   * The bytes of tokens, special ones included: a part of a text may end within a character.
   *
   * @throws IndexError for a number that no token has
   */
  decodeBytes(ids: ArrayLike<number>): Uint8Array {
    requireNumbers('decodeBytes', 'ids', ids);
    this.vocabulary.check('decodeBytes', ids);
    return this.#bytes.of(Array.from(ids));
  }

  protected encodePart(
    text: string,
    start: number,
    end: number,
    ids: GrowingInts,
    offsets: GrowingInts | null,
  ): void {
    const first = ids.length;
    const prefixed = this.#parts.addPrefixSpace && text.charCodeAt(start) !== 0x20;
    if (prefixed) this.#encodeWords(` ${text.slice(start, end)}`, 0, end - start + 1, ids, false);
    else this.#encodeWords(text, start, end, ids, false);
    if (offsets !== null)
      this.#locate(text, start, end, prefixed, ids.data.subarray(first, ids.length), offsets);
  }

  protected join(ids: readonly number[]): string {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(this.#bytes.of(ids));
  }

  toJSON(): object {
    const { merges, addPrefixSpace } = this.#parts;
    const byteLevel = {
      type: 'ByteLevel',
      add_prefix_space: addPrefixSpace,
      trim_offsets: false,
      use_regex: true,
    };
    return tokenizerFile(this, {
      pre_tokenizer: byteLevel,
      decoder: byteLevel,
      model: {
        type: 'BPE',
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: '',
        end_of_word_suffix: '',
        fuse_unk: false,
        byte_fallback: false,
        ignore_merges: false,
        vocab: vocabOf(this.vocabulary),
        merges: merges.map(([left, right]) => `${left} ${right}`),
      },
    });
  }

  /** @param stray whether surrogates that stand alone are bytes that aren't UTF-8 */
  #encodeWords(text: string, start: number, end: number, ids: GrowingInts, stray: boolean): void {
    for (let at = start; at < end; ) {
      const after = endOfWord(text, at, end);
      if (stray || !this.#cache.copy(text, at, after, ids)) {
        const first = ids.length;
        this.#encodeWord(text, at, after, ids, stray);
        if (!stray) this.#cache.keep(text, at, after, ids, first);
      }
      at = after;
    }
  }

  #encodeWord(text: string, start: number, end: number, ids: GrowingInts, stray: boolean): void {
    ids.reserve((end - start) * 3);
    const symbols = ids.data.subarray(ids.length);
    const length = writeUtf8(text, start, end, symbols, stray);
    for (let i = 0; i < length; i++) symbols[i] = this.#byteIds[symbols[i]!]!;
    ids.length += this.#merges.apply(symbols, length);
  }

  /** Where tokens of bytes stand in the text: a token of a part of a character has the place of the character. */
  #locate(
    text: string,
    start: number,
    end: number,
    prefixed: boolean,
    ids: Int32Array,
    offsets: GrowingInts,
  ): void {
    let at = start;
    // Bytes and code units of the character at `at`; bytes of it that tokens have taken.
    let bytes = prefixed ? 1 : -1;
    let units = 0;
    let taken = 0;
    for (const id of ids) {
      offsets.push(at);
      for (let left = this.#bytes.lengthOf(id); left > 0; ) {
        if (bytes < 0) {
          const code = codePointAt(text, at, end);
          bytes = bytesOf(code);
          units = unitsOf(code);
        }
        const step = Math.min(left, bytes - taken);
        left -= step;
        taken += step;
        if (taken < bytes) break;
        at += units;
        bytes = -1;
        taken = 0;
      }
      offsets.push(taken > 0 ? at + units : at);
    }
  }
}
