import type { Vocabulary } from '../vocabulary.js';
import { fromChars } from './bytes.js';

/** The bytes of each token of a byte-level vocabulary. */
export class TokenBytes {
  readonly #starts: Int32Array;
  readonly #bytes: Uint8Array;

  constructor(vocabulary: Vocabulary, isSpecial: (token: string) => boolean) {
    const utf8 = new TextEncoder();
    this.#starts = new Int32Array(vocabulary.size + 1);
    const parts: Uint8Array[] = [];
    let length = 0;
    for (let id = 0; id < vocabulary.size; id++) {
      const token = vocabulary.tokenOf(id);
      if (token !== undefined) {
        const bytes = (isSpecial(token) ? null : fromChars(token)) ?? utf8.encode(token);
        parts.push(bytes);
        length += bytes.length;
      }
      this.#starts[id + 1] = length;
    }
    this.#bytes = new Uint8Array(length);
    let at = 0;
    for (const part of parts) {
      this.#bytes.set(part, at);
      at += part.length;
    }
  }

  lengthOf(id: number): number {
    return this.#starts[id + 1]! - this.#starts[id]!;
  }

  /** What several tokens stand for. */
  of(ids: readonly number[]): Uint8Array {
    let length = 0;
    for (const id of ids) length += this.lengthOf(id);
    const out = new Uint8Array(length);
    let at = 0;
    for (const id of ids) {
      for (let i = this.#starts[id]!; i < this.#starts[id + 1]!; i++) out[at++] = this.#bytes[i]!;
    }
    return out;
  }
}
