/** Where a token is in the text: from its first UTF-16 code unit, as `text.slice` counts, to just after its last. */
export type Offset = readonly [start: number, end: number];

/** What a tokenizer makes of a text. Tokens and offsets are computed when you first read them. */
export class Encoding {
  /** The tokens' numbers in the vocabulary. */
  readonly ids: Int32Array;
  readonly #tokenOf: (id: number) => string;
  readonly #findOffsets: () => Int32Array;
  #tokens: readonly string[] | undefined;
  #offsets: readonly Offset[] | undefined;

  /** @internal */
  constructor(ids: Int32Array, tokenOf: (id: number) => string, findOffsets: () => Int32Array) {
    this.ids = ids;
    this.#tokenOf = tokenOf;
    this.#findOffsets = findOffsets;
  }

  /** The tokens as the vocabulary has them: byte-level tokenizers write a space as Ġ, unigram ones as ▁. */
  get tokens(): readonly string[] {
    this.#tokens ??= Array.from(this.ids, (id) => this.#tokenOf(id));
    return this.#tokens;
  }

  /**
   * Where each token is in the text that you passed, before any normalization: `text.slice(start, end)` is what it was
   * made of. Tokens that are parts of one character all have the place of the character; tokens that aren't in the text,
   * such as `[CLS]`, are empty.
   */
  get offsets(): readonly Offset[] {
    if (this.#offsets === undefined) {
      const found = this.#findOffsets();
      this.#offsets = Array.from(this.ids, (_, i) => [found[2 * i]!, found[2 * i + 1]!] as const);
    }
    return this.#offsets;
  }

  /** How many tokens there are. */
  get length(): number {
    return this.ids.length;
  }
}
