import type { ByteSource } from '../../host/byte-source.js';
import type { Fail } from './fail.js';

const windowBytes = 64 * 1024;
const longestLine = 64 * 1024;

/** Reads a source from front to back, a window at a time. */
export class Cursor {
  #window = new Uint8Array(0);
  #view = new DataView(this.#window.buffer);
  #begin = 0;

  constructor(
    private readonly source: ByteSource,
    readonly fail: Fail,
    /** The next byte to read. */
    public at = 0,
    /** Added to positions in errors. */
    private readonly base = 0,
  ) {}

  /** Where the next byte lies in the file. */
  get place(): number {
    return this.base + this.at;
  }

  get remaining(): number {
    return this.source.size - this.at;
  }

  /** Takes `n` bytes and returns where they begin in the window. */
  #take(n: number): number {
    if (n > this.remaining)
      this.fail(
        this.place,
        `needs ${n} more bytes, but only ${this.remaining} are left; the data is cut off or damaged`,
      );
    let offset = this.at - this.#begin;
    if (offset < 0 || offset + n > this.#window.length) {
      this.#window = this.source.read(
        this.at,
        Math.min(Math.max(n, windowBytes), this.remaining),
      ) as Uint8Array<ArrayBuffer>;
      this.#view = new DataView(this.#window.buffer, this.#window.byteOffset, this.#window.byteLength);
      this.#begin = this.at;
      offset = 0;
    }
    this.at += n;
    return offset;
  }

  byte(): number {
    const offset = this.#take(1);
    return this.#window[offset]!;
  }

  /** A view of the next bytes. */
  bytes(n: number): Uint8Array {
    const offset = this.#take(n);
    return this.#window.subarray(offset, offset + n);
  }

  uint16(): number {
    const offset = this.#take(2);
    return this.#view.getUint16(offset, true);
  }

  int32(): number {
    const offset = this.#take(4);
    return this.#view.getInt32(offset, true);
  }

  uint32(): number {
    return this.int32() >>> 0;
  }

  /** An 8-byte length. */
  length(): number {
    const { place } = this;
    const offset = this.#take(8);
    const value = this.#view.getBigUint64(offset, true);
    return value > BigInt(Number.MAX_SAFE_INTEGER)
      ? this.fail(place, `a length of ${value} bytes`)
      : Number(value);
  }

  /** The double in the next 8 bytes, big-endian. */
  double(): number {
    const offset = this.#take(8);
    return this.#view.getFloat64(offset);
  }

  /** Characters up to the end of the line. */
  line(): string {
    const { place } = this;
    const characters: string[] = [];
    for (let code = this.byte(); code !== 0x0a; code = this.byte()) {
      characters.push(String.fromCharCode(code));
      if (characters.length > longestLine) this.fail(place, 'a line that is too long');
    }
    return characters.join('');
  }
}
