import type { Block } from './block.js';

/** The waiting blocks of one size. */
interface Shelf {
  readonly blocks: Block[];
  /** `#returned` of the pool when the shelf was last used. */
  used: number;
}

/** Released blocks, by size, for reuse. */
export class BlockPool {
  readonly #shelves = new Map<number, Shelf>();
  #held = 0;
  /** The number of bytes released so far: the pool's clock. */
  #returned = 0;

  constructor(
    /** How many bytes may wait. */
    private readonly limit: number,
    private readonly discard: (block: Block) => void,
  ) {}

  /** A waiting block of that size, if there is one. */
  take(bytes: number): Block | undefined {
    const shelf = this.#shelves.get(bytes);
    const block = shelf?.blocks.pop();
    if (block === undefined) return undefined;
    shelf!.used = this.#returned;
    this.#held -= bytes;
    return block;
  }

  /**
   * Keeps the block for later. A full pool makes room by dropping sizes that haven't been used for twice as
   * many bytes as it holds, because the program has moved on to other shapes. Sizes in use stay; otherwise, a
   * loop that needs more memory than the pool holds would never find a block.
   */
  keep(block: Block): void {
    this.#returned += block.bytes;
    if (this.#held + block.bytes > this.limit) this.#clear(this.#returned - 2 * this.limit);
    if (this.#held + block.bytes > this.limit) {
      this.discard(block);
      return;
    }
    this.#held += block.bytes;
    const shelf = this.#shelves.get(block.bytes);
    if (shelf === undefined) {
      this.#shelves.set(block.bytes, { blocks: [block], used: this.#returned });
      return;
    }
    shelf.blocks.push(block);
    shelf.used = this.#returned;
  }

  /** Discards all blocks. */
  drain(): void {
    this.#clear(this.#returned);
  }

  /** Discards the blocks of sizes last used at or before a time of the pool's clock. */
  #clear(time: number): void {
    for (const [bytes, shelf] of this.#shelves) {
      if (shelf.used > time) continue;
      for (const block of shelf.blocks) this.discard(block);
      this.#held -= bytes * shelf.blocks.length;
      this.#shelves.delete(bytes);
    }
  }
}
