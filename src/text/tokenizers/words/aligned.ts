import { GrowingInts } from '../tables/growing.js';

/** Normalized text that knows which part of the original each of its code units comes from. */
export class Aligned {
  readonly text: string;
  readonly #starts: Int32Array | null;
  readonly #ends: Int32Array | null;
  readonly #shift: number;

  private constructor(text: string, starts: Int32Array | null, ends: Int32Array | null, shift: number) {
    this.text = text;
    this.#starts = starts;
    this.#ends = ends;
    this.#shift = shift;
  }

  /** An unchanged part of the original. */
  static same(text: string, start: number, end: number): Aligned {
    return new Aligned(text.slice(start, end), null, null, start);
  }

  /** Text that `make` puts together of pieces, each with the place in the original that it replaces. */
  static made(make: (put: (piece: string, start: number, end: number) => void) => void): Aligned {
    const parts: string[] = [];
    const [starts, ends] = [new GrowingInts(), new GrowingInts()];
    make((piece, start, end) => {
      parts.push(piece);
      for (let i = 0; i < piece.length; i++) {
        starts.push(start);
        ends.push(end);
      }
    });
    return new Aligned(parts.join(''), starts.data, ends.data, 0);
  }

  /** Where what starts at a code unit of the normalized text starts in the original. */
  startOf(at: number): number {
    return this.#starts === null ? at + this.#shift : this.#starts[at]!;
  }

  /** Where what ends before a code unit of the normalized text ends in the original. */
  endOf(at: number): number {
    return this.#ends === null ? at + this.#shift : this.#ends[at - 1]!;
  }
}
