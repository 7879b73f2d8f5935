import { SpecialTokens } from './special-tokens.js';
import type { GrowingInts } from './tables/growing.js';
import { type EncodeOptions, Tokenizer, type TokenizerParts } from './tokenizer.js';

/** A tokenizer that puts special tokens around a text, finds those in it, and has a model for what's in between. */
export abstract class ModelTokenizer extends Tokenizer {
  readonly #special: SpecialTokens;

  /** @internal */
  protected constructor(parts: TokenizerParts) {
    super(parts);
    this.#special = new SpecialTokens(parts.specialTokens);
  }

  /**
   * Appends the tokens of a part of the text without special tokens, and where they stand if `offsets` is given.
   *
   * @internal
   */
  protected abstract encodePart(
    text: string,
    start: number,
    end: number,
    ids: GrowingInts,
    offsets: GrowingInts | null,
  ): void;

  protected encodeWhole(
    text: string,
    { addSpecialTokens, specialTokens }: Required<EncodeOptions>,
    ids: GrowingInts,
    offsets: GrowingInts | null,
  ): void {
    const put = (id: number, start: number, end: number): void => {
      ids.push(id);
      offsets?.push(start);
      offsets?.push(end);
    };
    const plain = (start: number, end: number): void => this.encodePart(text, start, end, ids, offsets);
    const around = (tokens: readonly string[], at: number): void => {
      if (addSpecialTokens) for (const token of tokens) put(this.specialTokens.get(token)!, at, at);
    };
    around(this.startTokens, 0);
    if (specialTokens === 'text' && text !== '') plain(0, text.length);
    else this.#special.split(text, plain, put);
    around(this.endTokens, text.length);
  }
}
