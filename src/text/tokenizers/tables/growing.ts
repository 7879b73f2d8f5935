/** A list of 32-bit numbers that grows at its end. */
export class GrowingInts {
  /** The numbers, and space behind them. */
  data: Int32Array;
  length = 0;

  constructor(capacity = 64) {
    this.data = new Int32Array(capacity);
  }

  /** Makes room for `more` numbers at the end. */
  reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.data.length) return;
    const grown = new Int32Array(Math.max(needed, this.data.length * 2));
    grown.set(this.data.subarray(0, this.length));
    this.data = grown;
  }

  push(value: number): void {
    if (this.length === this.data.length) this.reserve(1);
    this.data[this.length++] = value;
  }

  /** Appends numbers of another list. */
  append(from: Int32Array, start: number, end: number): void {
    this.reserve(end - start);
    for (let i = start; i < end; i++) this.data[this.length++] = from[i]!;
  }

  /** The numbers in their own array. */
  toArray(): Int32Array {
    return this.data.slice(0, this.length);
  }
}
