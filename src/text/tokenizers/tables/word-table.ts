/** Places of words in an arena of UTF-16 code units, found by content without making strings. */
export class WordTable {
  #slots = new Int32Array(1024).fill(-1);
  #hashes = new Int32Array(512);
  #starts = new Int32Array(513);
  #units = new Uint16Array(4096);
  #size = 0;

  /** Words in it; they're numbered in the order they came. */
  get size(): number {
    return this.#size;
  }

  /** Code units of all words together. */
  get units(): number {
    return this.#starts[this.#size]!;
  }

  /** The number of a word of the text; -1 if it isn't there. */
  find(text: string, start: number, end: number): number {
    return this.#slots[this.#slotOf(text, start, end, hashOf(text, start, end))]!;
  }

  /** The number of a word of the text, which is added if it's new. */
  add(text: string, start: number, end: number): number {
    const hash = hashOf(text, start, end);
    const slot = this.#slotOf(text, start, end, hash);
    const known = this.#slots[slot]!;
    return known >= 0 ? known : this.#insert(text, start, end, hash, slot);
  }

  /** A word as a string. */
  wordAt(index: number): string {
    const end = this.#starts[index + 1]!;
    let word = '';
    for (let at = this.#starts[index]!; at < end; at += 4096)
      word += String.fromCharCode(...this.#units.subarray(at, Math.min(at + 4096, end)));
    return word;
  }

  #slotOf(text: string, start: number, end: number, hash: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    const length = end - start;
    let slot = hash & mask;
    for (;;) {
      const index = slots[slot]!;
      if (index < 0) return slot;
      if (this.#hashes[index] === hash) {
        const from = this.#starts[index]!;
        if (this.#starts[index + 1]! - from === length) {
          let i = 0;
          while (i < length && this.#units[from + i] === text.charCodeAt(start + i)) i++;
          if (i === length) return slot;
        }
      }
      slot = (slot + 1) & mask;
    }
  }

  #insert(text: string, start: number, end: number, hash: number, slot: number): number {
    const index = this.#size++;
    if (index === this.#hashes.length) {
      this.#hashes = larger(this.#hashes, index * 2);
      this.#starts = larger(this.#starts, index * 2 + 1);
    }
    const from = this.#starts[index]!;
    const to = from + end - start;
    if (to > this.#units.length) {
      const units = new Uint16Array(Math.max(to, this.#units.length * 2));
      units.set(this.#units);
      this.#units = units;
    }
    for (let i = 0; i < end - start; i++) this.#units[from + i] = text.charCodeAt(start + i);
    this.#starts[index + 1] = to;
    this.#hashes[index] = hash;
    this.#slots[slot] = index;
    if (this.#size * 2 > this.#slots.length) this.#rehash();
    return index;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = slots.length - 1;
    for (let index = 0; index < this.#size; index++) {
      let slot = this.#hashes[index]! & mask;
      while (slots[slot]! >= 0) slot = (slot + 1) & mask;
      slots[slot] = index;
    }
    this.#slots = slots;
  }
}

function larger(list: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const out = new Int32Array(length);
  out.set(list);
  return out;
}

function hashOf(text: string, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}
