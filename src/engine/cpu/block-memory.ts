import type { Engine } from '../engine.js';
import type { MemoryEngine } from '../memory.js';
import { Storage } from '../storage.js';

/** A piece of an engine's memory. Who drops the last reference to it leaves it to the collector. */
export interface Block {
  readonly bytes: number;
  /** A multiple of 64, so that vectors do not straddle cache lines. */
  readonly address: number;
  /** The bytes from `address` on, which lies in the block. */
  view(address: number, byteLength: number): Uint8Array;
}

export interface BlockPolicy {
  /** How much of the memory that was given back may wait for its next use, in bytes. */
  readonly poolLimit: number;
  /** Each tensor gets a block of its own of exactly its size, for tools that watch the ends of blocks. */
  readonly exact: boolean;
}

export const blockAlignment = 64;
const slabBytes = 32 * 1024;
const largestInSlab = 1024;

/** Block sizes are rounded up so that tensors of similar sizes share them. */
function roundUp(bytes: number): number {
  const step = bytes <= 32 * 1024 ? blockAlignment : bytes <= 1024 * 1024 ? 4096 : 64 * 1024;
  return Math.ceil(bytes / step) * step;
}

/**
 * Tensor memory in blocks that the collector reclaims. What is given back early waits in a pool, by
 * size. Small tensors are cut from slabs, each reclaimed with the last tensor in it.
 */
export abstract class BlockMemory implements MemoryEngine {
  readonly #pool = new Map<number, Block[]>();
  #pooled = 0;
  #slab: Block | null = null;
  #slabUsed = 0;

  constructor(
    private readonly engine: Engine,
    private readonly policy: BlockPolicy,
  ) {}

  /** A new block of at least `bytes` bytes with undefined content. */
  protected abstract newBlock(bytes: number): Block;

  /** Takes a block that nobody uses and the pool has no room for; the collector would reclaim it later. */
  protected abstract discard(block: Block): void;

  allocate = (bytes: number): Storage => {
    if (this.policy.exact) return this.#exact(bytes);
    if (bytes <= largestInSlab) return this.#small(bytes);
    const capacity = roundUp(bytes);
    const pooled = this.#pool.get(capacity);
    if (pooled !== undefined && pooled.length > 0) {
      const block = pooled.pop()!;
      this.#pooled -= capacity;
      return new Storage(this.engine, bytes, block.address, block);
    }
    const block = this.newBlock(capacity);
    return new Storage(this.engine, bytes, block.address, block);
  };

  #small(bytes: number): Storage {
    const rounded = bytes === 0 ? blockAlignment : Math.ceil(bytes / blockAlignment) * blockAlignment;
    if (this.#slab === null || this.#slabUsed + rounded > slabBytes) {
      this.#slab = this.newBlock(slabBytes);
      this.#slabUsed = 0;
    }
    const address = this.#slab.address + this.#slabUsed;
    this.#slabUsed += rounded;
    return new Storage(this.engine, bytes, address, this.#slab);
  }

  #exact(bytes: number): Storage {
    const block = this.newBlock(bytes);
    return new Storage(this.engine, bytes, block.address, block);
  }

  release = (storage: Storage): void => {
    if (storage.bytes <= largestInSlab || this.policy.exact) return;
    const block = storage.owner as Block;
    const capacity = block.bytes;
    if (this.#pooled + capacity > this.policy.poolLimit) return this.discard(block);
    this.#pooled += capacity;
    const pooled = this.#pool.get(capacity);
    if (pooled === undefined) this.#pool.set(capacity, [block]);
    else pooled.push(block);
  };

  /** Discards all that waits in the pool. */
  protected drainPool(): void {
    for (const blocks of this.#pool.values()) for (const block of blocks) this.discard(block);
    this.#pool.clear();
    this.#pooled = 0;
  }

  write = (storage: Storage, byteOffset: number, bytes: Uint8Array): void => {
    this.#bytes(storage, byteOffset, bytes.length).set(bytes);
  };

  readSync = (storage: Storage, byteOffset: number, byteLength: number): ArrayBuffer => {
    const copy = new Uint8Array(byteLength);
    copy.set(this.#bytes(storage, byteOffset, byteLength));
    return copy.buffer;
  };

  abstract read: MemoryEngine['read'];

  #bytes(storage: Storage, byteOffset: number, byteLength: number): Uint8Array {
    return (storage.owner as Block).view(storage.address + byteOffset, byteLength);
  }
}
