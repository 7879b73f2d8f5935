/** Finds special tokens, such as `<s>`, that are written out in a text. */
export class SpecialTokens {
  readonly #ids: ReadonlyMap<string, number>;
  readonly #pattern: RegExp | null;

  constructor(ids: ReadonlyMap<string, number>) {
    this.#ids = ids;
    // The longest first: of two that start at one place, it's the one.
    const names = [...ids.keys()].filter((name) => name !== '').sort((a, b) => b.length - a.length);
    const escaped = names.map((name) => name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
    this.#pattern = names.length === 0 ? null : new RegExp(escaped.join('|'), 'g');
  }

  /** Calls `plain` for what's between special tokens, unless it's empty, and `special` for each of these. */
  split(
    text: string,
    plain: (start: number, end: number) => void,
    special: (id: number, start: number, end: number) => void,
  ): void {
    let done = 0;
    if (this.#pattern !== null)
      for (const match of text.matchAll(this.#pattern)) {
        const end = match.index + match[0].length;
        if (match.index > done) plain(done, match.index);
        special(this.#ids.get(match[0])!, match.index, end);
        done = end;
      }
    if (done < text.length) plain(done, text.length);
  }
}
