import { encodeUtf8 } from './pickle-text.js';

const code = (operation: string): number => operation.charCodeAt(0);

/** Bytes of a whole number in two's complement, little-endian. */
function integerBytes(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 8n) {
    bytes.push(Number(BigInt.asUintN(8, rest)));
    // The last byte must hold the sign bit.
    if (BigInt.asIntN(8, rest) === rest) return bytes;
  }
}

/** Writes the operations of a protocol 2 pickle, which every PyTorch version reads. */
export class Pickler {
  #bytes = new Uint8Array(1024);
  #length = 0;
  readonly #memo = new Map<unknown, number>();

  constructor() {
    this.#op('\x80', 2);
  }

  #reserve(n: number): number {
    const at = this.#length;
    if (at + n > this.#bytes.length) {
      const larger = new Uint8Array(2 * (at + n));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#length += n;
    return at;
  }

  #op(operation: string, ...bytes: number[]): void {
    const at = this.#reserve(1 + bytes.length);
    this.#bytes[at] = code(operation);
    this.#bytes.set(bytes, at + 1);
  }

  /** An operation with a 4-byte number. */
  #op32(operation: string, value: number): void {
    this.#op(operation, value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24);
  }

  #raw(bytes: Uint8Array): void {
    const at = this.#reserve(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** Operations without an argument. */
  do(operations: string): void {
    for (const operation of operations) this.#op(operation);
  }

  /** Pushes what `remember` kept under that key; false if there's nothing. */
  recall(key: unknown): boolean {
    const index = this.#memo.get(key);
    if (index === undefined) return false;
    if (index < 256) this.#op('h', index);
    else this.#op32('j', index);
    return true;
  }

  /** Keeps the top of the stack. */
  remember(key: unknown): void {
    const index = this.#memo.size;
    this.#memo.set(key, index);
    if (index < 256) this.#op('q', index);
    else this.#op32('r', index);
  }

  none(): void {
    this.#op('N');
  }

  boolean(value: boolean): void {
    this.#op(value ? '\x88' : '\x89');
  }

  integer(value: number | bigint): void {
    if (value >= 0 && value < 256) this.#op('K', Number(value));
    else if (value >= 0 && value < 65536) this.#op('M', Number(value) & 0xff, Number(value) >> 8);
    else if (value >= -(2 ** 31) && value < 2 ** 31) this.#op32('J', Number(value));
    else {
      const bytes = integerBytes(BigInt(value));
      if (bytes.length < 256) this.#op('\x8a', bytes.length, ...bytes);
      else {
        this.#op32('\x8b', bytes.length);
        this.#raw(Uint8Array.from(bytes));
      }
    }
  }

  float(value: number): void {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value);
    this.#op('G', ...bytes);
  }

  string(value: string): void {
    const key = `string ${value}`;
    if (this.recall(key)) return;
    const bytes = encodeUtf8(value);
    this.#op32('X', bytes.length);
    this.#raw(bytes);
    this.remember(key);
  }

  /** The class or function of a name. */
  global(module: string, name: string): void {
    const key = `global ${module}.${name}`;
    if (this.recall(key)) return;
    this.#op('c');
    this.#raw(encodeUtf8(`${module}\n${name}\n`));
    this.remember(key);
  }

  /** Makes a tuple of what `items` pushes. */
  tuple(items: () => void): void {
    this.#op('(');
    items();
    this.#op('t');
  }

  /** Calls a function with what `args` pushes. */
  call(module: string, name: string, args: () => void): void {
    this.global(module, name);
    this.tuple(args);
    this.#op('R');
  }

  /** The pickle. */
  finish(): Uint8Array {
    this.#op('.');
    return this.#bytes.slice(0, this.#length);
  }
}
